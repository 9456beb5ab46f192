"""Credit records: every step × state × person, the whole way, relapse and repair, what is refused."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.parties.actions import appoint
from wuxie.kernel.parties.models import Person
from wuxie.kernel.workflow import clock, engine
from wuxie.kernel.workflow.diagram import BEGIN, END, mermaid
from wuxie.kernel.workflow.models import DeadlineRow
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms import conduct
from wuxie.rooms.conduct.actions import records, scores
from wuxie.rooms.conduct.models import Record, Score
from wuxie.rooms.conduct.workflow.record import RECORD
from wuxie.rooms.register.tests import factories as register

from .factories import DAY, PDF, record

pytestmark = pytest.mark.django_db
S = Record.State
CITY, SECOND, COMPANY, CLOCK = {"city", "city2"}, {"city2"}, {"admin"}, {"clock"}
#: step → (from, to: a dash stays, who). ``city`` collected it.
STEPS = {
    "notify": ("collected", "notified", CITY),
    "state": ("notified", "stated", COMPANY),
    "waive": ("notified", "stated", CLOCK),
    "confirm": ("collected stated", "published", SECOND),
    "refuse": ("collected notified stated", "dropped", CITY),
    "count": ("published", "effective", CLOCK),
    "object": ("published effective", "-", COMPANY),
    "reject": ("published effective", "-", SECOND),
    "correct": ("published effective", "corrected", SECOND),
    "ask_repair": ("effective", "-", COMPANY),
    "repair": ("effective", "repaired", SECOND),
    "deny": ("effective", "-", SECOND),
    "perform": ("effective", "-", CITY),
    "expire": ("effective", "expired", CLOCK),
}


@pytest.fixture
def world(world):
    """With a second person of the city's authority."""
    world.people["city2"] = Person.objects.create(name="第二某")
    appoint(world.people["city2"], "gov_city", by="test", starts_on=DAY(2020, 1, 1), place_code=world.place)
    return world


def effective(world, **known):
    """A record that was told, confirmed by somebody else, in publicity, and counts."""
    case = record(world.company, world["city"], **known)
    if not case.is_good:
        records.notify(case, by=world["city"])
        records.state(case, by=world["admin"], statement="情况属实，已整改")
    records.confirm(case, by=world["city2"])
    with frozen(DAY(2027, 3, 19)):
        clock.take_due()
    case.refresh_from_db()
    assert case.state == S.EFFECTIVE
    return case


def test_who_may_take_a_step_in_which_state(world):
    assert set(STEPS) == set(RECORD.steps)
    case = effective(world)
    actors = {
        one: world[one]
        for one in (
            "city",
            "city2",
            "office",
            "president",
            "admin",
            "contact",
            "stranger",
            "panel1",
            "visitor",
            "clock",
        )
    }
    for state in S.values:
        Record.objects.filter(pk=case.pk).update(state=state)
        found = Record.objects.select_related("company").get(pk=case.pk)
        for name, (source, target, who) in STEPS.items():
            for person, actor in actors.items():
                try:
                    engine.check(RECORD, name, found, by=actor)
                    got = True
                except Refusal as refusal:
                    got = refusal.code == "guard"
                    assert refusal.message
                assert got == (state in source.split() and person in who), (name, state, person)
            assert (RECORD.steps[name].target or "-") == target


def test_the_whole_way_and_what_it_does_to_the_number(world):
    scores.publish_shipped(by=world["office"])
    case = effective(world)
    fact = Fact.objects.get(pk=case.fact_id)
    assert (fact.kind, fact.occurred_on, fact.trust) == ("penalty.correction_order", case.issued_on, 3)
    assert (case.expires_on, case.public_until) == (DAY(2027, 9, 1), DAY(2027, 9, 1))
    with frozen(DAY(2027, 3, 20)):
        statutory, own = scores.reckon(world.company)
        assert (statutory.total, statutory.grade, own.total) == ("78.0", "B", "80.0")
    with frozen(DAY(2027, 5, 31)), pytest.raises(Refusal, match="满 3 个月，2027-06-01 起"):
        records.ask_repair(case, by=world["admin"], note="已公示", file=PDF)
    with frozen(DAY(2027, 6, 2)):
        records.ask_repair(case, by=world["admin"], note="已公示", hours=8, file=PDF)
        records.repair(case, by=world["city2"], note="现场看过公示栏")
        assert case.state == S.REPAIRED and case not in Record.objects.public()
        assert scores.reckon(world.company)[0].total == "80.0"
    assert scores.reckon(world.company, DAY(2027, 3, 20))[0].total == "78.0", (
        "a day of the past is computed as it was then"
    )


