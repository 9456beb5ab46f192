"""The whole way of a change of fee, and what each step refuses."""

from __future__ import annotations

import datetime

import pytest

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import frozen, start_of, today
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.facts.trust import Trust
from wuxie.kernel.jobs import outbox
from wuxie.kernel.papers.models import Attachment, Document
from wuxie.kernel.workflow import clock
from wuxie.kernel.workflow.models import DeadlineRow
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.fees import queries
from wuxie.rooms.fees.actions import costing, deciding, keeping, publicity
from wuxie.rooms.fees.models import Adjustment, Question
from wuxie.rooms.fees.workflow import ADJUSTMENT
from wuxie.rooms.register.tests import factories as register

from .factories import DAY, FEE, PDF, World, begin, code, later, shot

pytestmark = pytest.mark.django_db
S = Adjustment.State


def facts(kind):
    return list(Fact.objects.filter(kind=kind))


def charged(world):
    outbox.drain_all()
    world.project.refresh_from_db()
    return world.project.fee


def test_from_the_costs_to_kept_promises(world):
    case = world.effective()
    assert case.effective_on == DAY(2027, 6, 1) and case.check_on == DAY(2027, 12, 1)
    assert charged(world) == 20_000
    (fact,) = facts("fee.adjustment_effective")
    assert (fact.subject, fact.trust, fact.occurred_on) == (
        world.project.key,
        Trust.COUNTERPART_CONFIRMED,
        DAY(2027, 6, 1),
    )
    labels = set(Document.objects.on(ADJUSTMENT.key(case)).values_list("label", flat=True))
    assert labels == {"物业费成本公示表", "物业费调价方案", "物业费调价答疑记录", "物业费补充协议"}
    for month in range(6, 13):
        with frozen(DAY(2027, month, 5)):
            for promise in case.promises.all():
                keeping.check(case, by=world["member"], promise=promise, kept=True, words="看过")
            if month < 12:
                with pytest.raises(Refusal, match="要跟踪到 2027-12-01"):
                    keeping.finish(case, by=world["member"])
    with frozen(DAY(2027, 12, 5)):
        keeping.finish(case, by=world["member"])
    assert case.state == S.KEPT and charged(world) == 20_000


def test_broken_promises_bring_the_old_price_back(world):
    case = world.effective()
    first, second = case.promises.all()
    with frozen(DAY(2027, 7, 5)):
        keeping.report(case, by=world["manager"], promise=first, file=shot())
        keeping.check(case, by=world["member"], promise=first, kept=True, words="拖了")
        with pytest.raises(Refusal, match="没有哪条承诺"):
            keeping.fail(case, by=world["member"], note="没兑现")
        keeping.check(case, by=world["member"], promise=second, kept=False, words="夜里只有一个人")
        keeping.fail(case, by=world["member"], note="门岗没有双人")
        with pytest.raises(Refusal, match="给企业改到"):
            keeping.roll_back(case, by=world["member"], note="没改")
    assert case.state == S.FAILING and charged(world) == 20_000
    with later(case.cure_until):
        keeping.roll_back(case, by=world["member"], note="门岗还是一个人")
    assert (case.state, case.reverts_on) == (S.REVERTING, DAY(2027, 9, 1))
    with frozen(DAY(2027, 8, 31)):
        clock.take_due()
    case.refresh_from_db()
    assert case.state == S.REVERTING and charged(world) == 20_000, "not a day early"
    with frozen(DAY(2027, 9, 1)):
        clock.take_due()
    case.refresh_from_db()
    assert case.state == S.ROLLED_BACK and charged(world) == FEE and len(facts("fee.rolled_back")) == 1


def test_the_clock_begins_the_new_price_with_the_billing_month(world):
    case = world.signed()
    row = DeadlineRow.objects.get(name="begin", state="open")
    assert (row.due_on, row.due_at) == (DAY(2027, 6, 1), start_of(DAY(2027, 6, 1))), "the day itself, not its eve"
    with frozen(DAY(2027, 5, 31)):
        clock.take_due()
    case.refresh_from_db()
    assert case.state == S.CONTRACTED and charged(world) == FEE
    with frozen(DAY(2027, 6, 1)):
        clock.take_due()
    case.refresh_from_db()
    assert case.state == S.EFFECTIVE and charged(world) == 20_000


