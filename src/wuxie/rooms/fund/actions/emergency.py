"""Danger that cannot wait for a vote: asked for, looked at on the spot by street and fund centre, and built."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.amounts import in_yuan
from wuxie.kernel.clock.now import local, now
from wuxie.kernel.labels import kept
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import said
from wuxie.kernel.workflow.desk import set_turns
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal

from .. import papers, rules
from ..models import Repair
from ..words import Danger
from ..workflow import ASKING, REPAIR
from .common import File, issued, picture, save

SIGHT = "现场确认照片"
PROMISE = gettext_noop("修好后公示费用和分摊，接受审价。")


@transaction.atomic
def ask(case: Repair, *, by: Actor, estimate: int, note: str = "") -> Event:
    """One of the six dangers: what it may cost, and the promise to publish afterwards."""
    engine.check(REPAIR, "ask", case, by=by)
    if estimate <= 0:
        raise Refusal("guard", _("请写大概要多少钱。"))
    guarded = f"{local(case.guarded_at):%Y-%m-%d %H:%M}" if case.guarded_at else ""
    paper = papers.write(
        ASKING, case, by=by, danger=kept(Danger(case.danger).label), guarded=guarded, estimate=in_yuan(estimate), applicant=by.title or by.name,
        basis=case.basis, promise=PROMISE,
    )  # fmt: skip
    event = engine.take(REPAIR, "ask", case, by=by, note=note, papers=issued(paper))
    save(case, budget=estimate, witnessed={})
    return event


@transaction.atomic
def witness(case: Repair, *, by: Actor, words: str, photo: File | None = None) -> Event:
    """One party was there and saw it; once street and fund centre both have, building may begin."""
    seen = dict(case.witnessed)
    mine = [name for name, who in rules.PARTIES.items() if who.test(by, case)]
    if mine and all(name in seen for name in mine):
        raise Refusal("guard", _("你这一方已经确认过了。"))
    engine.check(REPAIR, "witness", case, by=by)
    party = next(name for name in mine if name not in seen)
    what = said(words, _("请写到现场看到了什么。"))[:300]
    shown = picture(case, SIGHT, photo, by) if photo else {}
    event = engine.take(REPAIR, "witness", case, by=by, note=what, papers=shown, party=party)
    seen[party] = {"by": by.key, "at": now().isoformat(), "words": what}
    save(case, witnessed=seen)
    set_turns(REPAIR, case)
    if all(name in seen for name in rules.NEEDED):
        engine.by_clock(REPAIR, "confirm", case)
    return event


@transaction.atomic
def deny(case: Repair, *, by: Actor, note: str) -> Event:
    """It is no emergency: it goes back, and is classified anew."""
    engine.check(REPAIR, "deny", case, by=by)
    why = said(note, _("请写为什么不属于应急。"))
    save(case, lane="", basis="", answers={}, danger="", budget=None, witnessed={})
    return engine.take(REPAIR, "deny", case, by=by, note=why)
