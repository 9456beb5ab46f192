"""Freezing evidence: the ledger is sealed, the rows are taken, the standard is run, all of it is kept."""

from __future__ import annotations

from django.db import transaction

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import now
from wuxie.kernel.facts import ledger
from wuxie.kernel.facts.models import Fact

from .. import evidence, facts, queries
from ..models import Application, Snapshot
from .seals import seal


@transaction.atomic
def freeze(application: Application, reason: Snapshot.Reason, *, by: Actor) -> Snapshot:
    """Take a new snapshot, which counts from now on; earlier ones stay."""
    sealed = seal()
    cycle, project = application.cycle, application.project
    document = queries.document_for(application)
    found = evidence.rows(project, window_to=cycle.window_to, cutoff=cycle.cutoff)
    run = evidence.run(document, found, project.key)
    packed, digest = evidence.pack(found)
    last = application.snapshots.order_by("-number").values_list("number", flat=True).first() or 0
    snapshot = Snapshot.objects.create(
        application=application, number=last + 1, reason=reason, document=document, packed_rows=packed,
        rows_sha256=digest, row_count=len(found), result=run.explained, exact=run.exact, total=run.total,
        stars=run.result.stars, vetoes=list(run.result.vetoes), seal=sealed, by=by.key, at=now(),
    )  # fmt: skip
    application.snapshot = snapshot
    application.save(update_fields=["snapshot"])
    return snapshot


def admit_result(fact: Fact, application: Application, *, by: Actor, why: str = "") -> Fact:
    """Let a fact that the rating itself wrote after the cut-off count as received on it."""
    return ledger.announce(
        facts.RESULT_ADMITTED.code, application.project.key, occurred_on=application.cycle.cutoff, regards=fact.pk,
        source=f"{application.key}/result/{fact.pk}", by=by.key, note=why,
    )  # fmt: skip
