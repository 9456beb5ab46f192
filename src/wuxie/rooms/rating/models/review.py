"""The panel: who was drawn and why, what each scored blind, what was seen on the unannounced visit."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.roles import ASSOCIATION

from .application import Application, concerning


class RecusalQuerySet(models.QuerySet["Recusal"]):
    def visible_to(self, actor: Actor) -> RecusalQuerySet:
        if actor.holds(*ASSOCIATION):
            return self
        return self.filter(person=actor.person_id or 0)


class Recusal(models.Model):
    """A reviewer says from whom they must keep away: a company they are tied to (kin, shares, a past post)."""

    person = models.ForeignKey("parties.Person", models.CASCADE, related_name="recusals", verbose_name=_("评审"))
    organisation = models.ForeignKey("parties.Organisation", models.CASCADE, verbose_name=_("须回避的单位"))
    reason = models.CharField(_("事由"), max_length=200)
    declared_at = models.DateTimeField()
    ended_on = models.DateField(_("不再需要回避之日"), null=True, blank=True)

    objects = RecusalQuerySet.as_manager()

    class Meta:
        ordering = ["person_id", "pk"]
        verbose_name = _("回避登记")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"], condition=Q(ended_on=None), name="one_recusal_a_company"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="recusal_has_reason"),
        ]


class DrawQuerySet(models.QuerySet["Draw"]):
    def visible_to(self, actor: Actor) -> DrawQuerySet:
        """Who was drawn is known to the association and the city only, until the review is over."""
        if actor.holds(*ASSOCIATION):
            return self
        over = ~Q(application__state__in=BLIND_STATES)
        return self.filter(
            actor.within("application__place_code", "gov_city") | over & concerning(actor, "application__")
        )


class Draw(models.Model):
    """How the reviewers of an application were found: from seed and candidates anyone gets the same people."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="draws")
    number = models.PositiveSmallIntegerField(_("次序"))
    seed = models.CharField(_("种子"), max_length=64)
    pool = models.CharField(_("抽取范围"), max_length=12)
    """``street``, ``neighbour``, ``district`` or ``city``: the nearest one with enough people left."""
    said = models.TextField(_("说明"))
    candidates = models.JSONField(default=list)
    """Ids of the people the draw was made from, ascending."""
    excluded = models.JSONField(default=list)
    """``{"person": id, "reason": …}`` for each reviewer who was kept out."""
    result = models.JSONField(default=list)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    objects = DrawQuerySet.as_manager()

    class Meta:
        ordering = ["application_id", "number"]
        verbose_name = _("评审抽取")
        constraints = [models.UniqueConstraint(fields=["application", "number"], name="draws_are_numbered")]


#: While the case is here, who marks and what they marked is not shown to those it concerns.
BLIND_STATES = (
    Application.State.DRAFT, Application.State.SUBMITTED, Application.State.PRE_CHECK,
    Application.State.NEED_SUPPLEMENT, Application.State.COMMUNITY_OPINION, Application.State.SCORING,
    Application.State.REVIEW,
)  # fmt: skip


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def visible_to(self, actor: Actor) -> AssignmentQuerySet:
        """A reviewer sees their own task; the association all."""
        if actor.holds(*ASSOCIATION):
            return self
        return self.filter(reviewer=actor.person_id or 0)

    def current(self) -> AssignmentQuerySet:
        return self.filter(released_at=None)