def test_a_phased_change_takes_its_second_step_and_waits_while_promises_are_broken(world):
    case = world.effective("e")
    assert charged(world) == 18_000 and case.second_on == DAY(2028, 6, 1)
    promise = case.promises.first()
    with frozen(DAY(2028, 5, 20)):
        keeping.check(case, by=world["member"], promise=promise, kept=False, words="没做")
        keeping.fail(case, by=world["member"], note="没做")
    with frozen(DAY(2028, 6, 2)):
        clock.take_due()
        assert charged(world) == 18_000, "held back"
        for one in case.promises.all():
            keeping.check(case, by=world["member"], promise=one, kept=True, words="改好了")
        case.refresh_from_db()
        keeping.finish(case, by=world["member"])
    assert case.second_on == DAY(2028, 7, 1)
    with frozen(DAY(2028, 7, 1)):
        clock.take_due()
    case.refresh_from_db()
    assert case.stepped and charged(world) == 20_000


def test_no_cost_without_a_voucher_and_none_twice(world):
    case = world.begun()
    by = world["manager"]
    with pytest.raises(Refusal, match="没有凭证的不算成本"):
        costing.add_cost(case, by=by, year=2026, item="staff", amount=100, file=None)
    with pytest.raises(Problem):
        costing.add_cost(case, by=by, year=2026, item="staff", amount=100, file=("a.pdf", b"nothing"))
    assert not case.costs.exists()
    costing.add_cost(case, by=by, year=2026, item="staff", amount=100, file=PDF)
    line = case.costs.get()
    assert line.sha256 == Attachment.objects.get(kind="成本凭证").sha256 and len(line.sha256) == 64
    for known, words in (
        ({"item": "staff"}, "已经登记过"), ({"item": "fines"}, "成本项"), ({"amount": 0}, "金额"), ({"year": 2028}, "年度"), ({"item": "agreed"}, "业主什么时候"),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=words):
            costing.add_cost(case, by=by, file=PDF, **({"year": 2026, "item": "green", "amount": 100} | known))
    costing.drop_cost(case, by=by, line=line)
    assert not case.costs.exists() and Attachment.objects.filter(kind="成本凭证").count() == 1


def test_whether_a_change_may_be_asked_for(world):
    by = world["manager"]
    for known, words in (
        ({"file": None}, "约定调价的那几页"), ({"clause": " "}, "合同怎么约定"), ({"last_changed_on": DAY(2027, 3, 11)}, "不能晚于今天"),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=words):
            world.begun(**known)
    with pytest.raises(Refusal, match="办理"):
        costing.begin(
            world.project, by=world["member"], reason="涨", clause="无", last_changed_on=DAY(2022, 1, 1), file=PDF
        )
    world.project.stage = "initial"
    with pytest.raises(Refusal, match="政府指导价"):
        world.begun()
    assert not Adjustment.objects.exists()
    world.project.stage = "chosen"
    world.begun()
    with pytest.raises(Refusal, match="已经有一件"):
        costing.begin(world.project, by=by, reason="涨", clause="无", last_changed_on=DAY(2022, 1, 1), file=PDF)


def test_too_early_by_the_contract(world):
    case = world.costed(min_years=6)
    with pytest.raises(Refusal, match="6 年内不调：2028-01-01 起"):
        costing.review(case, by=world["member"], reviewer="所", uscc=code(), opinion="好", allowed={}, file=PDF)


def test_the_review_is_independent_and_only_cuts(world):
    case = world.costed()
    line = case.costs.get(item="running")
    given = {
        "reviewer": "例衡会计师事务所",
        "uscc": code(),
        "opinion": "核减",
        "allowed": {line.pk: 40_000_000},
        "file": PDF,
    }
    with pytest.raises(Refusal, match="自己审自己"):
        costing.review(case, by=world["member"], **given | {"uscc": world.project.company.uscc})
    with pytest.raises(Refusal, match="不能比申报的多"):
        costing.review(case, by=world["member"], **given | {"allowed": {line.pk: 50_000_001}})
    with pytest.raises(Refusal, match="审核报告"):
        costing.review(case, by=world["member"], **given | {"file": None})
    with pytest.raises(Refusal, match="业委会"):
        costing.review(case, by=world["manager"], **given)
    before = queries.reckon(case, list(case.costs.all()))
    costing.review(case, by=world["member"], **given)
    after = queries.reckon(case, list(case.costs.all()))
    assert before.cost - after.cost == 10_000_000 and after.even < before.even
    (rate,) = facts("fee.collection_rate")
    assert rate.quantity == 86_000_000, "86 %, in millionths"


