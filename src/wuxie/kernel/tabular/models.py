"""An upload on its way into the records: who sent it, what was mended, how far it is. The rows lie in the vault."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.jobs.models import Job, new_ulid
from wuxie.kernel.parties.secrets import SealedText


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, actor: Actor) -> UploadQuerySet:
        """An upload may hold anybody's data: only who sent it sees it."""
        return self.filter(owner=actor.key) if actor.person_id else self.none()


class Upload(models.Model):
    """One file that somebody wants to import."""

    class State(models.TextChoices):
        RECEIVED = "received", _("正在读取")
        HEADINGS = "headings", _("对列名")
        CHECKED = "checked", _("核对")
        APPLIED = "applied", _("已写入")
        FAILED = "failed", _("读不了")
        DISCARDED = "discarded", _("已放弃")

    id = models.CharField(primary_key=True, max_length=26, default=new_ulid, editable=False)
    owner = models.CharField(_("谁上传"), max_length=60)
    name = models.CharField(_("导入什么"), max_length=60)
    title = models.CharField(_("文件名"), max_length=200)
    size = models.PositiveBigIntegerField(_("字节"))
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.RECEIVED)
    problem = models.TextField(_("问题"), blank=True, default="")
    layout = models.JSONField(_("列的含义"), default=dict)
    row_count = models.PositiveIntegerField(_("行数"), default=0)
    column_count = models.PositiveIntegerField(_("列数"), default=0)
    flaw_count = models.PositiveIntegerField(_("错处"), default=0)
    bad_rows = models.PositiveIntegerField(_("有错的行"), default=0)
    #: ``[{"group", "count", "mendable"}]``, the most frequent first; holds no value of a cell.
    reasons = models.JSONField(_("按原因"), default=list)
    read_ms = models.PositiveIntegerField(_("读取毫秒"), default=0)
    applied_count = models.PositiveIntegerField(_("写入行数"), default=0)
    applied_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    touched_at = models.DateTimeField(db_default=Now())

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("导入的文件")
        indexes = [models.Index(fields=["owner", "-created_at"], name="upload_by_owner")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("imports:upload", args=[self.pk])

    @property
    def job(self) -> Job | None:
        """The background work on this file that still goes on."""
        return Job.objects.open().filter(key=self.pk, name__startswith="tabular.").first()

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.RECEIVED, self.State.HEADINGS, self.State.CHECKED)


class Edit(models.Model):
    """One act of mending: cells that got another text, rows that were taken out. Undone by the next one only."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="edits")
    label = models.CharField(_("做了什么"), max_length=120)
    #: JSON ``{"sheet:row:column": text}``; mended cells may hold anybody's data.
    cells = SealedText(_("改过的格子"))
    dropped = models.JSONField(_("去掉的行"), default=list)
    created_at = models.DateTimeField(db_default=Now())
    undone = models.BooleanField(_("已撤回"), default=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("改动")

    def __str__(self) -> str:
        return self.label


class Profile(models.Model):
    """Headings of another program and what they mean here, kept for the next file from there."""

    name = models.CharField(_("导入什么"), max_length=60)
    title = models.CharField(_("方案名"), max_length=60)
    headings = models.JSONField(_("列名的含义"), default=dict)
    owner = models.CharField(_("谁存的"), max_length=60)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = _("列名方案")
        constraints = [models.UniqueConstraint(fields=["name", "title"], name="profile_title_once")]

    def __str__(self) -> str:
        return self.title


def by_headings(name: str) -> list[tuple[str, dict[str, Any]]]:
    """The profiles of one import as (title, headings)."""
    return list(Profile.objects.filter(name=name).values_list("title", "headings"))
