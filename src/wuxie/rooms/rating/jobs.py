"""What time and the ledger cause by themselves: freezing when it is ready, sealing snapshots, looking for vetoes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from django.utils.translation import gettext_noop

from wuxie.kernel.clock.now import today
from wuxie.kernel.facts import sealer
from wuxie.kernel.jobs.models import Job
from wuxie.kernel.jobs.outbox import handler
from wuxie.kernel.jobs.periodic import every
from wuxie.kernel.jobs.queue import task

from . import keepers, queries
from .actions import after, review, scoring
from .actions import whatif as comparing
from .models import Application, Snapshot, WhatIf

log = logging.getLogger(__name__)
S = Application.State


def each(rows: Iterable[Application], verb: Callable[[Application], object]) -> int:
    """Call a verb for each case; one that fails is logged and never stops the others."""
    done = 0
    for row in rows:
        try:
            verb(row)
            done += 1
        except Exception:
            log.exception("a verb of the rating failed for application %s", row.pk)
    return done


@every(60, name="rating.freeze")
def freeze_what_is_ready() -> int:
    """Applications whose cut-off is over are frozen and scored, after the ledger was sealed."""
    ready = Application.objects.filter(state=S.SCORING, cycle__cutoff__lt=today()).select_related(
        "cycle", "project__company", "project__estate"
    )
    rows = list(ready)
    if rows:
        _seal()
    return each(rows, review.freeze_snapshot)


def _seal() -> None:
    try:
        sealer.seal()
    except sealer.Busy:
        log.info("others were writing; the next round seals")


@handler(scoring.SEAL, remote=True)
def seal_snapshot(snapshot: int) -> None:
    """Seal the ledger so that it covers a snapshot's rows, and write down which seal does; retried while it is busy."""
    sealer.seal()
    row = Snapshot.objects.filter(pk=snapshot).first()
    if row is not None and not scoring.note_seal(row):
        raise RuntimeError(f"rows of snapshot {snapshot} are not sealed yet")


@every(3600, name="rating.root")
def publish_root() -> None:
    """Once a week the newest root goes to those who keep it outside."""
    keepers.publish_if_due()


@handler(keepers.MAIL, remote=True)
def mail_root(seal: int, address: str) -> None:
    keepers.mail(seal, address)


@every(3600, name="rating.vetoes")
def look_for_vetoes() -> int:
    """The net under the join on facts: a veto that begins or was missed puts its star under review."""
    return each(queries.due_vetoes(), after.veto_arrived)


@every(3600, name="rating.left")
def end_stars_of_those_who_left() -> int:
    """A star belongs to company and project together: it ends with the service."""
    rows = queries.starred_without_service()
    return each(rows, lambda application: after.expire(application, note=gettext_noop("企业已不再服务本项目")))


@task("rating.whatif")
def compare_versions(job: Job, whatif: int) -> dict[str, str] | None:
    """Two versions over a cycle's facts, for whoever waits."""
    made = WhatIf.objects.select_related("cycle").filter(pk=whatif).first()
    if made is None:
        return None
    return {"link": comparing.compute(made, job).get_absolute_url()}
