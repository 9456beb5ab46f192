"""A project asks for a star: the case, the opinions on it, the frozen evidence it is scored from."""

from __future__ import annotations

import datetime
import json
import zlib
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.roles import ASSOCIATION, COMPANY, GOVERNMENT
from wuxie.kernel.workflow.models import Case

#: What a list of applications leaves in the database: of a snapshot it shows the total.
BULKY = tuple(f"snapshot__{name}" for name in ("document", "packed_rows", "result", "basis", "exact"))


def concerning(actor: Actor, prefix: str = "") -> Q:
    """Rows about the actor's own company, project or area; ``prefix`` leads to the application (``application__``)."""
    return (
        actor.within(f"{prefix}place_code", *GOVERNMENT)
        | Q(**{f"{prefix}project__company__in": actor.organisations(*COMPANY)})
        | Q(**{f"{prefix}project__in": actor.ids("project")})
    )


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, actor: Actor) -> ApplicationQuerySet:
        """The association sees all, a level of government its area, a company its own, a reviewer what was drawn."""
        if actor.holds(*ASSOCIATION):
            return self
        drawn = drawn_for(actor)
        sent = concerning(actor) & (~Q(state=Application.State.DRAFT) | Q(pk__in=self._drafts_of(actor)))
        return self.filter(sent | Q(pk__in=drawn))

    def _drafts_of(self, actor: Actor) -> models.QuerySet[Any]:
        """Drafts are the company's own until they are sent."""
        own = Q(project__company__in=actor.organisations(*COMPANY)) | Q(project__in=actor.ids("project"))
        return Application.objects.filter(own).values("pk")

    def public(self) -> ApplicationQuerySet:
        """What anyone may look up: in publicity or decided after it."""
        return self.filter(state__in=Application.PUBLIC)

    def live(self) -> ApplicationQuerySet:
        return self.exclude(state=Application.State.WITHDRAWN)


def drawn_for(actor: Actor) -> models.QuerySet[Any]:
    """The applications that were drawn for this reviewer and not taken from them again."""
    from .review import Assignment  # the two files name each other's tables; this one is read first

    return Assignment.objects.filter(reviewer=actor.person_id or 0, released_at=None).values("application")


