"""Reading the ledger: one fact and its place, the facts of a subject, and the relation that standards compute over."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from wuxie.kernel.clock.now import today

from . import kinds
from .canonical import quantity_text
from .models import Fact, Head, Link, Seal, Standing
from .rows import chunks
from .trust import Trust

#: Columns of ``rows_relation``, in order.
RELATION = (
    "id", "kind", "subject", "quantity", "occurred_on", "recorded_on", "valid_until", "trust", "superseded", "disputed",
    "superseded_by", "received_on",
)  # fmt: skip
#: Columns of contract 2.7, in order.
EXPORT = (
    "id", "kind", "subject", "quantity", "occurred_on", "recorded_on", "valid_until", "trust", "superseded_by", "disputed",
)  # fmt: skip


@dataclass(frozen=True)
class State:
    """How a fact counts on a day."""

    trust: Trust
    superseded_by: str
    disputed: bool
    frozen_until: datetime.date | None
    sealed: bool

    @property
    def counts(self) -> bool:
        """Neither replaced nor frozen; whether its trust suffices is for the standard to say."""
        return not self.superseded_by and not self.disputed


def facts_of(subject: str) -> QuerySet[Fact]:
    """All facts that count for a subject, newest first; with them what ``state_of`` needs."""
    rows = Fact.objects.filter(Q(subject=subject) | Q(pk__in=Fact.objects.filter(also__subject=subject).values("pk")))
    return rows.select_related("standing", "unsealed").order_by("-occurred_on", "-id")


def not_replaced(rows: QuerySet[Fact]) -> QuerySet[Fact]:
    """Without those that another fact has replaced. Narrow the rows by subject and kind first: only that has an index."""
    return rows.filter(~Exists(Standing.objects.filter(pk=OuterRef("pk")).exclude(superseded_by="")))


def fact_of(source: str) -> Fact | None:
    """The newest fact of this source that was neither corrected nor withdrawn."""
    return not_replaced(Fact.objects.filter(source=source)).order_by("-pk").first()


def state_of(fact: Fact, *, on: datetime.date | None = None) -> State:
    """How a fact counts on a day (today)."""
    known = getattr(fact, "standing", None)
    until = known.frozen_until if known else None
    trust = max(fact.trust, known.trust if known and known.trust is not None else 0)
    return State(
        Trust(trust), known.superseded_by if known else "", until is not None and until >= (on or today()), until,
        getattr(fact, "unsealed", None) is None,
    )  # fmt: skip


def facts_about(fact: Fact) -> QuerySet[Fact]:
    """Disputes, corrections and the like that speak about this fact, oldest first."""
    return Fact.objects.filter(regards=fact.pk).order_by("recorded_at", "id")


def latest_seals(count: int = 20) -> QuerySet[Seal]:
    """The newest seals first."""
    return Seal.objects.order_by("-number")[:count]


def last_seal() -> Seal | None:
    return Seal.objects.order_by("-number").first()


@dataclass(frozen=True)
class Place:
    """A fact's place in one chain: the link, the links before and after, and the head that covers it."""

    link: Link
    before: Link | None
    after: Link | None
    head: Head | None


def places_of(fact: Fact) -> list[Place]:
    """The places of a sealed fact in the chains of everybody it counts for; empty while it waits."""
    return [
        Place(
            link,
            _link(link.subject, link.seq - 1),
            _link(link.subject, link.seq + 1),
            Head.objects.filter(subject=link.subject, seal_id=link.seal_id).first(),
        )
        for link in fact.links.select_related("seal").order_by("leaf")
    ]


def _link(subject: str, seq: int) -> Link | None:
    return Link.objects.filter(subject=subject, seq=seq).select_related("fact").first()


def chain_of(subject: str) -> QuerySet[Link]:
    """Every link of a subject from number 1, with its fact: the complete chain that a pack holds."""
    return Link.objects.filter(subject=subject).select_related("fact", "seal").order_by("seq")


