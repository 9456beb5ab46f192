"""The tables of the outbox."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Outgoing(models.Model):
    """One consequence that has to happen after the commit that asked for it, exactly once."""

    topic = models.CharField(_("主题"), max_length=60)
    key = models.CharField(_("键"), max_length=200)
    payload = models.JSONField(_("内容"), default=dict)
    created_at = models.DateTimeField(_("记入时间"), db_default=Now())
    due_at = models.DateTimeField(_("最早处理时间"), db_default=Now())
    attempts = models.PositiveIntegerField(_("已试次数"), default=0)
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    error = models.TextField(_("上次的错"), blank=True, default="")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("待办后果")
        constraints = [models.UniqueConstraint(fields=["topic", "key"], name="outgoing_once_per_topic_and_key")]
        indexes = [
            models.Index(fields=["due_at", "id"], name="outgoing_waiting", condition=models.Q(done_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"
