"""Places of an estate where something may happen, each with the colour of its risk and what keeps it in hand."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from wuxie.kernel.access.actor import Actor
from wuxie.rooms.register.models import Post, Project

from ..words import Area
from .hazards import COMPANY_SAFETY
from .lists import held_by, seen_by


class RiskPointQuerySet(models.QuerySet["RiskPoint"]):
    def visible_to(self, actor: Actor) -> RiskPointQuerySet:
        """Who may read the project's lists, the company's safety people, whoever answers for the point."""
        company = models.Q(project__company__in=actor.organisations(*COMPANY_SAFETY))
        return self.filter(seen_by(actor) | company | models.Q(post__in=held_by(actor)))

    def current(self) -> RiskPointQuerySet:
        return self.filter(ended_on=None)


class RiskPoint(models.Model):
    """One place with its risk by the LEC method: likelihood, exposure, consequence, each in tenths."""

    class Colour(models.TextChoices):
        RED = "red", _("红 重大风险")
        ORANGE = "orange", _("橙 较大风险")
        YELLOW = "yellow", _("黄 一般风险")
        BLUE = "blue", _("蓝 低风险")

    project = models.ForeignKey(Project, models.PROTECT, related_name="risk_points", verbose_name=_("项目"))
    place = models.CharField(_("位置"), max_length=120)
    area = models.CharField(_("类别"), max_length=12, choices=Area)
    danger = models.CharField(_("可能出什么事"), max_length=120)
    likelihood = models.PositiveSmallIntegerField(_("可能性"))
    exposure = models.PositiveSmallIntegerField(_("接触频度"))
    consequence = models.PositiveSmallIntegerField(_("后果"))
    score = models.PositiveIntegerField(_("风险值"), help_text="thousandths of D")
    colour = models.CharField(_("颜色"), max_length=8, choices=Colour, db_index=True)
    control = models.CharField(_("管控措施"), max_length=200)
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("责任岗位"))
    ended_on = models.DateField(_("撤销日"), null=True, blank=True)
    history = HistoricalRecords()

    objects = RiskPointQuerySet.as_manager()

    class Meta:
        ordering = ["project_id", "-score", "pk"]
        verbose_name = _("风险点")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "place", "danger"], condition=models.Q(ended_on=None), name="one_risk_point_a_place_and_danger"
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.place} · {self.danger}"
