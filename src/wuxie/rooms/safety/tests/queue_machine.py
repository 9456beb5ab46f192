"""Two phones, a network that loses, doubles and mixes up, and a server that dies: a run from a seed, and what must hold after it.

Each phone sends its queue in order, one entry or several at once, and knows only what it was answered. A request may be lost on the way there, its answer on
the way back, or come a second time later; the server may die before it commits; duties are withdrawn and posts end meanwhile.
When everything has settled, what the phones hold as received is exactly what stands here, once each.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import random
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from wuxie.kernel.access.actor import Actor, actor_of
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import frozen
from wuxie.kernel.papers.models import Attachment
from wuxie.rooms.register.models import Holding, Project
from wuxie.rooms.safety.actions.checks import receive, receive_all
from wuxie.rooms.safety.models import Check, Duty, Instance, UsedPhoto

from .phones import DAY, HOUR, MINUTE, MONDAY, at, on_duty, picture, started

#: What the library's electrician photographs without reading a figure, and what is read.
CODES = ("ELECTRICIAN-01", "ELECTRICIAN-02", "ELECTRICIAN-03")
DUTIES, MOST_EVENTS = 6, 40
FINAL = {"withdrawn", "not_holding"}


class Died(Exception):
    """The server was killed before it committed."""


@dataclass
class Entry:
    number: str
    instance: int
    body: bytes
    photo: bytes
    owner: int


@dataclass
class Phone:
    """One account's phone: what waits, what it was told is received, what it was told is refused."""

    actor: Actor
    holding: Holding
    waits: list[Entry] = field(default_factory=list)
    received: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


@dataclass
class World:
    """What all runs share: a project with a list, two electricians, and duties to copy from."""

    project: Project
    holdings: list[Holding]
    duties: list[Duty]
    base: bytes


def world() -> World:
    project = started()
    people = [
        on_duty(project, "ELECTRICIAN"),
        on_duty(project, "ELECTRICIAN", "赵样二", "13900000082", substitute=True),
    ]
    duties = list(Duty.objects.filter(list_post__duty_list__project=project, code__in=CODES).order_by("code"))
    return World(project, people, duties, picture(1))


def unlike(base: bytes, text: str) -> bytes:
    """The same picture with a remark of its own in it: another file, for the cost of a copy."""
    remark = text.encode()
    return base[:2] + b"\xff\xfe" + (len(remark) + 2).to_bytes(2, "big") + remark + base[2:]