def test_a_relapse_within_the_months_restores_and_doubles(world):
    scores.publish_shipped(by=world["office"])
    case = effective(world)
    with frozen(DAY(2027, 6, 2)):
        records.ask_repair(case, by=world["admin"], note="已公示", file=PDF)
        records.repair(case, by=world["city2"], note="看过")
    with frozen(DAY(2027, 6, 10)):
        again = record(world.company, world["city"], paper_number="责改〔2027〕9号", issued_on=DAY(2027, 6, 9))
        records.notify(again, by=world["city"])
    with frozen(DAY(2027, 6, 20)):
        clock.take_due()
        again.refresh_from_db()
        records.confirm(again, by=world["city2"])
    with frozen(DAY(2027, 7, 1)):
        clock.take_due()
        assert scores.reckon(world.company)[0].total == "74.0", "two restored, and twice two"


def test_good_ones_need_no_notice_and_bad_ones_do(world):
    good = effective(world, line="G03", paper_number="表彰〔2027〕1号")
    assert Fact.objects.get(pk=good.fact_id).kind == "honour.granted.city"
    bad = record(world.company, world["city"])
    with pytest.raises(Refusal, match="先告知企业"):
        records.confirm(bad, by=world["city2"])
    with pytest.raises(Refusal, match="不用告知"):
        records.notify(record(world.company, world["city"], line="G04", paper_number="表〔2027〕2号"), by=world["city"])
    with frozen(DAY(2027, 4, 1)), pytest.raises(Refusal, match="没有修复一说"):
        records.ask_repair(good, by=world["admin"], note="修", file=PDF)


def running(case, name):
    return DeadlineRow.objects.filter(workflow=RECORD.name, case_pk=case.pk, name=name, state="open").count()


def test_an_objection_marks_it_and_a_right_one_takes_it_back(world):
    scores.publish_shipped(by=world["office"])
    case = effective(world)
    records.object_to(case, by=world["admin"], note="文书已被复议撤销")
    assert running(case, "objection") == 1
    records.reject(case, by=world["city2"], note="文书仍然有效")
    assert running(case, "objection") == 0, "an answered objection is due no more"
    records.object_to(case, by=world["admin"], note="文书已被复议撤销，附复议决定")
    with pytest.raises(Refusal, match="异议正在处理"):
        records.object_to(case, by=world["admin"], note="再说一次")
    with frozen(DAY(2027, 3, 21)):
        assert scores.reckon(world.company)[0].total == "78.0", "it goes on counting meanwhile"
        records.correct(case, by=world["city2"], note="复议决定撤销了责改文书")
        assert case.state == S.CORRECTED and scores.reckon(world.company)[0].total == "80.0"


def test_what_is_owed_bars_repair(world):
    case = effective(world, duties_open=True)
    with frozen(DAY(2027, 7, 1)):
        records.ask_repair(case, by=world["admin"], note="快了", file=PDF)
        with pytest.raises(Refusal, match="还有没履行的义务"):
            records.repair(case, by=world["city2"], note="看过")
        records.perform(case, by=world["city"], note="退款凭证齐")
        records.repair(case, by=world["city2"], note="看过")
    other = effective(world, paper_number="责改〔2027〕7号")
    with frozen(DAY(2027, 9, 3)):
        clock.take_due()
    other.refresh_from_db()
    assert other.state == S.EXPIRED


def test_a_paper_is_checked_before_it_is_kept(world):
    project = register.project(register.estate(), world.rival)
    for known, words in (
        ({"paper_number": " "}, "请写文号"), ({"line": "B09"}, "由别的业务自动产生"), ({"line": "B22"}, "没有“B22”"), ({"issued_on": DAY(2027, 3, 11)}, "还没到"),
        ({"issued_on": DAY(2026, 1, 1)}, "已经期满"), ({"line": "B21"}, "要写明是哪个项目"), ({"line": "B21", "project": project}, "不是“当事物业”的"),
        ({"file": None}, "请放上认定文书"), ({"words": ""}, "事实"),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=words):
            record(world.company, world["city"], **known)
    assert not Record.objects.exists()
    record(world.company, world["city"])
    with pytest.raises(Refusal, match="不能重复"):
        record(world.company, world["city"])
    with pytest.raises(Refusal, match="由市级主管部门采集"):
        record(world.company, world["office"], paper_number="协会1号")


def test_the_grade_is_the_authoritys(world):
    scores.publish_shipped(by=world["office"])
    statutory, own = scores.reckon(world.company)
    with pytest.raises(Refusal, match="由市级主管部门认定"):
        scores.declare(statutory, by=world["office"], paper_number="协〔2027〕1号")
    with pytest.raises(Refusal, match="不能当作政府信用等级"):
        scores.declare(own, by=world["city"], paper_number="建信〔2027〕1号")
    fact = scores.declare(statutory, by=world["city"], paper_number="建信〔2027〕1号")
    assert (fact.kind, fact.valid_until) == ("credit.graded.b", datetime.date(2028, 3, 10))
    scores.declare(statutory, by=world["city"], paper_number="建信〔2027〕2号")
    with frozen(DAY(2027, 3, 11)), pytest.raises(Refusal, match="不是今天的分"):
        scores.declare(statutory, by=world["city"], paper_number="建信〔2027〕3号")


