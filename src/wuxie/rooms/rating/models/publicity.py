"""Anyone may object to a published result; a company may dispute a fact that is held against it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.roles import ASSOCIATION, COMPANY
from wuxie.kernel.parties.secrets import SealedText
from wuxie.kernel.workflow.models import Case

from .application import Application, concerning


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def visible_to(self, actor: Actor) -> ObjectionQuerySet:
        """The association and the levels of government; a company reads what was decided, never who objected."""
        if actor.holds(*ASSOCIATION):
            return self
        decided = ~Q(state=Objection.State.RECEIVED)
        own = Q(application__project__company__in=actor.organisations(*COMPANY))
        return self.filter(actor.within("place_code", "gov_city", "gov_district") | own & decided)


class Objection(Case):
    """What someone says against a published star, followed by its receipt number."""

    class State(models.TextChoices):
        RECEIVED = "received", _("已收到")
        UPHELD = "upheld", _("成立")
        REJECTED = "rejected", _("不成立")

    application = models.ForeignKey(Application, models.PROTECT, related_name="objections")
    receipt = models.CharField(_("回执号"), max_length=16, unique=True)
    indicator = models.CharField(_("所指指标"), max_length=8, blank=True)
    text = models.TextField(_("异议内容"))
    contact = SealedText(_("联系方式"))
    """Sealed at rest; read only by who decides, with a reason and a log line."""
    by = models.CharField(max_length=40)
    reply = models.TextField(_("答复"), blank=True)
    replied_by = models.CharField(max_length=40, blank=True)
    replied_on = models.DateField(null=True)
    facts = models.JSONField(default=list)
    """Ids of facts that were corrected because of it."""

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        ordering = ["application_id", "pk"]
        verbose_name = _("公示异议")
        constraints = [
            models.CheckConstraint(condition=Q(state="received") | ~Q(reply=""), name="objection_answered_with_reasons")
        ]

    def __str__(self) -> str:
        return self.receipt

    @property
    def project(self):  # type: ignore[no-untyped-def]
        return self.application.project


class FactDisputeQuerySet(models.QuerySet["FactDispute"]):
    def visible_to(self, actor: Actor) -> FactDisputeQuerySet:
        if actor.holds(*ASSOCIATION):
            return self
        return self.filter(concerning(actor))


class FactDispute(Case):
    """A company says that a fact is wrong: while it is open the fact does not count, but not for ever."""

    class State(models.TextChoices):
        OPENED = "opened", _("待裁定")
        UPHELD = "upheld", _("异议成立")
        REJECTED = "rejected", _("异议不成立")
        WITHDRAWN = "withdrawn", _("已撤回")
        EXPIRED = "expired", _("到期恢复计分")

    project = models.ForeignKey("register.Project", models.PROTECT, related_name="fact_disputes")
    fact_id = models.CharField(max_length=26, db_index=True)
    fact_kind = models.CharField(max_length=80)
    reason = models.TextField(_("理由"))
    opened_by = models.CharField(max_length=40)
    reply = models.TextField(_("裁定理由"), blank=True)
    decided_by = models.CharField(max_length=40, blank=True)

    objects = FactDisputeQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name = _("事实争议")
        constraints = [
            models.UniqueConstraint(fields=["fact_id"], condition=Q(state="opened"), name="one_open_dispute_a_fact"),
            models.CheckConstraint(
                condition=~Q(state__in=["upheld", "rejected"]) | ~Q(reply=""), name="dispute_decided_with_reasons"
            ),
        ]