class Run:
    """One seed. Every run has a day of its own, so that runs do not see each other."""

    def __init__(self, shared: World, seed: int) -> None:
        self.random, self.shared, self.seed = random.Random(seed), shared, seed
        self.day = MONDAY + (seed + 1) * DAY
        self.clock = at(8, day=self.day)
        self.ended: datetime.date | None = None
        self.seen: list[Entry] = []
        self.receipts: dict[str, bytes] = {}
        Holding.objects.filter(pk__in=[one.pk for one in shared.holdings]).update(ends_on=None)
        self.rows = Instance.objects.bulk_create(
            [
                Instance(
                    duty=shared.duties[n % len(shared.duties)], project=shared.project, day=self.day, shift=n,
                    opens_at=at(7, day=self.day), closes_at=at(20, day=self.day),
                )
                for n in range(DUTIES)
            ]
        )  # fmt: skip
        self.phones = [Phone(actor_of(one.person), one) for one in shared.holdings]
        for owner, phone in enumerate(self.phones):
            phone.waits = [self._entry(owner, turn) for turn in range(self.random.randint(2, DUTIES))]

    def _entry(self, owner: int, turn: int) -> Entry:
        row = self.random.choice(self.rows)
        done = at(8, day=self.day) + turn * HOUR + owner * 30 * MINUTE
        number = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        photo = unlike(self.shared.base, number)
        digest = hashlib.sha256(photo).hexdigest()
        item = {
            "id": number, "account": self.phones[owner].actor.key, "instance": row.pk, "started_at": (done - MINUTE).isoformat(),
            "done_at": done.isoformat(), "outcome": "normal", "readings": [str(one["least"]) for one in row.duty.readings],
            "photos": [{"sha256": digest, "original": hashlib.sha256(digest.encode()).hexdigest()}],
        }  # fmt: skip
        return Entry(number, row.pk, json.dumps(item, ensure_ascii=False).encode(), photo, owner)

    def go(self) -> None:
        for _turn in range(self.random.randint(8, MOST_EVENTS)):
            self.clock += 7 * MINUTE
            self.random.choices((self._send, self._again, self._withdraw, self._end, self._forge), (12, 4, 1, 1, 2))[
                0
            ]()
        for phone in self.phones:  # a signal at last
            while phone.waits:
                self.clock += MINUTE
                self._deliver(phone, self._first(phone), lost=False, answer_lost=False, dies=False)
        self._hold()

    def _send(self) -> None:
        """The first of a queue, over a network that one cannot rely on."""
        phone = self.random.choice(self.phones)
        if phone.waits:
            way = self.random.random()
            self._deliver(
                phone, self._first(phone), lost=way < 0.2, answer_lost=0.2 <= way < 0.4, dies=0.4 <= way < 0.55
            )

    def _first(self, phone: Phone) -> list[Entry]:
        return phone.waits[: self.random.choice((1, 1, 2, 4))]

    def _again(self) -> None:
        """Something that was under way arrives a second time; nobody hears the answer."""
        if self.seen:
            entry = self.random.choice(self.seen)
            self._answer(self.phones[entry.owner], entry, entry.body)

    def _withdraw(self) -> None:
        row = self.random.choice(self.rows)
        Instance.objects.filter(pk=row.pk, state=Instance.State.SCHEDULED).update(state=Instance.State.WITHDRAWN)

    def _end(self) -> None:
        """The substitute's post ended the day before: what was received stays, nothing new is taken."""
        Holding.objects.filter(pk=self.phones[1].holding.pk).update(ends_on=self.day - DAY)

    def _forge(self) -> None:
        """The number of an entry with other words, or from the other account."""
        if not self.seen:
            return
        entry = self.random.choice(self.seen)
        owner = self.phones[entry.owner]
        if self.random.random() < 0.5:
            changed = json.dumps(json.loads(entry.body) | {"words": "改过"}, ensure_ascii=False).encode()
            if entry.number in self.receipts:  # before it was taken once, this would be an honest first sending
                assert self._answer(owner, entry, changed) == "key_reused"
        else:
            assert self._answer(self.phones[1 - entry.owner], entry, entry.body) == "other_account"

    def _deliver(self, phone: Phone, entries: list[Entry], *, lost: bool, answer_lost: bool, dies: bool) -> None:
        if lost:
            return
        self.seen += entries
        answers = self._answers(phone, [(entry, entry.body) for entry in entries], dies=dies)
        if answers is None or answer_lost:
            return
        for entry, got in zip(entries, answers, strict=True):
            phone.waits.remove(entry)
            if isinstance(got, str):
                assert got in FINAL, got
                phone.refused[entry.number] = got
            else:
                phone.received[entry.number] = got

    def _answer(self, phone: Phone, entry: Entry, body: bytes) -> dict[str, Any] | str:
        answers = self._answers(phone, [(entry, body)])
        assert answers is not None
        return answers[0]

    def _answers(
        self, phone: Phone, sent: list[tuple[Entry, bytes]], *, dies: bool = False
    ) -> list[dict[str, Any] | str] | None:
        """Of each the receipt, or why not; ``None`` if the server died over it."""
        try:
            with frozen(self.clock), transaction.atomic():
                found = self._received(phone, sent)
                if dies and not all(isinstance(one, Problem) for one in found):
                    raise Died
        except Died:
            return None
        answers = [one.code if isinstance(one, Problem) else one for one in found]
        for (entry, _body), got in zip(sent, answers, strict=True):
            if not isinstance(got, str):
                written = json.dumps(got, sort_keys=True).encode()
                assert self.receipts.setdefault(entry.number, written) == written
        return answers

    def _received(self, phone: Phone, sent: list[tuple[Entry, bytes]]) -> list[dict[str, Any] | Problem]:
        """One entry by the door for one, several by the other."""
        if len(sent) > 1:
            return receive_all([(body, [entry.photo]) for entry, body in sent], sent_at=self.clock, by=phone.actor)
        try:
            return [receive(sent[0][1], [sent[0][0].photo], sent_at=self.clock, by=phone.actor)]
        except Problem as problem:
            return [problem]

    def _hold(self) -> None:
        """What the phones know is what stands here; nothing is lost, nothing doubled, nothing half."""
        pks = [row.pk for row in self.rows]
        checks = list(Check.objects.filter(instance__in=pks))
        told = {number for phone in self.phones for number in phone.received}
        refused = {number for phone in self.phones for number in phone.refused}
        assert sorted(str(one.pk) for one in checks) == sorted(self.receipts)
        assert told <= set(self.receipts) and not told & refused
        assert {one.number for one in self.seen} == set(self.receipts) | refused
        for one in checks:
            assert Attachment.objects.on(one.case).count() == 1
            assert UsedPhoto.objects.filter(check_made=one).count() == 2
        settled = Counter(one.instance_id for one in checks if one.standing in ("on_time", "late"))
        assert all(count == 1 for count in settled.values())
        assert set(Instance.objects.filter(pk__in=pks, state="done").values_list("pk", flat=True)) == set(settled)


def run(shared: World, seed: int) -> int:
    """One run; how many checks came of it."""
    made = Run(shared, seed)
    made.go()
    return len(made.receipts)
