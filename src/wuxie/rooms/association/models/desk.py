"""The desk where members ask: a question, its answer in time, the mark that the member gives for it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.roles import ASSOCIATION
from wuxie.kernel.workflow.models import Case

from .groups import WorkGroup
from .members import Member, units_of


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    def visible_to(self, actor: Actor) -> InquiryQuerySet:
        """The association's office and president, the member that asked, and who leads the group that answers."""
        if actor.holds(*ASSOCIATION):
            return self
        led = WorkGroup.objects.led_by(actor)
        return self.filter(Q(member__organisation__in=units_of(actor)) | Q(group__in=led.values("pk")))


class Inquiry(Case):
    """What a member asks of its association."""

    class State(models.TextChoices):
        ASKED = "asked", _("待答复")
        ANSWERED = "answered", _("已答复")
        CLOSED = "closed", _("已办结")

    class Subject(models.TextChoices):
        POLICY = "policy", _("政策法规")
        DUES = "dues", _("会费会籍")
        TRAINING = "training", _("培训")
        RIGHTS = "rights", _("维权协调")
        ASSOCIATION = "association", _("对协会的意见")
        OTHER = "other", _("其他")

    DONE = (State.CLOSED,)

    member = models.ForeignKey(Member, models.PROTECT, related_name="inquiries", verbose_name=_("会员"))
    subject = models.CharField(_("类别"), max_length=12, choices=Subject, default=Subject.OTHER)
    title = models.CharField(_("诉求"), max_length=80)
    text = models.TextField(_("内容"))
    group = models.ForeignKey(
        WorkGroup, models.PROTECT, null=True, blank=True, related_name="inquiries", verbose_name=_("转给哪个组")
    )
    answer = models.TextField(_("答复"), blank=True)
    answered_on = models.DateField(_("答复日"), null=True, blank=True)
    mark = models.PositiveSmallIntegerField(_("满意"), null=True, blank=True)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name = _("会员诉求")
        constraints = [models.CheckConstraint(condition=Q(mark=None) | Q(mark__range=(1, 5)), name="mark_one_to_five")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("association:inquiry", args=[self.pk])