class Application(Case):
    """One project in one cycle, from the draft to the end of its star."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草拟")
        SUBMITTED = "submitted", _("已申报")
        PRE_CHECK = "pre_check", _("形式审查")
        NEED_SUPPLEMENT = "need_supplement", _("待补正")
        COMMUNITY_OPINION = "community_opinion", _("征求社区街道意见")
        SCORING = "scoring", _("取数计分")
        REVIEW = "review", _("评审与暗访")
        JOINT_HEARING = "joint_hearing", _("联席审定")
        PUBLICITY = "publicity", _("公示中")
        NOT_AWARDED = "not_awarded", _("未获评")
        OBJECTION = "objection", _("公示中·有异议")
        AWARDED = "awarded", _("已授星")
        UNDER_REVIEW = "under_review", _("复核中")
        DOWNGRADED = "downgraded", _("已降星")
        REVOKED = "revoked", _("已撤销")
        WITHDRAWN = "withdrawn", _("已撤回")
        APPEALED = "appealed", _("申诉中")
        CLOSED = "closed", _("已结案")
        EXPIRED = "expired", _("已到期")

    #: States that strangers may see: from the publicity on, whatever came of it.
    PUBLIC = (
        State.PUBLICITY, State.OBJECTION, State.AWARDED, State.UNDER_REVIEW, State.DOWNGRADED, State.REVOKED,
        State.APPEALED, State.CLOSED, State.EXPIRED,
    )  # fmt: skip

    cycle = models.ForeignKey("rating.Cycle", models.PROTECT, related_name="applications", verbose_name=_("周期"))
    project = models.ForeignKey(
        "register.Project", models.PROTECT, related_name="star_applications", verbose_name=_("项目")
    )
    klass = models.CharField(_("项目类别"), max_length=20)
    party_form = models.CharField(_("党组织形式与批复号"), max_length=120, blank=True)
    self_scores = models.JSONField(_("分组自评"), default=dict, blank=True)
    """Group → decimal text."""
    self_total = models.CharField(_("自评总分"), max_length=8, blank=True)
    promise = models.BooleanField(_("承诺申报真实"), default=False)
    contact = models.CharField(_("联系人"), max_length=40, blank=True)
    filed_by = models.CharField(max_length=40, blank=True)
    submitted_on = models.DateField(null=True, editable=False)
    supplemented = models.BooleanField(_("已补正一次"), default=False)
    supplement_asked = models.TextField(_("补正要求"), blank=True)
    snapshot = models.ForeignKey("rating.Snapshot", models.PROTECT, null=True, related_name="+")
    """The frozen evidence that counts now; earlier ones stay."""
    review_round = models.PositiveSmallIntegerField(_("评审轮次"), default=0)
    """0 not drawn, 1 and 2 the round being marked, 3 closed."""
    proposed_stars = models.PositiveSmallIntegerField(_("拟授星级"), null=True)
    hearing_on = models.DateField(null=True, editable=False)
    publicity_from = models.DateField(_("公示起"), null=True)
    publicity_to = models.DateField(_("公示止"), null=True)
    decided_on = models.DateField(_("决定日"), null=True)
    """The day of the last decision that may be appealed."""
    review_reason = models.CharField(_("复核事由"), max_length=300, blank=True)
    review_facts = models.JSONField(default=list, blank=True)
    """Ids of the veto facts that led to the review."""
    lower_stars = models.PositiveSmallIntegerField(_("降至星级"), null=True)
    appealed = models.BooleanField(_("已申诉"), default=False)
    appealed_from = models.CharField(max_length=32, blank=True)
    display_stopped_on = models.DateField(_("停止展示日"), null=True)
    """Set when a yearly review was not begun in time; a review under way stops the display by its state alone."""

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-cycle__year", "place_code", "pk"]
        verbose_name = _("星级申报")
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "project"], condition=~Q(state="withdrawn"), name="one_application_a_project_and_cycle"
            ),
            models.CheckConstraint(
                condition=Q(proposed_stars=None) | Q(proposed_stars__lte=5), name="application_stars_to_five"
            ),
        ]
        indexes = [
            models.Index(fields=["cycle", "state"]),
            models.Index(fields=["project", "-opened_at"]),
            models.Index(fields=["-publicity_from", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.project.estate} · {self.cycle.year}"

    @property
    def key(self) -> str:
        return f"star_application:{self.pk}"

    @property
    def stars(self) -> int:
        """The stars of the snapshot that counts now."""
        return self.snapshot.stars if self.snapshot else 0

    def publicity_over(self, day: datetime.date) -> bool:
        """Whether the last day of publicity has passed wholly."""
        return self.publicity_to is not None and day > self.publicity_to


class OpinionQuerySet(models.QuerySet["Opinion"]):
    def visible_to(self, actor: Actor) -> OpinionQuerySet:
        return self.filter(application__in=Application.objects.visible_to(actor).values("pk"))


class Opinion(models.Model):
    """What the community or the street said, or that it said nothing in time."""

    class Level(models.TextChoices):
        COMMUNITY = "community", _("社区")
        STREET = "street", _("街道")

    class Stance(models.TextChoices):
        AGREES = "agrees", _("同意")
        AGREES_WITH_ADVICE = "advice", _("同意并有建议")
        DISAGREES = "disagrees", _("不同意")
        NONE = "none", _("逾期无意见")

    application = models.ForeignKey(Application, models.CASCADE, related_name="opinions")
    level = models.CharField(_("层级"), max_length=10, choices=Level)
    stance = models.CharField(_("意见"), max_length=10, choices=Stance)
    text = models.TextField(_("理由"), blank=True)
    paper = models.CharField(max_length=80, blank=True)
    by = models.CharField(max_length=40)
    by_name = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()

    objects = OpinionQuerySet.as_manager()

    class Meta:
        ordering = ["application_id", "level"]
        verbose_name = _("社区街道意见")
        constraints = [
            models.UniqueConstraint(fields=["application", "level"], name="one_opinion_a_level"),
            models.CheckConstraint(condition=~Q(stance="disagrees") | ~Q(text=""), name="disagreement_has_reasons"),
        ]


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def visible_to(self, actor: Actor) -> SnapshotQuerySet:
        return self.filter(application__in=Application.objects.visible_to(actor).values("pk"))


class Snapshot(models.Model):
    """The rows that a score was computed from, frozen, with the standard used and the result explained."""

    class Reason(models.TextChoices):
        FREEZE = "freeze", _("取数冻结")
        REVIEW = "review", _("评审结果计入")
        QUOTA = "quota", _("五星限额计入")
        RESCORE = "rescore", _("异议成立复算")
        APPEAL = "appeal", _("申诉复算")
        ANNUAL = "annual", _("年度复核")

    application = models.ForeignKey(Application, models.CASCADE, related_name="snapshots")
    number = models.PositiveSmallIntegerField(_("次序"))
    reason = models.CharField(_("事由"), max_length=8, choices=Reason)
    document = models.JSONField(_("所用标准"))
    packed_rows = models.BinaryField()
    """The rows (contracts 2.7) as JSON, compressed."""
    rows_sha256 = models.CharField(max_length=64)
    row_count = models.PositiveIntegerField(_("事实条数"))
    result = models.JSONField(_("得分说明"))
    """The explanation of contracts 2.7."""
    basis = models.JSONField(default=dict)
    """What the score was made from beside facts and standard (``evidence.basis``); empty in old snapshots."""
    exact = models.JSONField(default=dict)
    """Unrounded ``n/d``: ``total``, ``groups`` (share of each group's points), ``indicators`` (points and value of each that
    applies), ``satisfaction`` (mean, empty without a survey)."""
    total = models.CharField(_("总分"), max_length=8)
    stars = models.PositiveSmallIntegerField(_("星级"))
    vetoes = models.JSONField(default=list)
    seal = models.CharField(_("封存编号"), max_length=80, blank=True)
    """Number and root of the seal that covered the rows when they were taken."""
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["application_id", "-number"]
        verbose_name = _("得分快照")
        constraints = [models.UniqueConstraint(fields=["application", "number"], name="snapshots_are_numbered")]

    def __str__(self) -> str:
        return f"{self.rows_sha256[:4]}…{self.rows_sha256[-4:]}"

    @property
    def rows(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(zlib.decompress(bytes(self.packed_rows)))
        return found


class LateFactQuerySet(models.QuerySet["LateFact"]):
    def visible_to(self, actor: Actor) -> LateFactQuerySet:
        return self.filter(application__in=Application.objects.visible_to(actor).values("pk"))


class LateFact(models.Model):
    """A fact recorded after the cut-off: out, unless the panel says in writing why it counts."""

    class Decision(models.TextChoices):
        PENDING = "pending", _("待评审组决定")
        ADMITTED = "admitted", _("同意计入")
        REFUSED = "refused", _("不计入")

    application = models.ForeignKey(Application, models.CASCADE, related_name="late_facts")
    fact_id = models.CharField(max_length=26)
    plea = models.TextField(_("申请理由"))
    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    decision = models.CharField(_("决定"), max_length=8, choices=Decision, default=Decision.PENDING)
    reason = models.TextField(_("决定理由"), blank=True)
    decided_by = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)

    objects = LateFactQuerySet.as_manager()

    class Meta:
        ordering = ["application_id", "pk"]
        verbose_name = _("补录事实")
        constraints = [
            models.UniqueConstraint(fields=["application", "fact_id"], name="one_plea_a_late_fact"),
            models.CheckConstraint(condition=Q(decision="pending") | ~Q(reason=""), name="late_fact_has_reason"),
        ]
