"""Member units of the association and the people who speak for them."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.parties.roles import COMPANY


def units_of(actor: Actor) -> set[int]:
    """The units that this person speaks for."""
    return actor.organisations(*COMPANY)


class MemberQuerySet(models.QuerySet["Member"]):
    def visible_to(self, actor: Actor) -> MemberQuerySet:
        """The directory of members is public; contacts are masked on the page."""
        return self

    def on(self, day: datetime.date) -> MemberQuerySet:
        """Members on a day, both ends of the membership included."""
        return self.filter(Q(left_on=None) | Q(left_on__gte=day), joined_on__lte=day)

    def of(self, actor: Actor) -> MemberQuerySet:
        """The members of today for which this person speaks."""
        return self.on(today()).filter(organisation__in=units_of(actor))

    def in_group(self, group: str) -> MemberQuerySet:
        """Those who take part in a working group."""
        return self.filter(Q(group=group) | Q(second_group=group))


class Member(models.Model):
    """A unit that joined of its own will, from a day on."""

    class Kind(models.TextChoices):
        ORDINARY = "ordinary", _("会员")
        COUNCIL = "council", _("理事")
        STANDING = "standing", _("常务理事")
        VICE = "vice_president", _("副会长")
        PRESIDENT = "president", _("会长")
        SUPERVISOR = "supervisor", _("监事")

    class Group(models.TextChoices):
        MEMBER_SERVICE = "member_service_group", _("会员服务组")
        BRAND = "brand_group", _("品牌组")
        PARTY = "party_building_group", _("党建组")
        RESEARCH = "industry_research_group", _("行业研究组")
        TRAINING = "training_group", _("培训组")

    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="membership", verbose_name=_("单位"))
    number = models.CharField(_("会员编号"), max_length=20, unique=True)
    kind = models.CharField(_("会员类别"), max_length=16, choices=Kind, default=Kind.ORDINARY)
    group = models.CharField(_("工作组"), max_length=24, choices=Group, blank=True)
    second_group = models.CharField(_("第二工作组"), max_length=24, choices=Group, blank=True)
    """A unit takes part in two groups at most."""
    joined_on = models.DateField(_("入会日"))
    left_on = models.DateField(_("退会日"), null=True, blank=True)
    listed = models.BooleanField(_("公开名录"), default=True)
    """Whether everybody finds the unit in the public directory; a member may ask not to stand there."""
    history = HistoricalRecords()

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["number", "pk"]
        verbose_name = _("会员单位")
        constraints = [
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=models.F("joined_on")), name="left_after_joining"
            ),
            models.CheckConstraint(
                condition=Q(second_group="") | ~Q(group="") & ~Q(second_group=models.F("group")),
                name="two_different_groups",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)

    def get_absolute_url(self) -> str:
        return reverse("association:member", args=[self.pk])
