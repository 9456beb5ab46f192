"""What an estate has, the duty lists that follow from it, and who signed for which post.

A list is written whole on the day it is decided and never changed; the next version ends it the day before it begins, so
that there is one answer to which list was valid on a day.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.parties.models import Person
from wuxie.kernel.parties.roles import ASSOCIATION, COMPANY, GOVERNMENT
from wuxie.rooms.register.models import Holding, Post, Project

from ..words import Event, Every, Only, PlaceKind, Shifts
from .library import Library


def seen_by(actor: Actor, at: str = "project__") -> Q:
    """Rows of projects whose duty lists this person may read: the association, the area's offices, the company itself.

    ``at`` leads from the row to the project; owners have no business with the names on a list.
    """
    if actor.holds(*ASSOCIATION):
        return Q(pk__isnull=False)
    return (
        actor.within(f"{at}estate__place_id", *GOVERNMENT)
        | Q(**{f"{at}company__in": actor.organisations(*COMPANY)})
        | Q(**{f"{at}pk__in": actor.ids("project", "project_manager")})
    )


def held_by(actor: Actor) -> Any:
    """The posts that this person holds or stands in for today."""
    return Holding.objects.on(today()).filter(person=actor.person_id or 0).values("post")


class Profile(models.Model):
    """What the estate of a project has, and how the library is cut to it: the draft of the next list."""

    project = models.OneToOneField(Project, models.CASCADE, related_name="safety_profile", verbose_name=_("项目"))
    equipment = models.JSONField(_("设施"), default=dict)
    """Equipment → how many."""
    posts = models.JSONField(_("岗位安排"), default=dict)
    """Post of the library → ``shifts``, ``way``, ``contractor``."""
    dropped = models.JSONField(_("不适用的职责"), default=dict)
    """Duty of the library → why it does not apply here."""
    hosts_company = models.BooleanField(_("公司级岗位放在这里"), default=False)
    """Whether the posts of the whole company stand on the list of this project: of at most one of a company's."""
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("设施档案")

    def __str__(self) -> str:
        return str(self.project)


class DutyListQuerySet(models.QuerySet["DutyList"]):
    def visible_to(self, actor: Actor) -> DutyListQuerySet:
        """Who may read the project's lists; a holder those on which their post stands."""
        mine = ListPost.objects.filter(post__in=held_by(actor)).values("duty_list")
        return self.filter(seen_by(actor) | Q(pk__in=mine))

    def on(self, day: datetime.date) -> DutyListQuerySet:
        """Lists in force on a day."""
        return self.filter(starts_on__lte=day).filter(Q(ends_on=None) | Q(ends_on__gte=day))


