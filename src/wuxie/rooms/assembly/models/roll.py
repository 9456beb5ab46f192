"""The roll: which unit votes with what area, whose head it is, and what became of its paper at the door."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.models import Organisation, Person
from wuxie.kernel.parties.secrets import SealedText
from wuxie.rooms.register.models import Ownership, Unit

from ..words import Door
from .decision import Decision


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, actor: Actor) -> EntryQuerySet:
        """Whoever may read the roll; an owner the units of their own."""
        own = Q(unit__in=Ownership.objects.current().filter(person=actor.person_id or 0).order_by().values("unit"))
        return self.filter(Q(decision__in=Decision.objects.inside(actor).values("pk")) | own)


class Entry(models.Model):
    """One unit on the roll of one decision, as it stood when the roll was frozen."""

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="entries")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    label = models.CharField(_("户室"), max_length=90)
    block = models.PositiveBigIntegerField()
    building = models.CharField(_("楼号"), max_length=30)
    entrance = models.CharField(_("单元"), max_length=20, blank=True)
    floor = models.SmallIntegerField(_("楼层"), null=True)
    number = models.CharField(_("房号"), max_length=30)
    area = models.PositiveIntegerField(_("专有面积"), help_text="hundredths of m²")
    area_source = models.CharField(_("面积来源"), max_length=12, choices=Unit.AreaSource)
    status = models.CharField(_("交付状态"), max_length=12, choices=Unit.Status)
    use = models.CharField(_("用途"), max_length=10, choices=Unit.Use)
    head = models.CharField(max_length=200)
    """Who counts once: the keys of the owners, ``developer``, or the unit itself where nobody is known."""
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    """Who votes; ``None`` where the co-owners have named nobody, or where a body owns it."""
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    owners = models.PositiveSmallIntegerField(_("共有人数"), default=1)
    minor = models.BooleanField(_("未成年"), default=False)
    paper = models.CharField(_("票号"), max_length=8, blank=True)
    issue = models.PositiveSmallIntegerField(default=1)
    token = models.CharField(max_length=12, blank=True)
    """What the code on the paper says; another one with each new paper."""
    receipt_index = models.CharField(max_length=64, blank=True)
    door = models.CharField(_("收票情况"), max_length=12, choices=Door, default=Door.PENDING)
    door_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(_("送达"), null=True)
    proof = models.CharField(max_length=64, blank=True)
    """SHA-256 of what shows that it was delivered."""

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["decision_id", "building", "entrance", "-floor", "number", "pk"]
        verbose_name = _("名册")
        constraints = [
            models.UniqueConstraint(fields=["decision", "unit"], name="one_entry_a_unit"),
            models.UniqueConstraint(fields=["decision", "paper"], condition=~Q(paper=""), name="one_paper_a_number"),
            models.UniqueConstraint(fields=["receipt_index"], condition=~Q(receipt_index=""), name="one_receipt"),
            models.CheckConstraint(condition=Q(area__gt=0), name="entry_has_area"),
        ]
        indexes = [
            models.Index(fields=["decision", "building", "entrance", "floor"]),
            models.Index(fields=["decision", "head"]),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def voter(self) -> str:
        """Who votes, masked."""
        if self.person is not None:
            return self.person.masked_name
        return str(self.organisation or "")


class Visit(models.Model):
    """Somebody stood at a door: what came of it, with whom, with which picture. Never edited."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="visits")
    outcome = models.CharField(max_length=12, choices=Door)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    second = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    picture = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]


class Objection(models.Model):
    """An owner says that the roll or the count is wrong; answered with a reason, upheld or not."""

    class About(models.TextChoices):
        ROLL = "roll", _("名册")
        RESULT = "result", _("结果")

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="objections")
    about = models.CharField(_("针对"), max_length=8, choices=About)
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, blank=True, related_name="objections")
    text = models.TextField(_("异议"))
    by = models.CharField(max_length=40)
    at = models.DateTimeField()
    upheld = models.BooleanField(_("采纳"), null=True)
    answer = models.TextField(_("答复"), blank=True)
    change = models.JSONField(default=dict)
    answered_by = models.CharField(max_length=40, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["decision_id", "pk"]
        verbose_name = _("异议")

    def __str__(self) -> str:
        return self.text[:40]


class Proxy(models.Model):
    """A written authority to vote for one unit; who acts is kept encrypted, counted by a keyed hash."""

    entry = models.OneToOneField(Entry, models.CASCADE, related_name="proxy")
    name = SealedText(_("代理人"))
    phone = SealedText(_("手机号"))
    phone_index = models.CharField(max_length=32, db_index=True)
    picture = models.CharField(max_length=40)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("委托")
