"""The sealer: alone, it numbers what was received, chains it by subject and closes it under one Merkle root.

The leaves of a seal, in this order: a link for each fact and each subject it counts for, in order of receipt (moment, then id); a head for
each subject touched, by code point; one leaf for the seal itself.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from wuxie.kernel.clock.now import local, now

from . import laid_down
from .canonical import NOTHING, content_hash, head_bytes, leaf_hex, link_bytes, seal_bytes
from .ledger import BACKWARDS, COLUMNS
from .locks import sealing
from .merkle import EMPTY_ROOT, Edge
from .models import Fact, Head, Link, Seal, Tile, Unsealed
from .refusal import Refused
from .rows import chunks, insert
from .tree import Tiler

#: Facts under one seal at most; what is over gets the next one at once.
MOST = 100_000


class Busy(Exception):
    """Others were still writing; nothing was sealed, the next round will."""


@dataclass
class Plan:
    """The leaves of the seal in the making."""

    number: int
    first: int
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    links: list[tuple[Any, ...]] = field(default_factory=list)
    head_rows: list[tuple[Any, ...]] = field(default_factory=list)
    leaves: list[str] = field(default_factory=list)

    def link(self, fact: str, content: str, subject: str) -> None:
        count, previous = self.heads.get(subject, (0, NOTHING))
        leaf = leaf_hex(link_bytes(subject, count + 1, fact, content, previous))
        self.links.append((fact, self.number, subject, count + 1, previous, self.first + len(self.leaves), leaf))
        self.heads[subject] = (count + 1, leaf)
        self.touched.add(subject)
        self.leaves.append(leaf)

    def close_heads(self) -> None:
        for subject in sorted(self.touched):
            count, head = self.heads[subject]
            leaf = leaf_hex(head_bytes(subject, self.number, count, head))
            self.head_rows.append((self.number, subject, count, head, self.first + len(self.leaves), leaf))
            self.leaves.append(leaf)


def seal() -> Seal | None:
    """Seal everything that waits; the last seal made, or ``None`` if nothing waited.

    Raises ``Busy``, or ``Refused`` if a waiting fact was altered or the clock is far behind the last seal.
    """
    made = None
    while Unsealed.objects.exists():
        with transaction.atomic():
            if not sealing():
                raise Busy
            made = _seal_once()
    laid_down.lay_down_missing()
    return made


def _seal_once() -> Seal:
    before = Seal.objects.order_by("-number").first()
    rows, sealed_at = _take_from_queue(before)
    plan = Plan(before.number + 1 if before else 1, before.size if before else 0)
    plan.heads = _heads_of({subject for row in rows for subject in (row["subject"], *row["also_counts_for"])})
    for row in rows:
        for subject in (row["subject"], *row["also_counts_for"]):
            plan.link(row["id"], row["content_hash"], subject)
    made = close(plan, before, sealed_at, len(rows), Ends.resume(before))
    for chunk in chunks((row["id"] for row in rows), 500):
        Unsealed.objects.filter(fact_id__in=chunk).delete()
    return made


def _take_from_queue(before: Seal | None) -> tuple[list[dict[str, Any]], datetime.datetime]:
    """The facts of this seal in order of receipt, read again and checked, and the moment of the seal."""
    queue = Fact.objects.filter(unsealed__isnull=False).order_by("recorded_at", "id")
    rows = list(queue.values(*COLUMNS)[: MOST + 1])
    for row in rows:
        if content_hash(row) != row["content_hash"]:
            raise Refused(
                "reference",
                f"$.facts.{row['id']}",
                _("待封存的事实 %(id)s 已被改动，不能封存。请先查明原因。") % {"id": row["id"]},
            )
    sealed_at = now()
    if before is not None and sealed_at < before.sealed_at - BACKWARDS:
        raise Refused(
            "range", "$.sealed_at", _("服务器时钟早于最近一次封存（%(sealed)s），不能封存。请校准服务器时间。")
            % {"sealed": local(before.sealed_at).strftime("%Y-%m-%d %H:%M")},
        )  # fmt: skip
    if len(rows) > MOST:
        # What is left over must not have been received before the moment of this seal.
        return rows[:MOST], rows[MOST]["recorded_at"]
    return rows, max(sealed_at, rows[-1]["recorded_at"])


def _heads_of(subjects: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Count and last leaf hash of each chain so far."""
    found: dict[str, tuple[int, str]] = {}
    newest = Head.objects.filter(subject=OuterRef("subject")).order_by("-seal").values("seal")[:1]
    for chunk in chunks(sorted(subjects), 500):
        rows = Head.objects.filter(subject__in=chunk, seal=Subquery(newest))
        found.update((row.subject, (row.count, row.head)) for row in rows)
    return found


@dataclass
class Ends:
    """Where the tree ends: its right edge and its unfinished tiles. ``heads`` is used by whoever seals many times."""

    edge: Edge = field(default_factory=Edge)
    tiler: Tiler = field(default_factory=lambda: Tiler(0, {}))
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)

    @classmethod
    def resume(cls, before: Seal | None) -> Ends:
        size = before.size if before else 0
        return cls(Edge.from_hex(size, before.edge if before else ""), Tiler.resume(size))


def close(plan: Plan, before: Seal | None, sealed_at: datetime.datetime, facts: int, ends: Ends) -> Seal:
    """Add the heads and the seal's own leaf, grow the tree, write everything."""
    plan.close_heads()
    root = before.root if before else EMPTY_ROOT.hex()
    own = leaf_hex(seal_bytes(plan.number, sealed_at, plan.first, root))
    plan.leaves.append(own)
    leaves = [bytes.fromhex(leaf) for leaf in plan.leaves]
    ends.edge.extend(leaves)
    ends.tiler.extend(leaves)
    edge = ends.edge
    made = Seal.objects.create(
        number=plan.number, sealed_at=sealed_at, facts=facts, size=edge.size, root=edge.root().hex(), edge=edge.hex(),
        hash=own,
    )  # fmt: skip
    insert(Link, ["fact_id", "seal_id", "subject", "seq", "previous", "leaf", "hash"], plan.links)
    insert(Head, ["seal_id", "subject", "count", "head", "leaf", "hash"], plan.head_rows)
    insert(Tile, ["level", "number", "hashes"], ends.tiler.full)
    ends.tiler.full = []
    return made
