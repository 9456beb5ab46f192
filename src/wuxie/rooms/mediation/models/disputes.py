"""A dispute, the voices that told of it, its parties, sittings and what was agreed.

What identifies somebody and what is said at the table is encrypted; the title and the summary are written by the office, neutral, and
are what others see.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuxie.kernel import grams
from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties import masks
from wuxie.kernel.parties.models import Organisation, Person
from wuxie.kernel.parties.roles import ASSOCIATION, COMPANY, GOVERNMENT
from wuxie.kernel.parties.secrets import SealedText, blind_index
from wuxie.kernel.search import search_text
from wuxie.kernel.workflow.models import Case
from wuxie.rooms.register.models import Project

from ..words import Authority, Channel, Fault, Referral, Result, Side


def insiders(actor: Actor, to: str = "") -> Q:
    """Disputes at whose table this person sits: the company they are about, its project manager, who mediates."""
    return (
        Q(**{f"{to}project__company__in": actor.organisations(*COMPANY)})
        | Q(**{f"{to}project__in": actor.ids("project", "project_manager")})
        | (
            Q(**{f"{to}mediator": actor.person_id}) | Q(**{f"{to}expert": actor.person_id})
            if actor.person_id
            else Q(pk__in=[])
        )
    )


class DisputeQuerySet(models.QuerySet["Dispute"]):
    def visible_to(self, actor: Actor) -> DisputeQuerySet:
        """The association, who sits at the table, and the area's offices (who read no minutes and no names)."""
        if actor.holds(*ASSOCIATION):
            return self
        return self.filter(insiders(actor) | actor.within("place_code", *GOVERNMENT))

    def inside(self, actor: Actor) -> DisputeQuerySet:
        """Those of which this person may read what was said: mediation is confidential (人民调解法 art. 15)."""
        return self if actor.holds(*ASSOCIATION) else self.filter(insiders(actor))

    def running(self) -> DisputeQuerySet:
        return self.exclude(state__in=Dispute.OVER)


