"""What a star is worth once given: the award with its plaque, and the benefits that others now owe."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.parties.roles import ASSOCIATION
from wuxie.kernel.workflow.models import Case

from .. import codes
from .application import Application, concerning


class AwardQuerySet(models.QuerySet["Award"]):
    def visible_to(self, actor: Actor) -> AwardQuerySet:
        """Awards are public for ever, the revoked ones too."""
        return self

    def standing(self, day: datetime.date | None = None) -> AwardQuerySet:
        """Awards in force on a day (today without one), the suspended ones among them."""
        day = day or today()
        return self.filter(valid_from__lte=day, valid_until__gte=day).filter(Q(ended_on=None) | Q(ended_on__gt=day))

    def shown(self) -> AwardQuerySet:
        """Awards that may be displayed today: standing and not under review."""
        return self.standing().filter(
            application__state=Application.State.AWARDED, application__display_stopped_on=None
        )


class Award(models.Model):
    """Stars given to a project by the authority, with a plaque that anyone can verify."""

    class State(models.TextChoices):
        VALID = "valid", _("有效")
        SUSPENDED = "suspended", _("复核中，暂停展示")
        REVOKED = "revoked", _("已撤销")
        EXPIRED = "expired", _("已到期")
        SUPERSEDED = "superseded", _("已由新星级取代")

    class Ending(models.TextChoices):
        REVOKED = "revoked", _("撤销")
        SUPERSEDED = "superseded", _("取代")

    application = models.ForeignKey(Application, models.PROTECT, related_name="awards")
    project = models.ForeignKey("register.Project", models.PROTECT, related_name="awards", verbose_name=_("项目"))
    stars = models.PositiveSmallIntegerField(_("星级"))
    plaque = models.CharField(_("牌匾编号"), max_length=16, unique=True)
    decision = models.CharField(_("决定文号"), max_length=80, blank=True)
    decision_paper = models.CharField(max_length=80, blank=True)
    decided_on = models.DateField(_("决定日"))
    valid_from = models.DateField(_("有效期起"))
    valid_until = models.DateField(_("有效期止"))
    ended_on = models.DateField(null=True, editable=False)
    ending = models.CharField(max_length=12, choices=Ending, blank=True, editable=False)
    ending_reason = models.CharField(max_length=200, blank=True, editable=False)
    successor = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", editable=False)
    fact_id = models.CharField(max_length=26, blank=True)
    """The fact ``star.awarded`` that stands for this award in the ledger."""

    objects = AwardQuerySet.as_manager()

    class Meta:
        ordering = ["project_id", "-valid_from", "-pk"]
        verbose_name = _("授星")
        constraints = [
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="award_of_one_to_five_stars"),
            models.CheckConstraint(condition=Q(valid_until__gte=F("valid_from")), name="award_dates_in_order"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(ended_on=None), name="one_standing_award_a_project"
            ),
        ]
        indexes = [
            models.Index(fields=["valid_until", "stars"]),
            models.Index(fields=["project", "valid_until"]),
            models.Index(fields=["decided_on"]),
        ]

    def __str__(self) -> str:
        return self.plaque

    @property
    def state(self) -> State:
        """Follows from the award's end, its dates and the state of its case; stored nowhere."""
        if self.ending:
            return self.State(self.ending)
        if today() > self.valid_until:
            return self.State.EXPIRED
        awarded = self.application.state == Application.State.AWARDED
        return self.State.VALID if awarded and not self.application.display_stopped_on else self.State.SUSPENDED

    @property
    def code(self) -> str:
        """What stands in the plaque's QR."""
        return codes.signed(self.plaque)


class BenefitQuerySet(models.QuerySet["Benefit"]):
    def visible_to(self, actor: Actor) -> BenefitQuerySet:
        """The association, the project's own, the government of the area, and whoever owes it."""
        if actor.holds(*ASSOCIATION):
            return self
        owed = Q(pk__in=[])
        for seat in actor.seats:
            here = Q(owner_role=seat.role)
            if seat.organisation_id:
                owed |= here & Q(owner=seat.organisation_id)
            if seat.place_code:
                owed |= here & Q(owner_place=seat.place_code)
        # Both sides ask columns of the row itself, so that each finds its few rows by an index.
        concerned = Application.objects.order_by().filter(concerning(actor)).values("pk")
        return self.filter(Q(application__in=concerned) | owed)

    def published(self) -> BenefitQuerySet:
        """What the quarterly list shows to everyone."""
        return self.exclude(state=Benefit.State.REVERSED)


class Benefit(Case):
    """One thing promised with a star: somebody owes it, by a day, with a proof."""

    class State(models.TextChoices):
        PROMISED = "promised", _("待安排")
        SCHEDULED = "scheduled", _("已安排")
        DELIVERED = "delivered", _("已兑现待确认")
        CONFIRMED = "confirmed", _("已确认")
        BLOCKED = "blocked", _("待落实")
        REVERSED = "reversed", _("已冲回")

    application = models.ForeignKey(Application, models.PROTECT, related_name="benefits")
    award = models.ForeignKey(Award, models.PROTECT, related_name="benefits")
    kind = models.CharField(_("权益"), max_length=24)
    label = models.CharField(_("名称"), max_length=40)
    offer = models.CharField(_("内容"), max_length=200)
    proof_wanted = models.CharField(_("应有凭证"), max_length=160, blank=True)
    owner = models.ForeignKey(
        "parties.Organisation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("兑现单位")
    )
    owner_role = models.CharField(max_length=32)
    owner_place = models.CharField(max_length=12, blank=True)
    owner_label = models.CharField(_("兑现单位"), max_length=80)
    due_on = models.DateField(_("应兑现日"))
    scheduled_for = models.DateField(_("计划日"), null=True)
    delivered_on = models.DateField(_("兑现日"), null=True)
    proof = models.CharField(_("凭证"), max_length=300, blank=True)
    """A link, a document number or a reference ``attachment:…``."""
    block_reason = models.CharField(_("未落实原因"), max_length=200, blank=True)
    published_pending = models.BooleanField(default=False)

    objects = BenefitQuerySet.as_manager()

    class Meta:
        ordering = ["award_id", "due_on", "pk"]
        verbose_name = _("权益")
        constraints = [
            models.UniqueConstraint(
                fields=["award", "kind"], condition=~Q(state="reversed"), name="one_benefit_a_kind_and_award"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["delivered", "confirmed"]) | ~Q(proof=""), name="delivery_has_proof"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_on"]),
            models.Index(fields=["due_on"]),
            models.Index(fields=["label"]),
            models.Index(fields=["owner_label"]),
            # What a search by estate counts and orders, without fetching the rows.
            models.Index(fields=["application", "state", "due_on"]),
        ]

    def __str__(self) -> str:
        return f"{self.label} · {self.offer}"

    @property
    def project(self) -> Any:
        return self.application.project

    @property
    def late(self) -> bool:
        return self.state in (self.State.PROMISED, self.State.SCHEDULED) and self.due_on < today()
