"""One billing month of an account: the grid's bill, what each meter saw and was charged, what goes back to whom."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.workflow.models import Case

from ..words import Answer, BandName, Role, Way
from .accounts import Account, Meter, seen_by


class MonthQuerySet(models.QuerySet["Month"]):
    def visible_to(self, actor: Actor) -> MonthQuerySet:
        return self.filter(seen_by(actor, at="account__project__"))


class Month(Case):
    """The bill of one account for one month, from the grid's figures to the verdict and what follows from it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("填报中")
        SUBMITTED = "submitted", _("已报送")
        CHECKED = "auto_checked", _("已核验")
        COMPLIANT = "compliant", _("没有多收")
        REVIEW = "needs_review", _("先校正抄表")
        SUSPECTED = "suspected", _("疑似多收")
        CORRECTED = "self_corrected", _("已自行纠正")
        CONFIRMED = "confirmed", _("已认定多收")
        PLANNED = "refund_planned", _("清退中")
        REFUNDED = "refunded", _("已清退")
        ESCALATED = "escalated", _("已移送")

    #: In these what was charged and measured may still be typed.
    OPEN = (State.DRAFT,)
    SETTLED = (State.COMPLIANT, State.CORRECTED, State.REFUNDED)
    #: Too much was charged, and somebody has not got it back.
    HOT = (State.SUSPECTED, State.CONFIRMED, State.PLANNED, State.ESCALATED)

    account = models.ForeignKey(Account, models.PROTECT, related_name="months", verbose_name=_("户号"))
    starts_on = models.DateField(_("账期起"))
    ends_on = models.DateField(_("账期止"))
    kwh = models.PositiveBigIntegerField(_("总表电量"), help_text="hundredths of a kWh, multiplied")
    amount = models.PositiveBigIntegerField(_("电网账单金额（含税）"), help_text="cents")
    basic = models.PositiveBigIntegerField(_("其中基本电费"), default=0, help_text="cents")
    penalty = models.BigIntegerField(_("其中力调电费（奖为负）"), default=0, help_text="cents")
    refunds = models.PositiveBigIntegerField(_("电网退费或优惠"), default=0, help_text="cents")
    bands = models.JSONField(_("分时电量和电费"), default=dict, blank=True)
    """Period of the day → hundredths of a kWh and cents."""
    resident_price = models.PositiveIntegerField(_("居民电价"), null=True, blank=True, help_text="yuan × 10,000")
    apart = models.BooleanField(_("电费单独列示"), default=True)
    amended = models.PositiveSmallIntegerField(_("更正次数"), default=0)
    submitted_on = models.DateField(_("报送日"), null=True, blank=True)
    verdict = models.CharField(max_length=16, blank=True)
    result = models.JSONField(default=dict, blank=True)
    """What the check found, with the figures it was judged by; frozen until the next check."""
    over = models.PositiveBigIntegerField(_("多收"), default=0, help_text="cents")
    correct_by = models.DateField(_("自行纠正至"), null=True, blank=True)
    confirmed_on = models.DateField(_("认定日"), null=True, blank=True)
    plan = models.CharField(_("清退方案"), max_length=400, blank=True)

    objects = MonthQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        verbose_name = _("转供电月账")
        constraints = [
            models.UniqueConstraint(fields=["account", "starts_on"], name="one_bill_a_month"),
            models.UniqueConstraint(fields=["account"], condition=Q(state="draft"), name="one_month_is_filled_in_at_a_time"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="bill_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(kwh__gt=0), name="bill_has_energy"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["state", "-starts_on"])]

    def __str__(self) -> str:
        return f"{self.account.account_no} · {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("resale:month", args=[self.pk])

    @property
    def name(self) -> str:
        """The month in which it ends."""
        return f"{self.ends_on:%Y-%m}"

    @property
    def is_found(self) -> bool:
        """Whether it has been said for good what it is; a suspicion is nobody's business yet."""
        return self.state in (*self.SETTLED, self.State.CONFIRMED, self.State.PLANNED, self.State.ESCALATED)

    @property
    def word(self) -> str:
        """The state as the public reads it."""
        return str(self.State(self.state).label) if self.is_found else gettext("正在核对")

    @property
    def tone(self) -> str:
        """Green: settled; red: found too high; amber: not found yet."""
        return "amber" if not self.is_found else "green" if self.state in self.SETTLED else "red"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def project(self):  # type: ignore[no-untyped-def]
        return self.account.project


class Reading(models.Model):
    """What one meter showed at the beginning and the end, and what was charged for it; one for each period of the day."""

    month = models.ForeignKey(Month, models.CASCADE, related_name="readings")
    meter = models.ForeignKey(Meter, models.PROTECT, related_name="readings", verbose_name=_("电表"))
    band = models.CharField(_("时段"), max_length=8, choices=BandName, blank=True)
    from_on = models.DateField(_("抄表起"))
    to_on = models.DateField(_("抄表止"))
    start = models.PositiveBigIntegerField(_("起码"), help_text="hundredths")
    end = models.PositiveBigIntegerField(_("止码"), help_text="hundredths")
    multiplier = models.PositiveIntegerField(_("倍率"), default=1)
    price = models.PositiveIntegerField(_("收取单价"), default=0, help_text="yuan × 10,000")
    surcharge = models.PositiveBigIntegerField(_("按度数另收"), default=0, help_text="cents")
    replaced = models.CharField(_("换表说明"), max_length=120, blank=True)

    class Meta:
        ordering = ["meter__role", "meter__code", "from_on", "band", "pk"]
        verbose_name = _("抄表")
        constraints = [
            models.UniqueConstraint(fields=["month", "meter", "band", "from_on"], name="one_reading_a_meter"),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="meter_runs_forward"),
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="read_after_it_began"),
        ]

    def __str__(self) -> str:
        return f"{self.meter.code} {self.band}".strip()

    @property
    def kwh(self) -> int:
        """Hundredths, multiplied."""
        return (self.end - self.start) * self.multiplier

    @property
    def charged(self) -> int:
        """Cents for the energy alone, halves up."""
        return (self.kwh * self.price + 5_000) // 10_000

    @property
    def is_tenant(self) -> bool:
        return self.meter.role == Role.TENANT