class DutyList(models.Model):
    """One version of a project's duties, in force from a day to a day."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="duty_lists", verbose_name=_("项目"))
    number = models.PositiveSmallIntegerField(_("版本"))
    library = models.ForeignKey(Library, models.PROTECT, verbose_name=_("职责库"))
    equipment = models.JSONField(_("设施"))
    dropped = models.JSONField(_("不适用的职责"), default=dict)
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("止"), null=True, blank=True)
    reason = models.CharField(_("为什么改"), max_length=200)
    sha256 = models.CharField(_("摘要"), max_length=64)
    decided_by = models.CharField(max_length=40)
    decided_name = models.CharField(_("启用人"), max_length=80, blank=True)
    decided_at = models.DateTimeField(_("启用时间"))

    objects = DutyListQuerySet.as_manager()

    class Meta:
        ordering = ["project_id", "-number"]
        verbose_name = _("责任清单")
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="one_duty_list_a_number"),
            models.UniqueConstraint(fields=["project"], condition=Q(ends_on=None), name="one_open_duty_list"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="duty_list_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["starts_on"])]

    def __str__(self) -> str:
        return f"{self.project} · {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("safety:list", args=[self.pk])


class ListPostQuerySet(models.QuerySet["ListPost"]):
    def visible_to(self, actor: Actor) -> ListPostQuerySet:
        """Who may read the list; a holder their own."""
        return self.filter(seen_by(actor, "duty_list__project__") | Q(post__in=held_by(actor)))

    def on(self, day: datetime.date) -> ListPostQuerySet:
        """Posts of the lists in force on a day."""
        return self.filter(duty_list__in=DutyList.objects.on(day))

    def standing(self, day: datetime.date) -> ListPostQuerySet:
        """How each post is manned on a day: ``held``, ``certified`` (its holder), ``covered`` (a substitute who may)."""
        here = Holding.objects.on(day).filter(post=models.OuterRef("post"))
        papers = Q(certificate_until=None) | Q(certificate_until__gte=day)
        may = here.filter(papers).exclude(certificate_number="")
        return self.annotate(
            held=models.Exists(here.filter(substitute=False)),
            certified=models.Exists(may.filter(substitute=False)),
            stood_in=models.Exists(here.filter(papers, substitute=True)),
            covered=models.Exists(may.filter(substitute=True)),
        )

    def vacant(self, day: datetime.date) -> ListPostQuerySet:
        """Posts that nobody holds on a day and nobody with the certificate covers."""
        uncovered = Q(certificate="", stood_in=False) | ~Q(certificate="") & Q(covered=False)
        return self.standing(day).exclude(way="outsourced").filter(uncovered, held=False)


class ListPost(models.Model):
    """A post as it stands on a list: which post of the register does it, in which shifts, or which contractor."""

    class Way(models.TextChoices):
        OWN = "own", _("设岗")
        COMBINED = "combined", _("兼岗")
        OUTSOURCED = "outsourced", _("外包")

    duty_list = models.ForeignKey(DutyList, models.CASCADE, related_name="posts")
    code = models.CharField(max_length=20)
    label = models.CharField(_("岗位"), max_length=60)
    certificate = models.CharField(_("应持证书"), max_length=60, blank=True)
    shifts = models.CharField(_("班次"), max_length=10, choices=Shifts)
    way = models.CharField(_("怎样落实"), max_length=10, choices=Way)
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+")
    contractor = models.CharField(_("外包单位"), max_length=120, blank=True)

    objects = ListPostQuerySet.as_manager()

    class Meta:
        ordering = ["duty_list_id", "pk"]
        verbose_name = _("清单岗位")
        constraints = [
            models.CheckConstraint(
                condition=Q(way="outsourced", post=None) & ~Q(contractor="")
                | ~Q(way="outsourced") & Q(post__isnull=False),
                name="list_post_has_somebody",
            ),
            models.UniqueConstraint(fields=["duty_list", "code", "post"], name="one_post_a_list"),
        ]

    def __str__(self) -> str:
        return self.post.name if self.post is not None and self.way == self.Way.OWN else self.label

    def get_absolute_url(self) -> str:
        return reverse("safety:post", args=[self.pk])


class Duty(models.Model):
    """One duty of one post on a list, as it was decided."""

    list_post = models.ForeignKey(ListPost, models.CASCADE, related_name="duties")
    code = models.CharField(max_length=24)
    every = models.CharField(_("频次"), max_length=12, choices=Every)
    text = models.CharField(_("职责"), max_length=60)
    proof = models.JSONField(_("证据"))
    averts = models.CharField(_("防止"), max_length=60)
    basis = models.CharField(_("依据"), max_length=60)
    event = models.CharField(_("什么事"), max_length=20, choices=Event, blank=True)
    minutes = models.PositiveIntegerField(_("事后时限（分钟）"), default=0)
    place = models.CharField(_("地点"), max_length=20, choices=PlaceKind, blank=True)
    only = models.CharField(_("只在"), max_length=6, choices=Only, blank=True)
    season_from = models.CharField(max_length=5, blank=True)
    season_to = models.CharField(max_length=5, blank=True)
    readings = models.JSONField(_("读数"), default=list)
    hazards = models.JSONField(_("异常时的隐患"), default=list)

    class Meta:
        ordering = ["list_post_id", "pk"]
        verbose_name = _("职责")
        constraints = [models.UniqueConstraint(fields=["list_post", "code"], name="one_duty_a_post")]
        indexes = [models.Index(fields=["every", "list_post"])]

    def __str__(self) -> str:
        return self.text


class Signature(models.Model):
    """Somebody who holds a post of a list, or stands in, signed for it."""

    list_post = models.ForeignKey(ListPost, models.PROTECT, related_name="signatures")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    substitute = models.BooleanField(_("替岗"))
    document = models.CharField(_("责任书编号"), max_length=60)
    signed_at = models.DateTimeField(_("签字时间"))

    class Meta:
        ordering = ["list_post_id", "pk"]
        verbose_name = _("责任书签字")
        constraints = [models.UniqueConstraint(fields=["list_post", "person"], name="one_signature_a_person")]

    def __str__(self) -> str:
        return f"{self.person} · {self.list_post}"
