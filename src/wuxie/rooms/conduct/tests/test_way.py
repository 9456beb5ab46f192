"""A case from the clue to the end of its measure, and everything on the way that is refused."""

from __future__ import annotations

import pytest

from wuxie.kernel.clock.now import frozen, today
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.papers.models import Document
from wuxie.kernel.parties.actions import appoint
from wuxie.kernel.workflow import clock, engine
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.conduct import queries
from wuxie.rooms.conduct.actions import after, filing, judging
from wuxie.rooms.conduct.models import Proceeding
from wuxie.rooms.conduct.workflow.discipline import DISCIPLINE

from .factories import DAY, FINDINGS, INFORMANT, PDF, PHONE, clue, company, later, member

pytestmark = pytest.mark.django_db
S = Proceeding.State


def sanctions(world):
    return Fact.objects.filter(kind="discipline.sanction", subject=world.company.key)


def propose(world, case, **known):
    given = {"findings": FINDINGS, "factors": ["many"], "measure": "censure", "file": PDF} | known
    return filing.propose(case, by=world["second"], **given)


def test_from_the_clue_through_the_appeal_into_force(world):
    case = world.appealed()
    assert not sanctions(world) and not Proceeding.objects.public()
    after.decide_appeal(
        case, by=world["president"], present=world.council, against=2, change="", note="事实清楚", file=PDF
    )
    assert (case.state, case.review, case.effective_on, case.ends_on) == (
        S.EFFECTIVE,
        "uphold",
        DAY(2027, 3, 10),
        DAY(2028, 3, 10),
    )
    fact = sanctions(world).get()
    assert (fact.quantity, fact.occurred_on, fact.details, fact.trust) == (
        1_000_000,
        DAY(2027, 3, 10),
        {"measure": "censure"},
        2,
    )
    assert list(Proceeding.objects.public()) == [case]
    numbers = set(Document.objects.filter(case=DISCIPLINE.key(case)).values_list("label", flat=True))
    assert numbers == {"立案表", "调查通知", "拟惩戒告知书", "惩戒表决记录", "行业自律惩戒决定书", "复议决定书"}
    steps = list(
        Event.objects.filter(workflow="discipline", case_pk=case.pk).order_by("at", "id").values_list("step", flat=True)
    )
    assert steps == [
        "open",
        "file",
        "investigate",
        "propose",
        "defend",
        "vote",
        "vote",
        "vote",
        "count",
        "serve",
        "appeal",
        "uphold",
    ]


def test_a_decision_that_was_not_handed_over_has_no_effect(world):
    case = world.voted()
    with later(20):
        clock.take_due()
        with pytest.raises(Refusal):
            engine.by_clock(DISCIPLINE, "no_appeal", case)
    case.refresh_from_db()
    assert case.state == S.VOTED and not sanctions(world).exists()
    assert not Proceeding.objects.public().filter(pk=case.pk).exists()


def test_an_appeal_that_overturns_leaves_nothing_behind(world):
    case = world.appealed()
    after.decide_appeal(
        case, by=world["president"], present=world.council, against=4, change="", note="证据不足", file=PDF
    )
    assert (case.state, case.review, case.effective_on) == (S.WITHDRAWN, "overturn", None)
    assert not sanctions(world) and not Proceeding.objects.public()
    assert queries.figures(Proceeding.objects.all()).overturned == 1


def test_an_appeal_may_make_it_lighter_and_never_heavier(world):
    case = world.appealed()
    given = {"by": world["president"], "present": world.council, "against": 4, "note": "已改正", "file": PDF}
    with pytest.raises(Refusal, match="只能改轻"):
        after.decide_appeal(case, change="suspend", **given)
    after.decide_appeal(case, change="letter", **given)
    assert (case.state, case.measure, case.months, case.review) == (S.EFFECTIVE, "letter", 6, "lighten")
    assert not sanctions(world), "a letter is read by no standard"
    assert not Proceeding.objects.public()


