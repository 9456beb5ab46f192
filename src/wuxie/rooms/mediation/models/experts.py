"""Who mediates, under which committee, who is tied to whom, and who sits at the desk on which day."""

from __future__ import annotations

import datetime
import secrets

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.models import Organisation, Person
from wuxie.kernel.parties.roles import ASSOCIATION, COMPANY
from wuxie.rooms.register.models import Project

#: The role of whoever mediates or gives an expert's opinion.
MEDIATOR = "mediator"


class Committee(models.Model):
    """A people's mediation committee registered with the justice office; without one there is no 人民调解协议."""

    name = models.CharField(_("名称"), max_length=80)
    paper_number = models.CharField(_("备案文号"), max_length=80)
    registered_on = models.DateField(_("备案日"))
    ended_on = models.DateField(_("注销日"), null=True, blank=True)
    entered_by = models.CharField(max_length=40)

    class Meta:
        ordering = ["-registered_on", "-pk"]
        verbose_name = _("人民调解委员会")

    def __str__(self) -> str:
        return self.name


class ExpertQuerySet(models.QuerySet["Expert"]):
    def visible_to(self, actor: Actor) -> ExpertQuerySet:
        """The association, the experts themselves, and their own unit."""
        if actor.holds(*ASSOCIATION):
            return self
        own = Q(person=actor.person_id) if actor.person_id else Q(pk__in=[])
        return self.filter(own | Q(organisation__in=actor.organisations(*COMPANY)))

    def on(self, day: datetime.date) -> ExpertQuerySet:
        return self.filter(starts_on__lte=day, ends_on__gte=day)


class Expert(models.Model):
    """Somebody of a member unit who takes turns at the desk and mediates, for a term."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("姓名"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("单位"))
    field = models.CharField(_("专长"), max_length=40)
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("止"))
    most = models.PositiveSmallIntegerField(_("一年最多几班"), null=True, blank=True)
    away = models.JSONField(_("不在的日子"), default=list)
    """Days (``2026-12-01``) on which they cannot come."""
    feed = models.CharField(max_length=43, unique=True, default=secrets.token_urlsafe, editable=False)
    """Whoever holds it reads the days of this expert in a calendar of their own, and nothing else."""

    objects = ExpertQuerySet.as_manager()

    class Meta:
        ordering = ["organisation__name", "pk"]
        verbose_name = _("专家")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="expert_ends_after_start"),
            models.UniqueConstraint(fields=["person", "starts_on"], name="expert_once_a_term"),
        ]

    def __str__(self) -> str:
        return str(self.person)


class Affiliation(models.Model):
    """Two companies that are one interest: mother and daughter, one owner, one head."""

    one = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("单位"))
    other = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("关联单位"))
    basis = models.CharField(_("依据"), max_length=120)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("关联单位")
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="affiliation_once"),
            models.CheckConstraint(condition=~Q(one=F("other")), name="affiliation_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.one} · {self.other}"


def affiliates(company: int) -> set[int]:
    """A company and everything it is tied to, however many links away."""
    found, edges = {company}, list(Affiliation.objects.values_list("one", "other"))
    while grown := {b for pair in edges for a, b in (pair, pair[::-1]) if a in found} - found:
        found |= grown
    return found


def competitors(project: Project, day: datetime.date) -> set[int]:
    """Who else serves an estate of the same street on a day."""
    near = Project.objects.on(day).filter(estate__place__code__startswith=project.estate.place_id[:9])
    return set(near.exclude(company=project.company_id).values_list("company", flat=True))


class Rota(models.Model):
    """Who sits at the desk over a time: as it was solved, from a seed that is published with it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("待排班")
        SOLVED = "solved", _("已排好")
        PUBLISHED = "published", _("已公布")

    name = models.CharField(_("名称"), max_length=60)
    place = models.CharField(_("值班地点"), max_length=80)
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("止"))
    per_day = models.PositiveSmallIntegerField(_("每天几人"), default=2)
    rest_days = models.PositiveSmallIntegerField(_("至少隔几天"), default=1)
    seed = models.PositiveIntegerField(_("种子"))
    weighted = models.BooleanField(_("按会员类别分摊"), default=False)
    """Whether each unit bears its share by the weight of its kind of membership, instead of every expert the same."""
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    optimal = models.BooleanField(_("已证明最公平"), default=False)
    spread = models.PositiveSmallIntegerField(_("相差次数"), null=True, blank=True)
    document = models.JSONField(default=dict)
    """What was given to the solver: with it anyone makes the same rota again."""
    published_on = models.DateField(_("公布日"), null=True, blank=True)

    class Meta:
        ordering = ["-starts_on", "-pk"]
        verbose_name = _("值班表")
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="rota_ends_after_start")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("mediation:rota", args=[self.pk])


class ShiftQuerySet(models.QuerySet["Shift"]):
    def visible_to(self, actor: Actor) -> ShiftQuerySet:
        """Of published rotas; the association sees those being made too."""
        if actor.holds(*ASSOCIATION):
            return self
        own = Expert.objects.visible_to(actor).values("pk")
        return self.filter(rota__state=Rota.State.PUBLISHED).filter(Q(expert__in=own) | Q(planned__in=own))


class Shift(models.Model):
    """One expert at the desk on one day."""

    class State(models.TextChoices):
        PLANNED = "planned", _("待值班")
        SERVED = "served", _("已到岗")
        MISSED = "missed", _("缺席")

    rota = models.ForeignKey(Rota, models.CASCADE, related_name="shifts")
    day = models.DateField(_("日期"))
    planned = models.ForeignKey(Expert, models.PROTECT, related_name="+")
    """Who was drawn; the balance of duties is reckoned by it."""
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="shifts", verbose_name=_("专家"))
    """Who really comes."""
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.PLANNED)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        ordering = ["day", "pk"]
        verbose_name = _("班次")
        constraints = [models.UniqueConstraint(fields=["rota", "day", "expert"], name="shift_once_a_day")]
        indexes = [models.Index(fields=["expert", "day"])]

    def __str__(self) -> str:
        return f"{self.day} {self.expert}"


class Swap(models.Model):
    """A shift given away: asked of another, who has to agree, or handed on because its holder is away that day."""

    shift = models.ForeignKey(Shift, models.CASCADE, related_name="swaps")
    giver = models.ForeignKey(Expert, models.PROTECT, null=True, related_name="+")
    """Whose shift it was; unknown of those asked before this was kept."""
    to = models.ForeignKey(Expert, models.PROTECT, related_name="+")
    back = models.ForeignKey(Shift, models.CASCADE, null=True, blank=True, related_name="+")
    """The other's shift that is taken in return; none: they only stand in."""
    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    agreed = models.BooleanField(null=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("换班")
        constraints = [
            models.UniqueConstraint(fields=["shift"], condition=Q(agreed__isnull=True), name="one_open_swap_a_shift"),
        ]