@pytest.mark.parametrize(
    ("kind", "figures", "words"),
    [
        ("a", {"price": FEE}, "单价”要高于"), ("a", {"price": 20_000, "cut": 1}, "一年省下”这一类方案不填"), ("b", {"price": FEE}, "一年省下”要大于零"),
        ("b", {"price": 20_000, "cut": 5}, "单价”要等于"), ("c", {"price": FEE}, "一年补贴”要大于零"), ("d", {"price": FEE}, "专项单价”要大于零"),
        ("e", {"price": 20_000, "first_price": 21_000, "months": 6}, "第一步单价”要高于现行单价、低于"), ("e", {"price": 20_000, "first_price": 18_000}, "第一步几个月"),
    ],
)  # fmt: skip
def test_an_option_is_what_its_letter_says(world, kind, figures, words):
    case = world.begun()
    with pytest.raises(Refusal, match=words):
        costing.set_option(case, by=world["manager"], kind=kind, words="说明", **figures)
    assert not case.options.exists()


def test_publicity_takes_its_days_and_a_way_out_without_a_rise(world):
    case = world.reviewed()
    publicity.show_costs(case, by=world["manager"])
    assert case.costs_until == DAY(2027, 4, 9)
    with pytest.raises(Refusal, match="成本要公示到 2027-04-09"):
        publicity.publish(case, by=world["manager"])
    case.options.filter(kind="c").delete()
    with later(case.costs_until), pytest.raises(Refusal, match="其中一个不涨价"):
        publicity.publish(case, by=world["manager"])


def test_every_question_is_answered_before_the_vote(world):
    case = world.published()
    asked = publicity.question(case, words="电梯费包含在内吗")
    option = case.options.get(kind="a")
    with later(case.plan_until):
        publicity.hear(case, by=world["member"], heard_on=today(), people=42, words="电梯")
        with pytest.raises(Refusal, match="还有问题没有答复"):
            deciding.call_vote(case, by=world["member"], option=option)
        publicity.answer(case, by=world["manager"], question=asked, answer="包含，在运行维护里")
        with pytest.raises(Refusal, match="没有等答复"):
            publicity.answer(case, by=world["manager"], question=asked, answer="再答一次")
        deciding.call_vote(case, by=world["member"], option=option)
    with pytest.raises(Refusal, match="不在公示期"):
        publicity.question(case, words="还能问吗")
    assert Question.objects.count() == 1
    paper = Document.objects.get(code="fee_answers")
    assert paper.values["content"]["table"]["rows"] == [["电梯费包含在内吗", "包含，在运行维护里"]]


@pytest.mark.parametrize(
    ("part", "yes", "state"),
    [
        ((20_983, 2), (20_983, 2), S.PASSED), ((20_983, 2), (8_950, 1), S.FAILED), ((20_983, 2), (12_033, 1), S.FAILED),
        ((12_033, 1), (12_033, 1), S.FAILED), ((17_900, 2), (17_900, 2), S.FAILED),
    ],
)  # fmt: skip
def test_a_vote_on_paper_is_judged_by_the_law(world, part, yes, state):
    """Two thirds of 299.33 ㎡ are not reached with 179.00; half of the heads is not more than half."""
    case = world.voting()
    with later(case.plan_until):
        world.result(case, part, yes)
    assert case.state == state
    if state == S.FAILED:
        with frozen(case.decided_on + datetime.timedelta(days=30)), pytest.raises(Refusal, match="没有通过"):
            world.begun()


def test_the_result_hangs_before_anybody_signs(world):
    case = world.voting()
    with later(case.plan_until):
        world.result(case)
        with pytest.raises(Refusal, match="表决结果要公示到"):
            deciding.sign(case, by=world["member"], signed_on=today(), file=PDF)
    with later(case.result_until):
        with pytest.raises(Refusal, match="签约日"):
            deciding.sign(case, by=world["member"], signed_on=DAY(2027, 3, 11), file=PDF)
        with pytest.raises(Refusal, match="补充协议"):
            deciding.sign(case, by=world["member"], signed_on=today(), file=None)


def test_where_there_is_no_committee_the_community_organises(city):
    with frozen(DAY(2027, 3, 10)):
        world = World(place="510402001002", committee=False)
        case = world.costed()
        costing.review(
            case, by=world["community"], reviewer="例衡会计师事务所", uscc=code(), opinion="真实", allowed={}, file=PDF
        )
    assert case.state == S.REVIEWED


def test_no_fact_bears_a_price(world):
    world.effective()
    for fact in Fact.objects.filter(kind__startswith="fee."):
        told = f"{fact.note} {fact.details}"
        assert "2.00" not in told and "1.60" not in told and "20000" not in told, fact.kind


def beside(world):
    """A change of another estate's fee."""
    return begin(register.project(register.estate("邻里"), register.company("丙物业", 3), fee=FEE))