def test_a_unit_that_must_stand_aside_is_not_counted_as_present(world):
    case = world.appealed(informant_company=world.rival)
    given = {"by": world["president"], "against": 0, "change": "", "note": "议过", "file": PDF}
    for unit, name in ((world.membership, "当事物业"), (world.rival.membership, "同行物业")):
        with pytest.raises(Refusal, match=f"“{name}”.*应当回避，不能计入到会"):
            after.decide_appeal(case, present=[*world.council, unit], **given)
    with pytest.raises(Refusal, match="到会不够：能到会的 6 家，到会 3 家"):
        after.decide_appeal(case, present=world.council[:3], **given)
    with pytest.raises(Refusal, match="比到会的 6 家还多"):
        after.decide_appeal(case, present=world.council, **(given | {"against": 7}))
    with pytest.raises(Refusal, match="会议记录"):
        after.decide_appeal(case, present=world.council, **(given | {"file": None}))
    case.refresh_from_db()
    assert (case.state, case.review, case.council) == (S.APPEALED, "", {}), "nothing is half written"


@pytest.mark.parametrize(
    "known",
    [
        {"charge": "low_price", "words": "报价只有别人一半"},
        {"charge": "no_boycott"},
        {"charge": "disparage", "words": "在三个小区低价竞争，扰乱行业"},
    ],
)
def test_low_prices_are_no_offence(world, known):
    case = world.clue(**known)
    with pytest.raises(Refusal, match="反垄断法第17、19、21条"):
        filing.file(case, by=world["office"])
    filing.dismiss(case, by=world["office"], note="竞争不是违约，已告知反映人")
    assert case.state == S.DISMISSED and Document.objects.get(case=DISCIPLINE.key(case)).label == "不予处理告知"


def test_nor_may_they_come_in_by_the_findings(world):
    case = world.investigating()
    with pytest.raises(Refusal, match="低价或统一行动"):
        propose(world, case, findings="该企业多次以低于协会参考价的价格投标，影响很坏")
    with pytest.raises(Refusal, match="罚款或交钱"):
        propose(world, case, findings=FINDINGS + "建议处罚款两万元")
    broken = world.filed(charge="promise_breach", title="中标承诺不兑现", words="低价中标后减了四名保洁")
    assert broken.state == S.FILED, "a promise broken after the award is a charge of its own"


def test_only_members_and_only_once(world):
    stranger = clue(company(40, "外来物业"))
    with pytest.raises(Refusal, match="时该企业不是会员"):
        filing.file(stranger, by=world["office"])
    world.filed()
    again = world.clue(title="又是资料没移交")
    with pytest.raises(Refusal, match="不能处理两次"):
        filing.file(again, by=world["office"])


def test_leaving_the_association_is_no_way_out_but_ends_suspension_and_expulsion(world):
    case = world.defended(measure="expel", wants_hearing=True)
    judging.hear(case, by=world["panel2"], note="", file=PDF)
    world.vote(case, "expel", "expel", "expel")
    world.membership.left_on = DAY(2027, 3, 1)
    world.membership.save()
    with pytest.raises(Refusal, match="企业已经退会"):
        judging.count(case, by=world["office"])
    light = world.defended(measure="censure", charge="utility_cut")
    world.vote(light, "censure", "censure", "censure")
    judging.count(light, by=world["office"])
    assert light.state == S.VOTED


