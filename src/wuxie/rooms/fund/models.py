"""Accounts of the special maintenance fund, one a unit; repairs of common parts, what they cost, and who bears how much."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import local, today
from wuxie.kernel.parties.roles import ASSOCIATION, COMPANY, GOVERNMENT
from wuxie.kernel.workflow.models import Case
from wuxie.rooms.register.models import Estate, Ownership, Project, Unit

from .words import PAID, Danger, Lane, Part, Stuck

CENTER = "maintenance_fund_center"


def offices(actor: Actor, estate: str) -> Q:
    """Rows of estates that this person looks after: the area's offices and fund centre, who serves it today, its committee.

    ``estate`` leads from the row to the estate.
    """
    if actor.holds(*ASSOCIATION):
        return Q(pk__isnull=False)
    serving = Project.objects.on(today()).filter(
        Q(company__in=actor.organisations(*COMPANY)) | Q(pk__in=actor.ids("project", "project_manager"))
    )
    places = Estate.objects.order_by().filter(
        actor.within("place_id", *GOVERNMENT, CENTER)
        | Q(pk__in=serving.order_by().values("estate"))
        | Q(pk__in=actor.ids("estate", "committee_member"))
    )
    return Q(**{f"{estate}__in": places.values("pk")})


class AccountQuerySet(models.QuerySet["Account"]):
    def visible_to(self, actor: Actor) -> AccountQuerySet:
        """Who looks after the estate; an owner the accounts of their own units."""
        own = Ownership.objects.current().filter(person=actor.person_id or 0)
        return self.filter(offices(actor, "unit__estate") | Q(unit__in=own.values("unit")))


class Account(models.Model):
    """What lies in the fund for one unit; it passes on with the unit."""

    unit = models.OneToOneField(Unit, models.PROTECT, related_name="fund_account", verbose_name=_("户室"))
    deposited = models.PositiveBigIntegerField(_("首期交存"), help_text="cents")
    balance = models.PositiveBigIntegerField(_("余额"), help_text="cents")
    as_of = models.DateField(_("余额日"))
    drawn_on = models.DateField(_("最近支用日"), null=True, blank=True)
    """The last day on which a repair was drawn from it: a sheet from before that day no longer holds."""

    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = ["unit_id"]
        verbose_name = _("维修资金账户")

    def __str__(self) -> str:
        return str(self.unit)


class RepairQuerySet(models.QuerySet["Repair"]):
    def visible_to(self, actor: Actor) -> RepairQuerySet:
        """Who looks after the estate, the company under whose contract it is, and every owner of the estate."""
        if actor.holds(*ASSOCIATION):
            return self
        return self.filter(
            actor.within("project__estate__place_id", *GOVERNMENT, CENTER)
            | Q(project__company__in=actor.organisations(*COMPANY))
            | Q(project__in=actor.ids("project", "project_manager"))
            | Q(project__estate__in=actor.ids("estate", "committee_member", "owner"))
        )

    def running(self) -> RepairQuerySet:
        """Those that somebody still has to bring to an end."""
        return self.exclude(state__in=Repair.DONE)


class Repair(Case):
    """One repair of a common part, from the danger that somebody reported to the end of its warranty."""

    class State(models.TextChoices):
        REPORTED = "reported", _("已报告")
        GUARDED = "guarded", _("已围护")
        APPRAISED = "appraised", _("已查勘")
        REFERRED = "referred", _("责任方维修中")
        PLANNED = "planned", _("方案已拟定")
        ASKED = "emergency_applied", _("应急待确认")
        CONFIRMED = "emergency_confirmed", _("应急已确认")
        PUBLISHED = "published", _("方案公示中")
        VOTING = "voting", _("表决中")
        APPROVED = "approved", _("表决通过")
        REJECTED = "rejected", _("表决未通过")
        STUCK = "stuck", _("卡住了")
        APPLIED = "applied", _("待拨付")
        ADVANCED = "advanced", _("首款已拨")
        BUILDING = "building", _("施工中")
        ACCEPTED = "accepted", _("已验收")
        SETTLED = "settled", _("已结算")
        ALLOCATED = "allocated", _("分摊公示中")
        WARRANTY = "warranty", _("质保期内")
        CLOSED = "closed", _("已办结")

    DONE = (State.WARRANTY, State.CLOSED)
    #: From here on the plan or its result is in public.
    PUBLIC = (
        State.PUBLISHED, State.VOTING, State.APPROVED, State.REJECTED, State.APPLIED, State.ADVANCED, State.BUILDING, State.ACCEPTED,
        State.SETTLED, State.ALLOCATED, State.WARRANTY, State.CLOSED, State.CONFIRMED,
    )  # fmt: skip

    project = models.ForeignKey(Project, models.PROTECT, related_name="repairs", verbose_name=_("项目"))
    title = models.CharField(_("名称"), max_length=60)
    part = models.CharField(_("部位"), max_length=12, choices=Part)
    where = models.CharField(_("位置"), max_length=80)
    words = models.CharField(_("看到什么"), max_length=400)
    is_dangerous = models.BooleanField(_("会伤到人"), default=False)
    reported_by = models.CharField(max_length=40)
    source = models.CharField(max_length=40, blank=True)
    """The case of another room that it was opened for, or that was found to be about the same (``hazard:12``)."""
    guarded_at = models.DateTimeField(_("围护时间"), null=True, blank=True)
    guard_checked = models.BooleanField(default=False)
    """Somebody other than who put it up has looked at the guard."""
    appraiser = models.CharField(_("查勘或鉴定单位"), max_length=120, blank=True)
    findings = models.CharField(_("查勘意见"), max_length=600, blank=True)
    lane = models.CharField(_("谁出钱"), max_length=12, choices=Lane, blank=True)
    basis = models.CharField(_("依据"), max_length=80, blank=True)
    answers = models.JSONField(default=dict)
    danger = models.CharField(_("险情"), max_length=12, choices=Danger, blank=True)
    liable_party = models.CharField(_("责任方"), max_length=120, blank=True)
    witnessed = models.JSONField(default=dict)
    """Of the parties that confirm an emergency on site: role → who, when and in what words."""
    scope_label = models.CharField(_("列支范围"), max_length=200, blank=True)
    opens_at = models.DateTimeField(_("拆封时间"), null=True, blank=True)
    method = models.CharField(_("维修方案"), max_length=600, blank=True)
    budget = models.PositiveBigIntegerField(_("预算"), null=True, blank=True, help_text="cents")
    contractor = models.CharField(_("施工单位"), max_length=120, blank=True)
    contract_sum = models.PositiveBigIntegerField(_("合同价"), null=True, blank=True, help_text="cents")
    publicity_until = models.DateField(_("公示至"), null=True, blank=True)
    vote = models.JSONField(default=dict)
    vote_reference = models.CharField(_("表决依据"), max_length=80, blank=True)
    extended = models.BooleanField(default=False)
    advance = models.PositiveBigIntegerField(_("首款"), null=True, blank=True, help_text="cents")
    started_on = models.DateField(_("开工日"), null=True, blank=True)
    accepted_on = models.DateField(_("验收日"), null=True, blank=True)
    representatives = models.PositiveSmallIntegerField(_("业主代表"), null=True, blank=True)
    settled = models.PositiveBigIntegerField(_("审定价"), null=True, blank=True, help_text="cents")
    auditor = models.CharField(_("审价单位"), max_length=120, blank=True)
    settled_on = models.DateField(_("结算日"), null=True, blank=True)
    allocated_on = models.DateField(_("分摊公布日"), null=True, blank=True)
    warranty_until = models.DateField(_("质保至"), null=True, blank=True)
    stuck = models.CharField(_("卡在哪里"), max_length=12, choices=Stuck, blank=True)
    stuck_why = models.CharField(_("为什么卡住"), max_length=300, blank=True)

    objects = RepairQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name = _("维修")
        constraints = [
            models.CheckConstraint(condition=Q(advance=None) | Q(advance__lte=F("contract_sum")) | Q(contract_sum=None), name="advance_within_the_contract"),
            models.UniqueConstraint(fields=["source"], condition=~Q(source=""), name="one_repair_a_source"),
            models.CheckConstraint(condition=Q(stuck="", stuck_why="") | ~Q(stuck=""), name="stuck_for_a_reason"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["project", "state"])]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("fund:repair", args=[self.pk])

    @property
    def is_emergency(self) -> bool:
        return self.lane == Lane.EMERGENCY

    @property
    def is_paid(self) -> bool:
        """Whether the fund pays."""
        return self.lane in PAID

    @property
    def waiting(self) -> int:
        """Days since it last moved."""
        return max((today() - local(self.changed_at).date()).days, 0)


class ShareQuerySet(models.QuerySet["Share"]):
    def visible_to(self, actor: Actor) -> ShareQuerySet:
        """Who looks after the estate sees every unit's; an owner that of their own units."""
        own = Ownership.objects.current().filter(person=actor.person_id or 0)
        return self.filter(offices(actor, "unit__estate") | Q(unit__in=own.values("unit")))


