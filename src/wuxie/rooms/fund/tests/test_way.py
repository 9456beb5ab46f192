"""The whole way of a façade, the emergency's way, and who goes it where there is no committee."""

from __future__ import annotations

import pytest
from django.utils import translation

from wuxie.kernel.clock.now import frozen, today
from wuxie.kernel.facts.trust import Trust
from wuxie.kernel.notify.models import Message
from wuxie.kernel.papers.models import Document
from wuxie.kernel.workflow import clock, engine
from wuxie.kernel.workflow.models import Event, Turn
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.fund import queries
from wuxie.rooms.fund.actions import emergency, works
from wuxie.rooms.fund.models import Account, Repair
from wuxie.rooms.fund.workflow import REPAIR

from .factories import DAY, PDF, World, facts, later, shot

pytestmark = pytest.mark.django_db
S = Repair.State


def test_from_the_falling_tile_to_the_published_shares(world):
    world.fill(500_000, 100_000, 0, 500_000, None, None)
    case = world.settled(1_860_000)
    works.allocate(case, by=world["center"])
    rows = queries.in_scope(case)
    assert [row.final for row in rows] == [264_452, 355_548, 264_452, 355_548, 264_452, 355_548], (
        "the oracle, to the cent"
    )
    assert [(row.before, row.drawn, row.to_pay, row.after) for row in rows] == [
        (500_000, 264_452, 0, 235_548), (100_000, 100_000, 255_548, 0), (0, 0, 264_452, 0), (500_000, 355_548, 0, 144_452),
        (0, 0, 264_452, 0), (0, 0, 355_548, 0),
    ], "an empty account gives nothing, an unsold unit bears its share"  # fmt: skip
    assert sum(row.drawn + row.to_pay for row in rows) == 1_860_000
    assert Account.objects.get(unit=world.doors[0]).balance == 235_548
    assert case.state == S.ALLOCATED and not facts("fund.repair_completed")
    labels = set(Document.objects.on(REPAIR.key(case)).values_list("label", flat=True))
    assert labels == {
        "维修资金使用方案公示",
        "维修资金分摊清册",
        "维修资金使用申请",
        "竣工验收单",
        "维修资金使用结果公示",
    }
    with later(8):
        clock.take_due()
    case.refresh_from_db()
    assert case.state == S.WARRANTY and case.warranty_until == DAY(2032, 3, 10)
    (done,) = facts("fund.repair_completed")
    assert done.subject == world.project.key and done.trust == Trust.COUNTERPART_CONFIRMED
    with pytest.raises(Refusal, match="没有等着返修的"):
        works.make_good(case, by=world["member"], note="补了", photo=shot())
    works.recall(case, by=world["member"], note="东侧又渗水")
    assert Message.objects.filter(person_key=world["manager"].key, title__contains="质保期内又坏了").count() == 1
    waits = Turn.objects.filter(workflow=REPAIR.name, case_pk=case.pk)
    assert waits.exists(), "whoever looks at it has it on the desk"
    with pytest.raises(Refusal, match="业委会、社区"):
        works.make_good(case, by=world["manager"], note="补了", photo=shot())
    works.make_good(case, by=world["member"], note="重做了防水", photo=shot())
    assert not waits.exists()
    with pytest.raises(Refusal, match="没有等着返修的"):
        works.make_good(case, by=world["member"], note="又补", photo=shot())
    with frozen(DAY(2032, 3, 12)):
        for _again in range(4):
            clock.take_due()
    case.refresh_from_db()
    assert case.state == S.CLOSED


def test_an_emergency_is_seen_by_street_and_fund_centre_and_built_at_once(world):
    case = world.asked()
    with pytest.raises(Refusal, match="由街道"):
        emergency.witness(case, by=world["manager"], words="有")
    emergency.witness(case, by=world["street"], words="砖已松动")
    with pytest.raises(Refusal, match="已经确认过"):
        emergency.witness(case, by=world["street"], words="再看")
    assert case.state == S.ASKED
    emergency.witness(case, by=world["center"], words="属实", photo=shot())
    assert case.state == S.CONFIRMED and facts("fund.emergency_confirmed")
    works.build(case, by=world["manager"], started_on=today(), contract_sum=300_000, contractor="样1建筑", file=PDF)
    works.accept(case, by=world["member"], accepted_on=today(), representatives=2, opinion="好")
    with pytest.raises(Refusal, match="先划定列支范围"):
        works.settle(case, by=world["center"], amount=300_000, auditor="所", file=PDF)
    world.scoped(case)
    with pytest.raises(Refusal, match="比合同价 3,000 元 多出的超过 1/10。应急先修没有表决"):
        works.settle(case, by=world["center"], amount=330_001, auditor="所", file=PDF)
    works.settle(case, by=world["center"], amount=300_000, auditor="所", file=PDF)
    works.allocate(case, by=world["manager"])
    with later(5):
        clock.take_due()
        assert Repair.objects.get(pk=case.pk).state == S.ALLOCATED
    with later(6):
        clock.take_due()
    assert Repair.objects.get(pk=case.pk).state == S.WARRANTY


def test_what_is_no_emergency_goes_back(world):
    case = world.asked()
    emergency.deny(case, by=world["street"], note="只是渗水，不急")
    assert case.state == S.APPRAISED and case.lane == "" and case.budget is None
    assert Turn.objects.filter(case_pk=case.pk, step="classify").exists(), "it has to be found anew who pays"


def test_without_a_committee_the_community_organises(city):
    with frozen(DAY(2027, 3, 10)):
        world = World(place="510402001002", committee=False)
        assert REPAIR.steps["publish"].by.test(world["community"], world.project)
        assert not REPAIR.steps["publish"].by.test(world["member"], world.project)
        case = world.repair()
        assert engine.offers(REPAIR, case, world["community"]) and case.state == S.REPORTED


def test_papers_and_records_are_chinese_whoever_acts(world):
    with translation.override("en"):
        case = world.asked()
        world.fill(*[500_000] * 6)
        other = world.settled()
        works.allocate(other, by=world["center"])
    wanted = {
        "danger": "外墙有脱落危险",
        "estimate": "3,000 元",
        "settled": "18,600 元",
        "budget": "18,600 元",
        "basis": None,
    }
    for paper in Document.objects.all():
        fields = paper.values["fields"]
        assert not [value for value in fields.values() if "CNY" in value or "yuan" in value.lower()], (
            paper.label,
            fields,
        )
        assert all(fields[name] == text for name, text in wanted.items() if text and name in fields), fields
    notes = Event.objects.filter(case_pk__in=[case.pk, other.pk]).values_list("note", flat=True)
    assert "选用 样1建筑，18,600 元" in notes and not [note for note in notes if "Chosen" in note or "yuan" in note]
    assert facts("fund.classified")[0].note.startswith("维修资金（应急")
