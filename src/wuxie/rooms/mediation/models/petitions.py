"""A petition as a government office handles it: its own clock, its own opinions, review and re-review above it."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties import masks
from wuxie.kernel.parties.roles import ASSOCIATION, GOVERNMENT
from wuxie.kernel.parties.secrets import SealedText
from wuxie.kernel.search import search_text
from wuxie.kernel.workflow.models import Case
from wuxie.rooms.register.models import Project

from .disputes import Dispute

#: Level of an office → how many digits of the place's code it answers for.
LEVELS = {"gov_street": 9, "gov_district": 6, "gov_city": 4}


class PetitionQuerySet(models.QuerySet["Petition"]):
    def visible_to(self, actor: Actor) -> PetitionQuerySet:
        """The area's offices, and the association for what it handed over."""
        if actor.holds(*ASSOCIATION):
            return self.filter(dispute__isnull=False)
        return self.filter(actor.within("place_code", *GOVERNMENT))


class Petition(Case):
    """One matter before one office, under the regulation on petitions (信访工作条例)."""

    class State(models.TextChoices):
        RECEIVED = "received", _("已收到")
        OBJECTED = "competence_objection", _("提出不属职权")
        ACCEPTED = "accepted_notice", _("已受理")
        ANSWERED = "answered", _("已答复")
        REVIEWING = "review_requested", _("复查中")
        REVIEWED = "reviewed", _("已复查")
        FINAL = "final_review", _("复核中")
        CONCLUDED = "concluded", _("已终结")

    class Level(models.TextChoices):
        STREET = "gov_street", _("街道")
        DISTRICT = "gov_district", _("区县主管部门")
        CITY = "gov_city", _("市级主管部门")

    project = models.ForeignKey(Project, models.PROTECT, related_name="petitions", verbose_name=_("项目"))
    dispute = models.OneToOneField(Dispute, models.PROTECT, null=True, blank=True, related_name="petition")
    level = models.CharField(_("办理单位"), max_length=14, choices=Level)
    title = models.CharField(_("事项"), max_length=60)
    summary = models.CharField(_("诉求摘要"), max_length=600)
    petitioner = SealedText(_("信访人"))
    hidden = models.BooleanField(_("不公开身份"), default=False)
    received_on = models.DateField(_("收到日"))
    extended = models.BooleanField(default=False)
    opinion = models.CharField(_("处理意见"), max_length=600, blank=True)
    review = models.CharField(_("复查意见"), max_length=600, blank=True)
    final = models.CharField(_("复核意见"), max_length=600, blank=True)
    search = models.CharField(max_length=400, blank=True, editable=False, db_index=True)

    objects = PetitionQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name = _("信访事项")
        indexes = [models.Index(fields=["place_code", "state"], name="petition_by_place")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("mediation:petition", args=[self.pk])

    def index(self) -> Petition:
        """Set the search column; call before every write."""
        self.search = search_text(f"{self.project.estate.name} {self.title}", longest=360)
        return self

    @property
    def shown(self) -> str:
        """The petitioner as a page may show them."""
        return "" if self.hidden else masks.name(self.petitioner)
