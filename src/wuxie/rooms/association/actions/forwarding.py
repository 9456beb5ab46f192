"""Verbs on letters between the levels: sent, received with a receipt, passed on, answered."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import now
from wuxie.kernel.places.models import Place
from wuxie.kernel.places.names import full_name
from wuxie.kernel.receipts import new_number
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.desk import set_turns
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal

from .. import rules
from ..models import Hop, Letter, Level
from ..models.forwarding import ROLES
from ..workflow import LETTER
from .common import save


def level_of(actor: Actor) -> tuple[str, str]:
    """Where this person writes from: the level and its place; empty for nobody who writes."""
    if actor.holds("association_secretariat"):
        return Level.ASSOCIATION, ""
    for level, (role, _length) in ROLES.items():
        for place in sorted(actor.places(role)):
            return level, place
    return "", ""


def target(level: str, place: Place | None) -> tuple[str, str]:
    """A level with the code of its place; refuses a place of another level."""
    length = ROLES[Level(level)][1]
    if not length:
        return level, ""
    if place is None or len(place.pk) != length:
        raise Refusal("guard", _("请填%(level)s的名字：要和选的那一级一致。") % {"level": Level(level).label})
    return level, place.pk


@transaction.atomic
def send(*, by: Actor, title: str, text: str, level: str, place: Place | None = None) -> Letter:
    """A letter goes out to another level, which has to sign for it."""
    may(rules.writes, None, by, _("发转办件"))
    here, there = level_of(by), target(level, place)
    if here == there:
        raise Refusal("guard", _("不能转给自己。请选另一级。"))
    case = Letter(
        title=said(title, _("请写事项。"))[:80], text=said(text, _("请写要办什么。")), level=there[0], place_code=there[1], origin=here[0],
        origin_place=here[1],
    )  # fmt: skip
    engine.open_case(LETTER, case, by=by)
    _hop(case, here, there, by, "")
    return case


def _hop(case: Letter, here: tuple[str, str], there: tuple[str, str], by: Actor, note: str) -> None:
    last = case.hops.aggregate(last=Max("place"))["last"] or 0
    Hop.objects.create(
        letter=case, place=last + 1, from_level=here[0], from_place=here[1], to_level=there[0], to_place=there[1], note=note[:300],
        sent_at=now(), sent_by=by.name,
    )  # fmt: skip


@transaction.atomic
def receive(case: Letter, *, by: Actor, note: str = "") -> Event:
    """Signed for: who, when, and a number that the sender may quote."""
    event = engine.take(LETTER, "receive", case, by=by, note=note)
    number = new_number()
    case.hops.filter(place=case.hops.aggregate(last=Max("place"))["last"]).update(
        received_at=now(), received_by=by.name, receipt=number
    )
    return event


@transaction.atomic
def forward(case: Letter, *, by: Actor, level: str, note: str, place: Place | None = None) -> Event:
    """On to another level, with why."""
    engine.check(LETTER, "forward", case, by=by)
    here, there = (case.level, case.place_code), target(level, place)
    if here == there:
        raise Refusal("guard", _("不能转给自己。请选另一级。"))
    return _move(case, "forward", here, there, by, said(note, _("请写要那一级办什么。")))


@transaction.atomic
def send_back(case: Letter, *, by: Actor, note: str) -> Event:
    """Not ours: back to where it came from, unread or not."""
    engine.check(LETTER, "send_back", case, by=by)
    last = case.hops.order_by("-place").first()
    assert last is not None
    return _move(
        case,
        "send_back",
        (case.level, case.place_code),
        (last.from_level, last.from_place),
        by,
        said(note, _("请写该由谁办。")),
    )


def _move(case: Letter, step: str, here: tuple[str, str], there: tuple[str, str], by: Actor, note: str) -> Event:
    """The step is the old level's; whose turn it is then is read from the case anew."""
    event = engine.take(LETTER, step, case, by=by, note=note, to=named(*there))
    save(case, level=there[0], place_code=there[1])
    set_turns(LETTER, case)
    _hop(case, here, there, by, note)
    return event


@transaction.atomic
def answer(case: Letter, *, by: Actor, reply: str) -> Event:
    """What was done about it."""
    engine.check(LETTER, "answer", case, by=by)
    text = said(reply, _("请写办理结果。"))
    save(case, reply=text)
    return engine.take(LETTER, "answer", case, by=by, note=text)


def named(level: str, place: str) -> str:
    """``街道 东区大渡口街道``, as it is kept on record."""
    return f"{Level(level).label} {full_name(place)}".strip() if place else str(Level(level).label)
