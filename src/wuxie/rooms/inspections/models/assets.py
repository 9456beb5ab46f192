"""What stands in an estate, what has to be looked at when, and each single time it was."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.roles import ASSOCIATION, COMPANY, GOVERNMENT
from wuxie.kernel.workflow.models import Case
from wuxie.rooms.register.models import Project

from ..catalogue import Item, items
from ..words import SPECIAL, Agency, AssetKind, Gone, Level

#: Who answers for safety in the whole company.
COMPANY_SAFETY = ("safety_director", "company_principal")


def seen_by(actor: Actor, at: str = "project__") -> Q:
    """Rows of projects whose inspections this person may read: the association, the area's offices, the company itself.

    ``at`` leads from the row to the project.
    """
    if actor.holds(*ASSOCIATION):
        return Q(pk__isnull=False)
    return (
        actor.within(f"{at}estate__place_id", *GOVERNMENT)
        | Q(**{f"{at}company__in": actor.organisations(*COMPANY, *COMPANY_SAFETY)})
        | Q(**{f"{at}pk__in": actor.ids("project", "project_manager")})
    )


class AssetQuerySet(models.QuerySet["Asset"]):
    def visible_to(self, actor: Actor) -> AssetQuerySet:
        return self.filter(seen_by(actor))

    def there(self) -> AssetQuerySet:
        """Those that are still looked after here."""
        return self.filter(retired_on=None)


class Asset(models.Model):
    """One thing, or several alike in one place, with its number and its dates."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="assets", verbose_name=_("项目"))
    kind = models.CharField(_("类别"), max_length=20, choices=AssetKind)
    code = models.CharField(_("编号"), max_length=40)
    place = models.CharField(_("位置"), max_length=80, blank=True)
    quantity = models.PositiveIntegerField(_("数量"), default=1)
    base_on = models.DateField(_("基准日"))
    last_on = models.DateField(_("上次检验日"), null=True, blank=True)
    idle_since = models.DateField(_("停用起"), null=True, blank=True)
    retired_on = models.DateField(_("注销日"), null=True, blank=True)
    retired_how = models.CharField(_("注销方式"), max_length=12, choices=Gone, blank=True)
    retired_why = models.CharField(_("注销原因"), max_length=200, blank=True)
    stopped_on = models.DateField(_("禁止使用起"), null=True, blank=True)
    stopped_why = models.CharField(_("为什么禁止使用"), max_length=200, blank=True)
    history = HistoricalRecords()

    objects = AssetQuerySet.as_manager()

    class Meta:
        ordering = ["project_id", "kind", "code", "pk"]
        verbose_name = _("设备")
        constraints = [
            models.UniqueConstraint(fields=["project", "kind", "code"], name="one_asset_a_number"),
            models.CheckConstraint(
                condition=Q(last_on=None) | Q(last_on__gte=F("base_on")), name="asset_seen_after_its_base"
            ),
            models.CheckConstraint(
                condition=Q(retired_on=None, retired_how="") | Q(retired_on__isnull=False) & ~Q(retired_how="") & ~Q(retired_why=""),
                name="asset_gone_for_a_reason",
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="asset_is_at_least_one"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["kind", "code"]), models.Index(fields=["code"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.code}"

    def get_absolute_url(self) -> str:
        return reverse("inspections:asset", args=[self.pk])

    @property
    def key(self) -> str:
        return f"asset:{self.pk}"

    @property
    def is_special(self) -> bool:
        """Whether it must not be used without a valid inspection."""
        return self.kind in SPECIAL


class ObligationQuerySet(models.QuerySet["Obligation"]):
    def visible_to(self, actor: Actor) -> ObligationQuerySet:
        return self.filter(seen_by(actor))

    def standing(self) -> ObligationQuerySet:
        """What applies today."""
        return self.filter(ended_on=None, exempt_why="")


class Obligation(models.Model):
    """One item of the catalogue as it applies to one asset, or to one estate: when it is due next, and why."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="obligations", verbose_name=_("项目"))
    asset = models.ForeignKey(
        Asset, models.PROTECT, null=True, blank=True, related_name="obligations", verbose_name=_("设备")
    )
    item = models.CharField(_("项目代码"), max_length=12)
    label = models.CharField(_("检验项目"), max_length=40)
    level = models.CharField(_("强制程度"), max_length=12, choices=Level)
    agency = models.CharField(_("机构类别"), max_length=16, choices=Agency)
    base_on = models.DateField(_("基准日"), null=True, blank=True)
    last_on = models.DateField(_("上次检验日"), null=True, blank=True)
    due_on = models.DateField(_("应检日"), null=True, blank=True)
    opens_on = models.DateField(null=True, blank=True)
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    """The last day for which a report of this system stands."""
    guessed = models.BooleanField(default=False)
    """Nobody has said when it was done last: the due date is the next one of the base."""
    begun = models.PositiveSmallIntegerField(default=1)
    ended_on = models.DateField(_("不再适用起"), null=True, blank=True)
    ended_why = models.CharField(_("为什么不再适用"), max_length=200, blank=True)
    exempt_why = models.CharField(_("不适用的理由"), max_length=200, blank=True)
    exempt_basis = models.CharField(_("依据"), max_length=120, blank=True)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("应检事项")
        constraints = [
            models.UniqueConstraint(fields=["asset", "item"], condition=Q(asset__isnull=False), name="one_obligation_an_asset"),
            models.UniqueConstraint(fields=["project", "item"], condition=Q(asset=None), name="one_obligation_an_estate"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["ended_on", "opens_on"]),
            models.Index(fields=["project", "due_on"]),
            models.Index(fields=["due_on"]),
        ]

    def __str__(self) -> str:
        return f"{self.label} · {self.asset.code}" if self.asset else self.label

    @property
    def spec(self) -> Item:
        """The item of the catalogue."""
        return items()[self.item]

    @property
    def is_statutory(self) -> bool:
        """Whether the law asks the enterprise for this inspection: such are counted."""
        return self.level == Level.STATUTORY and self.spec.counts


class InspectionQuerySet(models.QuerySet["Inspection"]):
    def visible_to(self, actor: Actor) -> InspectionQuerySet:
        return self.filter(seen_by(actor))

    def open(self) -> InspectionQuerySet:
        return self.exclude(state__in=Inspection.OVER)

    def overdue(self) -> InspectionQuerySet:
        """Not passed although its day is over: whatever has been arranged since."""
        return self.open().filter(overdue_on__isnull=False)


class Inspection(Case):
    """One time that something is looked at: from the reminder to the report."""

    class State(models.TextChoices):
        DUE = "due", _("待安排")
        REMINDED = "reminded", _("已催办")
        BOOKED = "booked", _("已预约")
        OVERDUE = "overdue", _("已逾期")
        INSPECTED = "inspected", _("已检，等报告")
        FAILED = "failed", _("不合格，整改中")
        RECTIFIED = "rectified", _("已整改，待复检")
        PASSED = "passed", _("合格")
        WITHDRAWN = "withdrawn", _("不再适用")

    OVER = (State.PASSED, State.WITHDRAWN)
    WAITING = (State.DUE, State.REMINDED, State.BOOKED, State.OVERDUE)

    project = models.ForeignKey(Project, models.PROTECT, related_name="inspections", verbose_name=_("项目"))
    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="inspections")
    asset = models.ForeignKey(
        Asset, models.PROTECT, null=True, blank=True, related_name="inspections", verbose_name=_("设备")
    )
    label = models.CharField(_("检验项目"), max_length=80)
    level = models.CharField(_("强制程度"), max_length=12, choices=Level)
    due_on = models.DateField(_("应检日"))
    is_restart = models.BooleanField(_("启用前检验"), default=False)
    agency = models.CharField(_("机构"), max_length=120, blank=True)
    licence = models.CharField(_("机构资质证号"), max_length=60, blank=True)
    price = models.PositiveBigIntegerField(_("价格"), null=True, blank=True, help_text="cents")
    visit_on = models.DateField(_("约定日期"), null=True, blank=True)
    inspected_on = models.DateField(_("检验日"), null=True, blank=True)
    report_number = models.CharField(_("报告编号"), max_length=60, blank=True)
    report_on = models.DateField(_("报告日"), null=True, blank=True)
    failure = models.CharField(_("哪里不合格"), max_length=400, blank=True)
    remedy = models.CharField(_("怎样整改的"), max_length=400, blank=True)
    overdue_on = models.DateField(_("逾期起"), null=True, blank=True)
    reason = models.CharField(_("不再适用的原因"), max_length=200, blank=True)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("检验检测")
        constraints = [
            models.UniqueConstraint(
                fields=["obligation", "due_on"], condition=~Q(state="withdrawn"), name="one_inspection_a_due_date"
            ),
            models.CheckConstraint(
                condition=~Q(state="passed") | ~Q(report_number="") & Q(inspected_on__isnull=False), name="passed_with_a_report"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["state", "due_on"]),
            models.Index(fields=["project", "state"]),
            models.Index(fields=["overdue_on"]),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("inspections:case", args=[self.pk])

    @property
    def is_over(self) -> bool:
        return self.state in self.OVER

    @property
    def spec(self) -> Item:
        return self.obligation.spec

    @property
    def stops(self) -> bool:
        """Whether the asset must not be used without it."""
        return self.asset_id is not None and self.spec.special

    def where(self) -> str:
        """The asset with its place, or that it is about the whole estate."""
        if self.asset is None:
            return _now("整个小区")
        return f"{self.asset.code} · {self.asset.place}" if self.asset.place else self.asset.code


class Night(models.Model):
    """A night whose work was done: a day that was missed needs no night of its own, the next one opens whatever has come due."""

    day = models.DateField(unique=True)
    opened = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-day"]
