"""The whole way of a façade, the emergency's way, and what each step refuses."""

from __future__ import annotations

import datetime

import pytest
from django.utils import translation

from wuxie.kernel.access.actor import THE_CLOCK
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import frozen, now, today
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.facts.trust import Trust
from wuxie.kernel.notify.models import Message
from wuxie.kernel.papers.models import Attachment, Document
from wuxie.kernel.workflow import clock, engine
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.fund import queries
from wuxie.rooms.fund.actions import emergency, planning, reporting, works
from wuxie.rooms.fund.actions.common import step
from wuxie.rooms.fund.models import Account, Quote, Repair
from wuxie.rooms.fund.workflow import REPAIR

from .factories import DAY, HOUR, PDF, World, code, later, shot

pytestmark = pytest.mark.django_db
S = Repair.State


def facts(kind):
    return list(Fact.objects.filter(kind=kind))


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
    with frozen(DAY(2032, 3, 12)):
        for _again in range(4):
            clock.take_due()
    case.refresh_from_db()
    assert case.state == S.CLOSED


def test_the_guard_wants_a_photo_that_is_one(world):
    case = world.repair()
    with pytest.raises(Refusal, match="没有照片不算围护"):
        reporting.guard(case, by=world["manager"], photo=None)
    with pytest.raises(Problem, match="只收照片"):
        reporting.guard(case, by=world["manager"], photo=PDF)
    with pytest.raises(Problem, match="收不了"):
        reporting.guard(case, by=world["manager"], photo=("围护.jpg", b"not a picture"))
    assert case.guarded_at is None and not Attachment.objects.exists() and Repair.objects.get().state == S.REPORTED


def test_a_dangerous_place_is_guarded_before_it_is_surveyed(world):
    case = world.repair()
    with pytest.raises(Refusal, match="先围护"):
        reporting.appraise(case, by=world["manager"], appraiser="所", findings="坏", file=PDF)
    calm = world.repair(is_dangerous=False, title="单元门")
    reporting.appraise(calm, by=world["manager"], appraiser="所", findings="坏", file=PDF)
    assert calm.state == S.APPRAISED


def test_a_facade_guarded_in_time_counts_once_another_has_looked(world):
    case = world.repair()
    with frozen(now() + HOUR):
        reporting.guard(case, by=world["manager"], photo=shot())
    with pytest.raises(Refusal, match="业委会、所在社区"):
        reporting.check_guard(case, by=world["manager"])
    assert not facts("fund.danger_facade_guarded")
    reporting.check_guard(case, by=world["community"])
    (fact,) = facts("fund.danger_facade_guarded")
    assert fact.subject == world.project.key and fact.by == world["community"].key
    with pytest.raises(Refusal, match="核实过"):
        reporting.check_guard(case, by=world["member"])


@pytest.mark.parametrize(("hours", "part"), [(3, "facade"), (1, "roof")])
def test_guarded_late_or_no_facade_is_no_such_fact(world, hours, part):
    case = world.repair(part=part)
    with frozen(now() + hours * HOUR):
        reporting.guard(case, by=world["manager"], photo=shot())
        reporting.check_guard(case, by=world["community"])
    assert not facts("fund.danger_facade_guarded")


@pytest.mark.parametrize(
    ("answers", "lane", "article"),
    [
        ({}, "fund", "278"), ({"in_warranty": True}, "warranty", "第25条"), ({"liable": True}, "liable", "第25条"),
        ({"utility": True}, "utility", "第25条"), ({"owed": True}, "owed", "第25条"), ({"private": True}, "owner", "第18条"),
        ({"danger": "fall"}, "emergency", "281条第2款"), ({"in_warranty": True, "danger": "leak"}, "warranty", "第25条"),
    ],
)  # fmt: skip
def test_the_questions_decide_in_their_order_with_the_article(world, answers, lane, article):
    case = world.appraised()
    reporting.classify(case, by=world["manager"], **answers)
    assert case.lane == lane and article in case.basis
    with pytest.raises(Refusal):
        reporting.classify(case, by=world["manager"], danger="war")


