"""The account of ``make trust`` hides nothing: what was not met, not run or is not proved stands in the document."""

from __future__ import annotations

from trust import paper
from trust.goals import GOALS, OPEN, PARTS
from trust.row import Row


def part(*rows: Row, fault: str = "") -> dict[str, object]:
    return {
        "rows": [list(row) for row in rows], "seconds": 60, "fault": fault, "day": "2026-11-25",
        "command": "python -m trust x", "machine": "m", "databases": "SQLite",
    }  # fmt: skip


def test_a_goal_that_was_missed_is_said() -> None:
    text = paper.text_of({"survive": part(Row("G6", "kill", "lost 1", False), Row("G6", "again", "lost 0", True))})
    assert "| lost 1 | **no** |" in text and "| lost 0 | yes |" in text


def test_every_goal_without_a_row_is_named_as_not_proved() -> None:
    text = paper.text_of({"survive": part(Row("G6", "kill", "lost 0", True))})
    opened = text.partition("## Not proved yet")[2]
    for goal in GOALS:
        assert (f"- **{goal}** " in opened) == (goal in OPEN or goal not in ("G6", "G20")), goal
    assert set(OPEN) <= set(GOALS)


def test_the_whole_is_not_met_while_a_part_is_missing_or_broke_off() -> None:
    whole = {name: part() for name in PARTS}
    assert f"{len(PARTS)}.0 min, longest part 1.0 | yes |" in paper.text_of(whole)
    assert "not run to the end: faults | **no** |" in paper.text_of(whole | {"faults": part(fault="broke off with 1")})
