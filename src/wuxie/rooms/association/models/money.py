"""The year's plan, its budget, what was taken in and paid, and each quarter's disclosure."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.roles import ASSOCIATION
from wuxie.kernel.workflow.models import Case

from ..words import Doer
from .members import Member


class Category(models.TextChoices):
    """What an association lives on and spends on; there is no line for fees of contests, forced training or kickbacks."""

    DUES = "dues", _("会费")
    SERVICES = "services", _("政府购买服务")
    TRAINING = "training", _("培训成本费")
    DONATION = "donation", _("捐赠")
    STAFF = "staff", _("人员")
    OFFICE = "office", _("办公")
    MEETINGS = "meetings", _("会议")
    ACTIVITIES = "activities", _("活动和培训")
    AUDIT = "audit", _("审计")


INCOME = (Category.DUES, Category.SERVICES, Category.TRAINING, Category.DONATION)


class OpenQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> OpenQuerySet:
        """The association and its members."""
        return self if actor.holds(*ASSOCIATION) else self.filter(Exists(Member.objects.of(actor)))


class Activity(models.Model):
    """Something that the year's plan holds."""

    year = models.PositiveSmallIntegerField(_("年度"))
    quarter = models.PositiveSmallIntegerField(_("季度"))
    title = models.CharField(_("活动"), max_length=120)
    doer = models.CharField(_("谁去办"), max_length=24, choices=Doer)
    done_on = models.DateField(_("办成日"), null=True, blank=True)
    outcome = models.CharField(_("结果"), max_length=300, blank=True)

    objects = OpenQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "quarter", "pk"]
        verbose_name = _("年度计划")
        constraints = [models.CheckConstraint(condition=Q(quarter__range=(1, 4)), name="activity_in_a_quarter")]

    def __str__(self) -> str:
        return self.title


class BudgetLine(models.Model):
    """One line of a year's budget, in cents."""

    year = models.PositiveSmallIntegerField(_("年度"))
    category = models.CharField(_("科目"), max_length=12, choices=Category)
    label = models.CharField(_("项目"), max_length=80)
    planned = models.PositiveBigIntegerField(_("预算"))

    objects = OpenQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "category", "pk"]
        verbose_name = _("预算")
        constraints = [models.UniqueConstraint(fields=["year", "category", "label"], name="one_line_a_label")]

    def __str__(self) -> str:
        return f"{self.year} {self.label}"

    @property
    def is_income(self) -> bool:
        return self.category in INCOME


class Entry(models.Model):
    """Money that came in or went out on one line."""

    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="entries", verbose_name=_("预算"))
    on = models.DateField(_("日期"))
    amount = models.PositiveBigIntegerField(_("金额"))
    voucher = models.CharField(_("凭证号"), max_length=40)
    note = models.CharField(_("说明"), max_length=120, blank=True)

    class Meta:
        ordering = ["on", "pk"]
        constraints = [models.UniqueConstraint(fields=["voucher", "line"], name="one_entry_a_voucher")]

    def __str__(self) -> str:
        return self.voucher


class DisclosureQuerySet(models.QuerySet["Disclosure"]):
    def visible_to(self, actor: Actor) -> DisclosureQuerySet:
        """Before it is published the association's office and president; then everybody."""
        return self if actor.holds(*ASSOCIATION) else self.filter(state=Disclosure.State.PUBLISHED)


class Disclosure(Case):
    """What the association took in and paid in a quarter, against the year's budget."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("待核对")
        CHECKED = "checked", _("待公示")
        PUBLISHED = "published", _("已公示")

    DONE = (State.PUBLISHED,)

    year = models.PositiveSmallIntegerField(_("年度"))
    quarter = models.PositiveSmallIntegerField(_("季度"))
    prepared_by = models.CharField(max_length=40)
    lines = models.JSONField(default=list)
    """As published: category, label, planned, this quarter, this year so far; whole cents."""
    published_on = models.DateField(_("公示日"), null=True, blank=True)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-quarter"]
        verbose_name = _("收支公示")
        constraints = [
            models.UniqueConstraint(fields=["year", "quarter"], name="one_disclosure_a_quarter"),
            models.CheckConstraint(condition=Q(quarter__range=(1, 4)), name="disclosure_of_a_quarter"),
        ]

    def __str__(self) -> str:
        return f"{self.year}Q{self.quarter}"

    def get_absolute_url(self) -> str:
        return reverse("association:disclosure", args=[self.pk])
