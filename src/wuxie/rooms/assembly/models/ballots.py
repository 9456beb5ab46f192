"""The ballots: one that stands for each unit, with everything that happened to it and to those before it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.models import Person

from ..words import Capacity
from .decision import Decision
from .roll import Entry


class BallotQuerySet(models.QuerySet["Ballot"]):
    def visible_to(self, actor: Actor) -> BallotQuerySet:
        return self.filter(decision__in=Decision.objects.inside(actor).values("pk"))

    def standing(self) -> BallotQuerySet:
        """Those that were not replaced."""
        return self.filter(stands=True)


class Ballot(models.Model):
    """One paper of one unit: collected in its envelope, opened and typed after the close."""

    class State(models.TextChoices):
        COLLECTED = "collected", _("已收，没开封")
        VALID = "valid", _("有效")
        VOID = "void", _("无效")
        DOUBTFUL = "doubtful", _("待核")
        REPLACED = "replaced", _("已换票作废")

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="ballots")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="ballots")
    issue = models.PositiveSmallIntegerField()
    state = models.CharField(_("状态"), max_length=12, choices=State)
    stands = models.BooleanField(default=True)
    capacity = models.CharField(_("签名人"), max_length=12, choices=Capacity)
    collector = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("收票人"))
    second = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("同行收票人"))
    """Two stood at the door; nobody did for what came from the official system."""
    collected_at = models.DateTimeField(_("收票时间"))
    envelope = models.CharField(max_length=40)
    envelope_sha256 = models.CharField(max_length=64)
    scan = models.CharField(max_length=40, blank=True)
    scan_sha256 = models.CharField(max_length=64, blank=True)
    choices = models.JSONField(default=dict)
    """Number of the item → side, once it is settled."""
    fact_id = models.CharField(max_length=26, blank=True)

    objects = BallotQuerySet.as_manager()

    class Meta:
        ordering = ["decision_id", "entry__paper", "pk"]
        verbose_name = _("表决票")
        constraints = [
            models.UniqueConstraint(fields=["entry"], condition=Q(stands=True), name="one_standing_ballot_a_unit"),
            models.UniqueConstraint(
                fields=["decision", "envelope_sha256"],
                condition=~Q(capacity=Capacity.OFFICIAL),
                name="one_envelope_once",
            ),
            models.CheckConstraint(
                condition=Q(capacity=Capacity.OFFICIAL) | Q(collector__isnull=False, second__isnull=False),
                name="paper_taken_by_two",
            ),
        ]
        indexes = [models.Index(fields=["decision", "state"])]

    def __str__(self) -> str:
        return self.entry.paper

    def get_absolute_url(self) -> str:
        return reverse("assembly:ballot", args=[self.pk])


class Mark(models.Model):
    """What became of a ballot, when, by whom and why. Never edited."""

    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="marks")
    state = models.CharField(max_length=12, choices=Ballot.State)
    reason = models.CharField(max_length=300)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]


class Typing(models.Model):
    """What one counter read on a paper; two read each, neither sees the other's."""

    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="typings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    choices = models.JSONField()
    at = models.DateTimeField()
    set_aside = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ballot", "person"], condition=Q(set_aside=False), name="one_typing_a_counter"
            )
        ]
