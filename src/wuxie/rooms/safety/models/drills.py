"""Drills: which are due by law in which part of the year, when each was held, by how many, and what it taught."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.models import Person
from wuxie.kernel.workflow.models import Case
from wuxie.rooms.register.models import Project

from .hazards import COMPANY_SAFETY, Hazard
from .lists import seen_by


class DrillQuerySet(models.QuerySet["Drill"]):
    def visible_to(self, actor: Actor) -> DrillQuerySet:
        """Who may read the project's lists, the company's safety people, whoever led it."""
        mine = Q(leader=actor.person_id) if actor.person_id else Q(pk__in=[])
        company = Q(project__company__in=actor.organisations(*COMPANY_SAFETY))
        return self.filter(seen_by(actor) | company | mine)

    def open(self) -> DrillQuerySet:
        return self.exclude(state__in=Drill.OVER)

    def late(self, day: datetime.date) -> DrillQuerySet:
        """Not held although its last day is over."""
        return self.filter(state__in=Drill.WAITING, due_on__lt=day)


class Drill(Case):
    """One drill of a project's yearly plan."""

    class Kind(models.TextChoices):
        FIRE = "fire", _("消防疏散")
        LIFT = "lift", _("电梯困人")
        FLOOD = "flood", _("防汛")
        OUTAGE = "outage", _("停水停电")

    class Form(models.TextChoices):
        FULL = "full", _("综合或专项演练")
        SITE = "site", _("现场处置演练")
        RESCUE = "rescue", _("电梯困人救援演练")
        EXTRA = "extra", _("自己加的演练")

    class State(models.TextChoices):
        PLANNED = "planned", _("待安排")
        ANNOUNCED = "announced", _("已通知")
        HELD = "held", _("已演练待评估")
        EVALUATED = "evaluated", _("已评估")
        CLOSED = "closed", _("已办结")
        DROPPED = "dropped", _("不再需要")

    OVER = (State.CLOSED, State.DROPPED)
    WAITING = (State.PLANNED, State.ANNOUNCED)

    project = models.ForeignKey(Project, models.PROTECT, related_name="drills", verbose_name=_("项目"))
    kind = models.CharField(_("演练科目"), max_length=8, choices=Kind)
    form = models.CharField(_("演练形式"), max_length=8, choices=Form)
    period_from = models.DateField(_("应做时段起"))
    due_on = models.DateField(_("最迟"))
    planned_for = models.DateField(_("定在哪天"), null=True, blank=True)
    scenario = models.CharField(_("演什么"), max_length=400, blank=True)
    held_on = models.DateField(_("演练日"), null=True, blank=True)
    people = models.PositiveIntegerField(_("参加人数"), null=True, blank=True)
    minutes = models.PositiveIntegerField(_("用时（分钟）"), null=True, blank=True)
    leader = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("带队人")
    )
    evaluated_by = models.CharField(max_length=40, blank=True)
    went_well = models.CharField(_("做得好的"), max_length=400, blank=True)
    went_wrong = models.CharField(_("没做好的"), max_length=400, blank=True)
    revise_list = models.BooleanField(_("要修订责任清单"), default=False)
    evaluated_at = models.DateTimeField(null=True, blank=True)
    hazard = models.ForeignKey(
        Hazard, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("由此立的隐患")
    )

    objects = DrillQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("演练")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "form", "period_from"], condition=~Q(form="extra"), name="one_drill_a_period"
            ),
            models.CheckConstraint(condition=Q(due_on__gte=F("period_from")), name="drill_due_after_its_period_began"),
        ]
        indexes = [models.Index(fields=["project", "state"]), models.Index(fields=["state", "due_on"])]

    def __str__(self) -> str:
        return f"{self.get_form_display()} · {self.get_kind_display()}"  # type: ignore[attr-defined]

    def get_absolute_url(self) -> str:
        return reverse("safety:drill", args=[self.pk])