class Dispute(Case):
    """One dispute, however many people told of it, from the first voice to the visit half a year after it was settled."""

    class State(models.TextChoices):
        REGISTERED = "registered", _("已登记")
        ACCEPTED = "accepted", _("已受理")
        NOT_ACCEPTED = "not_accepted", _("不予受理")
        TRANSFERRED = "transferred", _("已转办")
        MERGED = "merged", _("已并入另一件")
        ASSIGNED = "assigned", _("已指派")
        INVESTIGATING = "investigating", _("举证和勘查")
        IN_SESSION = "in_session", _("调解中")
        SUSPENDED = "suspended", _("已中止")
        SETTLED = "settled", _("已达成协议")
        FAILED = "failed", _("没有达成")
        WITHDRAWN = "withdrawn", _("已撤回")
        CONFIRMING = "confirming", _("司法确认中")
        PERFORMING = "performing", _("履行中")
        PERFORMED = "performed", _("已履行")
        BREACHED = "breached", _("没有履行")
        CLOSED = "closed", _("已办结")

    OVER = (
        State.NOT_ACCEPTED, State.TRANSFERRED, State.MERGED, State.FAILED, State.WITHDRAWN, State.BREACHED, State.CLOSED,
    )  # fmt: skip
    #: Somebody is still to find out and to talk.
    OPEN = (State.REGISTERED, State.ACCEPTED, State.ASSIGNED, State.INVESTIGATING, State.IN_SESSION)
    #: An agreement is there and is to be kept.
    AGREED = (State.SETTLED, State.CONFIRMING, State.PERFORMING)

    project = models.ForeignKey(Project, models.PROTECT, related_name="disputes", verbose_name=_("项目"))
    title = models.CharField(_("事项"), max_length=60)
    summary = models.CharField(_("诉求摘要"), max_length=600, blank=True)
    """What everybody at the table and the offices read; never who told of it."""
    occurred_on = models.DateField(_("事情发生日"))
    channel = models.CharField(_("来源"), max_length=16, choices=Channel)
    category = models.CharField(_("类别"), max_length=8, blank=True, db_index=True)
    """A code of the catalogue (``M5.01``), chosen by a person."""
    suggested = models.JSONField(default=list)
    """The codes that the text suggested, the likeliest first."""
    people = models.PositiveSmallIntegerField(_("涉及人数"), default=1)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    search = models.CharField(max_length=400, blank=True, editable=False)
    grams = models.TextField(blank=True, editable=False)

    replied_at = models.DateTimeField(_("企业答复时间"), null=True, blank=True)
    reply = models.CharField(_("企业答复"), max_length=600, blank=True)
    fault = models.CharField(_("核实结果"), max_length=8, choices=Fault, blank=True)
    referral = models.CharField(_("为什么不办"), max_length=12, choices=Referral, blank=True)
    referred_to = models.CharField(_("转到哪里"), max_length=120, blank=True)

    committee = models.ForeignKey("Committee", models.PROTECT, null=True, blank=True, related_name="disputes")
    """The registered people's mediation committee under which it runs; none: it is the association's own service."""
    accepted_on = models.DateField(_("受理日"), null=True, blank=True)
    mediator = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("调解员")
    )
    expert = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("专家"))
    refusals = models.JSONField(default=dict)
    """Side → the person whom it refused; each side may do so once."""
    extended = models.BooleanField(default=False)
    result = models.CharField(_("结果"), max_length=20, choices=Result, blank=True)
    undisputed = SealedText(_("无争议事实"))
    agreed_on = models.DateField(_("协议日"), null=True, blank=True)
    court = models.CharField(_("确认法院"), max_length=80, blank=True)
    ruling = models.CharField(_("裁定书编号"), max_length=80, blank=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name = _("调解案件")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="merged") | Q(merged_into__isnull=False), name="dispute_merged_into_one"
            ),
        ]
        indexes = [
            models.Index(fields=["project", "state"]),
            models.Index(fields=["place_code", "state"]),
            models.Index(fields=["state", "-opened_at"]),
            models.Index(fields=["-opened_at", "-id"], name="dispute_newest"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("mediation:dispute", args=[self.pk])

    def index(self) -> Dispute:
        """Set the columns of the search; call before every write."""
        self.search = search_text(f"{self.project.estate.name} {self.title} {self.number}", longest=360)
        self.grams = grams.grams_of(self.search)
        return self

    @property
    def is_peoples(self) -> bool:
        """Whether it runs under a registered people's mediation committee."""
        return self.committee_id is not None

    @property
    def service(self) -> str:
        """What the procedure lawfully is called."""
        return "人民调解" if self.is_peoples else "协会调解"


class VoiceQuerySet(models.QuerySet["Voice"]):
    def visible_to(self, actor: Actor) -> VoiceQuerySet:
        """What somebody told is read by the office and by who mediates, and by nobody of the other side."""
        if actor.holds(*ASSOCIATION):
            return self
        mediating = Q(dispute__mediator=actor.person_id) | Q(dispute__expert=actor.person_id)
        return self.filter(mediating if actor.person_id else Q(pk__in=[]))


class Voice(models.Model):
    """One telling of a dispute: who, by which channel, in which words."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="voices")
    channel = models.CharField(_("来源"), max_length=16, choices=Channel)
    receipt = models.CharField(_("回执号"), max_length=16, unique=True)
    """Random, with a check character: whoever holds it may ask how far the matter is."""
    reference = models.CharField(_("来文或工单号"), max_length=60, blank=True)
    received_on = models.DateField(_("收到日"))
    name = SealedText(_("反映人"))
    phone = SealedText(_("电话"))
    phone_index = models.CharField(max_length=32, blank=True, db_index=True, editable=False)
    words = SealedText(_("反映内容"))
    hidden = models.BooleanField(_("不公开身份"), default=False)
    is_repeat = models.BooleanField(_("同一件事再次反映"), default=False)
    question = models.CharField(_("问反映人"), max_length=300, blank=True)
    answer = SealedText(_("反映人的回话"))
    answered_at = models.DateTimeField(null=True, blank=True)
    said = models.CharField(_("答复反映人"), max_length=600, blank=True)
    taken_by = models.CharField(max_length=40)

    objects = VoiceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("反映")
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "reference"], condition=~Q(reference=""), name="voice_once_a_reference"
            ),
        ]

    def __str__(self) -> str:
        return self.receipt

    def index(self) -> Voice:
        """Set the blind index; call before every write."""
        self.phone_index = blind_index(self.phone, context="phone") if self.phone else ""
        return self

    @property
    def shown(self) -> str:
        """The name as a page may show it: starred, and of who wants to stay hidden not even its first sign."""
        return "" if self.hidden else masks.name(self.name)


class Party(models.Model):
    """Somebody at the table, and what they may promise there."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="parties")
    side = models.CharField(_("地位"), max_length=10, choices=Side)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    name = SealedText(_("姓名"))
    representative = SealedText(_("到场的人"))
    authority = models.CharField(_("权限"), max_length=8, choices=Authority, default=Authority.SELF)
    has_paper = models.BooleanField(_("有委托书"), default=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("当事人")

    def __str__(self) -> str:
        return str(self.organisation) if self.organisation else masks.name(self.name)

    @property
    def may_settle(self) -> bool:
        """Whether who comes for it may promise something: oneself, or an agent with that power and a paper that says so."""
        return self.authority == Authority.SELF or (self.authority == Authority.SETTLE and self.has_paper)


class Sitting(models.Model):
    """A sitting or a look on site: invited to, held, with its minutes."""

    class Kind(models.TextChoices):
        SITTING = "sitting", _("调解会")
        SURVEY = "survey", _("现场勘查")

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="sittings")
    kind = models.CharField(_("种类"), max_length=8, choices=Kind)
    at = models.DateTimeField(_("时间"))
    place = models.CharField(_("地点"), max_length=80)
    held_at = models.DateTimeField(_("记录时间"), null=True, blank=True)
    present = SealedText(_("到场的人"))
    minutes = SealedText(_("笔录"))

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("调解会")

    def __str__(self) -> str:
        return str(self.Kind(self.kind).label)


class Clause(models.Model):
    """One thing that one side owes by the agreement, until a day."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="clauses")
    debtor = models.CharField(_("谁来做"), max_length=10, choices=Side)
    what = models.CharField(_("做什么"), max_length=300)
    amount = models.PositiveBigIntegerField(_("金额"), null=True, blank=True, help_text="cents")
    due_on = models.DateField(_("履行期限"))
    performed_on = models.DateField(_("履行日"), null=True, blank=True)
    proof = models.CharField(_("凭据"), max_length=200, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("协议条款")

    def __str__(self) -> str:
        return self.what
