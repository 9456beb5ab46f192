"""Three hundred ways to falsify the ledger with the guards lifted: each is noticed and the first broken fact named."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F

from wuxie.kernel.facts import audit, canonical, laid_down, leaves, ledger, sealer
from wuxie.kernel.facts.ledger import COLUMNS
from wuxie.kernel.facts.models import Also, Fact, Head, Link, Seal, Standing, Tile, Unsealed
from wuxie.kernel.facts.testing import lifted

from .factories import ALICE, BO, fact, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def history(db: None) -> str:
    """Four seals over some six hundred leaves with corrections and disputes; the root of the third."""
    for tag in ("a", "b", "c", "d"):
        ledger.announce_many(rows(110, tag=tag))
        one = Fact.objects.get(source=f"{tag}/7")
        ledger.supersede(one, by=BO, reason="更正", quantity="9")
        ledger.dispute(Fact.objects.get(source=f"{tag}/8"), by=BO, reason="不服")
        ledger.raise_trust(Fact.objects.get(source=f"{tag}/9"), by=BO, to=3, paper="document:1")
        sealer.seal()
    return Seal.objects.get(number=3).root


Alter = Callable[[random.Random, Fact], set[str]]


def _set(**changes: Any) -> Alter:
    def alter(rng: random.Random, one: Fact) -> set[str]:
        Fact.objects.filter(pk=one.pk).update(**changes)
        return {one.pk}

    return alter


def _with_hash(**changes: Any) -> Alter:
    """The clever one: the content hash is made to fit."""

    def alter(rng: random.Random, one: Fact) -> set[str]:
        Fact.objects.filter(pk=one.pk).update(**changes)
        row = Fact.objects.filter(pk=one.pk).values(*COLUMNS).get()
        Fact.objects.filter(pk=one.pk).update(content_hash=canonical.content_hash(row))
        return {one.pk}

    return alter


def _with_leaf(rng: random.Random, one: Fact) -> set[str]:
    """Cleverer: the link's own hash is made to fit too; the chain or the root betrays it."""
    _with_hash(quantity=F("quantity") + 1_000_000)(rng, one)
    one.refresh_from_db()
    link = one.links.order_by("leaf").first()
    assert link is not None
    leaf = canonical.leaf_hex(canonical.link_bytes(link.subject, link.seq, one.pk, one.content_hash, link.previous))
    Link.objects.filter(pk=link.pk).update(hash=leaf)
    after = set(Link.objects.filter(subject=link.subject, seq__gt=link.seq).values_list("fact_id", flat=True)[:1])
    return {one.pk} | after


def _delete_fact(rng: random.Random, one: Fact) -> set[str]:
    Also.objects.filter(fact=one).delete()
    _raw("DELETE FROM facts_standing WHERE fact_id = %s", [one.pk])
    _raw("DELETE FROM facts_fact WHERE id = %s", [one.pk])
    return {one.pk}


def _delete_link(rng: random.Random, one: Fact) -> set[str]:
    one.links.all().delete()
    return {one.pk}


def _delete_all(rng: random.Random, one: Fact) -> set[str]:
    """Fact and links: only the hole is left, so the copy outside names it, else nothing can."""
    _delete_link(rng, one)
    return _delete_fact(rng, one)


def _swap_leaves(rng: random.Random, one: Fact) -> set[str]:
    first = one.links.order_by("leaf").first()
    assert first is not None
    other = Link.objects.filter(leaf__gt=first.leaf, seal=first.seal_id).order_by("leaf").first()
    if other is None:
        return _set(note="x")(rng, one)
    for link, leaf in ((first, -1), (other, first.leaf), (first, other.leaf)):
        Link.objects.filter(pk=link.pk).update(leaf=leaf)
    return {first.fact_id, other.fact_id}


def _swap_numbers(rng: random.Random, one: Fact) -> set[str]:
    link = one.links.order_by("leaf").first()
    assert link is not None
    other = Link.objects.filter(subject=link.subject).exclude(pk=link.pk).order_by("?").first()
    assert other is not None
    for moved, seq in ((link, 0), (other, link.seq), (link, other.seq)):
        Link.objects.filter(pk=moved.pk).update(seq=seq)
    return {link.fact_id, other.fact_id}


