"""The worked examples that lie beside the checkout, where they are there: each must come out as it was computed by hand."""

from __future__ import annotations

import datetime
import json
import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from wuxie.kernel.clock import tables
from wuxie.kernel.clock.days import Calendar, add, working_days_between
from wuxie.kernel.home import CHECKOUT
from wuxie.kernel.statutes.deadlines import deadline
from wuxie.rooms.assembly.law import vote
from wuxie.rooms.fund.law import apportion

SHARED = Path(os.environ.get("WUXIE_SHARED") or CHECKOUT.parent / "shared")
ORACLES = SHARED / "domain" / "catalogues" / "oracles.yaml"
pytestmark = pytest.mark.skipif(
    not ORACLES.exists(), reason="the worked examples are not beside the checkout (WUXIE_SHARED)"
)


def cases(part: str) -> list[Any]:
    if not ORACLES.exists():
        return []
    return yaml.safe_load(ORACLES.read_text(encoding="utf-8"))["oracles"][part]["cases"]


@pytest.mark.parametrize("case", cases("deadlines"), ids=str)
def test_deadlines(case):
    unit = {"calendar_day": "day"}.get(case["unit"], case["unit"])
    answer = deadline({"rule": "custom", "from": case["starts_on"], "count": case["n"], "unit": unit})
    assert (answer["due"], answer["provisional"]) == (case["due_on"], False)


def voters(case: dict[str, Any]) -> dict[str, Any]:
    """A town of single units with the heads and the areas of the case: each group's first unit takes what is over."""
    heads = {
        "yes": case["yes_heads"],
        "no": case["part_heads"] - case["yes_heads"],
        "rest": case["total_heads"] - case["part_heads"],
    }
    areas = {
        "yes": case["yes_area"],
        "no": case["part_area"] - case["yes_area"],
        "rest": case["total_area"] - case["part_area"],
    }
    units, ballots = [], []
    for group, count in heads.items():
        for n in range(count):
            cents = 100 * areas[group] - (count - 1) if n == 0 else 1
            name = f"{group}{n}"
            units.append(
                {"id": name, "area": f"{cents // 100}.{cents % 100:02d}", "owner": name, "status": "delivered"}
            )
            if group != "rest":
                ballots.append({"unit": name, "choice": "for" if group == "yes" else "against"})
    return {"matter": "rebuilding" if case["special"] else "other", "units": units, "ballots": ballots}


@pytest.mark.parametrize(
    "case", [case for case in cases("owner_votes") if "total_area" in case["input"]], ids=lambda case: case["name"]
)
def test_owner_votes(case):
    if (
        case["input"]["yes_heads"] == case["input"]["part_heads"]
        and case["input"]["yes_area"] != case["input"]["part_area"]
    ):
        pytest.fail("a case with area but no head against cannot be drawn up")
    answer = vote(voters(case["input"]))
    assert (answer["quorate"], answer["passed"]) == (case["expect"]["quorum"], case["expect"]["passed"])


@pytest.mark.parametrize(
    "case", [case for case in cases("owner_votes") if "units" in case["input"]], ids=lambda case: case["name"]
)
def test_heads(case):
    asked = case["input"]
    same, unsold = asked.get("multi_owner_units", 0), asked.get("developer_unsold_units", 0)
    units = [
        {
            "id": str(n),
            "area": "100",
            "owner": "A" if n < same else str(n),
            "status": "unsold" if n < unsold else "delivered",
        }
        for n in range(asked["units"])
    ]
    answer = vote({"matter": "other", "units": units, "ballots": []})
    assert answer["total"]["heads"] == case["expect"]["total_heads"]


@pytest.mark.parametrize("case", cases("fund_allocation"), ids=lambda case: case["total"])
def test_fund_allocation(case):
    answer = apportion(
        {"total": case["total"], "units": [{"id": name, "area": str(area)} for name, area in case["areas"].items()]}
    )
    assert {row["id"]: row["share"] for row in answer["shares"]} == case["expect"]


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_packaged_holidays_are_the_published_ones(year):
    published = json.loads((SHARED / "data" / "holidays" / f"{year}.json").read_text(encoding="utf-8"))
    assert tables.check_year(published)["days"] == tables.packaged()[year]["days"]


def test_the_calendar_agrees_with_the_ranges_of_the_notice():
    found = yaml.safe_load((SHARED / "domain" / "catalogues" / "workday-calendar.yaml").read_text(encoding="utf-8"))[
        "years"
    ][2026]
    calendar = Calendar.of(tables.packaged().values())
    day, one = datetime.date.fromisoformat, datetime.timedelta(days=1)
    off = {
        day(span["from"]) + one * n
        for span in found["rest_ranges"]
        for n in range((day(span["to"]) - day(span["from"])).days + 1)
    }
    worked = {day(text) for text in found["makeup_workdays"]}

    for n in range(365):
        date = datetime.date(2026, 1, 1) + one * n
        assert calendar.is_working_day(date) == (date in worked or (date not in off and date.weekday() < 5))
    assert (
        working_days_between(datetime.date(2025, 12, 31), datetime.date(2026, 12, 31), calendar)
        == found["workdays_total"]
    )
    assert add(datetime.date(2026, 9, 30), 1, "working_day", calendar).on == datetime.date(2026, 10, 8)
