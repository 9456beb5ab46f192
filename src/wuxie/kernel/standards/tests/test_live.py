"""The live score reads the records' own database with the same statement and gets the same figures."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection

from wuxie.kernel.standards import document, live, selection
from wuxie.kernel.standards.judge import judge

from .examples import standard

pytestmark = pytest.mark.django_db
WIDE = standard(
    "ratio(sum('k.a'), count('k.b'))", "active('k.c') / 7", "days('k.a') + days('k.b', 2)", "count('k.a', 3)",
    "10 if has('k.c') else sum('k.b', 13)", "sum('k.a', 120) - active('k.a')",
)  # fmt: skip
COLUMNS = (
    "id VARCHAR(20), kind VARCHAR(20), subject VARCHAR(20), quantity BIGINT, occurred_on VARCHAR(10), recorded_on VARCHAR(10), "
    "valid_until VARCHAR(10), trust INTEGER, superseded INTEGER, disputed INTEGER"
)


def some_facts(seed: int) -> list[dict[str, Any]]:
    chance = random.Random(seed)
    days = [
        f"{year}-{month:02d}-{day}" for year in (2025, 2026) for month in range(1, 13) for day in ("01", "15", "28")
    ]
    days += ["2025-08-31", "2026-08-31", "2026-07-31", "2026-06-30", "2026-09-30"]
    return [
        {
            "id": f"f{place}", "kind": chance.choice(["k.a", "k.b", "k.c"]), "subject": chance.choice(["p:1", "p:2", "p:3"]),
            "quantity": chance.randrange(-5_000_000, 20_000_000), "occurred_on": chance.choice(days),
            "recorded_on": chance.choice(days), "valid_until": chance.choice(["", "", *days]), "trust": chance.randrange(4),
            "superseded": int(chance.random() < 0.1), "disputed": int(chance.random() < 0.1),
        }
        for place in range(300)
    ]  # fmt: skip


@pytest.fixture
def relation() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE some_facts ({COLUMNS})")
    yield "some_facts"
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE some_facts")


@pytest.mark.parametrize("seed", range(5))
def test_the_database_and_plain_python_add_up_alike(relation: str, seed: int) -> None:
    facts = some_facts(seed)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {relation} VALUES ({', '.join(['%s'] * 10)})",
            [[fact[name] for name in selection.COLUMNS] for fact in facts],
        )
    found = document.load(WIDE, strict=True)
    all_of_them = live.measures(found, relation)
    some = live.measures(found, f"(SELECT * FROM {relation} WHERE subject IN ('p:1', 'p:2'))")
    expected = selection.add_up(found, facts, scale=selection.MILLION)
    for subject in ("p:1", "p:2", "p:3"):
        for slot in selection.slots(found):
            assert Fraction(*all_of_them.of(subject)[slot]) == Fraction(*expected.of(subject)[slot])
        result = judge(found, expected.of(subject))
        again = judge(found, all_of_them.of(subject))
        assert (Fraction(*again.total), again.stars) == (Fraction(*result.total), result.stars)
    assert some.of("p:2") == all_of_them.of("p:2")
    assert some.of("p:3") == {}


def test_a_subject_without_facts_scores_as_one_without_data(relation: str) -> None:
    found = document.load(standard(), strict=True)
    result = judge(found, live.measures(found, relation).of("p:9"))
    assert (result.total, result.stars) == ((10, 1), 4)


def test_gains_say_what_full_points_would_add_and_which_facts_are_missing(relation: str) -> None:
    found = document.load(
        standard("10 * ratio(sum('k.a'), 4)", "10 * ratio(sum('k.b'), sum('k.c'))", "10"), strict=True
    )  # fmt: skip
    facts = [
        {"id": "f", "kind": "k.a", "subject": "p", "quantity": 1_000_000, "occurred_on": "2026-01-01",
         "recorded_on": "2026-01-01", "valid_until": "", "trust": 2, "superseded": 0, "disputed": 0}
    ]  # fmt: skip
    slots = selection.add_up(found, facts, scale=selection.MILLION).of("p")
    result = judge(found, slots)
    gains = live.gains(found, result, slots)
    assert [(gain.indicator, Fraction(*gain.points), gain.missing) for gain in gains] == [("A1", Fraction(45, 4), ())]
    changed = judge(found, selection.Filled({**slots, **dict.fromkeys(found.indicators[0].formula.slots, (4, 1))}))
    assert Fraction(*changed.total) == Fraction(*result.total) + Fraction(*gains[0].points) == 30


@pytest.mark.parametrize("seed", range(3))
def test_what_stands_behind_each_indicator_is_counted_as_in_the_explanation(relation: str, seed: int) -> None:
    facts = some_facts(seed)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {relation} VALUES ({', '.join(['%s'] * 10)})",
            [[fact[name] for name in selection.COLUMNS] for fact in facts],
        )
    found = document.load(WIDE, strict=True)
    counted = live.behind(found, relation)
    for subject in ("p:1", "p:2", "p:3"):
        own = [fact for fact in facts if fact["subject"] == subject]
        one_subject = f"(SELECT * FROM {relation} WHERE subject = '{subject}')"
        every = set()
        for indicator in found.indicators:
            wanted = selection.finder(found, own)(indicator.formula.slots)
            every |= set(wanted)
            assert counted[subject].indicators[indicator.id] == len(wanted)
            with connection.cursor() as cursor:
                cursor.execute(live.selecting(found, one_subject, indicator.id))
                assert sorted(row[0] for row in cursor.fetchall()) == wanted
        assert counted[subject].every == len(every)


def test_a_standard_that_reads_no_figure_has_no_facts_behind_it(relation: str) -> None:
    assert live.behind(document.load(standard("10")), relation) == {}
