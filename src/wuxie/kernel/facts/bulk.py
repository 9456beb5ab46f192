"""A whole history taken into an empty ledger: the rows of ``announce_many`` and ``seal``, many times as fast.

Only loaders use it. A helper process makes, checks, numbers and hashes the facts of the next batch while this one chains,
seals and writes those of the last. Every check of a fact is made, every guard and every unique constraint stands
throughout; put aside are only secondary indexes and (checked as a whole afterwards) foreign keys. A ledger that was left
in the middle of it does not open (``unfinished``, asked by ``checks.before_start``); ``restore`` puts back what is missing.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction
from django.utils.translation import gettext as _

from wuxie.kernel.clock.now import local
from wuxie.kernel.jobs import outbox

from . import drafts, guards, laid_down, ledger, private, sealer
from .drafts import draft
from .helping import in_order
from .joins_registry import actions_for
from .models import APPEND_ONLY, Also, Fact, Private, Seal
from .refusal import Refused
from .rows import adapted, put

#: Batches made ahead of the one being written.
AHEAD = 2
AT = {name: place for place, name in enumerate(ledger.COLUMNS)}


@dataclass(frozen=True)
class Batch:
    """Facts received in one moment. ``rows`` is called in a helper process: mappings as ``announce_many`` takes them."""

    received: datetime.datetime
    rows: Callable[[], Iterable[Mapping[str, Any]]]


@dataclass
class _Prepared:
    """A batch, checked and hashed: the tuples of ``Fact`` as the database takes them, and what goes with them."""

    rows: Sequence[Sequence[Any]] = ()
    also: dict[str, list[str]] = field(default_factory=dict)
    secret: list[Sequence[Any]] = field(default_factory=list)
    followed: list[tuple[str, str, str]] = field(default_factory=list)


def load(
    batches: Sequence[Batch],
    *,
    helpers: int = 1,
    progress: Callable[[int, int, int], None] = lambda _done, _total, _facts: None,
) -> int:
    """Take all batches in, in the order given, each sealed in its own moment; the number of facts.

    Refused unless the ledger is empty and the moments do not fall. Each batch is a transaction of its own: what was cut
    off is begun again with an empty database. ``helpers`` 0 does everything in this process, as inside a transaction,
    where nothing is put aside either. ``progress(batches done, batches, facts so far)``.
    """
    _may_load(batches)
    if connection.in_atomic_block:
        return _take_in(batches, 0, progress)
    with _put_aside():
        return _take_in(batches, helpers, progress)


def _may_load(batches: Sequence[Batch]) -> None:
    if Fact.objects.exists() or Seal.objects.exists():
        raise Refused("duplicate", "$.facts", _("账本里已有事实。整批载入只用于空的账本。"))
    if guards.missing():
        raise Refused("missing", "$.guards", _("防改触发器不全，不能载入。请先运行 wuxie migrate。"))
    moments = [batch.received for batch in batches]
    if moments != sorted(moments):
        raise Refused("range", "$.received", _("各批的收到时间必须从早到晚。"))


def _take_in(batches: Sequence[Batch], helpers: int, progress: Callable[[int, int, int], None]) -> int:
    state, total = _State(), 0
    for done, prepared in enumerate(_prepared(batches, helpers), start=1):
        total += len(prepared.rows)
        state.take(prepared, batches[done - 1].received)
        progress(done, len(batches), total)
    return total


# ── in the helper ──────────────────────────────────────────────────────────────────────────────────────────────────────

#: What the helper is to prepare; it is a copy of this process and finds it here.
_todo: Sequence[Batch] = ()


def _prepared(batches: Sequence[Batch], helpers: int) -> Iterator[_Prepared]:
    global _todo
    if not helpers:
        yield from map(_prepare, batches)
        return
    _todo = batches
    try:
        yield from in_order(_prepare_number, range(len(batches)), helpers=helpers, ahead=AHEAD)
    finally:
        _todo = ()


def _prepare_number(number: int) -> _Prepared:
    return _prepare(_todo[number])


def _prepare(batch: Batch) -> _Prepared:
    """What ``ledger.announce_many`` does with a row before the database sees it."""
    wanted = [draft(**row) for row in batch.rows()]
    follows = cache(actions_for)
    received_on = local(batch.received).date()
    found, lines = _Prepared(), []
    for number, one in zip(ledger.new_ids(batch.received, len(wanted)), wanted, strict=True):
        if one.kind.effect:
            raise Refused("reference", "$.kind", _("“%(kind)s”不能整批载入。") % {"kind": one.kind.label})
        drafts.check_day(one.kind, one.row["occurred_on"], received_on)
        row = ledger.stamped(one.row, number, batch.received, received_on)
        lines.append(ledger.columns_of(row))
        if row["also_counts_for"]:
            found.also[number] = row["also_counts_for"]
        if one.secret:
            found.secret += private.keep(number, one.secret)
        if follows(row["kind"]):
            found.followed.append((number, row["kind"], row["subject"]))
    found.rows = adapted(Fact, ledger.COLUMNS, lines)
    return found


# ── in this process ────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class _State:
    """What one seal hands on to the next."""

    last: Seal | None = None
    ends: sealer.Ends = field(default_factory=sealer.Ends)

    def take(self, prepared: _Prepared, received: datetime.datetime) -> None:
        """Write a batch and its seals, whole or not at all; then lay the seals down."""
        made = []
        with transaction.atomic():
            put(Fact, ledger.COLUMNS, prepared.rows)
            put(Also, ["fact_id", "subject"], [(key, other) for key, many in prepared.also.items() for other in many])
            put(Private, ["fact_id", "field", "sealed"], prepared.secret)
            for fact, kind, subject in prepared.followed:
                outbox.post(ledger.ANNOUNCED, fact, id=fact, kind=kind, subject=subject)
            for start in range(0, len(prepared.rows), sealer.MOST):
                rows = prepared.rows[start : start + sealer.MOST]
                plan = sealer.Plan(self.last.number + 1 if self.last else 1, self.last.size if self.last else 0)
                plan.heads = self.ends.heads
                own, whose, content = AT["id"], AT["subject"], AT["content_hash"]
                for row in rows:
                    plan.link(row[own], row[content], row[whose])
                    for other in prepared.also.get(row[own], ()):
                        plan.link(row[own], row[content], other)
                self.last = sealer.close(plan, self.last, received, len(rows), self.ends)
                made.append((plan, rows))
        if not connection.in_atomic_block:
            for plan, rows in made:
                laid_down.write(plan.number, _laid_down(plan, rows))


def _laid_down(plan: sealer.Plan, rows: Sequence[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """The rows of a seal's file, in the columns of ``laid_down``."""
    facts = {row[0]: row for row in rows}
    names = ("content_hash", "kind", "quantity", "unit", "occurred_on", "recorded_on", "valid_until", "trust", "source")
    wanted = [AT[name] for name in (*names, "revision", "regards")]
    for fact, seal, subject, seq, _previous, leaf, digest in plan.links:
        row = facts[fact]
        yield (leaf, seal, subject, seq, digest, fact, *[row[at] for at in wanted])


