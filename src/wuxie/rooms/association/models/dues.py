"""Dues: the rates that an assembly resolved, and what each member owes for a year."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.roles import ASSOCIATION
from wuxie.kernel.workflow.models import Case

from .meetings import Item
from .members import Member, units_of


class Rate(models.Model):
    """What a kind of member owes for a year, in cents, by the item of an assembly that carried it."""

    year = models.PositiveSmallIntegerField(_("年度"))
    kind = models.CharField(_("会员类别"), max_length=16, choices=Member.Kind)
    amount = models.PositiveBigIntegerField(_("会费"))
    item = models.ForeignKey(Item, models.PROTECT, verbose_name=_("依据"), related_name="rates")

    class Meta:
        ordering = ["-year", "kind"]
        verbose_name = _("会费标准")
        constraints = [models.UniqueConstraint(fields=["year", "kind"], name="one_rate_a_kind")]

    def __str__(self) -> str:
        return f"{self.year} {self.get_kind_display()}"


class DueQuerySet(models.QuerySet["Due"]):
    def visible_to(self, actor: Actor) -> DueQuerySet:
        """The association's office and president, and the member itself."""
        return self if actor.holds(*ASSOCIATION) else self.filter(member__organisation__in=units_of(actor))


class Due(Case):
    """What one member owes for one year; whole cents."""

    class State(models.TextChoices):
        BILLED = "billed", _("待缴")
        LATE = "late", _("逾期未缴")
        PAID = "paid", _("已缴")
        WAIVED = "waived", _("已减免")

    DONE = (State.PAID, State.WAIVED)

    member = models.ForeignKey(Member, models.PROTECT, related_name="dues", verbose_name=_("会员"))
    year = models.PositiveSmallIntegerField(_("年度"))
    amount = models.PositiveBigIntegerField(_("会费"))
    due_on = models.DateField(_("缴费期限"))
    paid_on = models.DateField(_("缴费日"), null=True, blank=True)
    receipt = models.CharField(_("票据号"), max_length=40, blank=True)

    objects = DueQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "member__number", "pk"]
        verbose_name = _("会费")
        constraints = [
            models.UniqueConstraint(fields=["member", "year"], name="one_due_a_year"),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(paid_on__isnull=False) & ~Q(receipt=""), name="paid_has_a_receipt"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("association:due", args=[self.pk])
