"""Incidents: what happened, how bad, who was told within which hour, why it happened, and what was changed for good.

Who was hurt is a person of the register, encrypted and masked like everybody; how badly stands beside them.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.models import Person
from wuxie.kernel.workflow.models import Case
from wuxie.rooms.register.models import Project

from .hazards import COMPANY_SAFETY
from .lists import seen_by


class IncidentQuerySet(models.QuerySet["Incident"]):
    def visible_to(self, actor: Actor) -> IncidentQuerySet:
        """Who may read the project's lists, the company's safety people, whoever reported it."""
        mine = Q(reported_by=actor.key) if actor.person_id else Q(pk__in=[])
        company = Q(project__company__in=actor.organisations(*COMPANY_SAFETY))
        return self.filter(seen_by(actor) | company | mine)

    def open(self) -> IncidentQuerySet:
        return self.exclude(state=Incident.State.CLOSED)


class Incident(Case):
    """Something that went wrong; never deleted, whatever it turned out to be."""

    class Kind(models.TextChoices):
        FIRE = "fire", _("火灾")
        SHOCK = "shock", _("触电")
        FALL = "fall", _("高处坠落")
        STRUCK = "struck", _("物体打击、坠物")
        CONFINED = "confined", _("中毒窒息")
        LIFT = "lift", _("电梯")
        DROWNED = "drowned", _("溺水")
        COLLAPSE = "collapse", _("坍塌")
        VEHICLE = "vehicle", _("车辆")
        OTHER = "other", _("其他")

    class Grade(models.TextChoices):
        UNKNOWN = "", _("未定级")
        NEAR = "near", _("险情，无人受伤")
        GENERAL = "general", _("一般事故")
        LARGER = "larger", _("较大事故")
        MAJOR = "major", _("重大事故")
        GRAVE = "grave", _("特别重大事故")

    class State(models.TextChoices):
        REPORTED = "reported", _("已上报企业")
        GRADED = "graded", _("已定级")
        TOLD = "told", _("已报主管部门")
        INVESTIGATING = "investigating", _("调查中")
        MENDING = "mending", _("整改中")
        DONE = "done", _("待验证")
        CLOSED = "closed", _("已结案")

    project = models.ForeignKey(Project, models.PROTECT, related_name="incidents", verbose_name=_("项目"))
    kind = models.CharField(_("类别"), max_length=10, choices=Kind)
    place = models.CharField(_("地点"), max_length=120)
    words = models.TextField(_("情况"), max_length=1000)
    happened_at = models.DateTimeField(_("发生时间"))
    reported_by = models.CharField(max_length=40)
    grade = models.CharField(_("等级"), max_length=8, choices=Grade, blank=True, default=Grade.UNKNOWN)
    deaths = models.PositiveSmallIntegerField(_("死亡"), default=0)
    injured = models.PositiveSmallIntegerField(_("重伤"), default=0)
    slight = models.PositiveSmallIntegerField(_("轻伤"), default=0)
    loss = models.PositiveBigIntegerField(_("直接经济损失（分）"), default=0, help_text="cents")
    site_kept = models.CharField(_("现场怎样保护"), max_length=200, blank=True)
    authority = models.CharField(_("报告哪个部门"), max_length=80, blank=True)
    authority_receipt = models.CharField(_("报告回执号"), max_length=60, blank=True)
    told_at = models.DateTimeField(_("报告时间"), null=True, blank=True)
    report_missed = models.BooleanField(_("没有按时报告"), default=False)
    cause = models.CharField(_("原因"), max_length=400, blank=True)
    measures = models.CharField(_("整改和防范措施"), max_length=400, blank=True)
    mender = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("整改人")
    )
    due_on = models.DateField(_("整改期限"), null=True, blank=True)
    investigated_by = models.CharField(max_length=40, blank=True)
    done = models.CharField(_("做了什么"), max_length=400, blank=True)
    done_by = models.CharField(max_length=40, blank=True)
    verified_by = models.CharField(max_length=40, blank=True)
    closed_on = models.DateField(_("结案日"), null=True, blank=True)
    judged = models.CharField(
        _("责任认定"), max_length=8, blank=True, choices=[("liable", _("有责")), ("free", _("无责"))]
    )
    judgement = models.CharField(_("认定文书号"), max_length=60, blank=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        ordering = ["-happened_at", "-pk"]
        verbose_name = _("事故险情")
        constraints = [
            models.CheckConstraint(
                condition=Q(verified_by="") | ~Q(verified_by=F("done_by")), name="incident_verified_by_another"
            )
        ]
        indexes = [models.Index(fields=["project", "state"]), models.Index(fields=["grade", "state"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.place}"  # type: ignore[attr-defined]

    def get_absolute_url(self) -> str:
        return reverse("safety:incident", args=[self.pk])

    @property
    def is_reportable(self) -> bool:
        """Whether the authority has to be told: anything but a close call, and what nobody has graded yet."""
        return self.grade != self.Grade.NEAR

    @property
    def is_major(self) -> bool:
        return self.grade in (self.Grade.LARGER, self.Grade.MAJOR, self.Grade.GRAVE) or self.deaths > 0


class Injured(models.Model):
    """Somebody who was hurt. Their name is sealed with the person, and read in plain only for a reason on record."""

    class Hurt(models.TextChoices):
        SLIGHT = "slight", _("轻伤")
        SERIOUS = "serious", _("重伤")
        DEAD = "dead", _("死亡")

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="people")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    hurt = models.CharField(_("伤情"), max_length=8, choices=Hurt)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("伤亡人员")
        constraints = [models.UniqueConstraint(fields=["incident", "person"], name="hurt_once_an_incident")]

    def __str__(self) -> str:
        return str(self.person)
