"""Bringing in a year: looked at before it is written, refused with the place, and missed in time."""

from __future__ import annotations

import datetime
import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from wuxie.kernel.clock import tables
from wuxie.kernel.clock.models import HolidayYear
from wuxie.kernel.clock.now import end_of, frozen
from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.workflow.models import DeadlineRow

pytestmark = pytest.mark.django_db
DAY = datetime.date
TEXT = "元旦：1月1日至3日放假，共3天。\n国庆节：10月1日至7日放假，共7天。10月9日上班。"
SAID = {"year": 2027, "source": "国办发明电〔2026〕9号", "text": TEXT}


@pytest.fixture(autouse=True)
def own_home(tmp_path: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(tables, "overlay_path", lambda: tmp_path / "holidays.json")


@pytest.fixture
def office(city: Any) -> Organisation:
    return Organisation.objects.create(kind="association", name="攀枝花市物业管理协会", place_id="5104")


@pytest.fixture
def clerk(office: Any, enter: Any) -> Any:
    return enter("周敏", "association_secretariat", organisation=office)


def signed(page: str) -> str:
    found = re.search(r'name="table" value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_pasted_notice_is_looked_at_first_and_written_after(
    clerk: Any, django_capture_on_commit_callbacks: Any
) -> None:
    period = DeadlineRow.objects.create(
        workflow="no_such", case_pk=1, name="reply", label="答复期限", count=5, unit="working_day",
        started_on=DAY(2027, 9, 29), due_on=DAY(2027, 10, 7), due_at=end_of(DAY(2027, 10, 7)), provisional=True,
        look_at=end_of(DAY(2027, 10, 7)),
    )  # fmt: skip
    page = clerk.post("/holidays/new/", SAID).content.decode()
    assert "国办发明电〔2026〕9号" in page and "答复期限" in page and "2027-10-07 → 2027-10-12" in page
    assert not HolidayYear.objects.exists() and 2027 not in tables.calendar().years

    with django_capture_on_commit_callbacks(execute=True):
        assert clerk.post("/holidays/confirm/", {"table": signed(page)}).status_code == 302
    year = HolidayYear.objects.get()
    assert (year.year, year.source, year.imported_name) == (2027, "国办发明电〔2026〕9号", "周敏")
    assert year.days.filter(is_off=True).count() == 10 and year.days.filter(is_off=False).count() == 1
    assert tables.calendar().is_working_day(DAY(2027, 10, 9))
    period.refresh_from_db()
    assert (period.due_on, period.provisional) == (DAY(2027, 10, 12), False)
    assert "国办发明电〔2026〕9号" in clerk.get("/holidays/").content.decode()


def test_the_file_of_the_command_is_taken_too(clerk: Any) -> None:
    document = {"year": 2027, "papers": [], "days": [{"name": "国庆节", "date": "2027-10-01", "isOffDay": True}]}
    said = {**SAID, "text": "", "file": SimpleUploadedFile("2027.json", json.dumps(document).encode())}
    assert "写入放假安排" in clerk.post("/holidays/new/", said).content.decode()


@pytest.mark.parametrize(
    ("days", "says"),
    [
        ([("2027-10-01", True), ("2027-10-01", False)], "第 2 条"),
        ([("2027-10-01", True), ("2028-01-01", True)], "第 2 条（$.days[1].date）：2028-01-01 不在 2027 年的安排里"),
        ([("2027-10-01", True), ("2027-10-08", False)], "2027-10-08 本来就是工作日"),
        ([("2027-01-01", True)], "没有 2027-10-01 国庆节"),
    ],
)
def test_a_wrong_file_is_refused_with_its_entry(clerk: Any, days: Any, says: str) -> None:
    document = {"year": 2027, "days": [{"date": day, "isOffDay": off} for day, off in days]}
    said = {**SAID, "text": "", "file": SimpleUploadedFile("2027.json", json.dumps(document).encode())}
    answer = clerk.post("/holidays/new/", said)
    assert answer.status_code == 422 and says in answer.content.decode()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"source": ""}, "发文字号"),
        ({"source": "网上看到的"}, "发文字号要写全"),
        ({"text": ""}, "二选一"),
        ({"text": TEXT + "\n春节：1月3日至5日放假"}, "第 3 行：2027-01-03 在第 1 行已经写过"),
        ({"text": TEXT + "\n春节：2028年2月1日放假"}, "2028-02-01 不在 2027 年的安排里"),
    ],
)
def test_a_wrong_form_is_refused_in_words(clerk: Any, changed: Any, says: str) -> None:
    answer = clerk.post("/holidays/new/", SAID | changed)
    assert answer.status_code == 422 and says in answer.content.decode()


def test_nobody_confirms_what_was_not_looked_at(clerk: Any) -> None:
    answer = clerk.post("/holidays/confirm/", {"table": "made-up"}, follow=True)
    assert "没有写入" in answer.content.decode() and not HolidayYear.objects.exists()


def test_the_president_reads_and_a_company_finds_nothing(office: Any, enter: Any) -> None:
    chair = enter("陈晓岚", "association_president", organisation=office)
    page = chair.get("/holidays/").content.decode()
    assert "2026 年" in page and "随程序附带" in page and "导入一年" not in page
    assert chair.post("/holidays/new/", SAID).status_code == 403
    company = enter("王经理", "company_admin", organisation=Organisation.objects.create(kind="company", name="甲物业"))
    assert company.get("/holidays/").status_code == 403


@pytest.mark.parametrize("address", ["/holidays/", "/desk/", "/statutes/"])
def test_next_year_is_missed_after_the_first_of_november(clerk: Any, enter: Any, address: str) -> None:
    sentence = "还没有 2027 年的放假安排"
    with frozen(DAY(2026, 11, 1)):
        assert sentence not in clerk.get(address).content.decode()
    with frozen(DAY(2026, 11, 2)):
        assert sentence in clerk.get(address).content.decode()
        company = enter(
            "王经理", "company_admin", organisation=Organisation.objects.create(kind="company", name="甲物业")
        )
        assert sentence not in company.get("/desk/").content.decode()
