"""Duties as they come due: one row for each duty, period and shift. Two hundred thousand a day in a large city."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.rooms.register.models import Project

from .lists import Duty, ListPost, held_by, seen_by


class InstanceQuerySet(models.QuerySet["Instance"]):
    def visible_to(self, actor: Actor) -> InstanceQuerySet:
        """Who may read the project's lists; a holder what their posts have to do."""
        mine = ListPost.objects.filter(post__in=held_by(actor)).values("pk")
        return self.filter(seen_by(actor) | Q(duty__list_post__in=mine))


class Instance(models.Model):
    """A duty that is due from a moment to a moment."""

    class State(models.TextChoices):
        SCHEDULED = "scheduled", _("已排")
        DONE = "done", _("已做")
        DONE_LATE = "done_late", _("迟做")
        SUSPICIOUS = "suspicious", _("要重做")
        MISSED = "missed", _("未做")
        WAIVED = "waived", _("免做")
        WITHDRAWN = "withdrawn", _("已撤下")

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="instances", db_index=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_index=False)
    day = models.DateField(_("期"))
    """The first day of its period."""
    shift = models.PositiveSmallIntegerField(_("班"))
    opens_at = models.DateTimeField(_("起"))
    closes_at = models.DateTimeField(_("止"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.SCHEDULED)
    counted_on = models.DateField(_("哪一夜计入"), null=True, blank=True)
    """The day whose night counted it as done on time: a phone may send it days later, and it counts once."""

    objects = InstanceQuerySet.as_manager()

    class Meta:
        ordering = ["closes_at", "pk"]
        verbose_name = _("当期职责")
        constraints = [
            models.UniqueConstraint(fields=["duty", "day", "shift"], name="one_instance_a_period"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="instance_closes_after_it_opens"),
        ]
        indexes = [
            models.Index(fields=["project", "closes_at"]),
            models.Index(fields=["closes_at"], name="instance_by_end"),
            models.Index(fields=["closes_at"], condition=Q(state="done", counted_on=None), name="instance_to_count"),
            models.Index(fields=["counted_on"], condition=Q(counted_on__isnull=False), name="instance_counted"),
        ]

    def __str__(self) -> str:
        return f"{self.duty} {self.day}"


class Night(models.Model):
    """A day whose duties were laid down, and whose eve was counted for vacant posts: each day once."""

    day = models.DateField(unique=True)
    instances = models.PositiveIntegerField()
    vacant = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-day"]

    def __str__(self) -> str:
        return str(self.day)
