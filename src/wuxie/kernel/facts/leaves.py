"""The links of the ledger with what can be said of each by itself: its content, its day, its leaf.

That is two thirds of examining a ledger and needs no order, so copies of the process do it, each for some thousands of leaves;
what hangs on the link before is for the walk (``audit``).
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Generator, Iterator
from typing import NamedTuple

from django.db import connection
from django.db.models import Max, QuerySet

from wuxie.kernel.clock.now import local

from .canonical import content_hash, leaf_hex, link_bytes
from .helping import in_order
from .ledger import COLUMNS
from .models import Link
from .rows import pages

#: Leaves that a helper takes at a time, and how many such pieces may be ready before they are taken.
PIECE, AHEAD = 20_000, 4
#: Below this a helper takes longer to start than to help.
FEW = 100_000
NAMES = ("leaf", "seal_id", "subject", "seq", "previous", "hash", *(f"fact__{name}" for name in COLUMNS))


class Leaf(NamedTuple):
    """A link as it is stored, with what its fact says. ``digest`` is the leaf made anew, ``sound`` whether the fact is as it was sealed."""

    leaf: int
    seal: int
    subject: str
    seq: int
    previous: str
    stored: str
    digest: str
    fact: str
    subjects: tuple[str, ...]
    recorded_at: datetime.datetime
    sound: bool


def sound(row: dict[str, object]) -> bool:
    """Whether a fact's columns give the hash that stands beside them, and its day is that of its moment."""
    return content_hash(row) == row["content_hash"] and local(row["recorded_at"]).date() == row["recorded_on"]  # type: ignore[arg-type]


def useful_helpers() -> int:
    """How many helpers are worth their start for this ledger, here and now."""
    if connection.in_atomic_block or (Link.objects.aggregate(last=Max("leaf"))["last"] or 0) < FEW:
        return 0
    return os.cpu_count() or 1


def leaves(helpers: int = 0) -> Generator[Leaf]:
    """All links in the order of their leaves; with helpers what is committed, without them what this transaction sees.

    Close it when done: helpers and their connections stand until then.
    """
    if not helpers:
        yield from _read(Link.objects.all())
        return
    last = Link.objects.aggregate(last=Max("leaf"))["last"] or 0
    # The first and the last piece are open, so that a leaf with a number that cannot be is found too.
    starts = [None, *range(PIECE, last + 1, PIECE)]
    for piece in in_order(_piece, list(zip(starts, [*starts[1:], None], strict=True)), helpers=helpers, ahead=AHEAD):
        yield from piece


def _piece(bounds: tuple[int | None, int | None]) -> list[Leaf]:
    first, until = bounds
    rows = Link.objects.all()
    if first is not None:
        rows = rows.filter(leaf__gte=first)
    if until is not None:
        rows = rows.filter(leaf__lt=until)
    return list(_read(rows))


def _read(rows: QuerySet[Link]) -> Iterator[Leaf]:
    before, good = "", True
    for leaf, seal, subject, seq, previous, stored, *columns in pages(rows, *NAMES):
        row = dict(zip(COLUMNS, columns, strict=True))
        if row["id"] != before:
            before, good = row["id"], sound(row)
        yield Leaf(
            leaf, seal, subject, seq, previous, stored,
            leaf_hex(link_bytes(subject, seq, row["id"], row["content_hash"], previous)),
            row["id"], (row["subject"], *row["also_counts_for"]), row["recorded_at"], good,
        )  # fmt: skip