@pytest.mark.parametrize("who", ["ex_employee", "informant_side", "informant"])
def test_whoever_has_an_interest_neither_investigates_nor_votes(world, who):
    case = world.filed(informant_company=world.rival)
    person = world.people["panel2"]
    if who == "ex_employee":
        appoint(
            person,
            "company_contact",
            by="test",
            organisation=world.company,
            starts_on=DAY(2021, 1, 1),
            ends_on=DAY(2026, 1, 1),
        )
    elif who == "informant_side":
        appoint(person, "company_contact", by="test", organisation=world.rival, starts_on=DAY(2026, 1, 1))
    else:
        case.informant = person
        case.save()
    with pytest.raises(Refusal, match="利害关系"):
        filing.investigate(case, by=world["office"], people=[person, world.people["second"]])
    assert person.pk not in queries.panel_of(case) and person not in queries.candidates(case)
    assert not engine.offers(DISCIPLINE, case, world["panel2"]) or all(
        not one.mine for one in engine.offers(DISCIPLINE, case, world["panel2"])
    )


def test_an_employment_long_past_is_no_interest(world):
    case = world.filed()
    appoint(
        world.people["panel2"],
        "company_contact",
        by="test",
        organisation=world.company,
        starts_on=DAY(2020, 1, 1),
        ends_on=DAY(2025, 3, 1),
    )
    assert world.people["panel2"].pk in queries.panel_of(case)


def test_two_investigators_and_not_fewer(world):
    case = world.filed()
    with pytest.raises(Refusal, match="正好 2 人"):
        filing.investigate(case, by=world["office"], people=[world.people["second"]])
    with pytest.raises(Refusal, match="不是秘书处人员"):
        filing.investigate(case, by=world["office"], people=[world.people["second"], world.people["city"]])
    case = world.investigating(charge="abuse")
    filing.recuse(case, by=world["president"], person=world.people["panel1"], note="与负责人是亲属")
    with pytest.raises(Refusal, match="调查人不足两人"):
        propose(world, case, measure="talk")
    filing.assign(case, by=world["office"], person=world.people["panel3"])
    propose(world, case, measure="talk")
    with pytest.raises(Refusal, match="调查已经结束"):
        filing.recuse(case, by=world["president"], person=world.people["panel3"], note="晚了")


def test_a_ballot_of_somebody_who_stands_aside_is_not_counted(world):
    case = world.defended()
    world.vote(case, "censure", "censure", "censure")
    filing.recuse(case, by=world["president"], person=world.people["panel4"], note="企业申请，属实")
    with pytest.raises(Refusal, match="能表决的委员 3 人，已表决 2 人"):
        judging.count(case, by=world["office"])
    judging.vote(case, by=world["panel5"], choice="none", reason="证据不足")
    judging.count(case, by=world["office"])
    assert (
        case.tally == {"entitled": 3, "present": 3, "counts": {"censure": 2, "none": 1}} and case.measure == "censure"
    )


def test_what_the_ladder_and_the_pact_allow(world):
    case = world.investigating()
    with pytest.raises(Refusal, match="最轻是“限期整改函”"):
        propose(world, case, measure="talk")
    propose(world, case, measure="talk", factors=["mended"])
    other = world.investigating(charge="breach_settlement")
    with pytest.raises(Refusal, match="最重到“会员内通报”"):
        propose(world, other, measure="censure")
    third = world.investigating(charge="utility_cut")
    for months in (None, 13):
        with pytest.raises(Refusal, match="最长 12 个月"):
            propose(world, third, measure="suspend", months=months)
    with pytest.raises(Refusal, match="太短"):
        propose(world, third, findings="不好")
    with pytest.raises(Refusal, match="调查报告"):
        propose(world, third, file=None)


def test_nobody_votes_for_more_than_was_told_and_a_hearing_comes_first(world):
    case = world.defended(measure="censure", wants_hearing=True)
    with pytest.raises(Refusal, match="还没有听证"):
        judging.vote(case, by=world["panel2"], choice="censure")
    judging.hear(case, by=world["panel2"], note="双方到场", file=PDF)
    with pytest.raises(Refusal, match="不能比告知企业的"):
        judging.vote(case, by=world["panel2"], choice="expel")
    with pytest.raises(Refusal, match="请写理由"):
        judging.vote(case, by=world["panel2"], choice="none")
    light = world.proposed(measure="letter", charge="utility_cut")
    with pytest.raises(Refusal, match="公开谴责以上的才听证"):
        judging.defend(light, by=world["admin"], defence="要听证", wants_hearing=True)


