"""Letters that pass between the association and the four levels of government, with a receipt at each."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.workflow.models import Case


class Level(models.TextChoices):
    """Where a letter may lie."""

    ASSOCIATION = "association", _("协会")
    COMMUNITY = "community", _("社区")
    STREET = "street", _("街道")
    DISTRICT = "district", _("区县")
    CITY = "city", _("市级")


#: Level → the role that acts there, and how long the code of its place is.
ROLES = {
    Level.ASSOCIATION: ("association_secretariat", 0), Level.COMMUNITY: ("gov_community", 12), Level.STREET: ("gov_street", 9),
    Level.DISTRICT: ("gov_district", 6), Level.CITY: ("gov_city", 4),
}  # fmt: skip


class LetterQuerySet(models.QuerySet["Letter"]):
    def visible_to(self, actor: Actor) -> LetterQuerySet:
        """Every level that the letter has passed through, and no other."""
        passed = Q(pk__in=[])
        if actor.holds("association_secretariat", "association_president"):
            passed |= Q(from_level=Level.ASSOCIATION) | Q(to_level=Level.ASSOCIATION)
        for level, (role, _length) in ROLES.items():
            for place in actor.places(role):
                passed |= Q(from_level=level, from_place__startswith=place) | Q(
                    to_level=level, to_place__startswith=place
                )
        return self.filter(pk__in=Hop.objects.filter(passed).values("letter"))


class Letter(Case):
    """One letter; ``level`` and ``place_code`` say where it lies now."""

    class State(models.TextChoices):
        SENT = "sent", _("待签收")
        HELD = "held", _("办理中")
        ANSWERED = "answered", _("已办复")
        CLOSED = "closed", _("已办结")

    DONE = (State.CLOSED,)

    title = models.CharField(_("事项"), max_length=80)
    text = models.TextField(_("内容"))
    level = models.CharField(_("现在在哪级"), max_length=12, choices=Level)
    origin = models.CharField(_("发起"), max_length=12, choices=Level)
    origin_place = models.CharField(max_length=12, blank=True)
    reply = models.TextField(_("办理结果"), blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name = _("转办件")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("association:letter", args=[self.pk])


class Hop(models.Model):
    """One passing-on, and the receipt of whoever took it."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="hops")
    place = models.PositiveSmallIntegerField(_("序号"))
    from_level = models.CharField(max_length=12, choices=Level)
    from_place = models.CharField(max_length=12, blank=True)
    to_level = models.CharField(max_length=12, choices=Level)
    to_place = models.CharField(max_length=12, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=80)
    received_at = models.DateTimeField(null=True)
    received_by = models.CharField(max_length=80, blank=True)
    receipt = models.CharField(_("回执号"), max_length=16, blank=True)

    class Meta:
        ordering = ["place", "pk"]
        indexes = [models.Index(fields=["to_level", "to_place"]), models.Index(fields=["from_level", "from_place"])]
        constraints = [
            models.UniqueConstraint(fields=["letter", "place"], name="one_hop_a_place"),
            models.CheckConstraint(
                condition=Q(received_at=None, receipt="") | Q(received_at__isnull=False) & ~Q(receipt=""),
                name="received_has_a_receipt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_level} → {self.to_level}"
