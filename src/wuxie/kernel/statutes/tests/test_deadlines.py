"""Statutory clocks and the figures behind them."""

from __future__ import annotations

import datetime
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.tables import calendar as current_calendar
from wuxie.kernel.statutes import figures
from wuxie.kernel.statutes.deadlines import RULES, deadline


@pytest.mark.parametrize(
    ("rule", "start", "due", "unit", "count", "provisional"),
    [
        ("petition.forward", "2026-09-18", "2026-10-08", "day", 15, False),
        ("petition.accept", "2026-06-01", "2026-06-16", "day", 15, False),
        ("petition.objection", "2026-09-18", "2026-09-24", "working_day", 5, False),
        ("petition.conclude", "2026-09-25", "2026-11-24", "day", 60, False),
        ("petition.review", "2026-09-01", "2026-10-08", "day", 30, False),
        ("petition.reexamine", "2026-12-10", "2027-01-11", "day", 30, True),
        ("mediation.complete", "2026-01-31", "2026-02-28", "month", 1, False),
        ("mediation.confirm", "2026-03-02", "2026-04-01", "day", 30, False),
        ("assembly.notice", "2026-10-15", "2026-09-30", "day", 15, False),
        ("assembly.notice", "2026-10-18", "2026-10-03", "day", 15, False),
        ("assembly.notice", "2027-01-05", "2026-12-21", "day", 15, True),
        ("tender.bidding", "2026-11-02", "2026-11-23", "day", 20, False),
        ("tender.complaint", "2026-11-02", "2026-11-12", "day", 10, False),
        ("takeover.filing", "2026-11-02", "2026-12-02", "day", 30, False),
        ("petition.conclude", "2019-03-01", "2019-04-30", "day", 60, True),
    ],
)
def test_each_rule(rule, start, due, unit, count, provisional):
    answer = deadline({"rule": rule, "from": start})

    assert (answer["due"], answer["unit"], answer["count"], answer["provisional"]) == (due, unit, count, provisional)
    assert answer["source"]


def test_an_extension_is_added_and_named():
    answer = deadline({"rule": "petition.conclude", "from": "2026-06-01", "extended": True, "region": "510400"})

    assert (answer["count"], answer["due"]) == (90, "2026-08-31")
    assert "延长" in answer["source"]


def test_a_custom_period():
    ask = {"rule": "custom", "from": "2026-09-30"}
    assert deadline({**ask, "count": 3, "unit": "working_day"})["due"] == "2026-10-10"
    assert deadline({**ask, "count": 5, "unit": "month"})["due"] == "2027-03-01"


@pytest.mark.parametrize(
    ("document", "code", "path"),
    [
        ({"from": "2026-01-01"}, "missing", "$.rule"),
        ({"rule": "x", "from": "2026-01-01"}, "range", "$.rule"),
        ({"rule": "custom", "from": "2026-01-01", "unit": "day"}, "missing", "$.count"),
        ({"rule": "custom", "from": "2026-01-01", "count": 3}, "missing", "$.unit"),
        ({"rule": "custom", "from": "2026-01-01", "count": "3", "unit": "day"}, "type", "$.count"),
        ({"rule": "custom", "from": "2026-01-01", "count": True, "unit": "day"}, "type", "$.count"),
        ({"rule": "custom", "from": "2026-01-01", "count": -1, "unit": "day"}, "range", "$.count"),
        ({"rule": "custom", "from": "2026-01-01", "count": 3, "unit": "year"}, "range", "$.unit"),
        ({"rule": "petition.accept", "from": "2026-01-01", "count": 3}, "unknown_key", "$.count"),
        ({"rule": "petition.accept", "from": "2026-02-30"}, "type", "$.from"),
        ({"rule": "petition.accept", "from": "20260101"}, "type", "$.from"),
        ({"rule": "petition.accept", "from": 20260101}, "type", "$.from"),
        ({"rule": "petition.accept", "from": "9999-12-30"}, "range", "$.from"),
        ({"rule": "assembly.notice", "from": "0001-01-05"}, "range", "$.from"),
        (
            {"rule": "custom", "from": "2026-01-01", "count": 36000, "unit": "month"} | {"from": "9000-01-01"},
            "range",
            "$.count",
        ),
        ({"rule": "custom", "from": "2026-01-01", "count": 0, "unit": "day"}, "range", "$.count"),
        ({"rule": "custom", "from": "2026-01-01", "count": 1.0, "unit": "day"}, "type", "$.count"),
        ({"rule": "custom", "from": "2026-01-01", "count": None, "unit": "day"}, "type", "$.count"),
        ({"rule": "custom", "from": "2026-01-01", "count": 10**30, "unit": "day"}, "range", "$.count"),
        ({"rule": "custom", "from": "2026-01-01", "count": 3, "unit": ["day"]}, "type", "$.unit"),
        ({"rule": "petition.accept"}, "missing", "$.from"),
        ({"rule": None, "from": "2026-01-01"}, "type", "$.rule"),
        ({"rule": "petition.accept", "from": "2026-1-1"}, "type", "$.from"),
        ({"rule": "petition.accept", "from": "2026-01-01T00:00:00"}, "type", "$.from"),
        ({"rule": "petition.accept", "from": "2026-01-01\n"}, "type", "$.from"),
        ({"rule": "petition.accept", "from": ""}, "type", "$.from"),
        ({"rule": "petition.accept", "from": "2026-01-01", "unit": "day"}, "unknown_key", "$.unit"),
        ({"rule": "petition.accept", "from": "2026-01-01", "extended": 1}, "type", "$.extended"),
        ({"rule": "petition.accept", "from": "2026-01-01", "region": 510400}, "type", "$.region"),
        ("petition.accept", "type", "$"),
        ({"rule": "petition.accept", "from": "2026-01-01", "extended": "no"}, "type", "$.extended"),
        ({"rule": "petition.accept", "from": "2026-01-01", "region": "51"}, "range", "$.region"),
        ({"rule": "petition.accept", "from": "2026-01-01", "day": 1}, "unknown_key", "$.day"),
    ],
)
def test_bad_input_is_refused_at_its_place(document, code, path):
    with pytest.raises(Problem) as refused:
        deadline(document)
    assert (refused.value.code, refused.value.path) == (code, path)


