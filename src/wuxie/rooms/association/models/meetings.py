"""Meetings: who was called and came, what was on the agenda, who stood aside, how it was decided, what follows from it."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.roles import ASSOCIATION
from wuxie.kernel.workflow.models import Case

from ..words import Body, Choice, Doer, Matter, Outcome
from .groups import WorkGroup
from .members import Member, units_of


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, actor: Actor) -> MeetingQuerySet:
        """The association's office and president see every meeting; a member those it was called to; a lead those of the group."""
        if actor.holds(*ASSOCIATION):
            return self
        called = Seat.objects.filter(member__organisation__in=units_of(actor)).values("meeting")
        led = WorkGroup.objects.led_by(actor).values("code")
        return self.filter(Q(pk__in=called) & ~Q(state=Meeting.State.PLANNED) | Q(group__in=led))


class Meeting(Case):
    """One sitting of one body."""

    class State(models.TextChoices):
        PLANNED = "planned", _("筹备中")
        CALLED = "called", _("已通知")
        SITTING = "sitting", _("开会中")
        CLOSED = "closed", _("待出纪要")
        RECORDED = "recorded", _("已出纪要")
        CANCELLED = "cancelled", _("已取消")

    DONE = (State.RECORDED, State.CANCELLED)

    body = models.CharField(_("会议"), max_length=12, choices=Body)
    group = models.CharField(_("工作组"), max_length=24, choices=Member.Group, blank=True)
    title = models.CharField(_("会议名称"), max_length=80)
    held_at = models.DateTimeField(_("开会时间"))
    venue = models.CharField(_("地点"), max_length=80)
    minutes = models.TextField(_("纪要"), blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-held_at", "-pk"]
        verbose_name = _("会议")
        constraints = [
            models.CheckConstraint(
                condition=Q(body=Body.GROUP) & ~Q(group="") | ~Q(body=Body.GROUP) & Q(group=""),
                name="a_group_meets_as_group",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("association:meeting", args=[self.pk])


class Seat(models.Model):
    """A member that was called to a meeting, and whether it came."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="seats")
    member = models.ForeignKey(Member, models.PROTECT, related_name="seats")
    present = models.BooleanField(_("到会"), default=False)

    class Meta:
        ordering = ["member__number", "pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "member"], name="one_seat_a_member")]

    def __str__(self) -> str:
        return str(self.member)


class Item(models.Model):
    """One item of an agenda and what became of it; the counts are whole numbers of members."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    place = models.PositiveSmallIntegerField(_("序号"))
    title = models.CharField(_("议题"), max_length=120)
    matter = models.CharField(_("事项"), max_length=12, choices=Matter, default=Matter.ORDINARY)
    text = models.TextField(_("议案"), blank=True)
    concerns = models.ManyToManyField(Member, verbose_name=_("涉及的会员"), blank=True, related_name="+")
    doer = models.CharField(_("谁去办"), max_length=24, choices=Doer, blank=True)
    due_on = models.DateField(_("办到哪天"), null=True, blank=True)
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome, blank=True)
    present = models.PositiveIntegerField(_("到会"), null=True)
    entitled = models.PositiveIntegerField(_("应到"), null=True)
    yes = models.PositiveIntegerField(_("同意"), null=True)
    no = models.PositiveIntegerField(_("反对"), null=True)
    abstain = models.PositiveIntegerField(_("弃权"), null=True)

    class Meta:
        ordering = ["place", "pk"]
        verbose_name = _("议题")
        constraints = [models.UniqueConstraint(fields=["meeting", "place"], name="one_item_a_place")]

    def __str__(self) -> str:
        return self.title


class Recusal(models.Model):
    """A member that stands aside on an item: it is neither called nor counted there."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="recusals")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    reason = models.CharField(_("理由"), max_length=200)
    by = models.CharField(max_length=40)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["item", "member"], name="one_recusal_a_member")]

    def __str__(self) -> str:
        return str(self.member)


class Ballot(models.Model):
    """How one member voted in the open."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="ballots")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    choice = models.CharField(_("表决"), max_length=8, choices=Choice)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["item", "member"], name="one_ballot_a_member")]

    def __str__(self) -> str:
        return f"{self.member} {self.get_choice_display()}"


class ResolutionQuerySet(models.QuerySet["Resolution"]):
    def visible_to(self, actor: Actor) -> ResolutionQuerySet:
        """Whoever sees the meeting that resolved it; what an assembly resolved every member sees."""
        if actor.holds(*ASSOCIATION):
            return self
        own = Q(item__meeting__in=Meeting.objects.visible_to(actor).values("pk"))
        return self.filter(own | Q(Exists(Member.objects.of(actor)), item__meeting__body=Body.ASSEMBLY))


class Resolution(Case):
    """What was resolved, who carries it out until when; it ends when somebody else has looked at what was done."""

    class State(models.TextChoices):
        OPEN = "open", _("办理中")
        DONE = "done", _("待核实")
        CLOSED = "closed", _("已落实")
        STOPPED = "stopped", _("不再执行")

    FINAL = (State.CLOSED, State.STOPPED)

    item = models.OneToOneField(Item, models.PROTECT, related_name="resolution")
    title = models.CharField(_("决议"), max_length=120)
    doer = models.CharField(_("谁去办"), max_length=24, choices=Doer)
    due_on = models.DateField(_("办到哪天"))
    outcome = models.CharField(_("办理结果"), max_length=400, blank=True)
    reported_by = models.CharField(max_length=40, blank=True)

    objects = ResolutionQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("决议")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("association:resolution", args=[self.pk])