class RefundQuerySet(models.QuerySet["Refund"]):
    def visible_to(self, actor: Actor) -> RefundQuerySet:
        return self.filter(seen_by(actor, at="month__account__project__"))

    def unsettled(self) -> RefundQuerySet:
        """Neither paid nor, where nobody could be found, posted up; or paid and denied by the user."""
        return self.filter(Q(state=Refund.State.DUE) | Q(answer=Answer.NO))


class Refund(models.Model):
    """What one user gets back for one month, and the proof that it did."""

    class State(models.TextChoices):
        DUE = "due", _("待退")
        PAID = "paid", _("已退")
        POSTED = "posted", _("找不到人，已公告")

    month = models.ForeignKey(Month, models.PROTECT, related_name="refunded", verbose_name=_("月账"))
    meter = models.ForeignKey(Meter, models.PROTECT, related_name="refunded", verbose_name=_("电表"))
    user = models.CharField(_("用户"), max_length=60)
    amount = models.PositiveBigIntegerField(_("应退"), help_text="cents")
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.DUE)
    way = models.CharField(_("退法"), max_length=10, choices=Way, blank=True)
    paid_on = models.DateField(_("退款日"), null=True, blank=True)
    proof = models.CharField(max_length=40, blank=True)
    """Reference of the voucher or the signature (``attachment:…``)."""
    reason = models.CharField(_("说明"), max_length=200, blank=True)
    answer = models.CharField(_("用户回话"), max_length=4, choices=Answer, blank=True)
    answered_at = models.DateTimeField(_("回话时间"), null=True, blank=True)

    objects = RefundQuerySet.as_manager()

    class Meta:
        ordering = ["-month__starts_on", "user", "pk"]
        verbose_name = _("清退")
        constraints = [
            models.UniqueConstraint(fields=["month", "meter"], name="one_refund_a_meter"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_of_something"),
            models.CheckConstraint(condition=Q(state="due") | ~Q(proof=""), name="refund_has_a_proof"),
        ]
        indexes = [models.Index(fields=["state"])]

    def __str__(self) -> str:
        return f"{self.user} · {self.month.name}"

    @property
    def is_settled(self) -> bool:
        return self.state != self.State.DUE and self.answer != Answer.NO

    @property
    def project(self):  # type: ignore[no-untyped-def]
        return self.month.account.project


def next_start(account: Account) -> datetime.date:
    """The first day that no month of the account covers yet."""
    last = Month.objects.filter(account=account).order_by("-ends_on").values_list("ends_on", flat=True).first()
    return account.starts_on if last is None else last + datetime.timedelta(days=1)
