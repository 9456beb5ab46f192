"""A change of a property fee with its costs, options, promises and questions; what an authority found; what had to be posted up."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import local, today
from wuxie.kernel.parties.roles import ASSOCIATION, COMPANY, GOVERNMENT
from wuxie.kernel.workflow.models import Case
from wuxie.rooms.register.models import Project

from .words import Breach, Cost, Kind, Topic


def concerned(actor: Actor, project: str) -> Q:
    """Rows of projects that this person serves, oversees, or sits on the committee of; ``project`` leads to the project."""
    return (
        actor.within(f"{project}__estate__place_id", *GOVERNMENT)
        | Q(**{f"{project}__company__in": actor.organisations(*COMPANY)})
        | Q(**{f"{project}__in": actor.ids("project", "project_manager")})
        | Q(**{f"{project}__estate__in": actor.ids("estate", "committee_member")})
    )


class AdjustmentQuerySet(models.QuerySet["Adjustment"]):
    def visible_to(self, actor: Actor) -> AdjustmentQuerySet:
        """Company, committee and offices; an owner what is in public. The association and its members never: prices are no matter of theirs."""
        owned = Q(project__estate__in=actor.ids("estate", "owner")) & ~Q(state__in=Adjustment.INSIDE)
        return self.filter(concerned(actor, "project") | owned)

    def running(self) -> AdjustmentQuerySet:
        """Those that are not over."""
        return self.exclude(state__in=Adjustment.DONE)


class Adjustment(Case):
    """One change of the fee of one estate, from the costs to the kept or broken promises. Prices: ten-thousandths of a yuan per m² and month."""

    class State(models.TextChoices):
        PREPARING = "preparing", _("准备成本和方案")
        REVIEWED = "cost_reviewed", _("成本已审核")
        SHOWN = "cost_published", _("成本公示中")
        PUBLISHED = "published", _("方案公示中")
        VOTING = "voting", _("业主表决中")
        PASSED = "passed", _("表决通过")
        FAILED = "failed", _("表决未通过")
        CONTRACTED = "contracted", _("已签补充协议")
        EFFECTIVE = "effective", _("已执行，承诺跟踪中")
        FAILING = "failing", _("承诺没兑现，限期改")
        REVERTING = "reverting", _("待恢复原标准")
        KEPT = "kept", _("承诺已兑现")
        ROLLED_BACK = "rolled_back", _("已恢复原标准")
        WITHDRAWN = "withdrawn", _("已撤回")

    DONE = (State.FAILED, State.KEPT, State.ROLLED_BACK, State.WITHDRAWN)
    #: Not yet, or never, posted up at the estate.
    INSIDE = (State.PREPARING, State.REVIEWED, State.WITHDRAWN)
    #: The new price is charged.
    IN_FORCE = (State.EFFECTIVE, State.FAILING, State.REVERTING, State.KEPT)

    project = models.ForeignKey(Project, models.PROTECT, related_name="adjustments", verbose_name=_("项目"))
    opened_by = models.CharField(max_length=40)
    reason = models.CharField(_("为什么要调"), max_length=400)
    clause = models.CharField(_("合同怎么约定调价"), max_length=400)
    min_years = models.PositiveSmallIntegerField(_("合同约定几年内不调"), default=0)
    last_changed_on = models.DateField(_("现行标准从哪天起"))
    current = models.PositiveIntegerField(_("现行单价"), help_text="yuan per m² and month, times 10000")
    guide_basis = models.CharField(_("政府指导价依据"), max_length=120, blank=True)
    area = models.PositiveBigIntegerField(_("收费面积"), null=True, blank=True, help_text="hundredths of m²")
    vacant = models.PositiveBigIntegerField(_("其中空置面积"), default=0, help_text="hundredths of m²")
    rate = models.PositiveIntegerField(_("收缴率"), null=True, blank=True, help_text="hundredths of a percent")
    offset = models.PositiveBigIntegerField(_("一年公共收益补贴"), default=0, help_text="cents")
    margin = models.PositiveBigIntegerField(_("一年利润"), default=0, help_text="cents")
    reviewer = models.CharField(_("审核单位"), max_length=120, blank=True)
    review = models.CharField(_("审核意见"), max_length=600, blank=True)
    reviewed_on = models.DateField(_("审核日"), null=True, blank=True)
    costs_until = models.DateField(_("成本公示至"), null=True, blank=True)
    plan_until = models.DateField(_("方案公示至"), null=True, blank=True)
    receipt = models.CharField(_("查询号"), max_length=16, null=True, blank=True, unique=True)
    heard_on = models.DateField(_("说明会"), null=True, blank=True)
    chosen = models.ForeignKey(
        "Option", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("交付表决的方案")
    )
    vote = models.JSONField(default=dict)
    vote_reference = models.CharField(_("表决依据"), max_length=80, blank=True)
    decided_on = models.DateField(_("表决结果日"), null=True, blank=True)
    result_until = models.DateField(_("结果公示至"), null=True, blank=True)
    signed_on = models.DateField(_("签约日"), null=True, blank=True)
    effective_on = models.DateField(_("执行日"), null=True, blank=True)
    second_on = models.DateField(_("第二步执行日"), null=True, blank=True)
    stepped = models.BooleanField(default=False)
    """The second price has begun."""
    check_on = models.DateField(_("承诺核查日"), null=True, blank=True)
    cure_until = models.DateField(_("改好期限"), null=True, blank=True)
    reverts_on = models.DateField(_("恢复日"), null=True, blank=True)

    objects = AdjustmentQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name = _("物业费调整")
        constraints = [
            models.CheckConstraint(condition=Q(current__gt=0), name="fee_has_a_price"),
            models.CheckConstraint(condition=Q(area=None) | Q(area__gt=0, vacant__lte=models.F("area")), name="fee_area_holds_its_vacant_part"),
            models.CheckConstraint(condition=Q(rate=None) | Q(rate__gt=0, rate__lte=10_000), name="fee_rate_is_a_part"),
            models.CheckConstraint(condition=Q(effective_on=None) | Q(effective_on__gt=models.F("signed_on")), name="fee_never_reaches_back"),
            models.UniqueConstraint(
                fields=["project"], condition=~Q(state__in=["failed", "kept", "rolled_back", "withdrawn"]), name="one_fee_change_at_a_time"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.project.estate)

    def get_absolute_url(self) -> str:
        return reverse("fees:adjustment", args=[self.pk])

    @property
    def waiting(self) -> int:
        """Days since it last moved."""
        return max((today() - local(self.changed_at).date()).days, 0)


class CostLine(models.Model):
    """What one item cost in one year, with the paper behind it."""

    adjustment = models.ForeignKey(Adjustment, models.PROTECT, related_name="costs")
    year = models.PositiveSmallIntegerField(_("年度"))
    item = models.CharField(_("成本项"), max_length=12, choices=Cost)
    amount = models.PositiveBigIntegerField(_("金额"), help_text="cents")
    allowed = models.PositiveBigIntegerField(_("审核后金额"), null=True, blank=True, help_text="cents")
    words = models.CharField(_("怎么算的"), max_length=200, blank=True)
    voucher = models.CharField(max_length=40)
    sha256 = models.CharField(_("凭证摘要"), max_length=64)

    class Meta:
        ordering = ["adjustment_id", "-year", "pk"]
        verbose_name = _("成本")
        constraints = [
            models.UniqueConstraint(fields=["adjustment", "year", "item"], name="one_cost_an_item_and_year"),
            models.CheckConstraint(condition=Q(allowed=None) | Q(allowed__lte=models.F("amount")), name="review_never_adds"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.year} {self.get_item_display()}"

    @property
    def paper(self) -> str:
        """The attachment that is its voucher."""
        return self.voucher.partition(":")[2]

    @property
    def counts(self) -> int:
        """What is reckoned with: what the review left, before it what was claimed."""
        return self.amount if self.allowed is None else self.allowed


class Option(models.Model):
    """One way out of the options paper."""

    adjustment = models.ForeignKey(Adjustment, models.PROTECT, related_name="options")
    kind = models.CharField(_("方案"), max_length=1, choices=Kind)
    words = models.CharField(_("说明"), max_length=400)
    price = models.PositiveIntegerField(_("单价"), help_text="yuan per m² and month, times 10000")
    first_price = models.PositiveIntegerField(
        _("第一步单价"), null=True, blank=True, help_text="yuan per m² and month, times 10000"
    )
    months = models.PositiveSmallIntegerField(_("第一步几个月"), null=True, blank=True)
    special = models.PositiveIntegerField(_("专项单价"), default=0, help_text="yuan per m² and month, times 10000")
    cut = models.PositiveBigIntegerField(_("一年省下"), default=0, help_text="cents")
    subsidy = models.PositiveBigIntegerField(_("一年补贴"), default=0, help_text="cents")

    class Meta:
        ordering = ["adjustment_id", "kind"]
        verbose_name = _("方案")
        constraints = [models.UniqueConstraint(fields=["adjustment", "kind"], name="one_option_a_kind")]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class Promise(models.Model):
    """One improvement that the company promises for the new fee, and how anybody can tell whether it came."""

    adjustment = models.ForeignKey(Adjustment, models.PROTECT, related_name="promises")
    words = models.CharField(_("承诺"), max_length=200)
    measure = models.CharField(_("怎么核对"), max_length=200)
    reported_on = models.DateField(_("报告兑现日"), null=True, blank=True)

    class Meta:
        ordering = ["adjustment_id", "pk"]
        verbose_name = _("承诺")

    def __str__(self) -> str:
        return self.words


class Check(models.Model):
    """What the owners' side saw of one promise in one month."""

    promise = models.ForeignKey(Promise, models.PROTECT, related_name="checks")
    month = models.DateField(_("月份"))
    kept = models.BooleanField(_("兑现了"))
    words = models.CharField(_("看到什么"), max_length=300)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        ordering = ["promise_id", "month"]
        verbose_name = _("承诺核查")
        constraints = [models.UniqueConstraint(fields=["promise", "month"], name="one_check_a_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class Question(models.Model):
    """What somebody wants to know of costs or plan; nobody's name, followed by a receipt number."""

    adjustment = models.ForeignKey(Adjustment, models.PROTECT, related_name="questions")
    receipt = models.CharField(_("回执号"), max_length=16, unique=True)
    words = models.CharField(_("问题"), max_length=600)
    asked_at = models.DateTimeField(_("提出时间"))
    due_on = models.DateField(_("答复期限"))
    answer = models.CharField(_("答复"), max_length=800, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    class Meta:
        ordering = ["adjustment_id", "pk"]
        verbose_name = _("提问")

    def __str__(self) -> str:
        return self.words[:40]


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, actor: Actor) -> FindingQuerySet:
        """What authorities found is open to the association too: it says nothing of a price."""
        return self if actor.holds(*ASSOCIATION) else self.filter(concerned(actor, "project"))


class Finding(models.Model):
    """A breach that an authority established, held against the project; there is none without its paper."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="fee_findings", verbose_name=_("项目"))
    kind = models.CharField(_("认定了什么"), max_length=32, choices=Breach)
    number = models.CharField(_("文号"), max_length=80)
    words = models.CharField(_("认定内容"), max_length=400)
    found_on = models.DateField(_("文书日期"))
    at = models.DateTimeField(_("登记时间"))
    by = models.CharField(max_length=40)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["-found_on", "-pk"]
        verbose_name = _("违规收费认定")
        constraints = [models.UniqueConstraint(fields=["project", "kind", "number"], name="one_finding_a_paper")]

    def __str__(self) -> str:
        return self.number


class DisclosureQuerySet(models.QuerySet["Disclosure"]):
    def visible_to(self, actor: Actor) -> DisclosureQuerySet:
        """Company, committee, offices, association; and every owner of the estate: it hangs at their door."""
        if actor.holds(*ASSOCIATION):
            return self
        return self.filter(concerned(actor, "project") | Q(project__estate__in=actor.ids("estate", "owner")))


class Disclosure(models.Model):
    """What has to hang at an estate for a span, by when, and whether it did."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="disclosures", verbose_name=_("项目"))
    topic = models.CharField(_("公示事项"), max_length=16, choices=Topic)
    starts_on = models.DateField(_("期间起"))
    ends_on = models.DateField(_("期间止"))
    due_on = models.DateField(_("最迟公示日"))
    published_on = models.DateField(_("公示日"), null=True, blank=True)
    published_by = models.CharField(max_length=40, blank=True)
    confirmed_on = models.DateField(_("核实日"), null=True, blank=True)
    counted = models.BooleanField(default=False)
    """Whether it stands in the ledger as something that had to be posted up."""

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        ordering = ["-due_on", "project_id", "topic"]
        verbose_name = _("法定公示")
        constraints = [
            models.UniqueConstraint(fields=["project", "topic", "starts_on"], name="one_disclosure_a_span"),
            models.CheckConstraint(condition=Q(confirmed_on=None) | Q(published_on__isnull=False), name="confirmed_after_it_hung"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.get_topic_display())

    @property
    def key(self) -> str:
        return f"disclosure:{self.pk}"

    @property
    def is_late(self) -> bool:
        return (self.published_on or today()) > self.due_on
