"""The five working groups: charter and lead, tasks, and how each quarter went."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Exists, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.parties.models import Person
from wuxie.kernel.parties.roles import ASSOCIATION
from wuxie.kernel.workflow.models import Case

from .members import Member, units_of


class WorkGroupQuerySet(models.QuerySet["WorkGroup"]):
    def visible_to(self, actor: Actor) -> WorkGroupQuerySet:
        """The association and its members; what a group does is no secret among them."""
        return self if actor.holds(*ASSOCIATION) else self.filter(Exists(Member.objects.of(actor)))

    def led_by(self, actor: Actor) -> WorkGroupQuerySet:
        """The groups that this person leads today: within the term, and still speaking for the unit."""
        return self.filter(lead=actor.person_id, lead_until__gte=today(), lead_unit__organisation__in=units_of(actor))


class WorkGroup(models.Model):
    """One working group: what it may do stands in its charter, one person of a member unit leads it for a term."""

    code = models.CharField(_("工作组"), max_length=24, choices=Member.Group, unique=True)
    charter = models.TextField(_("章程"), blank=True)
    adopted_on = models.DateField(_("通过日"), null=True, blank=True)
    lead = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, verbose_name=_("组长"), related_name="+")
    lead_unit = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, verbose_name=_("组长单位"), related_name="+"
    )
    lead_until = models.DateField(_("任期至"), null=True, blank=True)

    objects = WorkGroupQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("工作组")
        constraints = [
            models.CheckConstraint(
                condition=Q(lead=None, lead_unit=None, lead_until=None)
                | Q(lead__isnull=False, lead_unit__isnull=False, lead_until__isnull=False),
                name="a_lead_has_unit_and_term",
            )
        ]

    def __str__(self) -> str:
        return str(self.get_code_display())

    def get_absolute_url(self) -> str:
        return reverse("association:group", args=[self.pk])

    def led_on(self, day: datetime.date) -> bool:
        return self.lead_until is not None and day <= self.lead_until


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, actor: Actor) -> TaskQuerySet:
        """The association; a member what its groups do, what it did itself, and every result that was accepted."""
        if actor.holds(*ASSOCIATION):
            return self
        mine = Member.objects.of(actor)
        own = Q(doer__in=mine.values("pk"))
        for part in ("group", "second_group"):
            own |= Q(group__code__in=mine.values(part))
        return self.filter(own | Q(state=Task.State.ACCEPTED), Exists(mine))


class Task(Case):
    """One piece of work of a group: who does it until when, what has to come out, who accepted it."""

    class State(models.TextChoices):
        PLANNED = "planned", _("待分配")
        ASSIGNED = "assigned", _("办理中")
        DELIVERED = "delivered", _("待验收")
        RETURNED = "returned", _("退回修改")
        ACCEPTED = "accepted", _("已验收")
        DROPPED = "dropped", _("不办了")

    DONE = (State.ACCEPTED, State.DROPPED)

    group = models.ForeignKey(WorkGroup, models.PROTECT, related_name="tasks", verbose_name=_("工作组"))
    duty = models.CharField(max_length=12, blank=True)
    period = models.CharField(_("周期"), max_length=8, blank=True)
    title = models.CharField(_("任务"), max_length=120)
    deliverable = models.CharField(_("交付物"), max_length=120)
    criteria = models.CharField(_("验收标准"), max_length=300, blank=True)
    doer = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name=_("承办会员")
    )
    due_on = models.DateField(_("期限"))
    hours = models.PositiveSmallIntegerField(_("工时"), default=0)
    delivered_on = models.DateField(_("交付日"), null=True, blank=True)
    delivered_by = models.CharField(max_length=40, blank=True)
    delivery = models.PositiveSmallIntegerField(_("第几稿"), default=0)
    quality = models.PositiveSmallIntegerField(_("质量分"), null=True, blank=True)
    accepted_on = models.DateField(_("验收日"), null=True, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("工作组任务")
        constraints = [
            models.UniqueConstraint(fields=["duty", "period"], condition=~Q(duty=""), name="one_task_a_period"),
            models.CheckConstraint(condition=Q(quality=None) | Q(quality__lte=100), name="quality_to_a_hundred"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("association:task", args=[self.pk])


class Evaluation(models.Model):
    """How a group did in a quarter; whole hundredths of points, as they were computed that day."""

    group = models.ForeignKey(WorkGroup, models.PROTECT, related_name="evaluations", verbose_name=_("工作组"))
    year = models.PositiveSmallIntegerField(_("年"))
    quarter = models.PositiveSmallIntegerField(_("季度"))
    due = models.PositiveIntegerField(_("到期任务"))
    on_time = models.PositiveIntegerField(_("按期交付"))
    quality = models.PositiveIntegerField(_("质量平均"), null=True)
    satisfaction = models.PositiveIntegerField(_("满意平均"), null=True)
    score = models.PositiveIntegerField(_("得分"))
    passed = models.BooleanField(_("合格"))
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-year", "-quarter", "group"]
        verbose_name = _("季度评价")
        constraints = [
            models.UniqueConstraint(fields=["group", "year", "quarter"], name="one_evaluation_a_quarter"),
            models.CheckConstraint(
                condition=Q(quarter__range=(1, 4)) & Q(on_time__lte=models.F("due")), name="quarter_and_counts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.year}Q{self.quarter}"
