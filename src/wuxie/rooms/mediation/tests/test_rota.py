"""The rota: every hard rule kept, nothing fairer than what is found, days at fault named, the same answer again."""

from __future__ import annotations

import datetime
import itertools
import json
import subprocess
import sys
import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wuxie.kernel.calc.problems import Problem
from wuxie.rooms.mediation import rota_search
from wuxie.rooms.mediation.rota import Fairness, Infeasible, Wanted, fairness, rota, wanted_from
from wuxie.rooms.mediation.rota_search import missing
from wuxie.rooms.mediation.rota_solver import solve

FIRST = datetime.date(2026, 12, 1)


def day(number: int) -> str:
    return (FIRST + datetime.timedelta(days=number)).isoformat()


def asked(experts: list[dict[str, Any]], days: list[str], **rest: int) -> dict[str, Any]:
    return {"experts": experts, "days": days, "per_day": 1, "rest_days": 0, "seed": 7} | rest


def crew(count: int, orgs: int) -> list[dict[str, Any]]:
    return [{"id": f"e{at}", "org": f"o{at % orgs}", "away": []} for at in range(count)]


def check(document: dict[str, Any], answer: dict[str, Any]) -> Wanted:
    """Every hard rule, looked at anew from the document."""
    experts = {one["id"]: one for one in document["experts"]}
    assert [row["day"] for row in answer["assignments"]] == document["days"]
    turns: dict[str, list[datetime.date]] = {name: [] for name in experts}
    for row in answer["assignments"]:
        assert len(set(row["experts"])) == document["per_day"]
        assert len({experts[name]["org"] for name in row["experts"]}) == document["per_day"]
        for name in row["experts"]:
            assert row["day"] not in experts[name].get("away", [])
            turns[name].append(datetime.date.fromisoformat(row["day"]))
    for name, days in turns.items():
        days.sort()
        assert all((after - before).days > document["rest_days"] for before, after in itertools.pairwise(days))
        assert len(days) <= experts[name].get("max", len(days))
    counts = [len(days) for days in turns.values()]
    assert answer["spread"] == max(counts) - min(counts)
    return wanted_from(document)


def plan_of(wanted: Wanted, answer: dict[str, Any]) -> list[list[int]]:
    places = {one.id: at for at, one in enumerate(wanted.experts)}
    return [[places[name] for name in row["experts"]] for row in answer["assignments"]]


def fairest_by_trying(wanted: Wanted) -> tuple[int, int] | None:
    """Every rota there is, tried; ``None`` if there is none."""
    choices = [
        [
            those for those in itertools.combinations(present, wanted.per_day)
            if len({wanted.experts[one].org for one in those}) == wanted.per_day
        ]
        for present in wanted.present
    ]  # fmt: skip
    found: list[tuple[int, int]] = []
    for plan in itertools.product(*choices):
        turns: dict[int, list[int]] = {}
        for at, those in enumerate(plan):
            for one in those:
                turns.setdefault(one, []).append(wanted.ordinals[at])
        if all(
            len(days) <= (len(days) if wanted.experts[one].most is None else wanted.experts[one].most)
            and all(after - before > wanted.rest for before, after in itertools.pairwise(sorted(days)))
            for one, days in turns.items()
        ):
            found.append(fairness(wanted, [list(those) for those in plan]).key)
    return min(found, default=None)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    gaps = draw(st.lists(st.integers(1, 3), min_size=1, max_size=5))
    days = [day(sum(gaps[:at])) for at in range(len(gaps))]
    experts = []
    for at in range(draw(st.integers(1, 4))):
        one: dict[str, Any] = {"id": f"e{at}", "org": f"o{draw(st.integers(0, 3))}"}
        one["away"] = draw(st.lists(st.sampled_from(days), unique=True, max_size=2))
        if draw(st.booleans()):
            one["max"] = draw(st.integers(0, 4))
        experts.append(one)
    return asked(
        experts, days, per_day=draw(st.integers(1, 2)), rest_days=draw(st.integers(0, 2)), seed=draw(st.integers(0, 9))
    )


@given(documents())
def test_nothing_is_fairer_than_what_is_found(document: dict[str, Any]) -> None:
    wanted = wanted_from(document)
    best = fairest_by_trying(wanted)
    if best is None:
        with pytest.raises(Infeasible) as refused:
            rota(document)
        named = refused.value.extra["days"]
        assert named and set(named) <= set(document["days"])
        return
    answer = rota(document)
    wanted = check(document, answer)
    assert answer["optimal"]
    assert fairness(wanted, plan_of(wanted, answer)).key == best


