"""A history taken in at once leaves what the ordinary verbs would have left, and nothing is left out on the way."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from ulid import ULID

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts import audit, bulk, canonical, checks, guards, laid_down, ledger, sealer
from wuxie.kernel.facts.models import Also, Fact, Head, Link, Private, Seal, Tile, Unsealed
from wuxie.kernel.facts.refusal import Refused
from wuxie.kernel.facts.testing import lifted

from .factories import DAY, fact, rows

EVENING = datetime.datetime(2026, 6, 30, 12, tzinfo=datetime.UTC)
LATER = EVENING + datetime.timedelta(days=30)


@pytest.fixture
def no_chance(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Ids are drawn at random within a millisecond; here they count from the same place each time."""
    monkeypatch.setattr("os.urandom", lambda size: bytes(size))

    def again() -> None:
        monkeypatch.setattr(ledger, "_last_id", 0)

    return again


def batches(*many: tuple[datetime.datetime, list[dict[str, Any]]]) -> list[bulk.Batch]:
    return [bulk.Batch(received, lambda found=found: found) for received, found in many]


def tables() -> dict[str, list[tuple[Any, ...]]]:
    """Everything that was written, but for the numbers the database itself gives its rows."""
    models = {"fact": Fact, "also": Also, "link": Link, "head": Head, "seal": Seal, "tile": Tile}
    found = {}
    for name, model in models.items():
        columns = [one.attname for one in model._meta.concrete_fields if one.name != "id" or name == "fact"]
        found[name] = sorted(
            tuple(bytes(value) if isinstance(value, memoryview) else repr(value) for value in row)
            for row in model.objects.values_list(*columns)
        )
    return found


@pytest.mark.django_db
def test_the_same_rows_as_announcing_and_sealing(
    no_chance: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealer, "MOST", 400)
    history = [(EVENING, rows(700, tag="a")), (LATER, rows(300, tag="b", subjects=9))]

    class Enough(Exception):
        pass

    no_chance()
    with pytest.raises(Enough), transaction.atomic():
        for received, found in history:
            with frozen(received):
                ledger.announce_many(found)
                sealer.seal()
        ordinary = tables()
        raise Enough
    no_chance()
    assert bulk.load(batches(*history)) == 1000
    assert tables() == ordinary
    assert (Seal.objects.count(), Unsealed.objects.count()) == (3, 0)
    assert audit.examine().well


@pytest.mark.django_db
def test_only_an_empty_ledger_takes_a_history() -> None:
    fact()
    with pytest.raises(Refused, match="只用于空的账本"):
        bulk.load(batches((EVENING, rows(3))))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "probe.unknown"}, "没有"),
        ({"subject": "nobody"}, "主体"),
        ({"occurred_on": DAY + datetime.timedelta(days=400)}, "发生日不能晚于"),
        ({"quantity": "0.12345678"}, "至多六位小数"),
        ({"kind": "probe.admitted", "regards": "x"}, "不能整批载入"),
    ],
)
def test_what_announce_refuses_is_refused_here_too(change: dict[str, Any], says: str) -> None:
    with pytest.raises(Refused, match=says):
        bulk.load(batches((EVENING, [*rows(3), {**rows(1)[0], "source": "other", **change}])))


@pytest.mark.django_db
def test_moments_must_not_fall_and_guards_must_stand() -> None:
    with pytest.raises(Refused, match="从早到晚"):
        bulk.load(batches((LATER, rows(3)), (EVENING, rows(3, tag="b"))))
    with lifted(), pytest.raises(Refused, match="防改触发器不全"):
        bulk.load(batches((EVENING, rows(3))))


@pytest.mark.django_db
def test_a_source_gives_a_kind_once() -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        bulk.load(batches((EVENING, [*rows(5), rows(1)[0]])))
    assert not Fact.objects.exists()