def test_what_somebody_else_owes_is_not_paid_from_the_fund(world):
    case = world.appraised()
    with pytest.raises(Refusal, match="先回答几个问题"):
        reporting.refer(case, by=world["manager"], liable_party="建设单位")
    reporting.classify(case, by=world["manager"], in_warranty=True)
    with pytest.raises(Refusal, match="保修期内.*第25条"):
        world.scoped(case)
    with pytest.raises(Refusal, match="不走这一步"):
        emergency.ask(case, by=world["manager"], estimate=1)
    reporting.refer(case, by=world["manager"], liable_party="样开发公司")
    planning.take_back(case, by=world["manager"], note="公司已经注销")
    assert case.lane == "" and case.state == S.APPRAISED
    reporting.classify(case, by=world["manager"], liable=True)
    reporting.refer(case, by=world["manager"], liable_party="撞墙的车主")
    step("mended")(case, by=world["member"])
    assert case.state == S.CLOSED


def test_a_scope_has_units_of_this_estate(world):
    case = world.appraised()
    reporting.classify(case, by=world["manager"])
    for pairs, uses in (
        ([(world.building, "9")], ["home"]),
        ([(world.building, "1")], ["shop"]),
        ([(10**6, None)], ["home"]),
        ([], ["home"]),
    ):
        with pytest.raises(Refusal, match="没有户室.*283"):
            planning.set_scope(case, by=world["manager"], entrances=pairs, uses=uses)
    world.scoped(case, "2")
    assert case.shares.count() == 3 and case.scope_label == "3栋（2）"
    planning.set_scope(case, by=world["manager"], entrances=[(world.building, None)], uses=["home"])
    assert case.shares.count() == 6 and queries.totals(case) == queries.Totals(6, 62_949, 1, 6)


@pytest.fixture
def sealed(world):
    """Three quotes that lie sealed until two hours from now."""
    case = world.appraised()
    reporting.classify(case, by=world["manager"])
    for number in (1, 2, 3):
        planning.receive_quote(
            case, by=world["manager"], contractor=f"样{number}", uscc=code(number), opens_at=now() + 2 * HOUR
        )
    return case


def test_quotes_are_opened_together_and_not_before(world, sealed):
    one, two, three = sealed.quotes.all()
    whole = {quote.pk: (100, PDF) for quote in (one, two, three)}
    with pytest.raises(Refusal, match="到点当场一起拆"):
        planning.open_quotes(sealed, by=world["member"], opened=whole)
    with frozen(now() + 2 * HOUR):
        with pytest.raises(Refusal, match="一家都不能先拆"):
            planning.open_quotes(sealed, by=world["member"], opened={one.pk: (100, PDF)})
        with pytest.raises(Refusal, match="大于零"):
            planning.open_quotes(sealed, by=world["member"], opened=whole | {one.pk: (0, PDF)})
        with pytest.raises(Problem):
            planning.open_quotes(sealed, by=world["member"], opened=whole | {three.pk: (5, ("x.pdf", b"no"))})
        assert (
            not Quote.objects.filter(opened_at__isnull=False).exists()
            and not Attachment.objects.filter(kind="报价文件").exists()
        )
        with pytest.raises(Refusal, match="由业委会"):
            planning.open_quotes(sealed, by=world["manager"], opened=whole)
        planning.open_quotes(sealed, by=world["member"], opened=whole)
        with pytest.raises(Refusal, match="已经拆封"):
            planning.open_quotes(sealed, by=world["member"], opened=whole)
        with pytest.raises(Refusal, match="已经拆封"):
            planning.receive_quote(sealed, by=world["manager"], contractor="样4", uscc=code(4))


def test_whoever_received_a_quote_does_not_open_it(world, sealed):
    planning.receive_quote(sealed, by=world["member"], contractor="样4", uscc=code(4))
    whole = {quote.pk: (100, PDF) for quote in sealed.quotes.all()}
    with frozen(now() + 2 * HOUR):
        with pytest.raises(Refusal, match="不能自己拆封"):
            planning.open_quotes(sealed, by=world["member"], opened=whole)
        planning.open_quotes(sealed, by=world["second"], opened=whole)


def test_what_a_quote_may_not_be(world, sealed):
    offer = {"by": world["manager"], "contractor": "样"}
    with pytest.raises(Refusal, match="只能报一次"):
        planning.receive_quote(sealed, uscc=code(1), **offer)
    with pytest.raises(Refusal, match="不能自己报给自己"):
        planning.receive_quote(sealed, uscc=world.project.company.uscc, **offer)
    with pytest.raises(Exception, match="18位"):
        planning.receive_quote(sealed, uscc="123", **offer)
    with frozen(now() + 3 * HOUR), pytest.raises(Refusal, match="不再收报价"):
        planning.receive_quote(sealed, uscc=code(5), **offer)


