"""What the association itself found out about a figure: proposed by one person, confirmed by another."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class LocalFigure(models.Model):
    """A value of a figure for a region, read from a paper on the spot."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("等第二人")
        CONFIRMED = "confirmed", _("已核定")
        NOT_APPLICABLE = "not_applicable", _("暂不适用")
        WITHDRAWN = "withdrawn", _("已撤回")

    key = models.CharField(max_length=80, db_index=True)
    region = models.CharField(_("地区"), max_length=6)
    value = models.CharField(_("数值"), max_length=200, blank=True)
    unit = models.CharField(_("单位"), max_length=20, blank=True)
    article = models.CharField(_("文号或条文"), max_length=200)
    since = models.DateField(_("施行日"), null=True, blank=True)
    until = models.DateField(_("失效日"), null=True, blank=True)
    paper = models.CharField(max_length=80, blank=True)
    """Reference of the scanned original."""
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.PROPOSED)
    proposed_by = models.CharField(max_length=40)
    proposed_name = models.CharField(max_length=80, blank=True)
    proposed_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=40, blank=True)
    confirmed_name = models.CharField(max_length=80, blank=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["key", "region", "-proposed_at", "-pk"]
        verbose_name = _("法定数值核定")
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by="") | ~Q(confirmed_by=models.F("proposed_by")),
                name="figure_confirmed_by_another",
            ),
            models.UniqueConstraint(
                fields=["key", "region", "since"], condition=Q(state="confirmed"), name="one_confirmed_figure_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.region} = {self.value}"
