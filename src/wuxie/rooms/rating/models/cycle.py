"""A year's rating in one city: the paper that founds it, its standard, its calendar."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.parties.roles import ASSOCIATION


class CycleQuerySet(models.QuerySet["Cycle"]):
    def visible_to(self, actor: Actor) -> CycleQuerySet:
        """An opened cycle is public; a draft is the secretariat's and the city's."""
        if actor.holds(*ASSOCIATION, "gov_city"):
            return self
        return self.exclude(state=Cycle.State.DRAFT)


class Cycle(models.Model):
    """One rating: founded by an authority's paper, by one published standard, with dates set beforehand."""

    class State(models.TextChoices):
        DRAFT = "draft", _("筹备")
        OPEN = "open", _("进行中")
        CLOSED = "closed", _("已结束")

    name = models.CharField(_("名称"), max_length=80)
    year = models.PositiveSmallIntegerField(_("年度"))
    place_code = models.CharField(_("城市"), max_length=12, db_index=True)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.DRAFT, editable=False)
    document_number = models.CharField(_("设立文号"), max_length=80, blank=True)
    document_title = models.CharField(_("设立文件"), max_length=160, blank=True)
    document_authority = models.CharField(_("发文机关"), max_length=120, blank=True)
    document_paper = models.CharField(max_length=80, blank=True)
    """Reference of the scanned paper (``attachment:…``)."""
    standard = models.CharField(_("评定标准"), max_length=80, blank=True)
    """Name and version of a published standard: ``red-property-star@2026.1``."""
    not_applicable = models.JSONField(_("各类别不适用的指标"), default=dict, blank=True)
    """Class of estate → indicator ids that are not asked of it."""
    window_from = models.DateField(_("取数起"))
    window_to = models.DateField(_("取数止"))
    cutoff = models.DateField(_("截止收录日"))
    apply_from = models.DateField(_("申报起"))
    apply_to = models.DateField(_("申报止"))
    quota_percent = models.PositiveSmallIntegerField(_("五星比例上限（%）"), default=10)
    publicity_days = models.PositiveSmallIntegerField(_("公示天数"), default=7)
    valid_months = models.PositiveSmallIntegerField(_("星级有效月数"), default=24)
    min_service_months = models.PositiveSmallIntegerField(_("最少服务月数"), default=12)
    reviewers = models.PositiveSmallIntegerField(_("每项评审人数"), default=3)
    budget_number = models.CharField(_("奖励预算文号"), max_length=80, blank=True)
    budget_text = models.CharField(_("奖励口径"), max_length=300, blank=True)
    quota_settled_on = models.DateField(null=True, editable=False)
    """The day the five-star rule was applied to all applications of the cycle."""
    opened_on = models.DateField(null=True, editable=False)
    closed_on = models.DateField(null=True, editable=False)

    objects = CycleQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-pk"]
        verbose_name = _("评定周期")
        constraints = [
            models.UniqueConstraint(fields=["place_code", "year"], name="one_cycle_a_year"),
            models.CheckConstraint(condition=Q(window_from__lt=F("window_to")), name="cycle_window_in_order"),
            models.CheckConstraint(condition=Q(cutoff__gte=F("window_to")), name="cycle_cutoff_after_window"),
            models.CheckConstraint(condition=Q(apply_from__lte=F("apply_to")), name="cycle_applying_in_order"),
            models.CheckConstraint(
                condition=Q(state="draft") | ~Q(document_number="") & ~Q(standard=""), name="cycle_has_founding_paper"
            ),
            models.CheckConstraint(condition=Q(publicity_days__gte=1), name="cycle_has_publicity"),
            models.CheckConstraint(condition=Q(reviewers__gte=3), name="cycle_has_three_reviewers"),
        ]

    def __str__(self) -> str:
        return self.name

    def takes_applications(self, day: datetime.date | None = None) -> bool:
        """Whether the window for applications is open on a day (today without one)."""
        day = day or today()
        return self.state == self.State.OPEN and self.apply_from <= day <= self.apply_to
