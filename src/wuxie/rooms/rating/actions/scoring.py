"""Freezing evidence: the rows are taken, the standard is run, all of it is kept; a seal over them follows at once.

The sealer works alone and in a transaction of its own, so it comes after the commit: the snapshot then learns which seal
covers its rows.
"""

from __future__ import annotations

from django.db import transaction

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import now, today
from wuxie.kernel.facts import ledger
from wuxie.kernel.facts.canonical import sha256
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.jobs import outbox
from wuxie.rooms.register.models import Project

from .. import evidence, facts, packs, queries
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
    basis = evidence.basis(application, run.standard)
    last = application.snapshots.order_by("-number").values_list("number", flat=True).first() or 0
    snapshot = Snapshot.objects.create(
        application=application, number=last + 1, reason=reason, document=document, packed_rows=packed,
        rows_sha256=digest, row_count=len(found), result=run.explained, basis=basis, exact=run.exact, total=run.total,
        stars=run.result.stars, vetoes=list(run.result.vetoes), by=by.key, at=now(),
    )  # fmt: skip
    application.snapshot = snapshot
    application.save(update_fields=["snapshot"])
    _announce(snapshot, project, by=by)
    outbox.post(SEAL, f"{snapshot.pk}", snapshot=snapshot.pk)
    return snapshot


def _announce(snapshot: Snapshot, project: Project, *, by: Actor) -> Fact:
    """The snapshot as a fact of the project and of the company that serves it.

    It binds standard, basis and result into the ledger, and it makes the very next seal say how far both chains reach: an
    older end of a chain cannot be shown in a pack.
    """
    digests = {name.partition(".")[0]: sha256(content) for name, content in packs.sealed_files(snapshot).items()}
    company = snapshot.basis["company"]
    return ledger.announce(
        facts.SNAPSHOT_TAKEN.code, project.key, occurred_on=today(), by=by.key, source=packs.source_of(snapshot),
        also_counts_for=[company] if company else [],
        details={"application": snapshot.application.key, "rows": snapshot.rows_sha256, **digests},
    )  # fmt: skip


def admit_result(fact: Fact, application: Application, *, by: Actor, why: str = "") -> Fact:
    """Let a fact that the rating itself wrote after the cut-off count as received on it."""
    return ledger.announce(
        facts.RESULT_ADMITTED.code, application.project.key, occurred_on=application.cycle.cutoff, regards=fact.pk,
        also_counts_for=fact.subjects, source=f"{application.key}/result/{fact.pk}", by=by.key, note=why,
    )  # fmt: skip


def note_seal(snapshot: Snapshot) -> bool:
    """Write down the seal that holds the fact of a snapshot, and with it all its rows; ``False`` while it waits for one."""
    seal = packs.seal_of(snapshot)
    if seal is None:
        return False
    if not snapshot.seal:
        snapshot.seal = f"{seal.number}:{seal.root}"
        snapshot.save(update_fields=["seal"])
    return True
