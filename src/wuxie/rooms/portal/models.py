"""What a stranger tells about a plaque: it hangs at the wrong estate, or still hangs though it was revoked."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.roles import ASSOCIATION
from wuxie.kernel.parties.secrets import SealedText


class PlaqueReportQuerySet(models.QuerySet["PlaqueReport"]):
    def visible_to(self, actor: Actor) -> PlaqueReportQuerySet:
        """The association's only: who told is nobody else's business."""
        if actor.holds(*ASSOCIATION):
            return self
        return self.none()


class PlaqueReport(models.Model):
    """One report, followed by its receipt number until the secretariat has answered it."""

    class Matter(models.TextChoices):
        ELSEWHERE = "elsewhere", _("牌匾挂在别的小区")
        STILL_UP = "still_up", _("星级已撤销，牌匾还挂着")
        FORGED = "forged", _("像是仿制的牌匾")
        OTHER = "other", _("其他情况")

    receipt = models.CharField(_("回执号"), max_length=16, unique=True)
    plaque = models.CharField(_("牌匾编号"), max_length=40)
    matter = models.CharField(_("情况"), max_length=12, choices=Matter)
    seen_at = models.CharField(_("所见位置"), max_length=120)
    text = models.TextField(_("说明"), blank=True)
    contact = SealedText(_("联系方式"))
    made_at = models.DateTimeField(_("收到时间"))
    answer = models.TextField(_("处理结果"), blank=True)
    answered_by = models.CharField(max_length=40, blank=True)
    answered_at = models.DateTimeField(null=True)

    objects = PlaqueReportQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("牌匾反映")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_at=None, answer="") | models.Q(answered_at__isnull=False) & ~models.Q(answer=""),
                name="report_answered_with_words",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.receipt

    @staticmethod
    def waiting() -> models.Q:
        """Reports that nobody has answered."""
        return models.Q(answered_at=None)
