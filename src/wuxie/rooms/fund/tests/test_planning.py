"""Who pays, which doors bear it, sealed quotes opened together, and a plan that adds up."""

from __future__ import annotations

import pytest

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import frozen, now
from wuxie.kernel.papers.models import Attachment
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.fund import queries
from wuxie.rooms.fund.actions import emergency, planning, reporting, works
from wuxie.rooms.fund.actions.common import step
from wuxie.rooms.fund.models import Quote, Repair
from wuxie.rooms.fund.workflow import REPAIR

from .factories import HOUR, PDF, code

pytestmark = pytest.mark.django_db
S = Repair.State


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
        with pytest.raises(Refusal, match="由没有收过报价的业委会委员"):
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
        with pytest.raises(Refusal, match="不能自己拆封。请业委会另一位委员来拆"):
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


def emergency_of(world):
    case = world.appraised()
    reporting.classify(case, by=world["manager"], danger="fall")
    return case


def in_scope(world):
    case = world.appraised()
    reporting.classify(case, by=world["manager"])
    world.scoped(case)
    return case


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (lambda w: w.repair(part="moon"), "请选是哪个共用部位"),
        (lambda w: emergency.ask(emergency_of(w), by=w["manager"], estimate=0), "请写大概要多少钱"),
        (
            lambda w: reporting.classify(w.quoted(in_scope(w), 100, 200, 300), by=w["manager"], danger="fall"),
            "已经收了报价，不能改走别的路；报价拆封后重拟",
        ),
        (
            lambda w: planning.plan(
                w.quoted(in_scope(w), 100, 200, 300), by=w["manager"], quote=foreign(w), method="铲除重做"
            ),
            "请从已经拆封的报价里选一家",
        ),
        (lambda w: planning.halt(w.appraised(), by=w["manager"], stuck="weather", why="下雨"), "请选卡在哪里"),
        (lambda w: works.settle(finished(w), by=w["center"], amount=0), "审定价要大于零"),
    ],
)
def test_what_cannot_be_of_a_repair_is_refused_with_the_mend(world, act, sentence):
    with pytest.raises(Refusal, match=sentence):
        act(world)


def foreign(world):
    """A quote for another repair."""
    return world.quoted(in_scope(world), 50, 60, 70).quotes.first()


def finished(world):
    case = world.building_now()
    Repair.objects.filter(pk=case.pk).update(state=REPAIR.steps["settle"].sources[0])
    case.refresh_from_db()
    return case
