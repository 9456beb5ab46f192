"""Freezing evidence: the rows are taken, the standard is run, all of it is kept; a seal over them follows at once.

The sealer works alone and in a transaction of its own, so it comes after the commit: the snapshot then learns which seal
covers its rows.
"""

from __future__ import annotations

from django.db import transaction

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import now
from wuxie.kernel.facts import ledger
from wuxie.kernel.facts.models import Fact, Unsealed
from wuxie.kernel.facts.queries import last_seal
from wuxie.kernel.jobs import outbox

from .. import evidence, facts, queries
from ..models import Application, Snapshot

SEAL = "rating.seal"


@transaction.atomic
def freeze(application: Application, reason: Snapshot.Reason, *, by: Actor) -> Snapshot:
    """Take a new snapshot, which counts from now on; earlier ones stay."""
    cycle, project = application.cycle, application.project
    document = queries.document_for(application)
    found = evidence.rows(project, window_to=cycle.window_to, cutoff=cycle.cutoff)
    run = evidence.run(document, found, project.key)
    packed, digest = evidence.pack(found)
    last = application.snapshots.order_by("-number").values_list("number", flat=True).first() or 0
    snapshot = Snapshot.objects.create(
        application=application, number=last + 1, reason=reason, document=document, packed_rows=packed,
        rows_sha256=digest, row_count=len(found), result=run.explained, exact=run.exact, total=run.total,
        stars=run.result.stars, vetoes=list(run.result.vetoes), by=by.key, at=now(),
    )  # fmt: skip
    application.snapshot = snapshot
    application.save(update_fields=["snapshot"])
    outbox.post(SEAL, f"{snapshot.pk}", snapshot=snapshot.pk)
    return snapshot


def admit_result(fact: Fact, application: Application, *, by: Actor, why: str = "") -> Fact:
    """Let a fact that the rating itself wrote after the cut-off count as received on it."""
    return ledger.announce(
        facts.RESULT_ADMITTED.code, application.project.key, occurred_on=application.cycle.cutoff, regards=fact.pk,
        source=f"{application.key}/result/{fact.pk}", by=by.key, note=why,
    )  # fmt: skip


def note_seal(snapshot: Snapshot) -> bool:
    """Write down the seal that covers all rows of a snapshot; ``False`` while some of them still wait for one."""
    ids = [row["id"] for row in snapshot.rows]
    if any(Unsealed.objects.filter(fact__in=ids[start : start + 500]).exists() for start in range(0, len(ids), 500)):
        return False
    last = last_seal()
    if last is not None and not snapshot.seal:
        snapshot.seal = f"{last.number}:{last.root}"
        snapshot.save(update_fields=["seal"])
    return True
