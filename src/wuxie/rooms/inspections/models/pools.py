"""Pooled requests for quotation: companies say what they need, ask together, and sign each for itself.

Nobody but the company itself ever reads what it was offered or what it signed; the others read a range and a median, and those only
once enough companies have put in a figure that no single one can be worked out (反垄断法第17条).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Left
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.parties.roles import ASSOCIATION, GOVERNMENT
from wuxie.kernel.workflow.models import Case
from wuxie.rooms.register.models import Project

from ..catalogue import Item, items


class PoolQuerySet(models.QuerySet["Pool"]):
    def visible_to(self, actor: Actor) -> PoolQuerySet:
        """The association, the offices of the place, of those below and above it, and whoever serves an estate there today."""
        if actor.holds(*ASSOCIATION):
            return self
        served = Project.objects.on(today()).filter(
            Q(company__in=actor.organisations("company_admin")) | Q(pk__in=actor.ids("project", "project_manager"))
        )
        seen = actor.within("place_code", *GOVERNMENT)
        for length in (4, 6):  # a city, a district
            seen |= Q(place_code__in={code[:length] for code in actor.places(*GOVERNMENT)})
            seen |= Q(place_code__in=served.order_by().values(above=Left("estate__place_id", length)))
        return self.filter(seen)


class Pool(Case):
    """One request that companies of a place make together, for one item of the catalogue."""

    class State(models.TextChoices):
        INTENTION = "intention", _("征集意向")
        POOLED = "pooled", _("已汇总")
        RFQ = "rfq", _("询价中")
        COMPARISON = "comparison", _("比价")
        CONTRACT = "individual_contract", _("各自签约")
        PERFORMED = "performed", _("已履约")
        EVALUATED = "evaluated", _("已评价")

    item = models.CharField(_("检验项目"), max_length=12)
    title = models.CharField(_("名称"), max_length=80)
    closes_on = models.DateField(_("意向截止日"))

    objects = PoolQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name = _("集中询价")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("inspections:pool", args=[self.pk])

    @property
    def spec(self) -> Item:
        return items()[self.item]


class ShareQuerySet(models.QuerySet["Share"]):
    def own(self, actor: Actor) -> ShareQuerySet:
        """Those of this person's own projects; nobody reads anybody else's, the association neither."""
        return self.filter(
            Q(project__company__in=actor.organisations("company_admin"))
            | Q(project__in=actor.ids("project", "project_manager"))
        )


class Share(models.Model):
    """What one project has in a pool: how much it needs, what it was offered, what it signed, what it thought of it. Its own."""

    pool = models.ForeignKey(Pool, models.PROTECT, related_name="shares")
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", verbose_name=_("项目"))
    quantity = models.PositiveIntegerField(_("数量"))
    before = models.PositiveBigIntegerField(_("上次单价"), null=True, blank=True, help_text="cents")
    agency = models.CharField(_("机构"), max_length=120, blank=True)
    licence = models.CharField(_("机构资质证号"), max_length=60, blank=True)
    offer = models.PositiveBigIntegerField(_("报价"), null=True, blank=True, help_text="cents")
    signed = models.PositiveBigIntegerField(_("签约单价"), null=True, blank=True, help_text="cents")
    signed_on = models.DateField(_("签约日"), null=True, blank=True)
    performed_on = models.DateField(_("履约日"), null=True, blank=True)
    marks = models.PositiveSmallIntegerField(_("服务评价"), null=True, blank=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        ordering = ["pool_id", "pk"]
        verbose_name = _("询价意向")
        constraints = [models.UniqueConstraint(fields=["pool", "project"], name="one_share_a_project")]

    def __str__(self) -> str:
        return str(self.pool)

    @property
    def saving(self) -> int:
        """Cents less than last time; none where it became dearer, or where nobody said what it was."""
        if self.before is None or self.signed is None:
            return 0
        return max(self.before - self.signed, 0) * self.quantity