class Assignment(models.Model):
    """One reviewer, one application, the indicators to judge."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="assignments")
    reviewer = models.ForeignKey("parties.Person", models.PROTECT, related_name="assignments")
    draw = models.ForeignKey(Draw, models.PROTECT, related_name="assignments")
    indicators = models.JSONField(_("评审指标"), default=list)
    visits = models.BooleanField(_("承担暗访"), default=False)
    released_at = models.DateTimeField(null=True)
    release_reason = models.CharField(max_length=200, blank=True)
    round1_at = models.DateTimeField(null=True)
    """When all marks of the round were handed in: from then on they are not changed."""
    round2_at = models.DateTimeField(null=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["application_id", "pk"]
        verbose_name = _("评审任务")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "reviewer"], condition=Q(released_at=None), name="one_task_a_reviewer"
            )
        ]

    def handed_in(self, round_number: int) -> bool:
        return (self.round1_at if round_number == 1 else self.round2_at) is not None


class MarkQuerySet(models.QuerySet["Mark"]):
    def visible_to(self, actor: Actor) -> MarkQuerySet:
        """One's own always; others' only once their round is closed, and then to the panel and the association."""
        closed = Q(round__lt=F("assignment__application__review_round"))
        own = Q(assignment__reviewer=actor.person_id or 0)
        if actor.holds(*ASSOCIATION):
            return self.filter(own | closed)
        panel = Application.objects.filter(assignments__reviewer=actor.person_id or 0, assignments__released_at=None)
        city = actor.within("assignment__application__place_code", "gov_city")
        return self.filter(own | closed & (Q(assignment__application__in=panel.values("pk")) | city))


class Mark(models.Model):
    """What one reviewer gave for one indicator in one round, and why."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="marks")
    indicator = models.CharField(_("指标"), max_length=8)
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    points = models.PositiveIntegerField(_("得分"), help_text="hundredths of a point")
    reason = models.TextField(_("理由"))
    at = models.DateTimeField()

    objects = MarkQuerySet.as_manager()

    class Meta:
        ordering = ["assignment_id", "round", "indicator"]
        verbose_name = _("评审打分")
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "indicator", "round"], name="one_mark_an_indicator_and_round"
            ),
            models.CheckConstraint(condition=Q(round__in=[1, 2]), name="mark_in_one_of_two_rounds"),
            models.CheckConstraint(condition=~Q(reason=""), name="mark_has_reason"),
        ]


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, actor: Actor) -> SessionQuerySet:
        if actor.holds(*ASSOCIATION):
            return self
        mine = Assignment.objects.visible_to(actor).current().values("application")
        return self.filter(Q(application__in=mine) | actor.within("application__place_code", "gov_city"))


class Session(models.Model):
    """Reviewers lay far apart: they meet, talk, and mark the named indicators again."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="session")
    indicators = models.JSONField(_("须合议的指标"), default=list)
    spreads = models.JSONField(default=dict)
    """Indicator → most minus least, in hundredths."""
    called_at = models.DateTimeField()
    held_on = models.DateField(_("合议日"), null=True)
    minutes = models.TextField(_("合议记录"), blank=True)
    by = models.CharField(max_length=40, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("合议")


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, actor: Actor) -> VisitQuerySet:
        """Never announced: before the review is over, only its maker, the panel's association and the city know of it."""
        if actor.holds(*ASSOCIATION):
            return self
        over = ~Q(application__state__in=BLIND_STATES)
        return self.filter(
            Q(reviewer=actor.person_id or 0)
            | actor.within("application__place_code", "gov_city")
            | over & concerning(actor, "application__")
        )


class Visit(models.Model):
    """A look at five spots that nobody was told of."""

    class Spot(models.TextChoices):
        GATE = "gate", _("出入口与公示栏")
        CONTROL = "control", _("消防控制室")
        PLANT = "plant", _("配电房与水泵房")
        LIFT = "lift", _("电梯与楼道")
        PARTY = "party", _("党群服务阵地")

    class Verdict(models.TextChoices):
        GOOD = "good", _("正常")
        WEAK = "weak", _("有不足")
        BAD = "bad", _("有问题")
        ABSENT = "absent", _("本项目没有")

    application = models.ForeignKey(Application, models.CASCADE, related_name="visits")
    reviewer = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("到场时间"))
    spots = models.JSONField(_("五个点位"), default=dict)
    """Spot → ``{"verdict", "note", "photo"}``; the photo is a reference ``attachment:…``."""
    note = models.TextField(_("总体印象"), blank=True)
    paper = models.CharField(max_length=80, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ["application_id", "at"]
        verbose_name = _("暗访记录")
