"""After the agreement: the new price begins by itself, promises are watched month by month, broken ones bring the old price back."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock import days
from wuxie.kernel.clock.now import now, today
from wuxie.kernel.clock.tables import calendar
from wuxie.kernel.facts import ledger
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import said
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal

from .. import facts, law, papers, queries
from ..models import Adjustment, Check, Promise
from ..prices import priced
from ..workflow import ADJUSTMENT, PROOF, UNDO
from .common import File, issued, keep, save, take


@ADJUSTMENT.by_time("take_effect")
@transaction.atomic
def take_effect(case: Adjustment) -> Event:
    """The billing month has begun: the price holds, and counts as lawfully decided."""
    event = engine.by_clock(ADJUSTMENT, "take_effect", case)
    ledger.announce(
        facts.EFFECTIVE, case.project.key, occurred_on=today(), quantity="1", by="clock", source=f"{ADJUSTMENT.key(case)}/effective",
        note=case.vote_reference,
    )  # fmt: skip
    return event


@ADJUSTMENT.by_time("second_step")
@transaction.atomic
def second_step(case: Adjustment) -> Event:
    """The last price of a phased change begins."""
    event = engine.by_clock(ADJUSTMENT, "second_step", case)
    save(case, stepped=True)
    return event


@ADJUSTMENT.by_time("revert")
@transaction.atomic
def revert(case: Adjustment) -> Event:
    """The old price holds again."""
    event = engine.by_clock(ADJUSTMENT, "revert", case)
    ledger.announce(
        facts.ROLLED_BACK.code, case.project.key, occurred_on=today(), by="clock", source=f"{ADJUSTMENT.key(case)}/reverted", note=case.number,
    )  # fmt: skip
    return event


@transaction.atomic
def report(case: Adjustment, *, by: Actor, promise: Promise, file: File | None, note: str = "") -> Event:
    """The company says that a promise is kept, and shows it."""
    engine.check(ADJUSTMENT, "did", case, by=by)
    _own(case, promise)
    given = keep(case, PROOF, file, by, _("请放上照片或凭证。"))
    event = take("did", case, by=by, note=note.strip() or promise.words, papers=given, promise=promise.pk)
    promise.reported_on = today()
    promise.save(update_fields=["reported_on"])
    return event


@transaction.atomic
def check(case: Adjustment, *, by: Actor, promise: Promise, kept: bool, words: str) -> Event:
    """What the owners' side saw of a promise this month; looking again in the same month replaces it."""
    engine.check(ADJUSTMENT, "check", case, by=by)
    _own(case, promise)
    what, month = said(words, _("请写看到什么。"))[:300], today().replace(day=1)
    Check.objects.update_or_create(
        promise=promise, month=month, defaults={"kept": kept, "words": what, "by": by.key, "at": now()}
    )
    return take("check", case, by=by, note=what, promise=promise.pk, kept=kept)


def _own(case: Adjustment, promise: Promise) -> None:
    if promise.adjustment_id != case.pk:
        raise Refusal("guard", _("只能选这件调整的承诺。"))


@transaction.atomic
def fail(case: Adjustment, *, by: Actor, note: str) -> Event:
    """A promise is broken: the company gets so many days, then the old price comes back."""
    until = days.add(today(), queries.term("cure"), "day", calendar()).on
    event = take("fail", case, by=by, note=said(note, _("请写哪条承诺没兑现。")))
    save(case, cure_until=until)
    return event


@transaction.atomic
def finish(case: Adjustment, *, by: Actor, note: str = "") -> Event:
    """All promises were kept to the end of the months in which they are watched."""
    engine.check(ADJUSTMENT, "keep", case, by=by)
    if (
        case.second_on is not None and case.second_on <= today() and not case.stepped
    ):  # held back while promises were broken
        save(case, second_on=law.next_month(today()))
    return take("keep", case, by=by, note=note)


@transaction.atomic
def roll_back(case: Adjustment, *, by: Actor, note: str) -> Event:
    """The promises stayed broken: the old price comes back with the next billing month, as the agreement says."""
    engine.check(ADJUSTMENT, "roll_back", case, by=by)
    on, why = law.next_month(today()), said(note, _("请写哪条承诺没有改好。"))[:300]
    paper = papers.write(
        UNDO, case, by=by, why=why, price=priced(case.current), on=on.isoformat(), basis=f"补充协议约定；表决依据 {case.vote_reference}",
    )  # fmt: skip
    save(case, reverts_on=on)
    return take("roll_back", case, by=by, note=why, papers=issued(paper), on=on.isoformat())
