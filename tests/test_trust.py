"""The account of ``make trust`` hides nothing: what was not met, not run or is not proved stands in the document."""

from __future__ import annotations

import pytest

from trust import look, paper, seed
from trust.goals import GOALS, OPEN, PARTS
from trust.row import Row
from wuxie.rooms.rating.actions import hearing
from wuxie.rooms.rating.models import Application


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
    assert "G15** (restore on an empty machine; data at risk): No run is written down here. Drilled" in opened
    assert "- **G6** (acknowledged acts lost or doubled by kill -9, web server and worker): In the one" in opened


def test_the_whole_is_not_met_while_a_part_is_missing_or_broke_off() -> None:
    whole = {name: part() for name in PARTS}
    assert f"{len(PARTS)}.0 min, longest part 1.0 | yes |" in paper.text_of(whole)
    assert "not run to the end: faults | **no** |" in paper.text_of(whole | {"faults": part(fault="broke off with 1")})


@pytest.mark.django_db
def test_an_objection_without_its_event_is_an_act_by_half() -> None:
    seed.fill()
    case = Application.objects.order_by("pk")[0]
    token = "0" * 32
    objection = hearing.object_to(case, text=f"公示栏一直空着，编号 {token}。", contact="13912345678")
    sent: dict[str, dict[str, str | None]] = {"objections": {token: objection.receipt}, "uploads": {}}
    before = look.acts(sent)
    assert (before["lost"], before["doubled"]) == (0, 0)
    objection.pk, objection.receipt, objection.number, objection.text = None, "alone", "alone", "编号 alone"
    objection.save(force_insert=True)
    assert look.acts(sent)["half"] == before["half"] + 1