def _insert(rng: random.Random, one: Fact) -> set[str]:
    row = Fact.objects.filter(pk=one.pk).values().get()
    row.update(id="01AAAAAAAAAAAAAAAAAAAAAAAA", source="smuggled", also_counts_for=[])
    row["content_hash"] = canonical.content_hash(row)
    Fact.objects.create(**row)
    return {row["id"]}


def _claim_subject(rng: random.Random, one: Fact) -> set[str]:
    _with_hash(also_counts_for=["project:99"])(rng, one)
    return {one.pk}


def _switch_off(rng: random.Random, one: Fact) -> set[str]:
    Standing.objects.update_or_create(fact_id=one.pk, defaults={"superseded_by": "01ZZZZZZZZZZZZZZZZZZZZZZZZ"})
    return {one.pk}


def _freeze(rng: random.Random, one: Fact) -> set[str]:
    Standing.objects.update_or_create(fact_id=one.pk, defaults={"frozen_until": "2099-01-01"})
    return {one.pk}


def _promote(rng: random.Random, one: Fact) -> set[str]:
    Standing.objects.filter(fact_id=one.pk).delete()
    Standing.objects.create(fact_id=one.pk, trust=3, superseded_by="x")
    return {one.pk}


def _requeue(rng: random.Random, one: Fact) -> set[str]:
    Unsealed.objects.create(fact=one)
    return {one.pk, ""}


def _also_row(rng: random.Random, one: Fact) -> set[str]:
    Also.objects.create(fact=one, subject="project:98")
    return {one.pk}


ALTERATIONS: tuple[Alter, ...] = (
    _set(quantity=123_456), _set(occurred_on="2026-01-01"), _set(trust=0), _set(subject="project:77"),
    _set(note="涂改"), _set(by="person:99"), _set(content_hash="0" * 64), _set(recorded_on="2026-01-01"),
    _set(valid_until="2099-01-01"), _set(kind="probe.head_count"), _set(details={"by": "x"}),
    _with_hash(quantity=7), _with_hash(trust=1, note="x"), _with_hash(recorded_at="2020-01-01T00:00:00Z"),
    _with_leaf, _delete_fact, _delete_link, _swap_leaves, _swap_numbers, _insert, _claim_subject, _switch_off, _freeze,
    _promote, _requeue, _also_row,
)  # fmt: skip


def test_three_hundred_alterations_are_noticed_and_named(history: str) -> None:
    assert audit.examine(root=history).well
    rng = random.Random(20261122)
    ids = list(
        Fact.objects.filter(links__isnull=False, regards="").order_by("pk").distinct().values_list("pk", flat=True)
    )
    missed = []
    for turn in range(300):
        alter = ALTERATIONS[turn % len(ALTERATIONS)]
        one = Fact.objects.get(pk=rng.choice(ids))
        with transaction.atomic():
            with lifted():
                suspects = alter(rng, one)
            report = audit.examine(root=history)
            if not report.broken or report.broken[0].fact not in suspects:
                missed.append((turn, [(broken.fact, broken.message) for broken in report.broken], suspects))
            transaction.set_rollback(True)
    assert missed == []
    assert audit.examine(root=history).well


