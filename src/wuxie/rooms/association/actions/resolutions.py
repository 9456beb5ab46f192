"""Verbs on resolutions: what was done is reported by one and looked at by another."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import said
from wuxie.kernel.workflow.models import Event

from ..models import Resolution
from ..workflow import RESOLUTION
from ..workflow.meetings import PROOF
from .common import File, keep, save


@transaction.atomic
def report(case: Resolution, *, by: Actor, outcome: str, file: File | None = None) -> Event:
    """What was done, with a paper that shows it if there is one."""
    engine.check(RESOLUTION, "report", case, by=by)
    what = said(outcome, _("请写办成了什么。"))[:400]
    event = engine.take(RESOLUTION, "report", case, by=by, note=what, papers=keep(RESOLUTION, case, PROOF, file, by))
    save(case, outcome=what, reported_by=by.key)
    return event
