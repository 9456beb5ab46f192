"""The count of a joint decision: at the exact borders, by heads and area, with every refusal at its place."""

from __future__ import annotations

import copy
import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxie.kernel.calc.problems import Problem
from wuxie.rooms.assembly.law import vote


def unit(name: str, area: str = "100", owner: str | None = None, status: str = "delivered") -> dict[str, str]:
    return {"id": name, "area": area, "status": status} | ({"owner": owner or name} if status == "delivered" else {})


def ask(units, ballots, **rest):
    rows = [{"unit": name, "choice": choice} for name, choice in ballots.items()]
    return vote({"matter": "fund_use", "units": units, "ballots": rows, **rest})


def town(heads: int, part: int, yes: int, *, matter: str = "fund_use", yes_area: str = "100", part_area: str = "100"):
    """``heads`` single units, the first ``part`` vote, the first ``yes`` of those for."""
    units = [unit(str(n)) for n in range(heads)]
    ballots = {str(n): "for" if n < yes else "against" for n in range(part)}
    return ask(units, ballots) if matter == "fund_use" else vote(
        {"matter": matter, "units": units, "ballots": [{"unit": name, "choice": said} for name, said in ballots.items()]}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("heads", "part", "yes", "matter", "quorate", "passed"),
    [
        (300, 200, 101, "fund_use", True, True),  # exactly two thirds take part, just over half say yes
        (300, 200, 100, "fund_use", True, False),  # half is not more than half
        (300, 199, 199, "fund_use", False, False),
        (400, 280, 210, "fund_raising", True, True),  # exactly three quarters
        (400, 280, 209, "rebuilding", True, False),
        (400, 280, 209, "other", True, True),
    ],
)
def test_at_the_borders(heads, part, yes, matter, quorate, passed):
    answer = town(heads, part, yes, matter=matter)

    assert (answer["quorate"], answer["passed"]) == (quorate, passed)
    assert answer["majority"] == ("special" if matter in ("fund_raising", "rebuilding") else "ordinary")


def test_area_and_heads_must_both_reach_the_quorum():
    units = [unit("a", "1000"), *(unit(str(n), "1") for n in range(9))]
    answer = ask(units, {"a": "for"})
    assert (answer["quorate"], answer["reasons"]) == (False, ["participation_heads"])

    answer = ask(units, {str(n): "for" for n in range(9)})
    assert answer["reasons"] == ["participation_area"]


def test_the_heads_of_500_units_with_60_unsold_and_a_buyer_of_three():
    units = [unit(f"s{n}", status="unsold") for n in range(60)]
    units += [unit(f"a{n}", owner="A") for n in range(3)] + [unit(f"o{n}") for n in range(437)]

    assert ask(units, {})["total"] == {"area": "50000.00", "heads": 439}


def test_undelivered_and_unsold_are_one_head_together_and_apart_from_an_owner_of_that_name():
    units = [unit("1", status="unsold"), unit("2", status="undelivered"), unit("3", owner="developer")]

    assert ask(units, {})["total"]["heads"] == 2


def test_a_void_ballot_does_not_participate():
    answer = ask([unit("a"), unit("b"), unit("c")], {"a": "for", "b": "for", "c": "void"})

    assert (answer["participating"], answer["void_ballots"]) == ({"area": "200.00", "heads": 2}, 1)


def test_a_head_that_says_both_participates_without_a_side():
    units = [unit("1", owner="A"), unit("2", owner="A"), unit("3"), unit("4")]
    answer = ask(units, {"1": "for", "2": "against", "3": "for", "4": "abstain"})

    assert answer["split_heads"] == 1
    assert answer["participating"] == {"area": "400.00", "heads": 3}
    assert (answer["for"], answer["against"], answer["abstain"]) == (
        {"area": "200.00", "heads": 1}, {"area": "100.00", "heads": 0}, {"area": "100.00", "heads": 1},
    )  # fmt: skip


def test_silence_counts_only_under_a_rule_and_the_strict_result_stands_beside_it():
    units = [unit(str(n)) for n in range(9)]
    ballots = {"0": "for", "1": "for", "2": "against"}
    silent = ["3", "4", "5", "6"]

    strict = ask(units, ballots, delivered=silent)
    assert not strict["quorate"]
    assert "not_participating_result" not in strict

    follow = ask(units, ballots, delivered=silent, silent_rule="participates_follow_majority")
    assert (follow["passed"], follow["for"]["heads"]) == (True, 6)
    assert follow["not_participating_result"] == {
        "passed": False, "quorate": False, "reasons": ["participation_area", "participation_heads"]}  # fmt: skip

    abstain = ask(units, ballots, delivered=silent, silent_rule="participates_abstain")
    assert (abstain["quorate"], abstain["passed"], abstain["abstain"]["heads"]) == (True, False, 4)


def test_silence_abstains_where_area_and_heads_disagree():
    units = [unit("a", "900"), *(unit(str(n), "10") for n in range(5))]
    answer = ask(units, {"a": "for", "0": "against", "1": "against"}, delivered=["2", "3", "4"],
                 silent_rule="participates_follow_majority")  # fmt: skip

    assert answer["abstain"] == {"area": "30.00", "heads": 3}


