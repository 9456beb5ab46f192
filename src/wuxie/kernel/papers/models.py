"""Files that belong to a case, and the numbered documents made for it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.jobs.models import new_ulid
from wuxie.kernel.parties.secrets import SealedText


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def on(self, case: str) -> AttachmentQuerySet:
        """What lies in the file of one case (``star_application:17``) and was not withdrawn."""
        return self.filter(case=case, withdrawal=None)

    def visible_to(self, actor: Any) -> AttachmentQuerySet:
        """Papers of the cases that this person may see; asked case by case."""
        from .visibility import may_see

        cases = [case for case in self.values_list("case", flat=True).distinct() if may_see(actor, case)]
        return self.filter(case__in=cases)


class Attachment(models.Model):
    """One file in a case: its content is named by its own hash and is written once."""

    id = models.CharField(primary_key=True, max_length=26, default=new_ulid, editable=False)
    case = models.CharField(_("案件"), max_length=80, db_index=True)
    kind = models.CharField(_("文书名称"), max_length=80, blank=True, default="")
    title = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(_("内容校验值"), max_length=64)
    size = models.PositiveBigIntegerField(_("字节"))
    mime = models.CharField(_("类型"), max_length=100)
    #: For pictures: the copy that others see, without what the camera wrote into it.
    public_sha256 = models.CharField(max_length=64, blank=True, default="")
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    #: What the camera claims: a moment without a zone, as it stands in the picture.
    taken_at = models.CharField(_("照片自述时间"), max_length=19, blank=True, default="")
    #: ``latitude,longitude`` in degrees as the camera claims; may show where somebody lives.
    taken_where = SealedText(_("照片自述位置"))
    by = models.CharField(_("谁放的"), max_length=60)
    created_at = models.DateTimeField(_("收到时间"), db_default=Now())

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("附件")
        indexes = [models.Index(fields=["case", "kind"], name="attachment_by_case")]

    def __str__(self) -> str:
        return self.kind or self.title

    def get_absolute_url(self) -> str:
        return reverse("papers:attachment", args=[self.pk])

    @property
    def is_picture(self) -> bool:
        return self.mime.startswith("image/")


class Withdrawal(models.Model):
    """An attachment taken out of a case, with who and why; the file itself stays where it is."""

    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="withdrawal")
    reason = models.CharField(_("理由"), max_length=400)
    by = models.CharField(_("谁撤回"), max_length=60)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        verbose_name = _("撤回")

    def __str__(self) -> str:
        return self.reason


class DocumentQuerySet(models.QuerySet["Document"]):
    def on(self, case: str) -> DocumentQuerySet:
        return self.filter(case=case)

    def visible_to(self, actor: Any) -> DocumentQuerySet:
        """Documents of the cases that this person may see."""
        from .visibility import may_see

        cases = [case for case in self.values_list("case", flat=True).distinct() if may_see(actor, case)]
        return self.filter(case__in=cases)


class Document(models.Model):
    """A numbered paper that was issued. It is never changed: a mistake is voided and keeps its number."""

    id = models.CharField(primary_key=True, max_length=26, default=new_ulid, editable=False)
    code = models.CharField(_("种类"), max_length=60)
    label = models.CharField(_("名称"), max_length=80)
    number = models.CharField(_("编号"), max_length=80, unique=True)
    year = models.PositiveSmallIntegerField(_("年"))
    series = models.CharField(max_length=80)
    seq = models.PositiveIntegerField(_("序号"))
    case = models.CharField(_("案件"), max_length=80, db_index=True)
    #: The texts that the paper carries, by field; what a reader of the paper may read.
    values = models.JSONField(_("内容"), default=dict)
    issued_on = models.DateField(_("签发日期"))
    issued_by = models.CharField(_("谁签发"), max_length=60)
    #: The random part of the address by which the paper in hand is checked.
    check_code = models.CharField(_("验真码"), max_length=16, unique=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True, default="")
    seal_root = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "-pk"]
        verbose_name = _("文书")
        constraints = [
            models.UniqueConstraint(fields=["series", "year", "seq"], name="document_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("papers:document", args=[self.pk])


class Void(models.Model):
    """A document declared void: it keeps its number and says so."""

    document = models.OneToOneField(Document, models.PROTECT, related_name="void")
    reason = models.CharField(_("作废理由"), max_length=400)
    by = models.CharField(_("谁作废"), max_length=60)
    voided_on = models.DateField(_("作废日期"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("作废")

    def __str__(self) -> str:
        return self.reason


class Series(models.Model):
    """The last number given in one series and year; the row is locked while a number is taken."""

    name = models.CharField(max_length=80)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["name", "year"]
        verbose_name = _("编号")
        constraints = [models.UniqueConstraint(fields=["name", "year"], name="series_once_a_year")]

    def __str__(self) -> str:
        return f"{self.name} {self.year}"


class WordTemplate(models.Model):
    """A Word file that the office edits itself, in versions; the newest is used."""

    code = models.CharField(_("种类"), max_length=60)
    title = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(max_length=64)
    by = models.CharField(_("谁上传"), max_length=60)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["code", "-pk"]
        verbose_name = _("Word 模板")

    def __str__(self) -> str:
        return self.title
