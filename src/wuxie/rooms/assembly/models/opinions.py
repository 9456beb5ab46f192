"""What an owner said on the own phone: consultation, never a ballot, and nothing of it is counted."""

from __future__ import annotations

import json

from django.db import models
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.parties.models import Person
from wuxie.kernel.parties.secrets import SealedText

from .roll import Entry


class Opinion(models.Model):
    """One unit's opinion on each item, by an owner who has proved who they are; the sides are kept encrypted."""

    entry = models.OneToOneField(Entry, models.CASCADE, related_name="opinion")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    said = SealedText(_("意见"))
    """Number of the item → side, as JSON."""
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering = ["entry_id"]
        verbose_name = _("征求到的意见")

    def __str__(self) -> str:
        return str(self.entry)

    @property
    def sides(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(self.said)
        return found