def test_most_find_no_breach(world):
    case = world.voted("none", "none", "censure")
    assert (case.state, case.measure) == (S.WITHDRAWN, "") and not sanctions(world)


def test_like_cases_are_shown_and_a_departure_says_why(world):
    one = world.effective(factors=("many", "concealed"))
    after_one = world.investigating(occurred_on=DAY(2027, 1, 5))
    assert [(like.case, like.percent) for like in queries.similar(after_one, ["many"])] == [(one, "50%")]
    with pytest.raises(Refusal, match="相似案件 1 件"):
        propose(world, after_one, measure="expel")
    propose(world, after_one, measure="expel", departure="伪造移交单")
    assert after_one.departure == "伪造移交单"


def test_time_lifts_a_measure_and_good_conduct_does_so_earlier(world):
    case = world.effective()
    assert (case.state, case.ends_on) == (S.EFFECTIVE, DAY(2028, 3, 26))
    with frozen(DAY(2027, 6, 20)), pytest.raises(Refusal, match="2027-06-26 起"):
        after.ask_repair(case, by=world["admin"], note="已移交", file=PDF)
    with frozen(DAY(2027, 7, 1)):
        with pytest.raises(Refusal, match="还没有申请"):
            after.lift(case, by=world["office"], note="看过")
        after.ask_repair(case, by=world["admin"], note="已移交", file=PDF)
        after.deny_repair(case, by=world["office"], note="台账还缺两年")
        after.ask_repair(case, by=world["admin"], note="补齐", file=PDF)
        after.lift(case, by=world["office"], note="资料齐全")
    assert (case.state, case.lifted_why) == (S.LIFTED, "repaired") and not Proceeding.objects.public()
    lifted = Fact.objects.get(kind="discipline.lifted")
    assert lifted.occurred_on == sanctions(world).get().occurred_on, "it cancels the sanction of that very day"
    other = world.effective(charge="utility_cut")
    with frozen(DAY(2028, 3, 28)):
        clock.take_due()
    other.refresh_from_db()
    assert (other.state, other.lifted_why) == (S.LIFTED, "expired")


def test_a_clue_is_checked_before_it_is_kept(world):
    for known, words in (
        ({"occurred_on": DAY(2027, 3, 11)}, "还没到"), ({"charge": "fine"}, "请选事由"), ({"title": " "}, "案件名称"),
        ({"informant_company": world.company}, "同一家"),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=words):
            world.clue(**known)
    with pytest.raises(Refusal, match="由协会秘书处、市级主管部门办理"):
        filing.register(
            world.company,
            by=world["admin"],
            charge="abuse",
            title="甲",
            words="乙",
            occurred_on=today(),
            source="complaint",
        )
    assert not Proceeding.objects.exists()


def test_nothing_that_the_company_may_read_names_who_told_of_it(world):
    case = world.effective(informant_company=world.rival)
    documents = Document.objects.filter(case=DISCIPLINE.key(case))
    shown = [str(one.values) for one in documents] + [
        str(one.data) + one.note for one in Event.objects.filter(case_pk=case.pk)
    ]
    shown += [f"{one.note}{one.details}" for one in Fact.objects.filter(subject=world.company.key)]
    assert documents and not any(secret in text for text in shown for secret in (INFORMANT, PHONE, "同行物业"))