@given(documents())
def test_the_solver_alone_finds_the_same_fairness(document: dict[str, Any]) -> None:
    """Mending and bounds may spare the solver its work, never change its answer."""
    wanted = wanted_from(document)
    best = fairest_by_trying(wanted)
    if best is not None:
        plan, proven = solve(wanted, None, None)
        assert proven
        assert fairness(wanted, plan).key == best


#: One company has two people, the other one, and each day wants both companies: equal shares do not exist.
LOPSIDED = asked(
    [{"id": "e0", "org": "o0", "away": []}, {"id": "e1", "org": "o0", "away": []}, {"id": "e2", "org": "o1", "away": []}],
    [day(at) for at in range(3)], per_day=2, rest_days=0, seed=0,
)  # fmt: skip


@given(documents())
@example(LOPSIDED)
def test_no_rota_is_fairer_than_the_bound(document: dict[str, Any]) -> None:
    wanted = wanted_from(document)
    best = fairest_by_trying(wanted)
    if best is not None:
        bound = rota_search.least(wanted)
        assert bound is not None
        assert bound.spread <= best[0]
        assert bound.spread < best[0] or bound.heaviest <= best[1]


def test_a_small_uneven_pool_with_settled_shares_needs_no_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve experts of five units, everybody's number settled, three days between: counting is enough, so it takes no time."""
    monkeypatch.delattr("wuxie.rooms.mediation.rota_solver.solve")
    shares = {"o0": (4, 222), "o1": (3, 111), "o2": (2, 56), "o3": (2, 56), "o4": (1, 55)}
    experts = [
        {"id": f"{org}-{at}", "org": org, "max": whole // count + (at < whole % count), "away": [day(at * 9 + 3)]}
        for org, (count, whole) in shares.items() for at in range(count)
    ]  # fmt: skip
    days = [day(at) for at in range(350) if (FIRST + datetime.timedelta(days=at)).weekday() < 5]
    document = asked(experts, days, per_day=2, rest_days=2, seed=7)
    assert len(days) == 250 and rota(document)["optimal"]
    check(document, rota(document))


def test_a_year_of_sixty_experts_is_proven() -> None:
    experts = crew(60, 17)
    for at, one in enumerate(experts):
        one["away"] = [day(gone) for gone in range(at * 3, at * 3 + 20)]
    days = [day(gone) for gone in range(366) if gone % 7 < 5]
    document = asked(experts, days, per_day=2, rest_days=6)
    answer = rota(document)
    check(document, answer)
    assert answer["optimal"]
    assert answer["spread"] == 1


def test_the_same_document_gives_the_same_rota_and_another_seed_may_not() -> None:
    document = asked(crew(12, 5), [day(gone) for gone in range(40)], per_day=2, rest_days=1)
    assert rota(document) == rota(document)
    others = [rota(document | {"seed": seed}) for seed in range(5)]
    assert len({json.dumps(one["assignments"]) for one in others}) > 1
    assert {one["spread"] for one in others} == {rota(document)["spread"]}


def test_who_has_no_duty_counts_for_the_spread() -> None:
    answer = rota(asked([*crew(2, 2), {"id": "idle", "org": "o9", "away": [], "max": 0}], [day(0), day(1)]))
    assert (answer["spread"], answer["optimal"]) == (1, True)


def test_organisations_come_second() -> None:
    """Two experts of one organisation and two of others share four days: one duty each, whoever they belong to."""
    experts = [{"id": name, "org": org, "away": []} for name, org in (("a", "x"), ("b", "x"), ("c", "y"), ("d", "z"))]
    document = asked(experts, [day(gone) for gone in range(6)])
    answer = rota(document)
    wanted = check(document, answer)
    assert fairness(wanted, plan_of(wanted, answer)) == Fairness(1, 2)


def test_a_day_with_too_few_organisations_is_named() -> None:
    experts = [
        {"id": "a", "org": "x", "away": []},
        {"id": "b", "org": "x", "away": []},
        {"id": "c", "org": "y", "away": [day(2)]},
    ]
    with pytest.raises(Infeasible) as refused:
        rota(asked(experts, [day(gone) for gone in range(4)], per_day=2))
    assert refused.value.code == "infeasible"
    assert refused.value.extra["days"] == [day(2)]
    assert "2026-12-03" in refused.value.message


def test_a_day_that_rest_leaves_open_is_named() -> None:
    with pytest.raises(Infeasible) as refused:
        rota(asked([{"id": "a", "org": "x", "away": []}], [day(0), day(1)], rest_days=1))
    assert len(refused.value.extra["days"]) == 1  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("count", "orgs", "per_day", "rest", "most"),
    [(3, 3, 2, 1, None), (5, 5, 2, 3, None), (12, 12, 4, 9, None), (60, 25, 2, 1, 8)],
)
def test_a_year_with_too_few_experts_is_refused_at_once(
    count: int, orgs: int, per_day: int, rest: int, most: int | None
) -> None:
    experts = [one | ({"max": most} if most else {}) for one in crew(count, orgs)]
    document = asked(experts, [day(gone) for gone in range(365) if gone % 7 < 5], per_day=per_day, rest_days=rest)
    started = time.process_time()
    with pytest.raises(Infeasible, match="请增加专家"):
        rota(document)
    assert time.process_time() - started < 5


