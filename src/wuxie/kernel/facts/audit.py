"""Examining the whole ledger: every hash computed again from what the tables say, every chain walked, every root rebuilt.

The rows stream through in the order of their leaves; only one head a subject is kept in memory. The walk stops at the first
fact that does not fit, because everything after it hangs on it; the guards, the queue, the cache and the personal values
are looked at in any case.
"""

from __future__ import annotations

import datetime
import heapq
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from wuxie.kernel.access.models import Look

from . import guards, journal, kinds, laid_down, private, standing
from .canonical import NOTHING, head_bytes, leaf_hex, moment_text, seal_bytes
from .leaves import Leaf, leaves, sound
from .ledger import COLUMNS
from .merkle import EMPTY_ROOT, Edge
from .models import Also, Fact, Head, Link, Private, Seal, Standing, Tile, Unsealed
from .rows import chunks, pages
from .tree import Tiler

LINK, HEAD, SEAL = 0, 1, 2


class Broken(Exception):
    """Something sealed is not what was sealed. ``fact`` names it where it can be named."""

    def __init__(self, message: str, fact: str = "") -> None:
        super().__init__(message)
        self.message, self.fact = message, fact


@dataclass
class Report:
    """What was found. ``broken`` in the order of importance; empty means that all is well."""

    seals: int = 0
    facts: int = 0
    links: int = 0
    waiting: int = 0
    size: int = 0
    root: str = EMPTY_ROOT.hex()
    sealed_at: datetime.datetime | None = None
    broken: list[Broken] = field(default_factory=list)

    @property
    def well(self) -> bool:
        return not self.broken


def examine(*, root: str | None = None, helpers: int = 0) -> Report:
    """Examine everything. ``root`` is an older root kept outside: the ledger must have passed through it.

    ``helpers``: so many copies of this process look at the facts one by one (``leaves.useful_helpers``); never in a transaction.
    """
    report = Report(waiting=Unsealed.objects.count())
    walk = Walk(report, helpers)
    try:
        walk.run()
        walk.finish()
        if root is not None and root.lower() not in walk.roots:
            raise _not_through(root)
    except Broken as broken:
        report.broken.append(broken)
    for check in (_queue, _also, _standings, _personal, _looks, _guards):
        report.broken.extend(check())
    return report