@pytest.mark.parametrize("told", [INFORMANT, PHONE])
def test_words_that_name_who_told_of_it_are_refused(world, told):
    known = {"informant_name": INFORMANT, "informant_phone": PHONE}
    for field in ("title", "words"):
        with pytest.raises(Refusal, match="反映人的姓名或电话"):
            clue(world.company, **known, **{field: f"{told}说没有移交竣工图"})
    assert not Proceeding.objects.filter(respondent=world.company).exists()
    case = clue(world.company, **known)
    with pytest.raises(Refusal, match="反映人的姓名或电话"):
        filing.file(case, by=world["office"], note=f"已电话核实 {told}")
    filing.file(case, by=world["office"])
    filing.investigate(case, by=world["office"], people=[world.people["second"], world.people["panel1"]])
    with pytest.raises(Refusal, match="反映人的姓名或电话"):
        propose(world, case, findings=f"{FINDINGS}{told}作证。")
    case.refresh_from_db()
    assert case.state == S.INVESTIGATING


def test_the_figures(world):
    member(company(41), 41)
    world.effective()
    after.appeal(case := world.served(charge="utility_cut"), by=world["admin"], grounds="过重", file=PDF)
    after.decide_appeal(
        case, by=world["president"], present=world.council, against=5, change="letter", note="轻了", file=PDF
    )
    found = queries.figures(Proceeding.objects.all())
    assert (found.cases, found.appealed, found.overturned, found.lifted, found.consistency) == (2, 1, 1, 0, None)
    assert found.by_charge == [("擅自撤离、拒不交接", 1, 1), ("停水停电停气催费", 1, 1)]


def test_what_an_authority_hands_over_is_called_that(world):
    given = {
        "charge": "disorderly_exit", "title": "不移交资料", "words": "到期一个月没有移交竣工图", "occurred_on": DAY(2027, 2, 1),
        "source": "complaint",
    }  # fmt: skip
    assert filing.register(world.company, by=world["city"], **given).source == "referred"


def test_nothing_found_and_not_ours_to_punish_end_it_with_words(world):
    case = world.investigating()
    with pytest.raises(Refusal, match="请写不予处理的理由，反映人会看到"):
        filing.drop(case, by=world["second"], note=" ")
    filing.drop(case, by=world["second"], note="资料已经移交")
    assert (case.state, case.dismissed_early) == ("dismissed", False)
    assert Document.objects.filter(case=DISCIPLINE.key(case), label="不予处理告知").exists()
    other = world.clue(title="另一件", charge="disorderly_exit", occurred_on=DAY(2027, 1, 4))
    with pytest.raises(Refusal, match="请放上移送函"):
        filing.refer(other, by=world["office"], note="移送市住建局", file=None)
    event = filing.refer(other, by=world["office"], note="移送市住建局", file=PDF)
    assert list(event.papers) == ["移送函"]


def test_somebody_else_takes_the_place_of_who_stood_aside(world):
    case = world.investigating()
    filing.recuse(case, by=world["president"], person=world.people["panel1"], note="和当事企业有往来")
    filing.assign(case, by=world["office"], person=world.people["panel2"])
    assert queries.investigators(case) == {world.people["second"].pk, world.people["panel2"].pk}
    later_on = world.proposed(title="另一件", occurred_on=DAY(2027, 1, 4))
    with pytest.raises(Refusal, match="调查已经结束，调查人不再回避"):
        filing.recuse(later_on, by=world["president"], person=world.people["second"], note="有往来")


def test_a_ballot_and_a_service_that_cannot_be_are_refused(world):
    case = world.defended()
    with pytest.raises(Refusal, match="请选一档，或者选“不构成违约”"):
        judging.vote(case, by=world["panel2"], choice="flogging")
    world.vote(case, *(case.proposed,) * 3)
    judging.count(case, by=world["office"])
    known = {"by": world["office"], "file": PDF, "answer": "不采纳：移交是合同义务"}
    with pytest.raises(Refusal, match="请选送达方式"):
        judging.serve(case, served_how="pigeon", served_on=today(), **known)
    with pytest.raises(Refusal, match="送达日要在决定日 .* 到今天之间"):
        judging.serve(case, served_how="hand", served_on=DAY(2027, 1, 1), **known)
