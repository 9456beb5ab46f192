"""Proceedings of industry discipline, who has a part in them, and the ballots of the panel."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import local, today
from wuxie.kernel.parties.models import Organisation, Person
from wuxie.kernel.parties.roles import ASSOCIATION, COMPANY
from wuxie.kernel.workflow.models import Case

from ..words import HEAVY, NONE, Charge, Lifted, Measure, Review, Served, Source

PANEL = "discipline_panel"


class ProceedingQuerySet(models.QuerySet["Proceeding"]):
    def visible_to(self, actor: Actor) -> ProceedingQuerySet:
        """The association; the panel once it is filed; the company once it is told; the authority what it sent and what took effect."""
        if actor.holds(*ASSOCIATION):
            return self
        told = Q(state__in=Proceeding.TOLD, dismissed_early=False)
        shown = Q(respondent__in=actor.organisations(*COMPANY)) & told
        if actor.holds(PANEL):
            shown |= ~Q(state=Proceeding.State.CLUE) & ~Q(
                pk__in=Involvement.objects.filter(person=actor.person_id, part=Involvement.Part.RECUSED).values(
                    "proceeding"
                )
            )
        own = Q(source=Source.REFERRED) | Q(state__in=Proceeding.IN_FORCE)
        return self.filter(shown | actor.within("place_code", "gov_city") & own)

    def public(self) -> ProceedingQuerySet:
        """What everybody may read: heavy measures in force, from the day of effect to the last day of validity."""
        return self.filter(state=Proceeding.State.EFFECTIVE, measure__in=HEAVY, ends_on__gte=today())


class Proceeding(Case):
    """One case of discipline, from a clue to the end of a measure."""

    class State(models.TextChoices):
        CLUE = "clue", _("线索")
        FILED = "filed", _("已立案")
        DISMISSED = "dismissed", _("不予处理")
        INVESTIGATING = "investigating", _("调查中")
        PROPOSED = "proposed", _("已告知拟处理")
        DEFENDED = "defended", _("待听证或表决")
        HEARING = "hearing", _("已听证")
        VOTED = "voted", _("已表决")
        SERVED = "served", _("已送达")
        APPEALED = "appealed", _("复议中")
        EFFECTIVE = "effective", _("生效中")
        WITHDRAWN = "withdrawn", _("已撤销")
        LIFTED = "lifted", _("已解除")

    #: From here on the company has been told.
    TOLD = (
        State.DISMISSED, State.INVESTIGATING, State.PROPOSED, State.DEFENDED, State.HEARING, State.VOTED, State.SERVED, State.APPEALED,
        State.EFFECTIVE, State.WITHDRAWN, State.LIFTED,
    )  # fmt: skip
    IN_FORCE = (State.EFFECTIVE, State.LIFTED)
    CLOSED = (State.DISMISSED, State.WITHDRAWN, State.LIFTED)

    respondent = models.ForeignKey(Organisation, models.PROTECT, related_name="proceedings", verbose_name=_("企业"))
    charge = models.CharField(_("事由"), max_length=20, choices=Charge)
    title = models.CharField(_("名称"), max_length=80)
    words = models.TextField(_("反映的情况"), max_length=1000)
    occurred_on = models.DateField(_("发生日"))
    source = models.CharField(_("来源"), max_length=12, choices=Source)
    source_number = models.CharField(_("来文编号"), max_length=60, blank=True)
    informant = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("反映人")
    )
    """Who told of it: never shown to the company, masked to the association, read in plain for a reason on record."""
    informant_company = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("反映单位")
    )
    registered_by = models.CharField(max_length=40)
    dismissed_early = models.BooleanField(default=False)
    """Dismissed before the company was told: nobody there needs to hear of it."""
    extended = models.BooleanField(default=False)
    findings = models.TextField(_("查明的事实"), max_length=2000, blank=True)
    factors = models.JSONField(_("情节"), default=list)
    proposed = models.CharField(_("拟采取的措施"), max_length=12, choices=Measure, blank=True)
    proposed_months = models.PositiveSmallIntegerField(_("拟定期限"), null=True, blank=True, help_text="months")
    departure = models.CharField(_("与相似案件不同的理由"), max_length=400, blank=True)
    defence = models.TextField(_("申辩"), max_length=2000, blank=True)
    wants_hearing = models.BooleanField(_("要求听证"), default=False)
    measure = models.CharField(_("措施"), max_length=12, choices=Measure, blank=True)
    months = models.PositiveSmallIntegerField(_("期限"), null=True, blank=True, help_text="months")
    tally = models.JSONField(default=dict)
    decided_on = models.DateField(_("决定日"), null=True, blank=True)
    served_on = models.DateField(_("送达日"), null=True, blank=True)
    served_how = models.CharField(_("送达方式"), max_length=8, choices=Served, blank=True)
    grounds = models.TextField(_("复议理由"), max_length=2000, blank=True)
    review = models.CharField(_("复议结果"), max_length=12, choices=Review, blank=True)
    council = models.JSONField(default=dict)
    """The council that reviewed: seats, those present by name, how many wanted to change it."""
    effective_on = models.DateField(_("生效日"), null=True, blank=True)
    ends_on = models.DateField(_("有效至"), null=True, blank=True)
    repair_asked_on = models.DateField(_("申请解除日"), null=True, blank=True)
    lifted_on = models.DateField(_("解除日"), null=True, blank=True)
    lifted_why = models.CharField(_("为什么解除"), max_length=12, choices=Lifted, blank=True)

    objects = ProceedingQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name = _("自律案件")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="effective") | Q(effective_on__isnull=False, ends_on__isnull=False) & ~Q(measure=""),
                name="measure_in_force_is_dated",
            ),
            models.CheckConstraint(condition=Q(lifted_on=None) | Q(lifted_on__gte=models.F("effective_on")), name="lifted_after_effect"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["respondent", "state"]), models.Index(fields=["charge", "state"])]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("conduct:case", args=[self.pk])

    @property
    def is_heavy(self) -> bool:
        """Whether the company may ask for a hearing about what is proposed."""
        return self.proposed in HEAVY

    @property
    def needs_hearing(self) -> bool:
        """Asked for, or the heaviest rung: nobody is expelled unheard."""
        return self.wants_hearing or self.proposed == Measure.EXPEL

    @property
    def days(self) -> int:
        """Days from the clue to the last change."""
        return max((local(self.changed_at).date() - local(self.opened_at).date()).days, 0)


class Involvement(models.Model):
    """A person's part in one proceeding: investigates it, or stands aside from it."""

    class Part(models.TextChoices):
        INVESTIGATOR = "investigator", _("调查")
        RECUSED = "recused", _("回避")

    proceeding = models.ForeignKey(Proceeding, models.CASCADE, related_name="involved")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("人员"))
    part = models.CharField(_("身份"), max_length=12, choices=Part)
    reason = models.CharField(_("理由"), max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("办案人员")
        constraints = [models.UniqueConstraint(fields=["proceeding", "person"], name="one_part_a_person")]

    def __str__(self) -> str:
        return self.get_part_display()


class Ballot(models.Model):
    """What one member of the panel found: no breach, or the heaviest rung that they would bear."""

    CHOICES = ((NONE, _("不构成违约")), *Measure.choices)

    proceeding = models.ForeignKey(Proceeding, models.CASCADE, related_name="ballots")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("委员"))
    choice = models.CharField(_("意见"), max_length=12, choices=CHOICES)
    reason = models.CharField(_("理由"), max_length=400, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("委员意见")
        constraints = [models.UniqueConstraint(fields=["proceeding", "person"], name="one_panel_ballot_a_member")]

    def __str__(self) -> str:
        return self.get_choice_display()
