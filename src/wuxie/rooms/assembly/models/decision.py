"""A joint decision of owners from the proposal to the filed result, and what the estate's own rules say about voting."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.parties.models import Person
from wuxie.kernel.parties.roles import ASSOCIATION, COMPANY, GOVERNMENT
from wuxie.kernel.parties.secrets import SealedText
from wuxie.kernel.workflow.models import Case
from wuxie.rooms.register.models import Estate, Project

from ..law import SPECIAL
from ..words import Duty, Matter, Organiser, Silent


def serving(actor: Actor) -> Any:
    """The estates that this person's company serves today."""
    rows = Project.objects.on(today()).filter(
        Q(company__in=actor.organisations(*COMPANY)) | Q(pk__in=actor.ids("project"))
    )
    return rows.order_by().values("estate")


class RulesQuerySet(models.QuerySet["RulesOfProcedure"]):
    def current(self, estate: Estate) -> RulesOfProcedure | None:
        """What the estate's rules of procedure say now."""
        return self.filter(estate=estate, adopted_on__lte=today()).order_by("-adopted_on", "-pk").first()


class RulesOfProcedure(models.Model):
    """What an estate's rules of procedure say where the law leaves it to them, each point with its clause; never edited."""

    estate = models.ForeignKey(Estate, models.PROTECT, related_name="+", verbose_name=_("小区"))
    adopted_on = models.DateField(_("通过日"))
    silent_rule = models.CharField(_("送达未交的票"), max_length=32, choices=Silent, default=Silent.NOT_PARTICIPATING)
    silent_clause = models.CharField(_("条款"), max_length=120, blank=True)
    parking_counts = models.BooleanField(_("车位、储藏间计入"), default=False)
    parking_clause = models.CharField(_("条款"), max_length=120, blank=True)
    proxy_limit = models.PositiveSmallIntegerField(_("一人最多代理几名业主"), null=True, blank=True)
    proxy_clause = models.CharField(_("条款"), max_length=120, blank=True)
    paper = models.CharField(max_length=40)
    """Reference to the text as it was adopted."""
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    objects = RulesQuerySet.as_manager()

    class Meta:
        ordering = ["estate_id", "-adopted_on", "-pk"]
        verbose_name = _("议事规则要点")
        constraints = [
            models.CheckConstraint(
                condition=Q(silent_rule=Silent.NOT_PARTICIPATING) | ~Q(silent_clause=""), name="silent_rule_has_clause"
            ),
            models.CheckConstraint(
                condition=Q(parking_counts=False) | ~Q(parking_clause=""), name="parking_has_clause"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.estate} · {self.adopted_on}"


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, actor: Actor) -> DecisionQuerySet:
        """The association, the area's offices, the estate's owners and committee, who serves it today, who helps with it."""
        if actor.holds(*ASSOCIATION):
            return self
        return self.filter(
            actor.within("place_code", *GOVERNMENT)
            | Q(estate__in=actor.ids("estate"))
            | Q(estate__in=serving(actor))
            | Q(pk__in=Helper.objects.active().filter(person=actor.person_id or 0).values("decision"))
        )

    def inside(self, actor: Actor) -> DecisionQuerySet:
        """Of those, whose roll and doors this person may read: organisers of the estate, street, community, who helps."""
        return self.filter(
            actor.within("place_code", "gov_street", "gov_community")
            | Q(estate__in=actor.ids("estate", "committee_member"))
            | Q(pk__in=Helper.objects.active().filter(person=actor.person_id or 0).values("decision"))
        )


