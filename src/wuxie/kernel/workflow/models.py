"""What the engine keeps of every case: its events, its deadlines, whose turn it is, who follows it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Case(models.Model):
    """The columns that every case of every procedure has; a room's model adds its own and a ``State``."""

    state = models.CharField(_("状态"), max_length=32, db_index=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    reopened = models.PositiveSmallIntegerField(_("重开次数"), default=0, editable=False)
    number = models.CharField(_("编号"), max_length=40, blank=True, db_index=True)
    place_code = models.CharField(max_length=12, blank=True, db_index=True)
    opened_at = models.DateTimeField(_("建立时间"), editable=False)
    changed_at = models.DateTimeField(_("最近变化"), editable=False)

    class Meta:
        abstract = True


class Event(models.Model):
    """One step that was taken. Never edited, never deleted."""

    id = models.CharField(primary_key=True, max_length=26)
    workflow = models.CharField(max_length=40)
    case_pk = models.BigIntegerField()
    step = models.CharField(max_length=40)
    label = models.CharField(max_length=60)
    source = models.CharField(max_length=32)
    target = models.CharField(max_length=32)
    by = models.CharField(max_length=40, db_index=True)
    by_name = models.CharField(max_length=80, blank=True)
    by_title = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()
    note = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    papers = models.JSONField(default=dict)
    """Name of the paper → reference (``attachment:…``, ``document:…``)."""
    fact_id = models.CharField(max_length=26, blank=True)
    private = models.BooleanField(default=False)
    """Who did it is not shown to the other side (a complainant, a blind reviewer)."""

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["workflow", "case_pk", "-at"]), models.Index(fields=["by", "-at"])]


class DeadlineRow(models.Model):
    """A running, paused or ended period of one case."""

    class State(models.TextChoices):
        OPEN = "open", _("计时中")
        PAUSED = "paused", _("已中止")
        MET = "met", _("已办结")
        OVERDUE = "overdue", _("已逾期")
        DROPPED = "dropped", _("不再适用")

    workflow = models.CharField(max_length=40)
    case_pk = models.BigIntegerField()
    name = models.CharField(max_length=40)
    label = models.CharField(max_length=80)
    basis = models.CharField(max_length=80, blank=True)
    count = models.PositiveIntegerField()
    unit = models.CharField(max_length=12)
    started_on = models.DateField()
    used = models.PositiveIntegerField(default=0)
    """Units used up before the last pause."""
    paused_on = models.DateField(null=True)
    pause_reason = models.CharField(max_length=200, blank=True)
    due_on = models.DateField()
    due_at = models.DateTimeField()
    provisional = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    rung = models.PositiveSmallIntegerField(default=0)
    reminded = models.PositiveSmallIntegerField(default=0)
    look_at = models.DateTimeField()
    """When the clock has to look at this row next: the nearest of reminder, due moment and ladder rung."""
    error = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(fields=["state", "look_at"]),
            models.Index(fields=["workflow", "case_pk", "state"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["workflow", "case_pk", "name"],
                condition=models.Q(state__in=["open", "paused", "overdue"]),
                name="one_running_deadline_a_name",
            )
        ]


class Turn(models.Model):
    """Someone may take a step now: a row on the desk of whoever answers the seat."""

    workflow = models.CharField(max_length=40)
    case_pk = models.BigIntegerField()
    step = models.CharField(max_length=40)
    label = models.CharField(max_length=60)
    title = models.CharField(max_length=160)
    number = models.CharField(max_length=40, blank=True)
    role = models.CharField(max_length=32)
    organisation_id = models.BigIntegerField(null=True)
    place_code = models.CharField(max_length=12, blank=True)
    subject = models.CharField(max_length=40, blank=True)
    person_key = models.CharField(max_length=40, blank=True)
    case_place = models.CharField(max_length=12, blank=True)
    due_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    since = models.DateTimeField()

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(fields=["workflow", "case_pk"]),
            models.Index(fields=["role", "organisation_id", "due_at"]),
            models.Index(fields=["role", "place_code", "due_at"]),
            models.Index(fields=["role", "subject", "due_at"]),
        ]


class Follow(models.Model):
    """Someone wants to hear of a case that is not theirs to act on."""

    workflow = models.CharField(max_length=40)
    case_pk = models.BigIntegerField()
    person_key = models.CharField(max_length=40, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workflow", "case_pk", "person_key"], name="one_follow_a_person")
        ]
