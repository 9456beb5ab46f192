"""The relation that standards compute over, snapshots, and a fact's place in the chains."""

import datetime
from typing import Any

import pytest
from django.db import connection

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts import ledger, queries, sealer
from wuxie.kernel.facts.models import Fact

from .factories import ALICE, BO, CHARLIE, DAY, fact, rows

pytestmark = pytest.mark.django_db
NEXT_DAY = DAY + datetime.timedelta(days=1)


def relation(subject: str, **how: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, trust, superseded, disputed, recorded_on FROM {queries.rows_relation(**how)}"
            " WHERE subject = %s ORDER BY occurred_on, id",
            [subject],
        )
        return [tuple(row) for row in cursor.fetchall()]


def test_a_fact_gives_a_row_for_everybody_it_counts_for() -> None:
    with frozen(datetime.datetime(2026, 3, 2, 17, tzinfo=datetime.UTC)):  # past midnight in Shanghai
        one = fact(quantity="2.5", also_counts_for=("company:3",), valid_until=NEXT_DAY)
    expected = {
        "id": one.pk, "kind": "probe.done", "quantity": 2_500_000, "occurred_on": "2026-03-02", "recorded_on": "2026-03-03",
        "valid_until": "2026-03-03", "trust": 1, "superseded": 0, "disputed": 0, "superseded_by": "",
        "received_on": "2026-03-03",
    }  # fmt: skip
    found = list(queries.relation_rows(["project:1", "company:3", "project:9"], sealed_only=False))
    assert found == [{**expected, "subject": "company:3"}, {**expected, "subject": "project:1"}]
    assert list(found[0]) == [*queries.RELATION]


def test_only_sealed_facts_are_published() -> None:
    fact()
    assert list(queries.relation_rows(["project:1"])) == []
    sealer.seal()
    assert len(list(queries.relation_rows(["project:1"]))) == 1


def test_a_fact_below_the_least_level_of_its_kind_gives_no_row() -> None:
    low = fact("probe.drill.fire", trust="self_declared")
    judged = fact("probe.judged.A6", trust="counterpart_confirmed")
    right = fact("probe.done")
    assert [row[0] for row in relation("project:1")] == [right.pk]
    assert {row[0] for row in relation("project:1", enough_trust=False)} == {low.pk, judged.pk, right.pk}
    ledger.raise_trust(low, by=BO, to="association_verified", paper="document:1")
    assert {row[:2] for row in relation("project:1")} == {(low.pk, 2), (right.pk, 1)}


def test_a_dispute_counts_until_its_day() -> None:
    one = fact()
    with frozen(DAY):
        ledger.dispute(one, by=BO, reason="不服", until=NEXT_DAY)
    assert [row[3] for row in relation("project:1", on=NEXT_DAY)] == [1]
    assert [row[3] for row in relation("project:1", on=NEXT_DAY + datetime.timedelta(days=1))] == [0]


def test_a_correction_that_came_late_switches_nothing_off_unless_admitted() -> None:
    cutoff = datetime.date(2026, 3, 31)
    with frozen(DAY):
        old = fact()
    with frozen(datetime.date(2026, 4, 5)):
        new = ledger.supersede(old, by=BO, reason="更正", quantity="2")
    late = {old.pk: (0, "2026-03-02"), new.pk: (0, "2026-04-05")}
    assert {row[0]: (row[2], row[4]) for row in relation("project:1", known_by=cutoff)} == late
    assert [row[2] for row in relation("project:1")] == [1, 0]
    with frozen(datetime.date(2026, 4, 9)):
        fact("probe.admitted", occurred_on=cutoff, regards=new.pk, note="评审组书面同意")
    admitted = {old.pk: (1, "2026-03-02"), new.pk: (0, "2026-03-31")}
    assert {row[0]: (row[2], row[4]) for row in relation("project:1", known_by=cutoff)} == admitted
    assert queries.state_of(Fact.objects.get(pk=new.pk)).counts


def test_a_snapshot_is_text_as_in_the_exchange_file() -> None:
    with frozen(DAY):
        one = fact(quantity="2.5")
        two = ledger.supersede(one, by=BO, reason="更正", quantity="3")
        ledger.dispute(two, by=CHARLIE, reason="不服", until=NEXT_DAY)
        sealer.seal()
    common = {
        "kind": "probe.done", "subject": "project:1", "occurred_on": "2026-03-02", "recorded_on": "2026-03-02",
        "valid_until": "", "trust": "counterpart_confirmed",
    }  # fmt: skip
    assert list(queries.export_rows(["project:1"], on=DAY)) == [
        {"id": one.pk, **common, "quantity": "2.5", "superseded_by": two.pk, "disputed": "false"},
        {"id": two.pk, **common, "quantity": "3", "superseded_by": "", "disputed": "true"},
    ]


def test_one_subject_is_read_by_index() -> None:
    ledger.announce_many(rows(600, subjects=60))
    text = f"SELECT kind, SUM(quantity) FROM {queries.rows_relation()} WHERE subject = 'project:7' GROUP BY kind"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {'QUERY PLAN ' if connection.vendor == 'sqlite' else ''}{text}")
        plan = " ".join(str(column) for row in cursor.fetchall() for column in row)
    assert "fact_of_subject" in plan
    assert "also_of_subject" in plan or "also_once_per_fact" in plan


def test_a_subject_has_its_own_facts_and_those_it_is_named_in() -> None:
    own, named, _other = (
        fact(subject="company:3", kind="probe.breach", also_counts_for=("project:1",)),
        fact(also_counts_for=("company:3",), occurred_on=NEXT_DAY),
        fact(),
    )
    assert list(queries.facts_of("company:3")) == [named, own]


def test_a_place_shows_the_neighbours_in_each_chain() -> None:
    one, two, three = fact(), fact(also_counts_for=("company:3",)), fact()
    assert queries.places_of(two) == []
    sealer.seal()
    company, project = sorted(queries.places_of(two), key=lambda place: place.link.subject)
    assert (project.link.seq, project.before.fact, project.after.fact) == (2, one, three)  # type: ignore[union-attr]
    assert (company.link.seq, company.before, company.after) == (1, None, None)
    assert project.head is not None and project.head.count == 3
    assert [seal.number for seal in queries.latest_seals()] == [1]
    assert queries.last_seal() == queries.latest_seals()[0]
    assert queries.state_of(two).sealed is True


def test_what_was_said_about_a_fact_is_listed_oldest_first() -> None:
    one = fact(by=ALICE)
    ledger.dispute(one, by=BO, reason="不服")
    ledger.close_dispute(one, by=CHARLIE, upheld=False, reason="无误")
    assert [said.kind for said in queries.facts_about(one)] == ["ledger.dispute_opened", "ledger.dispute_closed"]


@pytest.mark.django_db
def test_rows_of_some_kinds_only_and_of_none() -> None:
    fact()
    known = list(queries.export_rows(["project:1"], sealed_only=False))
    assert known and list(queries.export_rows(["project:1"], sealed_only=False, kinds=[known[0]["kind"]])) == known
    assert list(queries.export_rows(["project:1"], sealed_only=False, kinds=["probe.other"])) == []
    assert list(queries.export_rows(["project:1"], sealed_only=False, kinds=[])) == []