class Share(models.Model):
    """One unit in the scope of a repair: what it was told to bear, and what it bore in the end."""

    repair = models.ForeignKey(Repair, models.PROTECT, related_name="shares")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("户室"))
    area = models.PositiveIntegerField(_("建筑面积"), help_text="hundredths of m²")
    planned = models.PositiveBigIntegerField(_("预算分摊"), null=True, blank=True, help_text="cents")
    final = models.PositiveBigIntegerField(_("决算分摊"), null=True, blank=True, help_text="cents")
    before = models.PositiveBigIntegerField(_("原余额"), null=True, blank=True, help_text="cents")
    drawn = models.PositiveBigIntegerField(_("账户支付"), null=True, blank=True, help_text="cents")
    to_pay = models.PositiveBigIntegerField(_("业主补交"), null=True, blank=True, help_text="cents")

    objects = ShareQuerySet.as_manager()

    class Meta:
        ordering = ["repair_id", "unit_id"]
        verbose_name = _("分摊")
        constraints = [
            models.UniqueConstraint(fields=["repair", "unit"], name="one_share_a_unit"),
            models.CheckConstraint(condition=Q(final=None) | Q(final=F("drawn") + F("to_pay")), name="share_is_paid_whole"),
            models.CheckConstraint(condition=Q(drawn=None) | Q(drawn__lte=F("before")), name="no_account_is_overdrawn"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.unit)

    @property
    def after(self) -> int | None:
        """What is left in the account (cents)."""
        return None if self.before is None or self.drawn is None else self.before - self.drawn


class Quote(models.Model):
    """One sealed offer for the works; its price is nobody's to know until all are opened together."""

    repair = models.ForeignKey(Repair, models.PROTECT, related_name="quotes")
    contractor = models.CharField(_("报价单位"), max_length=120)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18)
    received_at = models.DateTimeField(_("收件时间"))
    received_by = models.CharField(max_length=40)
    amount = models.PositiveBigIntegerField(_("报价"), null=True, blank=True, help_text="cents")
    opened_at = models.DateTimeField(_("拆封时间"), null=True, blank=True)
    chosen = models.BooleanField(_("选用"), default=False)

    class Meta:
        ordering = ["repair_id", "pk"]
        verbose_name = _("报价")
        constraints = [
            models.UniqueConstraint(fields=["repair", "uscc"], name="one_quote_a_contractor"),
            models.CheckConstraint(
                condition=Q(amount=None, opened_at=None) | Q(amount__gt=0, opened_at__isnull=False), name="quote_is_sealed_or_opened"
            ),
            models.CheckConstraint(condition=Q(chosen=False) | Q(opened_at__isnull=False), name="chosen_after_opening"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.contractor
