"""Credit records, each with the paper it rests on, and the two scores of a company: the authority's and the association's."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.parties.roles import ASSOCIATION, COMPANY
from wuxie.kernel.workflow.models import Case
from wuxie.rooms.register.models import Project

LEVELS = (("slight", _("轻微")), ("general", _("一般")), ("grave", _("较重")), ("serious", _("严重")))


class Dimension(models.TextChoices):
    """Two numbers, never mixed: the association has no power to punish."""

    STATUTORY = "statutory", _("信用分（主管部门文书）")
    ASSOCIATION = "association", _("自律分（协会）")


class RecordQuerySet(models.QuerySet["Record"]):
    def visible_to(self, actor: Actor) -> RecordQuerySet:
        """The authority whose place it is, the association, and the company once it was told."""
        if actor.holds(*ASSOCIATION):
            return self
        own = Q(company__in=actor.organisations(*COMPANY)) & ~Q(state=Record.State.COLLECTED)
        return self.filter(own | actor.within("place_code", "gov_city"))

    def public(self) -> RecordQuerySet:
        """What everybody may read: in publicity or counting, and not longer than the law lets it be shown."""
        return self.filter(
            state__in=(Record.State.PUBLISHED, Record.State.EFFECTIVE), public_until__gte=today()
        ).exclude(level="slight")


class Record(Case):
    """One thing an authority found about a company, in writing: good or bad."""

    class State(models.TextChoices):
        COLLECTED = "collected", _("已采集")
        NOTIFIED = "notified", _("已告知")
        STATED = "stated", _("待认定")
        PUBLISHED = "published", _("公示中")
        EFFECTIVE = "effective", _("计分中")
        DROPPED = "dropped", _("不予认定")
        CORRECTED = "corrected", _("已更正")
        REPAIRED = "repaired", _("已修复")
        EXPIRED = "expired", _("已期满")

    DONE = (State.DROPPED, State.CORRECTED, State.REPAIRED, State.EXPIRED)

    company = models.ForeignKey(Organisation, models.PROTECT, related_name="credit_records", verbose_name=_("企业"))
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("项目")
    )
    line = models.CharField(_("条目"), max_length=6)
    is_good = models.BooleanField(default=False)
    level = models.CharField(_("程度"), max_length=8, choices=LEVELS, blank=True)
    paper_number = models.CharField(_("文号"), max_length=60)
    paper_authority = models.CharField(_("认定机关"), max_length=80)
    issued_on = models.DateField(_("文书日期"))
    words = models.CharField(_("事实"), max_length=400)
    duties_open = models.BooleanField(_("还有没履行的义务"), default=False)
    statement = models.TextField(_("陈述申辩"), max_length=2000, blank=True)
    effective_on = models.DateField(_("计分起"), null=True, blank=True)
    expires_on = models.DateField(_("计分至"))
    public_until = models.DateField(_("公示至"))
    objection = models.CharField(_("异议"), max_length=600, blank=True)
    objected_on = models.DateField(_("异议日"), null=True, blank=True)
    repair_asked_on = models.DateField(_("申请修复日"), null=True, blank=True)
    repaired_on = models.DateField(_("修复日"), null=True, blank=True)
    fact_id = models.CharField(max_length=26, blank=True, editable=False)
    repair_fact_id = models.CharField(max_length=26, blank=True, editable=False)
    collected_by = models.CharField(max_length=40)

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "-pk"]
        verbose_name = _("信用记录")
        constraints = [models.UniqueConstraint(fields=["company", "line", "paper_number"], name="one_record_a_paper")]
        indexes = [models.Index(fields=["company", "state"])]

    def __str__(self) -> str:
        return f"{self.line} {self.paper_number}"

    def get_absolute_url(self) -> str:
        return reverse("conduct:record", args=[self.pk])


class ScoreQuerySet(models.QuerySet["Score"]):
    def visible_to(self, actor: Actor) -> ScoreQuerySet:
        """The association and the city's authority see all, a company its own; the grade alone is public."""
        if actor.holds(*ASSOCIATION):
            return self
        own = Q(company__in=actor.organisations(*COMPANY))
        return self.filter(own | actor.within("place_code", "gov_city"))

    def newest(self) -> ScoreQuerySet:
        return self.filter(is_newest=True)


class Score(models.Model):
    """What a company stood at on one day by one version of a standard; kept as it was computed."""

    company = models.ForeignKey(Organisation, models.PROTECT, related_name="scores", verbose_name=_("企业"))
    dimension = models.CharField(_("哪一种"), max_length=12, choices=Dimension)
    on = models.DateField(_("日期"))
    standard = models.CharField(_("标准"), max_length=84)
    total = models.CharField(_("得分"), max_length=12)
    exact = models.CharField(max_length=60)
    """Unrounded, as ``n/d``."""
    sort = models.IntegerField(help_text="thousandths of a point")
    grade = models.CharField(_("等级"), max_length=1)
    vetoes = models.JSONField(default=list)
    lines = models.JSONField(default=list)
    """Per line that says something: id, points, ids of its facts."""
    rows_sha256 = models.CharField(max_length=64)
    place_code = models.CharField(max_length=12, blank=True)
    is_newest = models.BooleanField(default=True)
    at = models.DateTimeField()

    objects = ScoreQuerySet.as_manager()

    class Meta:
        ordering = ["company_id", "dimension", "-on"]
        verbose_name = _("评价得分")
        constraints = [
            models.UniqueConstraint(fields=["company", "dimension", "on"], name="one_score_a_day"),
            models.UniqueConstraint(fields=["company", "dimension"], condition=Q(is_newest=True), name="one_newest_score"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.total} {self.grade}"

    def get_absolute_url(self) -> str:
        return reverse("conduct:score", args=[self.pk])
