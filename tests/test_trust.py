"""The account of ``make trust`` hides nothing: what was not met, not run or is not proved stands in the document."""

from __future__ import annotations

import threading

import pytest

from trust import look, paper, seed, stand, upgrade
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


def test_the_whole_is_not_met_while_a_part_is_missing_or_broke_off() -> None:
    whole = {name: part() for name in PARTS} | {paper.WHOLE: {"seconds": 1500, "day": "2026-11-29"}}
    assert "25.0 min, two parts at a time; longest part 1.0 min | yes |" in paper.text_of(whole)
    assert "not run to the end: faults | **no** |" in paper.text_of(whole | {"faults": part(fault="broke off with 1")})
    assert "not run in one command yet" in paper.text_of({name: part() for name in PARTS})
    assert (
        "30.1 min" in (text := paper.text_of(whole | {paper.WHOLE: {"seconds": 1806}}))
        and "longest part 1.0 min | **no** |" in text
    )


def test_what_an_upgrade_lost_or_changed_is_named() -> None:
    then = {"a": {"rows": 2, "columns": {"id": "1", "text": "2"}}, "b": {"rows": 1, "columns": {"id": "3"}}}
    assert upgrade.compare(then, then | {"c": {"rows": 0, "columns": {}}}) == ([], [])
    assert upgrade.compare(then, {"a": {"rows": 1, "columns": {"id": "1"}}}) == (
        ["b", "a.text"],
        ["a: 2 rows became 1"],
    )
    changed = {"rows": 2, "columns": {"id": "1", "text": "other"}}
    assert upgrade.compare(then, then | {"a": changed}) == ([], ["a.text"])


def test_only_a_receipt_is_an_acknowledgement_and_the_rest_is_sent_again() -> None:
    answers = [None, (503, "数据库暂时没有应答"), (302, "/accounts/login/"), (201, '{"receipt": "AB"}')]
    sent, stop = stand.Sent(), threading.Event()
    sent.send(sent.objections, "t", lambda: answers.pop(0))
    for receipt in (None, None, None, "AB"):
        assert sent.objections == {"t": receipt} and bool(sent.unanswered) == (receipt is None)
        sent.send_again(5, stop)
    assert (sent.again, sent.refused, sent.acknowledged) == (3, {503: 1, 302: 1}, 1)


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