def test_every_rule_has_its_figure_and_every_figure_says_where_it_is_used():
    keys = {figure.key for figure in figures.packaged()}
    assert {f"deadline.{rule}" for rule in RULES if rule != "custom"} <= keys
    assert all(
        figure.used_by and figure.article and figure.label and figure.read in figures.READ
        for figure in figures.packaged()
    )
    assert len(keys) == len({(figure.key, figure.region, figure.since) for figure in figures.packaged()}) >= 200


def test_a_figure_that_nobody_vouches_for_says_so_beside_the_result():
    assert deadline({"rule": "takeover.filing", "from": "2026-06-01"})["source"].endswith("；按未核定数值")
    assert "未核定" not in deadline({"rule": "petition.accept", "from": "2026-06-01"})["source"]


@given(st.dates(datetime.date(2024, 1, 1), datetime.date(2028, 12, 31)), st.sampled_from(sorted({*RULES} - {"custom"})))
def test_every_rule_ends_on_a_working_day_after_its_start_but_the_notice_before_a_meeting(start, rule):
    answer = deadline({"rule": rule, "from": start.isoformat()})
    due = datetime.date.fromisoformat(answer["due"])

    if rule == "assembly.notice":
        assert (start - due).days == 15
    else:
        assert due > start
        assert current_calendar().is_working_day(due)
    assert answer["provisional"] == any(not 2024 <= year <= 2026 for year in (start.year, due.year))


def test_a_local_default_serves_where_nobody_confirmed_anything_and_a_text_of_elsewhere_does_not():
    day = datetime.date(2026, 8, 1)
    assert figures.figure("assembly.result_publicity", on=day).value == "7"
    assert figures.figure("assembly.result_publicity", on=day, region="330106").value == "7"
    with pytest.raises(LookupError):
        figures.figure("assembly.official_vote", on=day, region="330106")
    with pytest.raises(LookupError):
        figures.figure("no.such", on=day)


def test_before_the_first_known_day_the_oldest_value_counts_and_after_the_last_the_latest(tmp_path, monkeypatch):
    monkeypatch.setenv("WUXIE_HOME", str(tmp_path))
    row = {
        "key": "x.y",
        "group": "x",
        "label": "x",
        "region": "100000",
        "unit": "day",
        "article": "x",
        "read": "text",
        "confirmed": True,
    }
    old = row | {"value": "1", "since": "2010-01-01", "until": "2014-12-31"}
    new = row | {"value": "2", "since": "2015-01-01", "until": "2019-12-31"}
    figures.overlay_path().write_text(json.dumps([new, old]), encoding="utf-8")

    found = [figures.figure("x.y", on=datetime.date(year, 6, 1)).value for year in (2000, 2012, 2017, 2025)]
    assert found == ["1", "1", "2", "2"]


def test_the_nearest_region_wins_and_only_from_its_day(tmp_path, monkeypatch):
    monkeypatch.setenv("WUXIE_HOME", str(tmp_path))
    figures.overlay_path().write_text(
        '[{"key": "deadline.petition.accept", "group": "x", "label": "x", "region": "510400", "value": "10", "unit": "day",'
        ' "article": "本地办法", "read": "text", "since": "2026-07-01", "used_by": ["x"], "confirmed": true}]',
        encoding="utf-8",
    )
    day = datetime.date

    assert figures.figure("deadline.petition.accept", on=day(2026, 7, 1), region="510402").value == "10"
    assert figures.figure("deadline.petition.accept", on=day(2026, 6, 30), region="510402").value == "15"
    assert figures.figure("deadline.petition.accept", on=day(2026, 7, 1), region="510500").value == "15"