def test_hands_that_counting_shows_missing_are_missing_in_every_rota() -> None:
    """Three experts, a day of rest: two a day would need four hands in each pair of days, and there are three."""
    experts = [{"id": name, "org": org, "away": []} for name, org in (("a", "x"), ("b", "y"), ("c", "z"))]
    wanted = wanted_from(asked(experts, [day(gone) for gone in range(4)], per_day=2, rest_days=1))
    assert missing(wanted) == 2
    with pytest.raises(Infeasible) as refused:
        rota(asked(experts, [day(gone) for gone in range(4)], per_day=2, rest_days=1))
    assert len(refused.value.extra["days"]) == 2  # type: ignore[arg-type]


def test_whoever_has_more_duties_has_them_all_year_round() -> None:
    experts = [{"id": f"e{at}", "org": f"o{at}", "away": [], "max": 26 if at < 4 else 13} for at in range(12)]
    days = [day(gone) for gone in range(146) if gone % 7 < 5][:104]
    document = asked(experts, days, per_day=2, rest_days=1)
    answer = rota(document)
    check(document, answer)
    assert answer["optimal"]
    first = [name for row in answer["assignments"][:26] for name in row["experts"]]
    assert {name: first.count(name) for name in sorted(set(first))} == pytest.approx(
        {f"e{at}": 6.5 if at < 4 else 3.25 for at in range(12)}, abs=1.5
    )


def test_one_day_between_two_duties_is_rest_enough_for_one() -> None:
    assert rota(asked([{"id": "a", "org": "x", "away": []}], [day(0), day(2)], rest_days=1))["spread"] == 0


@pytest.mark.parametrize(("change", "code", "path"), [
    ({"days": [day(0), day(0)]}, "duplicate", "$.days[1]"),
    ({"days": ["2026-02-30"]}, "type", "$.days[0]"),
    ({"experts": [{"id": "a", "org": "x"}, {"id": "a", "org": "y"}]}, "duplicate", "$.experts[1].id"),
    ({"experts": [{"id": "", "org": "x"}]}, "range", "$.experts[0].id"),
    ({"experts": [{"id": "a"}]}, "missing", "$.experts[0].org"),
    ({"experts": [{"id": "a", "org": "x", "max": -1}]}, "range", "$.experts[0].max"),
    ({"experts": []}, "empty", "$.experts"), ({"days": []}, "empty", "$.days"),
    ({"per_day": "2"}, "type", "$.per_day"), ({"per_day": 0}, "range", "$.per_day"), ({"fairness": 1}, "unknown_key", "$.fairness"),
])  # fmt: skip
def test_what_is_wrong_is_named(change: dict[str, Any], code: str, path: str) -> None:
    with pytest.raises(Problem) as refused:
        rota(asked(crew(2, 2), [day(0)]) | change)
    assert (refused.value.code, refused.value.path, refused.value.exit_code) == (code, path, 2)


def test_the_command_ends_with_one_where_there_is_no_rota() -> None:
    document = json.dumps(asked(crew(1, 1), [day(0)], per_day=2))
    command = [sys.executable, "-m", "wuxie.config.cli", "calc", "rota"]
    done = subprocess.run(command, input=document, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    error = json.loads(done.stderr)["error"]
    assert (error["code"], error["days"]) == ("infeasible", [day(0)])
