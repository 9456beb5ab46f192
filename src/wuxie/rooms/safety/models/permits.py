"""Permits of dangerous work: who does what where and when, who watches, what was measured, who said yes."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import now
from wuxie.kernel.parties.models import Person
from wuxie.kernel.parties.secrets import SealedText
from wuxie.kernel.workflow.models import Case
from wuxie.rooms.register.models import Project

from .hazards import COMPANY_SAFETY
from .lists import seen_by


class PermitQuerySet(models.QuerySet["Permit"]):
    def visible_to(self, actor: Actor) -> PermitQuerySet:
        """Who may read the project's lists, the company's safety people, whoever asked for it, works or watches."""
        mine = Q(worker=actor.person_id) | Q(guardian=actor.person_id) | Q(applicant=actor.key)
        company = Q(project__company__in=actor.organisations(*COMPANY_SAFETY))
        return self.filter(seen_by(actor) | company | (mine if actor.person_id else Q(pk__in=[])))

    def open(self) -> PermitQuerySet:
        return self.exclude(state__in=Permit.OVER)

    def during(self, start: datetime.datetime, end: datetime.datetime) -> PermitQuerySet:
        """Permits that are not over and whose hours touch a span."""
        return self.open().filter(starts_at__lt=end, ends_at__gt=start)


class Permit(Case):
    """One piece of dangerous work by one worker under one guardian, within its hours."""

    class Kind(models.TextChoices):
        HOT = "hot", _("动火")
        HEIGHT = "height", _("登高")
        CONFINED = "confined", _("有限空间")
        POWER = "power", _("临时用电")

    class State(models.TextChoices):
        APPLIED = "applied", _("待批")
        APPROVED = "approved", _("已批未开工")
        STARTED = "started", _("作业中")
        SUSPENDED = "suspended", _("已暂停")
        FINISHED = "finished", _("完工待复查")
        CHECKED = "checked", _("现场已复查")
        CLOSED = "closed", _("已办结")
        REFUSED = "refused", _("未批准")
        CANCELLED = "cancelled", _("已取消")
        EXPIRED = "expired", _("已过期")

    OVER = (State.CLOSED, State.REFUSED, State.CANCELLED, State.EXPIRED)
    #: Somebody may be at work.
    RUNNING = (State.STARTED, State.SUSPENDED)

    project = models.ForeignKey(Project, models.PROTECT, related_name="permits", verbose_name=_("项目"))
    kind = models.CharField(_("作业类别"), max_length=10, choices=Kind)
    work = models.CharField(_("作业内容"), max_length=200)
    place = models.CharField(_("地点"), max_length=120)
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    applicant = models.CharField(max_length=40)
    worker = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("作业人"))
    contractor = models.CharField(_("外来单位"), max_length=120, blank=True)
    certificate = SealedText(_("证号"))
    """The number of a special-operation card is that of the ID card: sealed, shown by its last four characters."""
    certificate_until = models.DateField(_("证书有效期至"))
    guardian = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("监护人"))
    wants_gas = models.BooleanField(_("要气体检测"), default=False)
    measures = models.JSONField(_("安全措施"), default=dict)
    """Measure → who ticked it and when."""
    approved_by = models.CharField(max_length=40, blank=True)
    approved_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    started_at = models.DateTimeField(_("开工时间"), null=True, blank=True)
    finished_at = models.DateTimeField(_("完工时间"), null=True, blank=True)
    checked_by = models.CharField(max_length=40, blank=True)

    objects = PermitQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        verbose_name = _("作业票")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="permit_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(guardian=F("worker")), name="permit_guardian_is_not_the_worker"),
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("applicant")), name="permit_approved_by_another"
            ),
            models.UniqueConstraint(
                fields=["worker"], condition=Q(state__in=["started", "suspended"]), name="one_dangerous_work_at_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["project", "state"]),
            models.Index(fields=["worker", "ends_at"]),
            models.Index(fields=["guardian", "ends_at"]),
            models.Index(fields=["starts_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.work}"  # type: ignore[attr-defined]

    def get_absolute_url(self) -> str:
        return reverse("safety:permit", args=[self.pk])

    @property
    def is_over(self) -> bool:
        return self.state in self.OVER

    @property
    def overruns(self) -> bool:
        """Somebody may still be at work although the hours are over."""
        return self.state in self.RUNNING and now() >= self.ends_at

    @property
    def is_in_its_hours(self) -> bool:
        return self.starts_at <= now() < self.ends_at


class GasReading(models.Model):
    """What the air was like at one moment: values in hundredths by gas. Written once."""

    permit = models.ForeignKey(Permit, models.PROTECT, related_name="readings")
    taken_at = models.DateTimeField(_("检测时间"))
    values = models.JSONField(_("读数"))
    beyond = models.JSONField(_("超限"), default=list)
    by = models.CharField(max_length=40)
    by_name = models.CharField(_("检测人"), max_length=80, blank=True)

    class Meta:
        ordering = ["-taken_at", "-pk"]
        verbose_name = _("气体检测")

    def __str__(self) -> str:
        return f"{self.permit_id} {self.taken_at}"
