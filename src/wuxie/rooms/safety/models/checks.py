"""Duties done: each check as the phone sent it, written once; the places with a code; duties that were waived."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.models import Person
from wuxie.rooms.register.models import Project

from .. import spots
from ..words import PlaceKind
from .instances import Instance
from .lists import seen_by


class SpotQuerySet(models.QuerySet["Spot"]):
    def visible_to(self, actor: Actor) -> SpotQuerySet:
        """Who may read the project's lists; the code itself is shown to its keepers only."""
        return self.filter(seen_by(actor))


class Spot(models.Model):
    """A place of a project with a code on the wall, and the duties that are done there and nowhere else."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="spots", verbose_name=_("项目"))
    label = models.CharField(_("地点"), max_length=30)
    kind = models.CharField(_("类别"), max_length=20, choices=PlaceKind)
    duties = models.JSONField(_("在这里做的职责"), default=list)
    """Codes of the library's duties."""
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField(_("建立时间"))
    closed_at = models.DateTimeField(_("作废时间"), null=True, blank=True)

    objects = SpotQuerySet.as_manager()

    class Meta:
        ordering = ["project_id", "label", "pk"]
        verbose_name = _("地点码")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "label"], condition=Q(closed_at=None), name="one_open_spot_a_label"
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def code(self) -> str:
        return spots.code_of(self.pk)


class CheckQuerySet(models.QuerySet["Check"]):
    def visible_to(self, actor: Actor) -> CheckQuerySet:
        """Who may read the project's lists; whoever did it."""
        return self.filter(seen_by(actor, "instance__project__") | Q(person=actor.person_id or 0))


class Check(models.Model):
    """One duty done once by one person, as their phone sent it. The phone gives the number; nothing is changed afterwards."""

    class Outcome(models.TextChoices):
        NORMAL = "normal", _("正常")
        ABNORMAL = "abnormal", _("异常")

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", _("证据有效")
        SUSPICIOUS = "suspicious", _("证据存疑")

    class Standing(models.TextChoices):
        """What it is to the duty of that period."""

        ON_TIME = "on_time", _("按时做的")
        LATE = "late", _("迟做的")
        MISSED = "missed", _("过了补做时限，只留存")
        DOUBTED = "doubted", _("要重做")
        CONFLICT = "conflict", _("这件已有结果，这份也留着")

    id = models.UUIDField(primary_key=True, editable=False)
    instance = models.ForeignKey(Instance, models.PROTECT, related_name="checks", verbose_name=_("职责"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("谁做的"))
    substitute = models.BooleanField(_("替岗"))
    by = models.CharField(max_length=40)
    signed_name = models.CharField(_("签名"), max_length=80)
    """Their name as the account bears it: they signed by sending."""
    started_at = models.DateTimeField(_("开始（手机时间）"))
    done_at = models.DateTimeField(_("做完（手机时间）"))
    sent_at = models.DateTimeField(_("发送（手机时间）"))
    received_at = models.DateTimeField(_("收到（服务器时间）"))
    happened_at = models.DateTimeField(_("做完（按服务器时钟折算）"))
    clock_off = models.BooleanField(_("手机时钟不准"))
    outcome = models.CharField(_("结果"), max_length=8, choices=Outcome)
    readings = models.JSONField(_("读数"), default=list)
    """``name``, ``value``, ``unit``, and ``beyond`` where it is outside its limits."""
    photos = models.JSONField(_("照片"), default=list)
    """``sha256`` of what was sent, ``original`` of what it was made from."""
    spot = models.ForeignKey(Spot, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("地点"))
    words = models.CharField(_("说明"), max_length=200, blank=True)
    verdict = models.CharField(_("证据"), max_length=10, choices=Verdict)
    reasons = models.JSONField(_("存疑的理由"), default=list)
    standing = models.CharField(_("算什么"), max_length=8, choices=Standing)
    body_sha256 = models.CharField(_("内容摘要"), max_length=64)

    objects = CheckQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "pk"]
        verbose_name = _("履职记录")
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="accepted", reasons=[]) | Q(verdict="suspicious") & ~Q(reasons=[]),
                name="a_doubt_has_its_reasons",
            ),
            models.UniqueConstraint(
                fields=["instance"], condition=Q(standing__in=["on_time", "late"]), name="one_check_settles_a_duty"
            ),
        ]
        indexes = [models.Index(fields=["person", "done_at"])]

    def __str__(self) -> str:
        return f"{self.instance} · {self.signed_name}"

    def get_absolute_url(self) -> str:
        return reverse("safety:check", args=[self.pk])

    @property
    def case(self) -> str:
        """The key under which its photos lie."""
        return f"safety_check:{self.pk}"


class UsedPhoto(models.Model):
    """A photo that stands in a check, by the hashes it is known by: no other duty may be proved with it."""

    sha256 = models.CharField(max_length=64, db_index=True)
    check_made = models.ForeignKey(Check, models.PROTECT, related_name="hashes")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("用过的照片")

    def __str__(self) -> str:
        return self.sha256


class Waiver(models.Model):
    """Somebody answered for it that a duty need not be done this time."""

    instance = models.OneToOneField(Instance, models.PROTECT, related_name="waiver")
    reason = models.CharField(_("理由"), max_length=200)
    by = models.CharField(max_length=40)
    name = models.CharField(_("谁批准的"), max_length=80)
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("免做")

    def __str__(self) -> str:
        return self.reason
