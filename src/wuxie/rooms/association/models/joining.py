"""Units that ask to join, and members that leave; both of their own will."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.parties.roles import ASSOCIATION
from wuxie.kernel.workflow.models import Case

from .members import Member, units_of


class AdmissionQuerySet(models.QuerySet["Admission"]):
    def visible_to(self, actor: Actor) -> AdmissionQuerySet:
        """The association's office and president, and the unit that asks."""
        return self if actor.holds(*ASSOCIATION) else self.filter(organisation__in=units_of(actor))


class Admission(Case):
    """A unit asks to join."""

    class State(models.TextChoices):
        APPLIED = "applied", _("待审核")
        CHECKED = "checked", _("待决定")
        ADMITTED = "admitted", _("已入会")
        REFUSED = "refused", _("未同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    DONE = (State.ADMITTED, State.REFUSED, State.WITHDRAWN)

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="admissions", verbose_name=_("单位"))
    statement = models.CharField(_("入会说明"), max_length=400)
    group = models.CharField(_("想参加的工作组"), max_length=24, choices=Member.Group, blank=True)
    opinion = models.CharField(_("审核意见"), max_length=300, blank=True)

    objects = AdmissionQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name = _("入会申请")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(state__in=["applied", "checked"]), name="one_open_admission_a_unit"
            )
        ]

    def __str__(self) -> str:
        return str(self.organisation)

    def get_absolute_url(self) -> str:
        return reverse("association:admission", args=[self.pk])


class LeavingQuerySet(models.QuerySet["Leaving"]):
    def visible_to(self, actor: Actor) -> LeavingQuerySet:
        """The association's office and president, and the member itself."""
        return self if actor.holds(*ASSOCIATION) else self.filter(member__organisation__in=units_of(actor))


class Leaving(Case):
    """A member leaves. Nobody can refuse it; what it owes it goes on owing, what is charged against it goes on."""

    class State(models.TextChoices):
        ASKED = "asked", _("待办退会")
        LEFT = "left", _("已退会")
        WITHDRAWN = "withdrawn", _("已撤回")

    DONE = (State.LEFT, State.WITHDRAWN)

    member = models.ForeignKey(Member, models.PROTECT, related_name="leavings", verbose_name=_("会员"))
    reason = models.CharField(_("退会原因"), max_length=300, blank=True)
    last_day = models.DateField(_("最后一天"))

    objects = LeavingQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name = _("退会申请")
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(state="asked"), name="one_open_leaving_a_member")
        ]

    def __str__(self) -> str:
        return str(self.member)

    def get_absolute_url(self) -> str:
        return reverse("association:leaving", args=[self.pk])
