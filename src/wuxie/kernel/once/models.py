"""The keys under which something was done, for ever."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Answered(models.Model):
    """One act, by the key that came with it. Key and content are kept as hashes: what was sent stands elsewhere or nowhere."""

    id = models.CharField(primary_key=True, max_length=64, editable=False)
    content = models.CharField(max_length=64)
    answer = models.JSONField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "answered key"

    def __str__(self) -> str:
        return self.id