# ── what is put aside ──────────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def _put_aside() -> Iterator[None]:
    """Without secondary indexes and foreign keys inside; afterwards all is there again and every reference is checked."""
    _tune()
    with connection.schema_editor() as editor:
        for index in Fact._meta.indexes:
            editor.remove_index(Fact, index)
        if connection.vendor == "postgresql":
            for model, name, _column in _references():
                editor.execute(
                    f"ALTER TABLE {editor.quote_name(model._meta.db_table)} DROP CONSTRAINT {editor.quote_name(name)}"
                )
    _tune()
    try:
        yield
    finally:
        connections.close_all()
    restore()
    _tune()
    _check_references()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA analysis_limit = 2000")
        for model in APPEND_ONLY:
            cursor.execute(f"ANALYZE {model._meta.db_table}")
    connections.close_all()
    wrong = [*guards.missing(), *unfinished()]
    if wrong:
        raise RuntimeError(f"the ledger's tables are not whole after loading: {wrong}")


def _tune() -> None:
    """SQLite only: a crash in the middle costs the load, so nothing is gained by waiting for the disk at each batch.

    Settings of this connection; a new one has those of ``settings`` again.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for setting in ("foreign_keys = OFF", "synchronous = OFF", "cache_size = -600000", "threads = 2"):
                cursor.execute(f"PRAGMA {setting}")


def _present(model: type[models.Model]) -> dict[str, Any]:
    with connection.cursor() as cursor:
        return connection.introspection.get_constraints(cursor, model._meta.db_table)


def _references() -> list[tuple[type[models.Model], str, str]]:
    """The foreign keys there are: model, name of the constraint, column."""
    return [
        (model, name, found["columns"][0])
        for model in APPEND_ONLY
        for name, found in _present(model).items()
        if found["foreign_key"]
    ]


def _lacking() -> tuple[list[models.Index], list[tuple[type[models.Model], models.Field[Any, Any]]]]:
    """Indexes of facts, and fields whose foreign key is not there."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    if Fact._meta.db_table not in tables:
        return [], []
    known = _present(Fact)
    indexes = [index for index in Fact._meta.indexes if index.name not in known]
    there = {(model, column) for model, _name, column in _references()}
    fields = [
        (model, one)
        for model in APPEND_ONLY
        for one in model._meta.concrete_fields
        if one.remote_field and (model, one.column) not in there
    ]
    return indexes, fields


def unfinished() -> list[str]:
    """The ledger's tables that lack an index or a reference since a load was cut off; empty when all is well."""
    indexes, fields = _lacking()
    models_without = {model for model, _field in fields} | ({Fact} if indexes else set())
    return sorted(model._meta.db_table for model in models_without)


def restore() -> None:
    """Put back what is missing; the database checks what it enforces while it does."""
    indexes, fields = _lacking()
    if not indexes and not fields:
        return
    if not connection.in_atomic_block:
        _tune()
    with connection.schema_editor() as editor:
        for index in indexes:
            editor.add_index(Fact, index)
        for model, one in fields:
            editor.execute(editor._create_fk_sql(model, one, "_fk_%(to_table)s_%(to_column)s"))  # type: ignore[attr-defined]


def after_migrate(sender: Any, using: str, **rest: Any) -> None:
    """``wuxie migrate`` mends what a load left behind when it was cut off."""
    if using == DEFAULT_DB_ALIAS:
        restore()


def _check_references() -> None:
    """SQLite looks at all references at once; PostgreSQL did when the constraints were put back."""
    if connection.vendor == "sqlite":
        checked: tuple[type[models.Model], ...] = (*APPEND_ONLY, Private)
        for model in checked:
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA foreign_key_check({model._meta.db_table})")
                if cursor.fetchone():
                    raise RuntimeError(f"{model._meta.db_table}: a reference leads nowhere")
