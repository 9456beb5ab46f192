"""What the public site writes: reports about plaques. Objections are the rating room's own."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import now
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.rating import codes

from .models import PlaqueReport


@transaction.atomic
def report_plaque(*, plaque: str, matter: str, seen_at: str, text: str = "", contact: str = "") -> PlaqueReport:
    """Take down what a stranger saw; nobody has to sign in or leave a name."""
    return PlaqueReport.objects.create(
        receipt=codes.new_number(),
        plaque=plaque,
        matter=matter,
        seen_at=seen_at,
        text=text,
        contact=contact,
        made_at=now(),
    )


@transaction.atomic
def answer_report(report: PlaqueReport, *, by: Actor, answer: str) -> None:
    """Say what came of it; once."""
    changed = PlaqueReport.objects.filter(pk=report.pk, answered_at=None).update(
        answer=answer, answered_by=by.key, answered_at=now()
    )
    if not changed:
        raise Refusal("raced", _("这条反映已经答复过了。"))