def test_two_quotes_are_too_few_and_a_new_moment_may_be_set(world):
    case = world.appraised()
    reporting.classify(case, by=world["manager"])
    with pytest.raises(Refusal, match="以后的拆封时间"):
        planning.receive_quote(case, by=world["manager"], contractor="样1", uscc=code(1), opens_at=now())
    for number in (1, 2):
        planning.receive_quote(
            case, by=world["manager"], contractor=f"样{number}", uscc=code(number), opens_at=now() + HOUR
        )
    with frozen(now() + HOUR):
        with pytest.raises(Refusal, match="至少要有 3 家"):
            planning.open_quotes(case, by=world["member"], opened={one.pk: (1, PDF) for one in case.quotes.all()})
        planning.receive_quote(case, by=world["manager"], contractor="样3", uscc=code(3), opens_at=now() + HOUR)
    assert case.opens_at == now() + 2 * HOUR


def test_a_dearer_quote_wants_a_reason_and_the_shares_add_up(world):
    case = world.appraised()
    reporting.classify(case, by=world["manager"])
    world.quoted(case, 1_000_000, 900_001, 1_100_000)
    dear, cheap, _third = case.quotes.all()
    with pytest.raises(Refusal, match="先划定列支范围"):
        planning.plan(case, by=world["manager"], quote=cheap, method="做")
    world.scoped(case)
    with pytest.raises(Refusal, match="没有选最低的报价"):
        planning.plan(case, by=world["manager"], quote=dear, method="做")
    planning.plan(case, by=world["manager"], quote=dear, method="做", reason="质保多两年")
    assert sum(case.shares.values_list("planned", flat=True)) == 1_000_000 and case.contractor == dear.contractor
    with pytest.raises(Refusal):
        world.scoped(case)


def test_publicity_is_waited_for(world):
    case = world.planned()
    planning.publish(case, by=world["member"], contact="王样")
    for day in (0, 7):
        with later(day), pytest.raises(Refusal, match="公示到 2027-03-17"):
            planning.call_vote(case, by=world["member"])
    with later(8):
        planning.call_vote(case, by=world["member"])


@pytest.mark.parametrize(
    ("part", "yes", "state"),
    [
        # A total of 629.49 m² and six heads.
        ((41_966, 4), (20_984, 3), S.APPROVED), ((41_965, 4), (41_965, 4), S.STUCK), ((62_949, 3), (62_949, 3), S.STUCK),
        ((41_966, 4), (20_983, 3), S.REJECTED), ((41_966, 4), (41_966, 2), S.REJECTED), ((0, 0), (0, 0), S.STUCK),
    ],
)  # fmt: skip
def test_the_vote_is_judged_by_the_thresholds_in_scope(world, part, yes, state):
    case = world.voting()
    world.result(case, part, yes)
    assert case.state == state
    if state == S.STUCK:
        assert case.stuck == "quorum" and "参与表决不够" in case.stuck_why


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"total_area": 62_948}, "列支范围的"), ({"total_heads": 7}, "总人数要在 1 和 6"), ({"total_heads": 0}, "总人数"),
        ({"part_area": 62_950}, "不能多于"), ({"yes_heads": 6}, "不能多于"), ({"reference": " "}, "编号或名称"), ({"file": None}, "计票清单"),
    ],
)  # fmt: skip
def test_a_counting_sheet_that_cannot_be_is_refused(world, given, words):
    case = world.voting()
    with pytest.raises(Refusal, match=words):
        world.result(case, **given)
    assert Repair.objects.get(pk=case.pk).state == S.VOTING


def test_a_vote_held_elsewhere_reports_by_itself(world):
    case = world.voting()
    units = [door.pk for door in world.doors]
    given = {"by": THE_CLOCK, "passed": True, "quorate": True, "matter": "fund_use", "reference": "assembly:7"}
    with pytest.raises(Refusal, match="一户不多、一户不少"):
        planning.vote_result(case, scope=[*units, world.other.pk], **given)
    with pytest.raises(Refusal, match="不是使用维修资金"):
        planning.vote_result(case, scope=units, **given | {"matter": "covenant"})
    planning.vote_result(case, scope=units, **given)
    assert case.state == S.APPROVED and case.vote_reference == "assembly:7"


