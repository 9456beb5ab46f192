"""What the ledger says of a project's duties and hazards over the last months, added up once a night so that a city can be compared."""

from __future__ import annotations

import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.rooms.register.models import Project

from .lists import seen_by


class TallyQuerySet(models.QuerySet["Tally"]):
    def visible_to(self, actor: Actor) -> TallyQuerySet:
        return self.filter(seen_by(actor))

    def of(self, day: datetime.date) -> TallyQuerySet:
        """Those that were added up for a day."""
        return self.filter(day=day)


class Tally(models.Model):
    """Sums of facts of one project up to the eve of ``day``; it can be made anew from the ledger at any time."""

    project = models.OneToOneField(Project, models.CASCADE, related_name="safety_tally", verbose_name=_("项目"))
    day = models.DateField(_("截至"))
    due = models.PositiveIntegerField(_("应履职"), default=0)
    on_time = models.PositiveIntegerField(_("按时履职"), default=0)
    found = models.PositiveIntegerField(_("发现隐患"), default=0)
    closed_on_time = models.PositiveIntegerField(_("按期闭环"), default=0)
    vacant = models.PositiveIntegerField(_("空岗天数"), default=0)

    objects = TallyQuerySet.as_manager()

    class Meta:
        ordering = ["project_id"]
        verbose_name = _("履职合计")

    def __str__(self) -> str:
        return f"{self.project} {self.day}"
