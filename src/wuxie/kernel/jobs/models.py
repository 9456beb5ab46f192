"""The tables behind the outbox, the queue and the periodic loop."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from ulid import ULID


def new_ulid() -> str:
    """A fresh ULID: unique, and sorted by the moment it was made."""
    return str(ULID())


class Outgoing(models.Model):
    """One consequence that has to happen after the commit that asked for it, exactly once."""

    topic = models.CharField(_("主题"), max_length=60)
    key = models.CharField(_("键"), max_length=200)
    payload = models.JSONField(_("内容"), default=dict)
    created_at = models.DateTimeField(_("记入时间"), db_default=Now())
    due_at = models.DateTimeField(_("最早处理时间"), db_default=Now())
    attempts = models.PositiveIntegerField(_("已试次数"), default=0)
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    error = models.TextField(_("上次的错"), blank=True, default="")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("待办后果")
        constraints = [models.UniqueConstraint(fields=["topic", "key"], name="outgoing_once_per_topic_and_key")]
        indexes = [
            models.Index(fields=["due_at", "id"], name="outgoing_waiting", condition=models.Q(done_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, actor: Any) -> JobQuerySet:
        """A job is shown to the person who asked for it and to nobody else."""
        return self.filter(owner=actor.key) if getattr(actor, "person_id", None) else self.none()

    def open(self) -> JobQuerySet:
        """Jobs that wait or run."""
        return self.filter(state__in=(Job.State.QUEUED, Job.State.RUNNING))


class Job(models.Model):
    """One piece of background work that somebody may be waiting for."""

    class State(models.TextChoices):
        QUEUED = "queued", _("排队中")
        RUNNING = "running", _("进行中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("没有完成")

    id = models.CharField(primary_key=True, max_length=26, default=new_ulid, editable=False)
    name = models.CharField(_("作业"), max_length=60)
    key = models.CharField(_("键"), max_length=200)
    ids = models.JSONField(_("对象"), default=dict)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.QUEUED)
    progress = models.PositiveBigIntegerField(_("已做"), default=0)
    total = models.PositiveBigIntegerField(_("共有"), default=0)
    message = models.CharField(_("说明"), max_length=400, blank=True, default="")
    result = models.JSONField(_("结果"), default=dict)
    error = models.TextField(_("错误"), blank=True, default="")
    owner = models.CharField(_("谁在等"), max_length=60, blank=True, default="")
    worker = models.CharField(max_length=120, blank=True, default="")
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("后台作业")
        constraints = [
            models.UniqueConstraint(
                fields=["name", "key"],
                condition=models.Q(state__in=("queued", "running")),
                name="job_open_once_per_name_and_key",
            )
        ]
        indexes = [models.Index(fields=["owner", "-created_at"], name="job_by_owner")]

    def __str__(self) -> str:
        return f"{self.name} {self.key}"

    def get_absolute_url(self) -> str:
        return reverse("jobs:job", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    @property
    def percent(self) -> int:
        """How far it is, in whole percent; 0 while the total is not known."""
        return min(100, self.progress * 100 // self.total) if self.total else 0


class Lock(models.Model):
    """Who does a periodic piece at the moment, and when it is due again; one row a piece."""

    name = models.CharField(primary_key=True, max_length=80)
    until = models.DateTimeField(db_default=Now())
    holder = models.CharField(max_length=120, blank=True, default="")
    next_at = models.DateTimeField(db_default=Now())
    ran_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["name"]
        verbose_name = _("定时作业")

    def __str__(self) -> str:
        return self.name