class Decision(Case):
    """One vote: an agenda put to the owners of an estate, a building or an entrance."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待受理")
        DRAFT = "draft", _("拟定中")
        ANNOUNCED = "announced", _("名册公示中")
        FROZEN = "frozen", _("待开票")
        COLLECTING = "collecting", _("收票中")
        CLOSED = "closed", _("已截止，录票中")
        COUNTED = "counted", _("已计票")
        PUBLISHED = "published", _("结果公示中")
        CONCLUDED = "concluded", _("已生效归档")
        WITHDRAWN = "withdrawn", _("已撤回")
        ANNULLED = "annulled", _("已撤销")

    estate = models.ForeignKey(Estate, models.PROTECT, related_name="decisions", verbose_name=_("小区"))
    title = models.CharField(_("名称"), max_length=80)
    text = models.TextField(_("说明"), blank=True)
    organiser = models.CharField(_("组织人"), max_length=24, choices=Organiser, blank=True)
    scope = models.JSONField(_("范围"), default=list, blank=True)
    """``[building, entrance]`` each, an empty entrance for the whole building; empty for the whole estate."""
    source = models.CharField(max_length=80, blank=True)
    """The case of another room that asked for it."""
    certified_area = models.PositiveBigIntegerField(
        _("证载总面积"), null=True, blank=True, help_text="hundredths of m²"
    )
    opens_on = models.DateField(_("开始收票日"), null=True, blank=True)
    closes_at = models.DateTimeField(_("截止时间"), null=True, blank=True)
    announced_on = models.DateField(null=True, editable=False)
    roll_until = models.DateField(null=True, editable=False)
    result_until = models.DateField(null=True, editable=False)
    keep_until = models.DateField(null=True, editable=False)
    rules = models.ForeignKey(RulesOfProcedure, models.PROTECT, null=True, editable=False, related_name="+")
    secret = SealedText(editable=False)
    """From it come the receipts of all units; whoever has it opens every commitment."""
    units = models.PositiveIntegerField(default=0, editable=False)
    heads = models.PositiveIntegerField(default=0, editable=False)
    area = models.PositiveBigIntegerField(default=0, editable=False)
    roll_root = models.CharField(max_length=64, blank=True, editable=False)
    ballots_root = models.CharField(max_length=64, blank=True, editable=False)
    result = models.JSONField(null=True, editable=False)
    official = models.JSONField(null=True, editable=False)
    """What the official system's sheet said, while it waits to be adopted: entry → item → side."""
    is_official = models.BooleanField(default=False, editable=False)
    """The binding result came from the official system."""
    seed = models.CharField(_("抽查种子"), max_length=80, blank=True, editable=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name = _("业主表决")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("assembly:decision", args=[self.pk])

    @property
    def silent_rule(self) -> str:
        return self.rules.silent_rule if self.rules else Silent.NOT_PARTICIPATING.value

    def covers(self, building: int, entrance: str) -> bool:
        """Whether a door lies in the scope."""
        return not self.scope or any(one[0] == building and one[1] in ("", entrance) for one in self.scope)


class Item(models.Model):
    """One point of the agenda, voted on by itself."""

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField(_("序号"))
    title = models.CharField(_("事项"), max_length=120)
    text = models.TextField(_("内容"), blank=True)
    matter = models.CharField(_("类别"), max_length=24, choices=Matter)

    class Meta:
        ordering = ["decision_id", "number"]
        verbose_name = _("表决事项")
        constraints = [models.UniqueConstraint(fields=["decision", "number"], name="one_item_a_number")]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    @property
    def special(self) -> bool:
        """Whether three quarters are asked for instead of more than half."""
        return self.matter in SPECIAL


class HelperQuerySet(models.QuerySet["Helper"]):
    def active(self) -> HelperQuerySet:
        return self.filter(ended_at=None)


class Helper(models.Model):
    """Somebody who collects, counts or watches over the count of one decision."""

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="helpers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    duty = models.CharField(_("分工"), max_length=12, choices=Duty)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = HelperQuerySet.as_manager()

    class Meta:
        ordering = ["decision_id", "duty", "pk"]
        verbose_name = _("工作人员")
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "person", "duty"], condition=Q(ended_at=None), name="one_duty_a_helper"
            )
        ]

    def __str__(self) -> str:
        return str(self.person)