def test_too_few_are_asked_once_more_and_a_refused_plan_is_made_anew(world):
    case = world.voting()
    planning.extend(case, by=world["member"])
    with pytest.raises(Refusal, match="只能延长一次"):
        planning.extend(case, by=world["member"])
    world.result(case, (10, 1), (10, 1))
    with pytest.raises(Refusal, match="再征集"):
        planning.go_on(case, by=world["manager"])
    planning.call_again(case, by=world["member"])
    assert case.state == S.VOTING and case.stuck == ""
    world.result(case, (62_949, 6), (0, 0))
    assert case.state == S.REJECTED
    planning.replan(case, by=world["manager"])
    assert (case.state, case.budget, case.quotes.count(), case.opens_at) == (S.APPRAISED, None, 0, None)


def test_stuck_for_money_is_on_record_and_goes_on_with_a_new_plan(world):
    case = world.planned()
    with pytest.raises(Refusal, match="别人才帮得上"):
        planning.halt(case, by=world["manager"], stuck="money", why=" ")
    planning.halt(case, by=world["manager"], stuck="money", why="五户账户是空的")
    assert case.state == S.STUCK and facts("fund.stuck")
    planning.go_on(case, by=world["manager"])
    assert case.state == S.APPRAISED and case.stuck == "" and case.stuck_why == ""


def test_the_advance_and_its_basis(world, monkeypatch):
    case = world.approved()
    works.apply(case, by=world["manager"], account="0000")
    with pytest.raises(Refusal, match="还没有核定"):
        works.release(case, by=world["center"], amount=100)
    with pytest.raises(Refusal, match="大于零"):
        works.release(case, by=world["center"], amount=0, basis="文")
    with pytest.raises(Refusal, match="多于预算"):
        works.release(case, by=world["center"], amount=1_860_001, basis="文")
    from wuxie.kernel.statutes.figures import Figure

    limit = Figure("fund.advance", "首款", "维修资金", "510400", "70/100", "", "某文", "text", confirmed=True)
    monkeypatch.setattr(queries, "known", lambda name: limit if name == "advance" else None)
    with pytest.raises(Refusal, match="首款最多 13,020 元"):
        works.release(case, by=world["center"], amount=1_302_001)
    works.release(case, by=world["center"], amount=1_302_000)
    assert case.advance == 1_302_000


def test_what_is_built_and_accepted(world):
    case = world.approved()
    works.apply(case, by=world["manager"], account="0000")
    works.release(case, by=world["center"], amount=1_000_000, basis="文")
    given = {"by": world["manager"], "started_on": today(), "contract_sum": 1_860_000, "file": PDF}
    for wrong, words in (
        ({"started_on": today() + datetime.timedelta(days=1)}, "不能晚于今天"), ({"contract_sum": 1_860_001}, "重新公示"),
        ({"contract_sum": 999_999}, "还少"), ({"contract_sum": 0}, "大于零"), ({"file": None}, "施工合同"),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=words):
            works.build(case, **given | wrong)
    works.build(case, **given)
    given = {"by": world["member"], "accepted_on": today(), "representatives": 2, "opinion": "好"}
    for wrong, words in (
        ({"representatives": 1}, "至少要有 2 位"), ({"accepted_on": DAY(2027, 3, 1)}, "验收日要在"), ({"by": world["manager"]}, "由业委会"),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=words):
            works.accept(case, **given | wrong)
    works.accept(case, **given)
    assert case.state == S.ACCEPTED


def test_an_audit_far_beyond_the_plan_is_applied_for_anew(world):
    case = world.accepted()
    given = {"by": world["center"], "auditor": "所", "file": PDF}
    with pytest.raises(Refusal, match="重新公示"):
        works.settle(case, amount=2_046_001, **given)
    with pytest.raises(Refusal, match="审价报告"):
        works.settle(case, amount=2_046_000, **given | {"file": None})
    works.settle(case, amount=2_046_000, **given)
    assert case.settled == 2_046_000


