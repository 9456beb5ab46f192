"""What happened at an estate on a day and makes duties due at once: a storm, an outage, a repair."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.rooms.register.models import Project

from ..words import Event
from .hazards import COMPANY_SAFETY
from .lists import seen_by


class OccurrenceQuerySet(models.QuerySet["Occurrence"]):
    def visible_to(self, actor: Actor) -> OccurrenceQuerySet:
        company = models.Q(project__company__in=actor.organisations(*COMPANY_SAFETY))
        return self.filter(seen_by(actor) | company)


class Occurrence(models.Model):
    """One event of one day at one project, declared once. Written once."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="occurrences", verbose_name=_("项目"))
    day = models.DateField(_("哪天"))
    event = models.CharField(_("什么事"), max_length=20, choices=Event)
    words = models.CharField(_("情况"), max_length=200, blank=True)
    declared_by = models.CharField(max_length=40)
    declared_name = models.CharField(_("谁宣布"), max_length=80, blank=True)
    declared_at = models.DateTimeField(_("宣布时间"))
    duties = models.PositiveIntegerField(_("生成几件职责"))

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        ordering = ["-declared_at", "-pk"]
        verbose_name = _("突发事")
        constraints = [models.UniqueConstraint(fields=["project", "day", "event"], name="one_occurrence_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.get_event_display()}"  # type: ignore[attr-defined]
