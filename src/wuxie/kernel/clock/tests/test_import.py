"""A year's arrangement comes in once, whole, with who brought it; whoever counted provisionally hears of it."""

import datetime
import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock import actions, tables
from wuxie.kernel.clock.days import Due, add
from wuxie.kernel.clock.models import HolidayYear

DAY = datetime.date
NEW_YEAR = {"name": "元旦", "date": "2027-01-01", "isOffDay": True}
NATIONAL = {"name": "国庆节", "date": "2027-10-01", "isOffDay": True}
WORKED = {"name": "国庆节", "date": "2027-10-09", "isOffDay": False}
YEAR = {"year": 2027, "papers": ["https://www.gov.cn/notice"], "days": [NATIONAL, NEW_YEAR, WORKED]}


@pytest.fixture(autouse=True)
def after_commit(monkeypatch):
    """A test's own transaction is never committed; what waits for the commit is done at once."""
    monkeypatch.setattr(transaction, "on_commit", lambda then: then())


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("WUXIE_HOME", str(tmp_path))
    monkeypatch.setattr(actions, "_hearers", [])
    return tmp_path


@pytest.mark.django_db
def test_an_imported_year_is_used_and_ends_the_warning():
    assert add(DAY(2027, 10, 8), 1, "working_day", tables.calendar()) == Due(DAY(2027, 10, 11), True)
    heard = []
    actions.when_imported(lambda: heard.append(2027 in tables.calendar().years))

    year = actions.import_year(YEAR, by="person:1", by_name="王芳")

    assert add(DAY(2027, 10, 8), 1, "working_day", tables.calendar()) == Due(DAY(2027, 10, 9), False)
    assert heard == [True]
    assert (year.imported_by, year.imported_name, year.days.count()) == ("person:1", "王芳", 3)


@pytest.mark.django_db
def test_a_later_import_replaces_the_year_and_the_earlier_one_stays_on_record():
    actions.import_year(YEAR, by="person:1")
    actions.import_year({**YEAR, "days": [NEW_YEAR, NATIONAL]}, by="person:2")

    assert not tables.calendar().is_working_day(DAY(2027, 10, 9))
    assert [year.imported_by for year in HolidayYear.objects.filter(year=2027)] == ["person:2", "person:1"]


@pytest.mark.django_db
def test_the_file_of_the_command_line_can_be_written_again_from_the_database():
    actions.import_year(YEAR, by="person:1")
    written = tables.overlay_path().read_text(encoding="utf-8")
    tables.overlay_path().unlink()
    assert 2027 not in tables.calendar().years

    actions.write_overlay()

    assert tables.overlay_path().read_text(encoding="utf-8") == written
    assert 2027 in tables.calendar().years


@pytest.mark.django_db
def test_the_command_imports_and_lists_and_refuses(own_home, capsys):
    paper = own_home / "2027.json"
    paper.write_text(json.dumps(YEAR), encoding="utf-8")
    out = io.StringIO()
    call_command("holidays", str(paper), stdout=out)
    call_command("holidays", stdout=out)
    assert "放假 2 天，调休上班 1 天" in out.getvalue()
    assert "2024、2025、2026、2027" in out.getvalue()

    paper.write_text(json.dumps({**YEAR, "days": []}), encoding="utf-8")
    complaint = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("holidays", str(paper), stderr=complaint)
    assert ended.value.code == 2
    assert json.loads(complaint.getvalue())["error"]["path"] == "$.days"


@pytest.mark.parametrize(
    ("document", "code", "path"),
    [
        ([], "type", "$"),
        ({"days": [NATIONAL]}, "missing", "$.year"),
        ({"year": 2027}, "missing", "$.days"),
        ({"year": "2027", "days": [1]}, "type", "$.year"),
        ({"year": True, "days": [1]}, "type", "$.year"),
        ({"year": 1999, "days": [1]}, "range", "$.year"),
        ({"year": 2027, "days": []}, "empty", "$.days"),
        ({"year": 2027, "days": {}}, "type", "$.days"),
        ({"year": 2027, "days": [1]}, "type", "$.days[0]"),
        ({"year": 2027, "days": [NATIONAL], "note": ""}, "unknown_key", "$.note"),
        ({"year": 2027, "days": [NATIONAL], "papers": "x"}, "type", "$.papers"),
        ({"year": 2027, "days": [{"date": "2027-13-01", "isOffDay": True}]}, "type", "$.days[0].date"),
        ({"year": 2027, "days": [{"date": "20270101", "isOffDay": True}]}, "type", "$.days[0].date"),
        ({"year": 2027, "days": [{"date": "2025-01-01", "isOffDay": True}]}, "range", "$.days[0].date"),
        ({"year": 2027, "days": [{"date": "2027-01-01"}]}, "missing", "$.days[0].isOffDay"),
        ({"year": 2027, "days": [{"date": "2027-01-01", "isOffDay": "yes"}]}, "type", "$.days[0].isOffDay"),
        ({"year": 2027, "days": [{"date": "2027-01-04", "isOffDay": False}]}, "range", "$.days[0].isOffDay"),
        ({"year": 2027, "days": [{"date": "2027-01-01", "isOffDay": True}] * 2}, "duplicate", "$.days[1].date"),
        ({"year": 2027, "days": [{"date": "2027-01-01", "isOffDay": True}]}, "missing", "$.days"),
    ],
)
def test_a_broken_table_is_refused_at_its_place(document, code, path):
    with pytest.raises(Problem) as refused:
        tables.check_year(document)
    assert (refused.value.code, refused.value.path) == (code, path)


def test_the_last_days_of_the_year_before_may_stand_in_a_table_and_schema_keys_are_left_aside():
    eve = {"name": "元旦", "date": "2026-12-31", "isOffDay": True}
    table = tables.check_year({**YEAR, "$schema": "x", "$id": "y", "days": [NATIONAL, eve]})
    assert [day["date"] for day in table["days"]] == ["2026-12-31", "2027-10-01"]


@pytest.mark.django_db
def test_where_nothing_was_imported_the_file_stays_as_somebody_put_it():
    tables.overlay_path().parent.mkdir(parents=True, exist_ok=True)
    tables.overlay_path().write_text("[]", encoding="utf-8")
    actions.write_overlay()
    assert tables.overlay_path().read_text(encoding="utf-8") == "[]"


@pytest.mark.django_db
def test_a_file_that_is_not_there_is_named(own_home):
    with pytest.raises(CommandError) as ended:
        call_command("holidays", str(own_home / "no.json"))
    assert (str(ended.value), ended.value.returncode) == (
        f"读不到文件 {own_home / 'no.json'}：No such file or directory。请检查文件名。", 2)  # fmt: skip


@pytest.mark.django_db
def test_an_arrangement_and_its_days_have_names():
    year = actions.import_year(YEAR, by="person:1")
    assert [str(year), *map(str, year.days.order_by("date"))] == [
        "2027",
        "2027-01-01 元旦",
        "2027-10-01 国庆节",
        "2027-10-09 国庆节",
    ]