def rows_relation(
    *,
    on: datetime.date | None = None,
    known_by: datetime.date | None = None,
    sealed_only: bool = False,
    enough_trust: bool = True,
) -> str:
    """SQL of a relation with the columns ``RELATION``, the same text on SQLite and PostgreSQL, without parameters.

    One row for each fact and subject. ``quantity`` is in millionths; days are ISO text (``valid_until`` empty if open);
    ``trust`` is the raised level, 0 to 3; ``superseded`` and ``disputed`` are 0 or 1. ``recorded_on`` is the day of
    receipt, or the earlier day to which the fact was admitted; ``received_on`` the day of receipt in any case. Disputes
    are judged on the day ``on`` (today); a correction received (and admitted) after ``known_by`` switches nothing off.
    ``enough_trust`` leaves out facts below the least level of their own kind.

    It is ready to stand after ``FROM``: ``SELECT … FROM {relation} WHERE subject = %s``; the filter reaches the index.
    """
    day = (on or today()).isoformat()
    corrected = "(COALESCE(s.superseded_by, '') <> ''"
    if known_by is not None:
        # The correction's own admission counts for it.
        corrected += (
            " AND CASE WHEN r.admitted_on IS NOT NULL AND r.admitted_on < s.superseded_on THEN r.admitted_on"
            f" ELSE s.superseded_on END <= '{known_by.isoformat()}'"
        )
    corrected += ")"
    columns = f"""
SELECT f.id AS id, f.kind AS kind, {{subject}} AS subject, f.quantity AS quantity,
  CAST(f.occurred_on AS VARCHAR(10)) AS occurred_on,
  CAST(CASE WHEN s.admitted_on IS NOT NULL AND s.admitted_on < f.recorded_on THEN s.admitted_on
    ELSE f.recorded_on END AS VARCHAR(10)) AS recorded_on,
  COALESCE(CAST(f.valid_until AS VARCHAR(10)), '') AS valid_until,
  COALESCE(s.trust, f.trust) AS trust,
  CASE WHEN {corrected} THEN 1 ELSE 0 END AS superseded,
  CASE WHEN s.frozen_until IS NOT NULL AND s.frozen_until >= '{day}' THEN 1 ELSE 0 END AS disputed,
  CASE WHEN {corrected} THEN s.superseded_by ELSE '' END AS superseded_by,
  CAST(f.recorded_on AS VARCHAR(10)) AS received_on
FROM {{source}}
LEFT JOIN facts_standing s ON s.fact_id = f.id
LEFT JOIN facts_standing r ON r.fact_id = s.superseded_by AND s.superseded_by <> ''
WHERE {_conditions(sealed_only, enough_trust)}"""  # noqa: S608 (dates and declared codes only)
    own = columns.format(subject="f.subject", source="facts_fact f")
    others = columns.format(subject="a.subject", source="facts_also a JOIN facts_fact f ON f.id = a.fact_id")
    return f"({own}\nUNION ALL{others}) AS facts_rows"


def _conditions(sealed_only: bool, enough_trust: bool) -> str:
    wanted = ["f.regards = ''"]
    if sealed_only:
        wanted.append("NOT EXISTS (SELECT 1 FROM facts_unsealed u WHERE u.fact_id = f.id)")
    if enough_trust:
        for level, group in kinds.below_minimum(kinds.all_kinds()):
            wanted.append(f"NOT (COALESCE(s.trust, f.trust) < {int(level)} AND ({_is_any(group)}))")
    return "\n  AND ".join(wanted)


def _is_any(group: list[kinds.Kind]) -> str:
    closed = ", ".join(f"'{code}'" for kind in group for code in kind.codes())
    tests = [f"f.kind IN ({closed})"] if closed else []
    for kind in group:
        if not kind.codes():
            tests.append(f"SUBSTR(f.kind, 1, {len(kind.code) + 1}) = '{kind.code}.'")
    return " OR ".join(tests)


def relation_rows(
    subjects: Iterable[str],
    *,
    on: datetime.date | None = None,
    known_by: datetime.date | None = None,
    sealed_only: bool = True,
    kinds: Iterable[str] | None = None,
) -> Iterator[dict[str, Any]]:
    """The relation's rows of these subjects (of some kinds only), by subject, kind, day and id."""
    relation = rows_relation(on=on, known_by=known_by, sealed_only=sealed_only)
    codes = None if kinds is None else sorted(set(kinds))
    if codes == []:
        return
    narrowed = "" if codes is None else f" AND kind IN ({', '.join(['%s'] * len(codes))})"
    for chunk in chunks(sorted(set(subjects)), 400):
        marks = ", ".join(["%s"] * len(chunk))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {', '.join(RELATION)} FROM {relation} WHERE subject IN ({marks}){narrowed}"  # noqa: S608
                " ORDER BY subject, kind, occurred_on, id",
                [*chunk, *(codes or ())],
            )
            for row in cursor.fetchall():
                yield dict(zip(RELATION, row, strict=True))


def export_rows(
    subjects: Iterable[str],
    *,
    on: datetime.date | None = None,
    known_by: datetime.date | None = None,
    sealed_only: bool = True,
    kinds: Iterable[str] | None = None,
) -> Iterator[dict[str, str]]:
    """Rows as in contract 2.7, all text: the snapshot of a run. ``known_by`` is the cut-off."""
    for row in relation_rows(subjects, on=on, known_by=known_by, sealed_only=sealed_only, kinds=kinds):
        yield {
            **{name: str(row[name]) for name in EXPORT},
            "quantity": quantity_text(row["quantity"]),
            "trust": Trust(row["trust"]).word,
            "disputed": "true" if row["disputed"] else "false",
        }