def test_where_nobody_votes_each_share_is_judged_as_written():
    assert ask([unit("a")], {})["reasons"] == [
        "participation_area",
        "participation_heads",
        "approval_area",
        "approval_heads",
    ]
    answer = vote({"matter": "rebuilding", "units": [unit("a")], "ballots": []})
    assert answer["reasons"] == ["participation_area", "participation_heads"]


GOOD = {
    "matter": "fund_use",
    "units": [unit("a"), unit("b"), unit("c"), unit("d", status="unsold")],
    "ballots": [{"unit": "a", "choice": "for"}],
    "delivered": ["b"],
}


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        (lambda d: d.update(x=1), "unknown_key", "$.x"),
        (lambda d: d.pop("matter"), "missing", "$.matter"),
        (lambda d: d.update(matter="x"), "range", "$.matter"),
        (lambda d: d.update(matter=1), "type", "$.matter"),
        (lambda d: d.update(silent_rule=None), "type", "$.silent_rule"),
        (lambda d: d.update(units=[]), "empty", "$.units"),
        (lambda d: d.update(units={}), "type", "$.units"),
        (lambda d: d["units"].append(unit("a")), "duplicate", "$.units[4].id"),
        (lambda d: d["units"][1].update(area=89.5), "type", "$.units[1].area"),
        (lambda d: d["units"][1].update(area="89,5"), "type", "$.units[1].area"),
        (lambda d: d["units"][1].update(area="1e3"), "type", "$.units[1].area"),
        (lambda d: d["units"][1].update(area="８９"), "type", "$.units[1].area"),
        (lambda d: d["units"][1].update(area="0.00"), "range", "$.units[1].area"),
        (lambda d: d["units"][1].update(area="-1"), "range", "$.units[1].area"),
        (lambda d: d["units"][1].update(area="1.005"), "range", "$.units[1].area"),
        (lambda d: d["units"][1].update(area="1" * 16), "range", "$.units[1].area"),
        (lambda d: d["units"][1].pop("owner"), "missing", "$.units[1].owner"),
        (lambda d: d["units"][1].update(owner=None), "type", "$.units[1].owner"),
        (lambda d: d["units"][1].update(owner=""), "range", "$.units[1].owner"),
        (lambda d: d["units"][3].update(owner=7), "type", "$.units[3].owner"),
        (lambda d: d["units"][1].update(id=""), "range", "$.units[1].id"),
        (lambda d: d["units"][1].update(id=101), "type", "$.units[1].id"),
        (lambda d: d["units"][1].update(status=None), "type", "$.units[1].status"),
        (lambda d: d["units"][1].pop("area"), "missing", "$.units[1].area"),
        (lambda d: d["units"].append("e"), "type", "$.units[4]"),
        (lambda d: d.update(silent_rule="follow"), "range", "$.silent_rule"),
        (lambda d: d.update(delivered=None), "type", "$.delivered"),
        (lambda d: d.update(ballots=None), "type", "$.ballots"),
        (lambda d: d.pop("ballots"), "missing", "$.ballots"),
        (lambda d: d.pop("units"), "missing", "$.units"),
        (lambda d: d["ballots"].append({"unit": 1, "choice": "for"}), "type", "$.ballots[1].unit"),
        (lambda d: d["ballots"].append({"unit": "c", "choice": "void", "weight": 2}), "unknown_key", "$.ballots[1].weight"),
        (lambda d: d["ballots"].append({"unit": "b", "choice": "void"}), "duplicate", "$.delivered[0]"),
        (lambda d: d["units"][1].update(status="sold"), "range", "$.units[1].status"),
        (lambda d: d["units"][1].update(sold=True), "unknown_key", "$.units[1].sold"),
        (lambda d: d["ballots"].append({"unit": "a", "choice": "for"}), "duplicate", "$.ballots[1].unit"),
        (lambda d: d["ballots"].append({"unit": "z", "choice": "for"}), "reference", "$.ballots[1].unit"),
        (lambda d: d["ballots"].append({"unit": "c", "choice": "yes"}), "range", "$.ballots[1].choice"),
        (lambda d: d["ballots"].append({"unit": "c"}), "missing", "$.ballots[1].choice"),
        (lambda d: d["delivered"].append("b"), "duplicate", "$.delivered[1]"),
        (lambda d: d["delivered"].append("a"), "duplicate", "$.delivered[1]"),
        (lambda d: d["delivered"].append("z"), "reference", "$.delivered[1]"),
        (lambda d: d["delivered"].append(1), "type", "$.delivered[1]"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_at_its_place(change, code, path):
    document = copy.deepcopy(GOOD)
    vote(copy.deepcopy(document))
    change(document)
    with pytest.raises(Problem) as refused:
        vote(document)
    assert (refused.value.code, refused.value.path) == (code, path)


def test_an_owner_is_not_needed_while_the_unit_is_the_developers():
    units = [unit("a"), {**unit("b", status="unsold"), "owner": ""}, {**unit("c", status="undelivered"), "owner": "A"}]

    assert ask(units, {})["total"]["heads"] == 2


def test_the_developer_votes_with_one_head_and_all_its_area():
    units = [*(unit(f"s{n}", status="unsold") for n in range(4)), unit("a"), unit("b")]
    answer = ask(units, {"s0": "for", "s1": "for", "s2": "against", "a": "for"})

    assert answer["participating"] == {"area": "400.00", "heads": 2}
    assert (answer["for"], answer["split_heads"]) == ({"area": "300.00", "heads": 1}, 1)


def test_a_silent_unit_joins_the_head_of_its_owner_like_a_ballot():
    units = [unit("1", owner="A"), unit("2", owner="A"), unit("3"), unit("4"), unit("5")]
    ballots = {"1": "for", "3": "for", "4": "for"}

    follow = ask(units, ballots, delivered=["2"], silent_rule="participates_follow_majority")
    assert (follow["for"], follow["split_heads"]) == ({"area": "400.00", "heads": 3}, 0)
    abstain = ask(units, ballots, delivered=["2"], silent_rule="participates_abstain")
    assert (abstain["for"]["heads"], abstain["abstain"], abstain["split_heads"]) == (
        2,
        {"area": "100.00", "heads": 0},
        1,
    )


def test_silence_follows_a_majority_against_and_only_ballots_that_say_yes_or_no():
    units = [unit(str(n)) for n in range(9)]
    ballots = {"0": "against", "1": "against", "2": "for", "3": "abstain", "4": "abstain", "5": "abstain"}
    answer = ask(units, ballots, delivered=["6", "7"], silent_rule="participates_follow_majority")

    assert answer["against"]["heads"] == 4


def test_a_void_ballot_is_a_ballot_but_takes_no_part_under_any_rule():
    units = [unit(str(n)) for n in range(3)]
    answer = ask(units, {"0": "void"}, delivered=["1"], silent_rule="participates_abstain")

    assert (answer["void_ballots"], answer["participating"]["heads"]) == (1, 1)


@pytest.mark.parametrize(
    "matter", ["procedure_rules", "covenant", "committee_election", "manager_selection", "fund_use", "other"]
)
def test_ordinary_matters_need_more_than_half(matter):
    assert town(10, 10, 6, matter=matter)["majority"] == "ordinary"


@pytest.mark.parametrize("matter", ["fund_raising", "rebuilding", "common_use_change"])
def test_special_matters_need_three_quarters(matter):
    answer = town(12, 12, 8, matter=matter)
    assert (answer["majority"], answer["reasons"]) == ("special", ["approval_area", "approval_heads"])


@given(st.integers(0, 2**32), st.integers(1, 30))
def test_the_parts_of_a_count_add_up(seed, size):
    rng = random.Random(seed)
    units = [
        unit(str(n), f"{rng.randint(1, 200)}.{rng.randint(0, 99):02d}", owner=str(rng.randint(0, 9)), status=rng.choice(["delivered", "unsold"]))
        for n in range(size)
    ]  # fmt: skip
    names = [row["id"] for row in units]
    ballots = {name: rng.choice(["for", "against", "abstain", "void"]) for name in names if rng.random() < 0.6}
    silent = [name for name in names if name not in ballots and rng.random() < 0.5]
    answer = ask(
        units,
        ballots,
        delivered=silent,
        silent_rule=rng.choice(["participates_abstain", "participates_follow_majority"]),
    )

    sides = [answer[side] for side in ("for", "against", "abstain")]
    assert sum(side["heads"] for side in sides) + answer["split_heads"] == answer["participating"]["heads"]
    assert sum(Decimal(side["area"]) for side in sides) == Decimal(answer["participating"]["area"])
    assert answer["passed"] == (answer["reasons"] == [])
    assert answer["void_ballots"] == list(ballots.values()).count("void")


@given(st.integers(0, 2**32), st.integers(1, 40))
def test_another_vote_for_never_turns_a_yes_into_a_no(seed, size):
    rng = random.Random(seed)
    units = [unit(str(n), str(rng.randint(1, 200)), owner=str(rng.randint(0, size))) for n in range(size)]
    ballots = {str(n): rng.choice(["for", "against", "abstain"]) for n in range(size) if rng.random() < 0.8}
    before = ask(units, ballots)
    for name in sorted(ballots):
        if ballots[name] != "for":
            after = ask(units, {**ballots, name: "for"})
            assert not (before["passed"] and not after["passed"])
            break


def test_fifty_thousand_units_in_one_call():
    units = [unit(str(n), f"{50 + n % 90}.{n % 100:02d}", owner=str(n // 2)) for n in range(50_000)]
    answer = ask(units, {str(n): "for" for n in range(0, 50_000, 2)} | {str(n): "against" for n in range(1, 25_000, 2)})

    assert answer["total"]["heads"] == 25_000
    assert answer["split_heads"] == 12_500