SHARES = (
    "3栋-1-101 2644.52",
    "3栋-1-102 3555.48",
    "3栋-1-201 2644.52",
    "3栋-2-101,3555.48",
    "3栋-2-102\t2644.52",
    "3栋-2-201 3555.48元",
)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({0: "3栋-1-101 2644.53"}, "差 0.01 元.*283"), ({0: "3栋-9-999 1"}, "第 1 行的“3栋-9-999”不在列支范围"), ({1: SHARES[0]}, "第 2 行.*前面已经有了"),
        ({5: ""}, "还缺 1 户：3栋-2-201"), ({2: "3栋-1-201 很多"}, "第 3 行的“很多”不是金额"), ({2: "3栋-1-201 1.234"}, "不是金额"),
        ({2: "3栋-1-201"}, "第 3 行要写"), ({0: "3栋-1-101 2644.53", 1: "3栋-1-102 3555.47"}, "3栋-1-101 按面积应摊 2,644.52 元"),
        ({3: "3栋-2-101 -1"}, "不是金额"), ({3: "3栋-2-101 NaN"}, "不是金额"),
    ],
)  # fmt: skip
def test_shares_of_the_bank_are_checked_and_nothing_is_half_written(world, change, words):
    world.fill(*[500_000] * 6)
    case = world.settled()
    lines = [change.get(place, line) for place, line in enumerate(SHARES)]
    with pytest.raises(Problem, match=words):
        works.allocate(case, by=world["center"], shares="\n".join(lines))
    assert set(Account.objects.values_list("balance", flat=True)) == {500_000}
    assert not case.shares.filter(final__isnull=False).exists() and Repair.objects.get(pk=case.pk).state == S.SETTLED


def test_shares_of_the_bank_that_fit_or_were_agreed(world):
    case = world.settled()
    lines = [*SHARES]
    works.allocate(case, by=world["center"], shares="\n".join(lines))
    other = World(place="510402001002")
    # Another estate, where the owners agreed to share otherwise.
    case = other.settled()
    lines[0], lines[1] = "3栋-1-101 2644.53", "3栋-1-102 3555.47"
    works.allocate(case, by=other["center"], shares="\n".join(lines), agreement="管理规约第 8 条")
    assert [row.final for row in queries.in_scope(case)][:2] == [264_453, 355_547]


def test_who_fell_below_the_line_is_told_of(world):
    world.fill(500_000, 500_000, 500_000, 500_000, 500_000, 100_000)
    works.allocate(world.settled(), by=world["center"])
    # 30 % of 8,000 yuan: 144,452 cents are below, 235,548 too.
    assert queries.purse(world.project.estate).below == 6
    assert Message.objects.filter(person_key=world["manager"].key, title__contains="5 户的维修资金低于续交线").exists()
    assert Message.objects.filter(person_key=world["member"].key, title__contains="续交线").exists()


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
    with pytest.raises(Refusal, match="重新公示"):
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


def test_misuse_is_held_against_the_company_by_a_paper_only(world):
    case = world.building_now()
    with pytest.raises(Refusal, match="由区县、市主管部门"):
        works.misuse(case, by=world["office"], number="1", text="套取", file=PDF)
    with pytest.raises(Refusal, match="没有处罚决定"):
        works.misuse(case, by=world["district"], number="罚〔2027〕1号", text="套取", file=None)
    works.misuse(case, by=world["district"], number="罚〔2027〕1号", text="虚报工程量套取", file=PDF)
    (fact,) = facts("fund.misuse")
    assert fact.subject == world.project.company.key and fact.also_counts_for == [world.project.key]
    assert fact.trust == Trust.AUTHORITY_DOCUMENT and len(fact.attachments) == 1 and case.state == S.BUILDING


def test_one_job_cut_into_several_is_seen(world):
    first = world.planned()
    second = world.appraised(title="东面外墙第二段")
    reporting.classify(second, by=world["manager"])
    world.scoped(second, "1")
    assert list(queries.like_it(second)) == [first]
    second.part = "roof"
    assert not queries.like_it(second).exists()


def test_doors_stand_in_the_order_in_which_people_count_them():
    names = ["3栋-10-101", "3栋-2-1001", "3栋-2-101", "10栋-1-101", "A座-1-101", "3栋-2-商1"]
    assert sorted(names, key=queries.door) == [
        "A座-1-101",
        "3栋-2-101",
        "3栋-2-1001",
        "3栋-2-商1",
        "3栋-10-101",
        "10栋-1-101",
    ]


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
