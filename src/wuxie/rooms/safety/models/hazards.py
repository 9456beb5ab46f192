"""Hazards: what was found where, how bad it is, who mends it by when, who checked, and what it cost in time."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.parties.models import Person
from wuxie.kernel.parties.secrets import SealedText
from wuxie.kernel.workflow.models import Case
from wuxie.rooms.register.models import Project

from ..words import Area, Level
from .library import Library
from .lists import seen_by

#: Who answers for safety in the whole company.
COMPANY_SAFETY = ("safety_director", "company_principal")


class HazardQuerySet(models.QuerySet["Hazard"]):
    def visible_to(self, actor: Actor) -> HazardQuerySet:
        """Who may read the project's lists, the company's safety people, whoever mends it or found it."""
        mine = Q(fixer=actor.person_id) | Q(reported_by=actor.key) if actor.person_id else Q(pk__in=[])
        company = Q(project__company__in=actor.organisations(*COMPANY_SAFETY))
        return self.filter(seen_by(actor) | company | mine)

    def open(self) -> HazardQuerySet:
        return self.exclude(state__in=Hazard.OVER)

    def overdue(self, day: datetime.date) -> HazardQuerySet:
        """Not mended although the day is over."""
        return self.filter(state__in=Hazard.UNMENDED, due_on__lt=day)


class Hazard(Case):
    """Something that may do harm, from the moment it was seen until somebody else confirmed that it is gone."""

    class State(models.TextChoices):
        FOUND = "found", _("已发现")
        ASSIGNED = "assigned", _("已派单")
        CONTROLLED = "interim_controlled", _("已临时管控")
        REPORTED = "reported", _("已报主管部门")
        RECTIFYING = "rectifying", _("整改中")
        EXTENDED = "extended", _("已延期")
        FIXED = "fixed", _("待复核")
        VERIFIED = "verified", _("已复核")
        CLOSED = "closed", _("已销号")
        DISMISSED = "dismissed", _("不成立")

    class Source(models.TextChoices):
        DUTY = "duty", _("岗位履职")
        PATROL = "patrol", _("检查巡查")
        INSPECTION = "inspection", _("检验检测")
        GOVERNMENT = "government", _("社区街道检查")
        PUBLIC = "public", _("扫码反映")

    OVER = (State.CLOSED, State.DISMISSED)
    UNMENDED = (
        State.FOUND, State.ASSIGNED, State.CONTROLLED, State.REPORTED, State.RECTIFYING, State.EXTENDED,
    )  # fmt: skip

    project = models.ForeignKey(Project, models.PROTECT, related_name="hazards", verbose_name=_("项目"))
    library = models.ForeignKey(Library, models.PROTECT, related_name="+")
    receipt = models.CharField(_("编号"), max_length=16, unique=True)
    """Random, with a check character: whoever holds it may ask how far the matter is."""
    code = models.CharField(_("隐患代码"), max_length=10, blank=True)
    """Empty until somebody of the project has named what a stranger saw."""
    label = models.CharField(_("隐患"), max_length=60)
    area = models.CharField(_("类别"), max_length=12, choices=Area, blank=True)
    level = models.CharField(_("级别"), max_length=8, choices=Level, default=Level.GENERAL)
    why_level = models.CharField(_("定级理由"), max_length=120, blank=True)
    place = models.CharField(_("位置"), max_length=120)
    words = models.TextField(_("情况"), max_length=1000)
    source = models.CharField(_("来源"), max_length=12, choices=Source)
    reported_by = models.CharField(max_length=40)
    contact = SealedText(_("联系方式"))
    found_on = models.DateField(_("发现日"))
    barriers = models.PositiveSmallIntegerField(_("缺几道防护"), default=0)
    repeats = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="repeated_by")

    days = models.PositiveSmallIntegerField(_("整改天数"), default=0)
    hours = models.PositiveSmallIntegerField(_("管控小时数"), default=0)
    due_on = models.DateField(_("整改期限"), null=True, blank=True)
    first_due_on = models.DateField(_("原整改期限"), null=True, blank=True)
    verifiers = models.JSONField(default=list)
    """Who the library lets check it: ``project_manager``, ``post:guard`` …"""
    fixer = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("整改人"))
    interim = models.CharField(_("临时措施"), max_length=200, blank=True)
    clears = models.JSONField(_("五落实"), default=dict)
    """Person, measure, money, time, plan: each in words."""
    added_control = models.CharField(_("延期增加的管控"), max_length=200, blank=True)
    authority = models.CharField(_("报告哪个部门"), max_length=80, blank=True)
    authority_receipt = models.CharField(_("报告回执号"), max_length=60, blank=True)
    reported_on = models.DateField(_("报告日"), null=True, blank=True)
    remedy = models.CharField(_("怎样改的"), max_length=400, blank=True)
    fixed_by = models.CharField(max_length=40, blank=True)
    fixed_on = models.DateField(_("改好日"), null=True, blank=True)
    verified_by = models.CharField(max_length=40, blank=True)
    rework = models.PositiveSmallIntegerField(_("返工次数"), default=0)
    closed_on = models.DateField(_("销号日"), null=True, blank=True)

    objects = HazardQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name = _("隐患")
        constraints = [
            models.CheckConstraint(
                condition=Q(verified_by="") | ~Q(verified_by=F("fixed_by")), name="hazard_checked_by_another"
            ),
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(due_on__gte=F("found_on")), name="hazard_due_after_it_was_found"
            ),
        ]
        indexes = [
            models.Index(fields=["project", "state"]),
            models.Index(fields=["level", "state", "due_on"]),
            models.Index(fields=["project", "code", "found_on"]),
            models.Index(fields=["found_on"]),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("safety:hazard", args=[self.pk])

    @property
    def is_major(self) -> bool:
        return self.level == Level.MAJOR

    @property
    def is_over(self) -> bool:
        return self.state in self.OVER

    @property
    def is_late(self) -> bool:
        """Not mended although the day is over, or mended after it."""
        if self.due_on is None or self.state == self.State.DISMISSED:
            return False
        return (self.fixed_on or today()) > self.due_on if self.state not in self.UNMENDED else today() > self.due_on

    @property
    def age(self) -> int:
        """Days from the day it was found to the day it was closed, or to today."""
        return ((self.closed_on or today()) - self.found_on).days
