"""An account with the grid behind which others are supplied, and the meters of it as a tree."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.roles import ASSOCIATION, COMPANY, GOVERNMENT
from wuxie.kernel.workflow.models import Case
from wuxie.rooms.register.models import Project

from ..words import Klass, Mode, Role


def seen_by(actor: Actor, at: str = "project__") -> Q:
    """Rows of projects whose power this person may read: the association, the area's offices, the company itself.

    ``at`` leads from the row to the project.
    """
    if actor.holds(*ASSOCIATION):
        return Q(pk__isnull=False)
    return (
        actor.within(f"{at}estate__place_id", *GOVERNMENT)
        | Q(**{f"{at}company__in": actor.organisations(*COMPANY, "company_principal")})
        | Q(**{f"{at}pk__in": actor.ids("project", "project_manager")})
    )


class AccountQuerySet(models.QuerySet["Account"]):
    def visible_to(self, actor: Actor) -> AccountQuerySet:
        return self.filter(seen_by(actor))

    def reselling(self) -> AccountQuerySet:
        """Those whose users are not supplied by the grid itself yet."""
        return self.exclude(state=Account.State.DIRECT)


class Account(Case):
    """One account number (户号); a property may have several, and they are never reckoned together."""

    class State(models.TextChoices):
        RESALE = "resale", _("转供电")
        CONVERTING = "converting", _("改造中")
        DIRECT = "direct_supply", _("已直供到户")

    project = models.ForeignKey(Project, models.PROTECT, related_name="power_accounts", verbose_name=_("项目"))
    account_no = models.CharField(_("户号"), max_length=30, unique=True)
    entity = models.CharField(_("转供电主体"), max_length=120)
    grid = models.CharField(_("供电企业"), max_length=120)
    transformer = models.CharField(_("变压器"), max_length=120, blank=True)
    mode = models.CharField(_("结算方式"), max_length=8, choices=Mode)
    basis = models.CharField(_("约定文件"), max_length=200)
    has_own = models.BooleanField(_("带自用电（公区、办公、水泵、电梯）"), default=True)
    starts_on = models.DateField(_("第一个账期起"))
    plan = models.CharField(_("改造安排"), max_length=400, blank=True)
    supplied_on = models.DateField(_("直供起"), null=True, blank=True)
    history = HistoricalRecords()

    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = ["project__estate__name", "account_no"]
        verbose_name = _("转供电户号")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="direct_supply") | Q(supplied_on__isnull=False), name="direct_supply_since_a_day"
            )
        ]

    def __str__(self) -> str:
        return self.account_no

    def get_absolute_url(self) -> str:
        return reverse("resale:account", args=[self.pk])

    @property
    def is_over(self) -> bool:
        return self.state == self.State.DIRECT


class MeterQuerySet(models.QuerySet["Meter"]):
    def visible_to(self, actor: Actor) -> MeterQuerySet:
        return self.filter(seen_by(actor, at="account__project__"))

    def there(self, day: datetime.date | None = None) -> MeterQuerySet:
        """Those that hang there still, on a day."""
        return self.filter(removed_on=None) if day is None else self.filter(Q(removed_on=None) | Q(removed_on__gte=day))


class Meter(models.Model):
    """One meter below the master meter. A user is known by the sign of the shop or the number of the door, never by a person's name."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="meters", verbose_name=_("户号"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="below", verbose_name=_("上级表")
    )
    code = models.CharField(_("表号"), max_length=30)
    role = models.CharField(_("表的用途"), max_length=8, choices=Role)
    user = models.CharField(_("用户（店铺招牌或房号）"), max_length=60, blank=True)
    klass = models.CharField(_("用电类别"), max_length=12, choices=Klass, default=Klass.COMMERCIAL)
    multiplier = models.PositiveIntegerField(_("倍率"), default=1)
    by_band = models.BooleanField(_("分时计量"), default=False)
    verified_until = models.DateField(_("检定有效期至"), null=True, blank=True)
    removed_on = models.DateField(_("拆表日"), null=True, blank=True)
    receipt = models.CharField(_("查询号"), max_length=20, unique=True)
    history = HistoricalRecords()

    objects = MeterQuerySet.as_manager()

    class Meta:
        ordering = ["account_id", "role", "code", "pk"]
        verbose_name = _("电表")
        constraints = [
            models.UniqueConstraint(fields=["account", "code"], name="one_meter_a_number"),
            models.CheckConstraint(condition=Q(multiplier__gt=0), name="meter_multiplies"),
            models.CheckConstraint(condition=~Q(role="tenant") | ~Q(user=""), name="tenant_meter_has_a_user"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.user}".strip()

    @property
    def place_code(self) -> str:
        return self.account.place_code