@pytest.mark.parametrize(
    ("begins", "act", "sentence"),
    [
        (
            "begun",
            lambda w, case: costing.set_base(case, by=w["manager"], area=0, vacant=0, rate=9_000),
            "收费面积要大于零，空置面积不能比它大",
        ),
        (
            "begun",
            lambda w, case: costing.set_base(case, by=w["manager"], area=100, vacant=101, rate=9_000),
            "收费面积要大于零，空置面积不能比它大",
        ),
        (
            "begun",
            lambda w, case: costing.set_base(case, by=w["manager"], area=100, vacant=0, rate=10_001),
            "收缴率要大于 0、不超过 100%",
        ),
        (
            "begun",
            lambda w, case: costing.set_option(case, by=w["manager"], kind="z", words="说明", price=20_000),
            "“方案”只能从五类里选",
        ),
        (
            "published",
            lambda w, case: publicity.hear(case, by=w["member"], heard_on=DAY(2027, 3, 11), people=3, words="电梯"),
            "“哪天开的”不能晚于今天",
        ),
        (
            "published",
            lambda w, case: publicity.hear(case, by=w["member"], heard_on=today(), people=0, words="没有人来"),
            "“来了多少人”要大于零；没有人来的再约一次",
        ),
        (
            "effective",
            lambda w, case: keeping.report(
                case, by=w["manager"], promise=beside(w).promises.create(words="拖地", measure="看"), file=shot()
            ),
            "只能选这件调整的承诺",
        ),
    ],
)
def test_what_cannot_be_of_a_change_is_refused_with_the_mend(world, begins, act, sentence):
    case = getattr(world, begins)()
    with pytest.raises(Refusal, match=sentence):
        act(world, case)


def test_without_a_price_there_is_nothing_to_change(world):
    world.project.fee = None
    with pytest.raises(Refusal, match="合同里还没有登记物业费单价。请先到项目里登记，或者在“现行单价”里填"):
        world.begun(current=None)


def test_a_special_charge_is_named_on_every_paper(world):
    case = world.costed()
    costing.set_option(case, by=world["manager"], kind="d", words="电梯另收", price=FEE, special=2_000)
    costing.review(
        case, by=world["member"], reviewer="例衡会计师事务所", uscc=code(), opinion="真实、相关", allowed={}, file=PDF
    )
    publicity.show_costs(case, by=world["manager"])
    with later(case.costs_until):
        publicity.publish(case, by=world["manager"])
    with later(case.plan_until):
        publicity.hear(case, by=world["member"], heard_on=today(), people=42, words="电梯")
        with pytest.raises(Refusal, match="只能从公示过的方案里选"):
            other = beside(world).options.create(kind="a", words="涨", price=20_000)
            deciding.call_vote(case, by=world["member"], option=other)
        deciding.call_vote(case, by=world["member"], option=case.options.get(kind="d"))
    for label in ("物业费调价方案", "物业费调价答疑记录"):
        assert "专项 0.2" in str(Document.objects.get(label=label).values), label


def test_questions_come_on_paper_too_are_answered_once_and_are_not_endless(world):
    case = world.published()
    publicity.write_down(case, by=world["member"], words="电梯费包含在内吗")
    first = case.questions.get()
    publicity.question(case, words="保洁呢")
    publicity.answer(case, by=world["manager"], question=first, answer="包含")
    with pytest.raises(Refusal, match="这个问题已经答复过了"):
        publicity.answer(case, by=world["manager"], question=first, answer="再答一次")
    Question.objects.bulk_create(
        Question(adjustment=case, receipt=f"Q{n}", words="问", asked_at=first.asked_at, due_on=first.due_on)
        for n in range(publicity.MOST_QUESTIONS)
    )
    with pytest.raises(Refusal, match="提问太多了，请带着问题去说明会，或者找业委会"):
        publicity.question(case, words="还有一个")


def test_costs_are_reviewed_once_area_and_rate_are_known(world):
    case = world.begun()
    costing.add_cost(case, by=world["manager"], year=2026, item="staff", amount=90_000_000, file=PDF)
    with pytest.raises(Refusal, match="先填收费面积和收缴率"):
        costing.review(
            case, by=world["member"], reviewer="例衡会计师事务所", uscc=code(), opinion="真实", allowed={}, file=PDF
        )


def test_the_end_of_a_vote_that_nothing_was_built_on_changes_nothing(world):
    case = world.published()
    for source in ("repair:1", f"adjustment:{case.pk}", ADJUSTMENT.key(case)):
        deciding.follow_end(Fact(details={"source": source, "case": "decision:9"}, note="撤回"))
    case.refresh_from_db()
    assert (case.state, case.reverts_on) == (S.PUBLISHED, None)
