"""The small city has facts of every kind of the catalogue: drawn from a seed, told as rare, or made by its own story."""

from __future__ import annotations

import datetime
import random

from wuxie.config.demo import rare
from wuxie.config.demo.evidence import Maker, company_rows, project_rows
from wuxie.rooms.rating.facts import EVIDENCE

#: Through the actions of the rooms: the levels of a project, and what the rating itself leaves behind.
BY_ACTIONS = {
    "project.base", "project.area", "project.households", "party.management_posts", "rating.judged", "rating.capped_at_four",
    "rating.late_admitted", "star.awarded", "star.benefit_delivered", "star.benefit_overdue", "star.revoked",
}  # fmt: skip


def drawn() -> set[str]:
    """Codes that many projects and companies draw in a year."""
    start, end = datetime.date(2025, 9, 1), datetime.date(2026, 8, 31)
    found: set[str] = set()
    for number in range(600):
        make = Maker(f"project:{number}", start, end, 560 + number % 400, random.Random(number), daily=False)
        found |= {row["kind"] for row in project_rows(make)}
    for number in range(600):
        make = Maker(f"company:{number}", start, end, 560 + number % 400, random.Random(number))
        found |= {row["kind"] for row in company_rows(make, ["project:1"])}
    return found


def test_no_kind_of_the_catalogue_is_left_out() -> None:
    told = {
        *rare.OFFICE,
        *rare.UTILITY,
        *rare.DEVELOPER,
        *rare.PERSON,
        *rare.PROJECT,
        *rare.ABOUT,
        *rare.COMPANY,
        "city.indicator",
    }
    codes = drawn() | told
    missing = [
        kind.code for kind in EVIDENCE.values()
        if kind.code not in BY_ACTIONS and not any(code == kind.code or code.startswith(f"{kind.code}.") for code in codes)
    ]  # fmt: skip
    assert missing == []