@pytest.mark.django_db
def test_personal_values_are_kept_encrypted_and_fit() -> None:
    bulk.load(batches((EVENING, [{**rows(1)[0], "personal": {"name": "张三"}}])))
    assert Private.objects.count() == 1
    assert b"\xe5\xbc\xa0" not in bytes(Private.objects.get().sealed)
    assert audit.examine().well


def test_with_a_helper_and_indexes_put_aside(emptied: None) -> None:
    steps: list[tuple[int, int, int]] = []
    history = batches((EVENING, rows(600, tag="a")), (LATER, rows(500, tag="b")))
    assert bulk.load(history, progress=lambda *step: steps.append(step)) == 1100
    assert steps == [(1, 2, 600), (2, 2, 1100)]
    assert bulk.unfinished() == guards.missing() == checks.before_start() == []
    assert audit.examine().well
    assert laid_down.numbers() == [1, 2]
    assert [row[1:] for row in laid_down.facts_in(2)] == list(
        Link.objects.filter(seal_id=2).order_by("leaf").values_list("fact_id", "fact__content_hash")
    )
    # The ordinary verbs go on from here, and the guards still refuse.
    fact()
    sealer.seal()
    assert audit.examine().well
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Fact.objects.update(note="x")


def test_a_load_cut_off_is_noticed_at_the_door_and_mended_by_migrate(emptied: None) -> None:
    def breaks() -> list[dict[str, Any]]:
        raise KeyboardInterrupt

    history = [*batches((EVENING, rows(60))), bulk.Batch(LATER, breaks)]
    with pytest.raises(KeyboardInterrupt):
        bulk.load(history, helpers=0)
    assert "facts_fact" in bulk.unfinished()
    assert any("整批载入没有完成" in reason for reason in checks.before_start())
    with pytest.raises(Refused, match="只用于空的账本"):
        bulk.load(history, helpers=0)
    bulk.restore()
    assert bulk.unfinished() == []
    with connection.cursor() as cursor:
        assert "fact_of_subject" in connection.introspection.get_constraints(cursor, "facts_fact")


def test_numbers_are_written_as_ulids_are() -> None:
    for number in (0, 1, 31, 32, 2**40 - 1, 2**40, 2**127 + 12345, 2**128 - 1):
        assert ledger.ulid(number) == str(ULID.from_int(number))


def test_the_quick_bytes_are_the_canonical_ones() -> None:
    row = {
        "id": "01M88ZZZZZZZZZZZZZZZZZZZZZ", "kind": "probe.done", "subject": "project:17", "also_counts_for": [],
        "quantity": -5, "unit": "次\t\"", "occurred_on": DAY, "recorded_at": EVENING, "valid_until": DAY, "trust": 0,
        "source": "a\\b\x00\x1f\x7f\u2028", "revision": 12, "by": "clock", "note": "𠮷\n", "attachments": [],
        "personal": {}, "suspicious": "", "regards": "", "details": {},
    }  # fmt: skip
    assert canonical.fact_bytes(row) == canonical.canonical(canonical.fact_document(row))
    full = {**row, "also_counts_for": ["b:1", "a:2"], "details": {"乙": '"', "a": "/"}, "personal": {"x": "00"}}
    salted = {**full, "salt": "5a" * 32}
    for one in (full, salted, {**row, "salt": "0f" * 32, "by": "", "note": ""}):
        assert canonical.fact_bytes(one) == canonical.canonical(canonical.fact_document(one))
    assert b'"v":2' in canonical.fact_bytes(salted) and "𠮷".encode() not in canonical.fact_bytes(salted)
    document = {"fact": 'f"', "hash": "h", "previous": "p", "seq": 7, "subject": "s:1"}
    assert canonical.link_bytes("s:1", 7, 'f"', "h", "p") == canonical.canonical(document)
    document = {"count": 3, "head": "h", "seal": 2, "subject": "乙:1"}
    assert canonical.head_bytes("乙:1", 2, 3, "h") == canonical.canonical(document)
