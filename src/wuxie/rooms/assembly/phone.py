"""A collector's work without a signal: the doors of the votes they help with, and what the phone sends of one door.

The phone stores and sends what was done at a door, in order, each once by its own number; this room decides what comes of it. Two
collectors who took a paper of one unit are both kept: the first stands, the second is said.
"""

from __future__ import annotations

import datetime
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.amounts import plain
from wuxie.kernel.calc import documents as read
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import local
from wuxie.kernel.labels import Sentence
from wuxie.kernel.once.actions import Answer, Key, once
from wuxie.kernel.parties.models import Person
from wuxie.kernel.workflow.refusal import Refusal

from . import queries
from .actions import doors
from .models import Ballot, Decision, Entry, Helper
from .words import SIGNERS, Door, Duty, place_name

NAME, TEMPLATE = "doors", "assembly/field_doors.html"
S = Decision.State
#: So many doors a phone takes along; whoever has more opens the others with a signal.
MOST_DOORS = 3000
ACTS = (Door.COLLECTED, Door.DELIVERED, Door.NOBODY, Door.REFUSED)
WITH_PHOTO = (Door.COLLECTED, Door.REFUSED)
AT = Sentence(gettext_noop("手机上记的时间 %(at)s。%(words)s"))


# The day.


def day(actor: Actor) -> list[dict[str, Any]]:
    """The votes in which this person collects, each with its doors by entrance."""
    helping = Helper.objects.active().filter(person=actor.person_id or 0, duty=Duty.COLLECTOR)
    rows = Decision.objects.filter(
        pk__in=helping.values("decision"), state__in=(S.FROZEN, S.COLLECTING)
    ).select_related("estate")
    votes = list(rows.order_by("pk"))
    entries = list(
        Entry.objects.filter(decision__in=votes)
        .select_related("person", "organisation")
        .order_by("decision", "building", "entrance", "-floor", "number")[:MOST_DOORS]
    )
    others = list(
        Helper.objects.active()
        .filter(decision__in=votes, duty=Duty.COLLECTOR)
        .exclude(person=actor.person_id or 0)
        .select_related("person")
    )
    return [_vote(vote, [one for one in entries if one.decision_id == vote.pk], others) for vote in votes]


def _vote(vote: Decision, entries: list[Entry], others: list[Helper]) -> dict[str, Any]:
    def place(entry: Entry) -> tuple[str, str]:
        return entry.building, entry.entrance

    return {
        "vote": vote.pk, "title": vote.title, "estate": vote.estate.name, "takes": vote.state == S.COLLECTING,
        "closes": vote.closes_at.isoformat() if vote.closes_at else "",
        "seconds": [{"person": one.person_id, "name": one.person.masked_name} for one in others if one.decision_id == vote.pk],
        "capacities": [{"value": one.value, "label": str(one.label)} for one in SIGNERS],
        "entrances": [
            {"name": place_name(*key), "doors": [_door(entry) for entry in group]} for key, group in groupby(entries, key=place)
        ],
    }  # fmt: skip


def _door(entry: Entry) -> dict[str, Any]:
    notes = [
        _("共有人还没有推选谁来投票，要推选书。") if entry.owners > 1 and entry.person is None else "",
        _("归单位所有，要盖章和授权。") if entry.organisation is not None or entry.status != "delivered" else "",
        _("业主未成年，由监护人投票。") if entry.minor else "",
    ]
    return {
        "entry": entry.pk, "number": entry.number, "floor": entry.floor, "label": entry.label, "voter": entry.voter, "paper": entry.paper,
        "area": plain(entry.area), "door": entry.door, "note": "".join(notes), "signs": queries.signs_for(entry).value,
    }  # fmt: skip


def words() -> dict[str, str]:
    """What the script says of doors."""
    return {
        **{f"door_{one.value}": str(one.label) for one in Door},
        "doors_left": _("还有 %(n)s 户没收"), "door_photo_first": _("收票和拒签要拍照，请先拍。"), "door_second": _("请选同行的收票人。"),
        "door_text": _("%(door)s · %(act)s"), "door_paper": _("票号 %(paper)s · %(area)s ㎡"),
        "doors_wait": _("还没有开始收票，先登记送达。"),
    }  # fmt: skip