def test_the_pages(world, browser):
    scores.publish_shipped(by=world["office"])
    city, admin, stranger, office = (browser(name) for name in ("city", "admin", "stranger", "office"))
    given = {
        "company": world.company.pk, "line": "B01", "paper_number": "责改〔2027〕3号", "paper_authority": "区住建局", "issued_on": "2027-03-01",
        "words": "没有公示公共收益", "once": "k1", "file": SimpleUploadedFile("文书.pdf", PDF[1], content_type="application/pdf"),
    }  # fmt: skip
    assert office.get("/conduct/records/new/").status_code == 404
    assert city.post("/conduct/records/new/", given).status_code == 302
    case = Record.objects.get()
    address = case.get_absolute_url()
    assert (admin.get(address).status_code, stranger.get(address).status_code, office.get(address).status_code) == (
        404,
        404,
        200,
    )
    assert city.post(f"{address}notify/", {"once": "k2"}).status_code == 302
    assert (admin.get(address).status_code, stranger.get(address).status_code) == (200, 404)
    assert "责改〔2027〕3号" in admin.get("/conduct/records/").content.decode()
    scores.reckon(world.company)
    statutory = Score.objects.get(dimension="statutory")
    assert (
        admin.get(statutory.get_absolute_url()).status_code,
        stranger.get(statutory.get_absolute_url()).status_code,
    ) == (200, 404)
    page = city.get(statutory.get_absolute_url()).content.decode()
    assert "80.0" in page and "认定等级" in page
    assert (
        city.post(f"{statutory.get_absolute_url()}declare/", {"paper_number": "建信1号", "once": "k3"}).status_code
        == 302
    )
    assert "自律分" in admin.get("/conduct/scores/").content.decode()


def test_the_diagram_of_the_readme_is_that_of_the_table():
    text = (Path(conduct.__file__).parent / "README.md").read_text("utf-8")
    assert f"{BEGIN.format(name=RECORD.name)}\n{mermaid(RECORD)}\n{END}" in text


@pytest.mark.parametrize("line", ["B04", "B10", "B24", "G11", "G11b", "G15"])
def test_what_another_room_knows_as_a_level_counts_from_the_authority_s_paper_alone(world, line):
    known = {} if line.startswith("G") else {"project": register.project(register.estate(), world.company)}
    if known:
        with pytest.raises(Refusal, match="哪个项目"):
            record(world.company, world["city"], line=line)
    effective(world, line=line, **known)
    fact = Fact.objects.get(kind=conduct.credit.line(line)["kind"])
    assert fact.trust == "authority_document" or int(fact.trust) == 3
    assert known == {} or known["project"].key in fact.subjects


def test_what_is_refused_or_denied_says_why_and_counts_for_nothing(world):
    case = record(world.company, world["city"])
    with pytest.raises(Refusal, match="请写明理由，对方看得到"):
        records.refuse(case, by=world["city"], note=" ")
    records.refuse(case, by=world["city"], note="文书已经撤销")
    assert case.state == S.DROPPED and not case.fact_id


def test_a_repair_that_was_denied_may_be_asked_for_again(world):
    case = effective(world)
    with frozen(DAY(2027, 6, 2)):
        for _twice in range(2):
            records.ask_repair(case, by=world["admin"], note="已公示", file=PDF)
            assert running(case, "repair") == 1
            records.deny(case, by=world["city2"], note="整改没有做完")
            assert (case.state, case.repair_asked_on, running(case, "repair")) == (S.EFFECTIVE, None, 0)


def test_what_is_corrected_before_it_counts_leaves_no_fact(world):
    case = record(world.company, world["city"], line="G03", paper_number="表彰〔2027〕3号")
    records.confirm(case, by=world["city2"])
    records.object_to(case, by=world["admin"], note="不是我公司")
    records.correct(case, by=world["city2"], note="写错了企业")
    assert case.state == S.CORRECTED and not Fact.objects.filter(source=RECORD.key(case)).exists()


def test_a_repair_whose_fact_is_gone_is_not_taken_back_twice(world):
    case = effective(world)
    with frozen(DAY(2027, 6, 2)):
        records.ask_repair(case, by=world["admin"], note="已公示", file=PDF)
        records.repair(case, by=world["city2"], note="看过")
    Record.objects.filter(pk=case.pk).update(repair_fact_id="")
    with frozen(DAY(2027, 6, 10)):
        again = record(world.company, world["city"], paper_number="责改〔2027〕9号", issued_on=DAY(2027, 6, 9))
        records.notify(again, by=world["city"])
        records.state(again, by=world["admin"], statement="情况属实")
        records.confirm(again, by=world["city2"])
    with frozen(DAY(2027, 6, 19)):
        clock.take_due()
    again.refresh_from_db()
    assert Fact.objects.get(pk=again.fact_id).amount == "2"