@dataclass
class Walk:
    """The walk along the leaves, and what it carries from one to the next."""

    report: Report
    helpers: int = 0
    edge: Edge = field(default_factory=Edge)
    tiler: Tiler = field(default_factory=lambda: Tiler(0, {}))
    tiles: int = 0
    chains: dict[str, tuple[int, str]] = field(default_factory=dict)
    roots: set[str] = field(default_factory=lambda: {EMPTY_ROOT.hex()})
    #: Of the seal being read: subjects touched, heads seen, links seen, facts begun.
    touched: set[str] = field(default_factory=set)
    heads: list[str] = field(default_factory=list)
    facts: int = 0
    #: The fact whose links are being read, and the subjects it still has to be linked to.
    fact: str = ""
    due: list[str] = field(default_factory=list)
    received: tuple[datetime.datetime, str] | None = None
    previous: Seal | None = None
    current: Seal | None = None
    coming: Iterator[Seal] = field(default_factory=lambda: iter(()))

    def run(self) -> None:
        # What is broken keeps the frames in which it was found, and would keep the helpers at their database with them.
        with closing(leaves(self.helpers)) as links:
            self._walk(links)

    def _walk(self, links: Iterator[Leaf]) -> None:
        self.coming = _seals()
        self.current = next(self.coming, None)
        head_names = ["leaf", "seal_id", "subject", "count", "head", "hash"]
        stream = heapq.merge(
            ((row.leaf, LINK, row) for row in links),
            ((row[0], HEAD, row) for row in pages(Head.objects.all(), *head_names)),
            ((row[0] - 1, SEAL, row) for row in pages(Seal.objects.all(), "size", "number")),
            key=lambda item: (item[0], item[1]),
        )
        steps: dict[int, Callable[[Any], str]] = {LINK: self.link, HEAD: self.head, SEAL: self.seal}
        for leaf, kind, values in stream:
            if leaf != self.edge.size:
                raise self.gap(leaf)
            digest = bytes.fromhex(steps[kind](values))
            self.edge.append(digest)
            self.tiler.extend([digest])
            if kind == SEAL:
                self.close()

    def gap(self, leaf: int) -> Broken:
        """A leaf is missing or there twice. The fact behind it is named if its row or its link is left."""
        at = min(leaf, self.edge.size)
        found = Link.objects.filter(leaf=at).values_list("fact_id", flat=True).first()
        fact = found or _copy_at(self.current.number if self.current else 0, at) or _unlinked() or ""
        return Broken(_("第 %(leaf)s 叶缺失或重复：链节或事实被删除、插入或调换。") % {"leaf": at}, fact)

    def link(self, row: Leaf) -> str:
        if row.fact != self.fact:
            self.begin(row)
        if self.current is None or row.seal != self.current.number or self.heads:
            raise Broken(_("链节不属于它所在的封存。"), row.fact)
        if not self.due or self.due.pop(0) != row.subject:
            raise Broken(_("链节的主体“%(subject)s”与事实不符。") % {"subject": row.subject}, row.fact)
        count, head = self.chains.get(row.subject, (0, NOTHING))
        if (row.seq, row.previous) != (count + 1, head):
            raise Broken(
                _("“%(subject)s”的第 %(seq)s 号不接前一条。") % {"subject": row.subject, "seq": row.seq}, row.fact
            )
        if row.digest != row.stored:
            raise Broken(_("链节的摘要不符。"), row.fact)
        self.chains[row.subject] = (row.seq, row.digest)
        self.touched.add(row.subject)
        self.report.links += 1
        return row.digest

    def begin(self, row: Leaf) -> None:
        """The first link of the next fact: its content, its time, and nothing left over from the one before."""
        self.complete()
        self.fact, self.due = row.fact, list(row.subjects)
        self.facts += 1
        if not row.sound:
            raise _unlike(row.fact)
        if self.current is None:
            raise Broken(_("链节之后没有封存。"), row.fact)
        received = (row.recorded_at, row.fact)
        if self.previous is not None and row.recorded_at < self.previous.sealed_at:
            raise Broken(_("收到时间早于前一次封存。"), row.fact)
        if row.recorded_at > self.current.sealed_at:
            raise Broken(_("收到时间晚于所在的封存。"), row.fact)
        if self.received is not None and received <= self.received:
            raise Broken(_("不按收到的先后排列，或重复。"), row.fact)
        self.received = received

    def complete(self) -> None:
        if self.due:
            raise Broken(_("事实没有计入“%(subject)s”。") % {"subject": self.due[0]}, self.fact)

    def head(self, values: tuple[Any, ...]) -> str:
        _leaf, seal, subject, count, head, stored = values
        self.complete()
        self.heads.append(subject)
        digest = leaf_hex(head_bytes(subject, seal, count, head))
        right = self.current is not None and seal == self.current.number
        if not right or digest != stored or self.chains.get(subject) != (count, head) or subject not in self.touched:
            raise Broken(
                _("“%(subject)s”在第 %(seal)s 次封存的链头不符。") % {"subject": subject, "seal": seal}, self.fact
            )
        return digest

    def seal(self, values: tuple[Any, ...]) -> str:
        self.complete()
        now, before = self.current, self.previous
        if now is None or now.number != values[1] or now.number != (before.number if before else 0) + 1:
            raise Broken(_("封存号不连续。"), self.fact)
        if before is not None and now.sealed_at < before.sealed_at:
            raise Broken(_("第 %(seal)s 次封存的时间早于前一次。") % {"seal": now.number}, self.fact)
        if self.heads != sorted(self.touched) or self.facts != now.facts:
            raise Broken(_("第 %(seal)s 次封存的链头或事实数不全。") % {"seal": now.number}, self.fact)
        size, root = (before.size, before.root) if before else (0, EMPTY_ROOT.hex())
        digest = leaf_hex(seal_bytes(now.number, now.sealed_at, size, root))
        if digest != now.hash:
            raise Broken(_("第 %(seal)s 次封存的末叶不符。") % {"seal": now.number}, self.fact)
        return digest

    def close(self) -> None:
        """After a seal's own leaf: the root must be the one that was published."""
        seal = self.current
        assert seal is not None
        root = self.edge.root().hex()
        if (root, self.edge.hex(), self.edge.size) != (seal.root, seal.edge, seal.size):
            raise self.differs(seal)
        self.check_tiles()
        report = self.report
        report.seals, report.size, report.root, report.sealed_at = seal.number, seal.size, root, seal.sealed_at
        report.facts += self.facts
        self.roots.add(root)
        self.previous, self.current = seal, next(self.coming, None)
        self.touched, self.heads, self.facts, self.received, self.fact = set(), [], 0, None, ""

    def differs(self, seal: Seal) -> Broken:
        """The root is another one: find the first leaf that differs from the tiles, else from the laid-down copy."""
        first = self.previous.size if self.previous else 0
        stored = {row.number: bytes(row.hashes) for row in Tile.objects.filter(
            level=0, number__gte=first // 256, number__lte=seal.size // 256)}  # fmt: skip
        message = _("第 %(seal)s 次封存的根不符。") % {"seal": seal.number}
        for leaf, fact, digest in (
            Link.objects.filter(seal_id=seal.number).order_by("leaf").values_list("leaf", "fact_id", "hash")
        ):
            tile, at = divmod(leaf, 256)
            if tile in stored and stored[tile][at * 32 : at * 32 + 32].hex() != digest:
                return Broken(message, fact)
        return Broken(message, _first_unlike_copy([seal.number]) or _first_fact(seal.number))

    def check_tiles(self) -> None:
        full, self.tiler.full = self.tiler.full, []
        for level, number, hashes in full:
            row = Tile.objects.filter(level=level, number=number).first()
            if row is None or bytes(row.hashes) != hashes:
                raise Broken(_("树片 %(level)s/%(number)s 缺失或不符。") % {"level": level, "number": number})
        self.tiles += len(full)

    def finish(self) -> None:
        """After the last leaf: nothing may be left over, in the tree or beside it."""
        if self.current is not None or self.edge.size != self.report.size:
            raise Broken(_("最后一次封存之后还有叶，或封存的叶不全。"), self.fact)
        if Tile.objects.count() != self.tiles:
            raise Broken(_("有多出的树片。"))
        if Fact.objects.count() != self.report.facts + self.report.waiting:
            raise Broken(_("有事实既未封存也不在待封存之列，或重复封存。"), _unlinked() or "")


def _seals() -> Iterator[Seal]:
    names = [field.attname for field in Seal._meta.concrete_fields]
    return (Seal(**dict(zip(names, row, strict=True))) for row in pages(Seal.objects.all(), *names))


def _unlike(fact: str) -> Broken:
    return Broken(_("内容与封存时的摘要不符。"), fact)


def _unlinked() -> str | None:
    """The oldest fact that no link and no queue row knows."""
    linked = Link.objects.filter(fact_id=models.OuterRef("pk"))
    rows = Fact.objects.filter(~models.Exists(linked), unsealed__isnull=True).order_by("recorded_at", "id")
    return rows.values_list("pk", flat=True).first()


def _first_fact(seal: int) -> str:
    return Link.objects.filter(seal_id=seal).order_by("leaf").values_list("fact_id", flat=True).first() or ""


def _copy_at(seal: int, leaf: int) -> str | None:
    return next((fact for at, fact, _content in laid_down.facts_in(seal) if at == leaf), None)


def _first_unlike_copy(seals: list[int]) -> str | None:
    """The first fact of these seals that is gone or not as in the laid-down files."""
    for seal in seals:
        copies = laid_down.facts_in(seal)
        for chunk in chunks(copies, 500):
            now = dict(Fact.objects.filter(pk__in=[row[1] for row in chunk]).values_list("pk", "content_hash"))
            for _leaf, fact, content in chunk:
                if now.get(fact) != content:
                    return fact
    return None


def _not_through(root: str) -> Broken:
    """Everything fits inside, but this root was never passed: the past was written anew and sealed again."""
    fact = _first_unlike_copy(laid_down.numbers()) or _first_fact(1)
    return Broken(_("账本从未有过根 %(root)s：该根之前的封存已被改写并重新封存。") % {"root": root}, fact)


def _guards() -> Iterator[Broken]:
    for table in guards.missing():
        yield Broken(_("表 %(table)s 的防改触发器缺失或被停用。") % {"table": table})


def _queue() -> Iterator[Broken]:
    """Waiting facts must be as received, and not be sealed already."""
    for values in pages(Fact.objects.filter(unsealed__isnull=False), *COLUMNS):
        row = dict(zip(COLUMNS, values, strict=True))
        if not sound(row):
            yield _unlike(row["id"])
    for fact in Link.objects.filter(fact__unsealed__isnull=False).values_list("fact_id", flat=True)[:1]:
        yield Broken(_("已封存的事实又出现在待封存之列。"), fact)


def _also() -> Iterator[Broken]:
    """The index of further subjects must say what the facts say."""
    said = Fact.objects.exclude(also_counts_for="[]")
    wanted = ((fact, one) for fact, others in pages(said, "pk", "also_counts_for") for one in sorted(others))
    facts = Fact.objects.filter(also__isnull=False).distinct()
    rows = (pair for chunk in chunks((row[0] for row in pages(facts, "pk")), 500) for pair in _also_of(chunk))
    for one, other in zip_longest(wanted, rows):
        if one != other:
            yield Broken(_("“同时计入”的索引与事实不符。"), min(pair[0] for pair in (one, other) if pair))
            return


def _also_of(facts: list[str]) -> list[tuple[str, str]]:
    return sorted(Also.objects.filter(fact_id__in=facts).values_list("fact_id", "subject"))


def _standings() -> Iterator[Broken]:
    """The cache must be what the facts about facts make of them."""
    derived = standing.derive_all()
    for fact, *values in pages(Standing.objects.all(), "pk", *vars(standing.NONE)):
        if standing.Effects(*values) != derived.pop(fact, standing.NONE):
            yield Broken(_("现状（取代、异议、可信等级）与账本不符。"), fact)
    for fact in sorted(derived):
        yield Broken(_("现状（取代、异议、可信等级）缺失。"), fact)


def _personal() -> Iterator[Broken]:
    """What is kept must open its commitment; what is gone must have been erased by a fact that says so."""
    kept: dict[str, set[str]] = {}
    for _pk, fact, name, sealed, public in pages(
        Private.objects.all(), "pk", "fact_id", "field", "sealed", "fact__personal"
    ):
        kept.setdefault(fact, set()).add(name)
        if not private.fits(fact, name, bytes(sealed), public.get(name, "")):
            yield Broken(_("个人信息“%(field)s”与承诺不符。") % {"field": name}, fact)
    erased = set(Fact.objects.filter(kind__in=kinds.codes_with_effect("erased")).values_list("regards", flat=True))
    for fact, public in pages(Fact.objects.exclude(personal="{}"), "pk", "personal"):
        if fact not in erased and set(public) != kept.get(fact, set()):
            yield Broken(_("个人信息缺失，却没有删除的记录。"), fact)


def _looks() -> Iterator[Broken]:
    """Every look that a fact tells of must still stand in the record, as it was told."""
    told = journal.lines().filter(kind=f"{journal.FAMILY}looked", source__startswith="look:")
    names = ("pk", "source", "subject", "by", "details")
    for chunk in chunks(pages(told, *names), 500):
        kept = {
            f"look:{pk}": (f"person:{person}", by, {"fields": fields})
            for pk, person, by, fields in Look.objects.filter(
                pk__in=[int(row[1].removeprefix("look:")) for row in chunk]
            ).values_list("pk", "person_id", "by", "fields")
        }
        for fact, source, *said in chunk:
            if source not in kept:
                yield Broken(_("查看记录被删除（%(source)s）。") % {"source": source}, fact)
            elif kept[source] != tuple(said):
                yield Broken(_("查看记录被改动（%(source)s）。") % {"source": source}, fact)


def last_words(report: Report) -> str:
    """The line to compare with the printed notice."""
    at = moment_text(report.sealed_at) if report.sealed_at else "-"
    return f"root {report.root} size {report.size} sealed_at {at}"