@pytest.mark.parametrize("model", [Head, Seal, Tile, Link])
def test_structure_that_is_altered_is_noticed(history: str, model: Any) -> None:
    columns = {
        Head: {"count": 1, "head": "0" * 64, "subject": "project:x"},
        Seal: {"root": "0" * 64, "edge": "", "facts": 3, "hash": "0" * 64, "sealed_at": "2020-01-01T00:00:00Z"},
        Tile: {"hashes": b"\x00" * 8192},
        Link: {"hash": "0" * 64, "previous": "0" * 64, "subject": "project:x", "leaf": 99_999, "seal_id": 1},
    }[model]
    row = model.objects.order_by("pk")[max(model.objects.count() // 2, 0) :].first()
    for change in [*columns.items(), None]:
        with transaction.atomic():
            with lifted():
                if change is None:
                    _raw(f"DELETE FROM {model._meta.db_table} WHERE {model._meta.pk.column} = %s", [row.pk])
                else:
                    model.objects.filter(pk=row.pk).update(**dict([change]))
            assert not audit.examine().well, (model, change)
            transaction.set_rollback(True)


def test_history_written_anew_is_noticed_by_an_older_root(history: str) -> None:
    """Everything fits inside; only the root held outside does not. The laid-down copies name the fact."""
    victim = Fact.objects.get(source="b/11")
    for copied in (False, True):
        if copied:
            for number in (1, 2, 3, 4):
                laid_down.lay_down(number)
        with transaction.atomic():
            with lifted():
                _with_hash(quantity=99_000_000)(random.Random(1), victim)
                _seal_anew()
            assert audit.examine().well
            report = audit.examine(root=history)
            assert "已被改写并重新封存" in report.broken[0].message
            named = victim.pk if copied else Fact.objects.get(source="a/0").pk
            assert [Fact.objects.get(pk=broken.fact).source for broken in report.broken] == [
                Fact.objects.get(pk=named).source
            ], copied
            transaction.set_rollback(True)
    assert audit.examine(root=history.upper()).well


def test_a_fact_gone_with_its_links_is_named_from_the_copy(history: str) -> None:
    laid_down.lay_down(2)
    victim = Fact.objects.get(source="b/11")
    with transaction.atomic():
        with lifted():
            _delete_all(random.Random(1), victim)
        assert audit.examine().broken[0].fact == victim.pk
        transaction.set_rollback(True)


def test_an_examination_says_what_it_saw(history: str) -> None:
    fact(by=ALICE)
    report = audit.examine()
    last = Seal.objects.get(number=4)
    assert (report.seals, report.facts, report.waiting, report.size, report.root) == (
        4, Fact.objects.count() - 1, 1, last.size, last.root,
    )  # fmt: skip
    assert report.links == Link.objects.count()
    assert audit.last_words(report).startswith(f"root {last.root} size {last.size} sealed_at ")


def test_an_empty_ledger_is_well_and_passed_through_the_empty_root() -> None:
    assert audit.examine(root="e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855").well
    assert not audit.examine(root="0" * 64).well


def _seal_anew() -> None:
    ids = list(Link.objects.order_by("leaf").values_list("fact_id", flat=True))
    for table in ("link", "head", "tile", "seal"):
        _raw(f"DELETE FROM facts_{table}", [])
    Unsealed.objects.bulk_create(Unsealed(fact_id=one) for one in dict.fromkeys(ids))
    sealer.seal()


def _raw(statement: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.django_db(transaction=True)
def test_helpers_find_what_one_process_finds(emptied: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of seven leaves, so that facts of several subjects lie across their edges; the first broken fact is the same."""
    monkeypatch.setattr(leaves, "PIECE", 7)
    for tag in ("a", "b"):
        ledger.announce_many(rows(30, tag=tag))
        sealer.seal()
    alone, helped = audit.examine(), audit.examine(helpers=2)
    assert helped.well and (helped.facts, helped.links, helped.root) == (alone.facts, alone.links, alone.root)
    victim = Fact.objects.get(source="b/5")
    with transaction.atomic(), lifted():
        Fact.objects.filter(pk=victim.pk).update(note="涂改")
    alone, helped = audit.examine(), audit.examine(helpers=2)
    assert alone.broken[0].fact == helped.broken[0].fact == victim.pk
    assert alone.broken[0].message == helped.broken[0].message


def test_few_facts_and_open_transactions_get_no_helpers(history: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaves, "FEW", 1)
    assert leaves.useful_helpers() == 0, "what a transaction has not committed no copy sees"


def test_a_lost_last_seal_a_tile_too_many_and_a_lost_standing_are_each_told(history: str) -> None:
    named = Fact.objects.get(source="d/0").pk
    superseded = Standing.objects.exclude(superseded_by="").order_by("pk").first()
    assert superseded is not None
    extra = "INSERT INTO facts_tile (level, number, hashes) VALUES (%s, %s, %s)"
    for statement, values, fact_, said in (
        ("DELETE FROM facts_seal WHERE number = %s", [4], named, "链节之后没有封存。"),
        (extra, [5, 0, b"\x00" * 8192], "", "有多出的树片。"),
        (
            "DELETE FROM facts_standing WHERE fact_id = %s",
            [superseded.pk],
            superseded.pk,
            "现状（取代、异议、可信等级）缺失。",
        ),
    ):
        with transaction.atomic():
            with lifted():
                _raw(statement, values)
            broken = audit.examine().broken[0]
            assert (broken.fact, broken.message) == (fact_, said)
            transaction.set_rollback(True)
    assert str(Seal.objects.get(number=3)) == f"3: {history}"