# What is sent.


@dataclass(frozen=True)
class Item:
    """One act at one door, as the phone stored it."""

    id: uuid.UUID
    account: str
    entry: int
    act: str
    done_at: datetime.datetime
    second: int
    capacity: str
    words: str
    photo: str


def item_of(body: bytes) -> Item:
    """The entry, or a ``Problem``."""
    row = read.obj(read.parse(body), "$", required=("id", "account", "entry", "act", "done_at"),
                   optional=("second", "capacity", "words", "photo"))  # fmt: skip
    try:
        number = uuid.UUID(read.text(row["id"], "$.id"))
        done_at = datetime.datetime.fromisoformat(read.text(row["done_at"], "$.done_at"))
    except ValueError:
        raise Problem("type", "$.id", _("手机发来的编号或时间不对，请更新页面再发。")) from None
    if done_at.tzinfo is None:
        raise Problem("type", "$.done_at", _("时间要带时区。"))
    texts = {name: row.get(name, "") for name in ("capacity", "words", "photo")}
    for name, value in texts.items():
        if not isinstance(value, str) or len(value) > 200:
            raise Problem("range", f"$.{name}", _("文字最多 %(n)s 个字。") % {"n": 200})
    return Item(
        id=number, account=read.text(row["account"], "$.account"), entry=read.whole(row["entry"], "$.entry", least=1, most=2**53),
        act=read.choice(row["act"], "$.act", [one.value for one in ACTS]), done_at=done_at,
        second=read.whole(row.get("second", 0), "$.second", least=0, most=2**53), **texts,
    )  # fmt: skip


def receive(body: bytes, contents: Sequence[bytes], sent_at: datetime.datetime, by: Actor) -> Answer:
    """Write one act at a door down and answer its receipt; asked again, give the same receipt. What is refused leaves no trace."""
    item = item_of(body)
    if item.account != by.key:
        raise Problem("other_account", "$.id", _("这件是用另一个账号做的，只能由那个账号发送。"))
    wanted = [item.photo] if item.photo else []
    if [hashlib.sha256(one).hexdigest() for one in contents] != wanted:
        raise Problem("missing", "$.photo", _("照片没有传完，请再发送一次。"))
    if item.act in WITH_PHOTO and not contents:
        raise Problem("missing", "$.photo", _("收票和拒签要拍照，请先拍。"))
    key = Key("assembly door", str(item.id), by.key.encode() + b"\0" + body)
    try:
        return once(key, lambda: _take(item, contents, by))
    except Refusal as refused:
        raise Problem("refused", "$", refused.message) from None


def _take(item: Item, contents: Sequence[bytes], by: Actor) -> Answer:
    entry = Entry.objects.select_related("decision").filter(pk=item.entry).first()
    if (
        entry is None
        or not entry.decision.helpers.active().filter(duty=Duty.COLLECTOR, person=by.person_id or 0).exists()
    ):
        raise Problem("reference", "$.entry", _("没有这一户，或者你不是这次表决的收票人。"))
    note = str(AT(at=f"{local(item.done_at):%m-%d %H:%M}", words=item.words))[:200]
    picture = (f"{entry.paper}.jpg", contents[0]) if contents else None
    said, standing = str(Door(item.act).label), "taken"
    if item.act == Door.DELIVERED:
        doors.deliver(entry, by=by, picture=picture, note=note)
    elif item.act in (Door.NOBODY, Door.REFUSED):
        doors.missed(entry, by=by, outcome=item.act, picture=picture, note=note)
    elif Ballot.objects.standing().filter(entry=entry).exists():
        doors.collected_twice(entry, by=by, picture=picture, note=note)
        standing, said = (
            "conflict",
            _("这一户已经有人收了票，一户只有一张有效票。你这一份和照片都留着，请把纸票交给组织人。"),
        )
    else:
        second = Person.objects.filter(pk=item.second).first()
        if second is None or picture is None:
            raise Problem("missing", "$.second", _("请选同行的收票人。"))
        doors.collect(entry, by=by, second=second, capacity=item.capacity, picture=picture, note=note)
    return {"id": str(item.id), "standing": standing, "words": [said], "abnormal": standing == "conflict"}
