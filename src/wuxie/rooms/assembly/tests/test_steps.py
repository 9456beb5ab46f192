"""Every step, in every state, by every person; and what each step asks for and does."""

from __future__ import annotations

import datetime

import pytest
from django.db import transaction

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.papers.models import Document
from wuxie.kernel.workflow import clock, engine
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.assembly import api, facts
from wuxie.rooms.assembly.actions import counting, question, result, roll
from wuxie.rooms.assembly.models import Decision, Objection, RulesOfProcedure
from wuxie.rooms.assembly.workflow import DECISION
from wuxie.rooms.register.tests import factories as register

from .factories import AFTER, ALL_FOR, CLOSES_AT, DAY, FROZEN_ON, OPENS_ON, PDF, PLACE, TODAY, moment, shot

pytestmark = pytest.mark.django_db
BODY, STREET = {"committee"}, {"street"}
PEOPLE = (
    "committee", "community", "street", "district", "city", "office", "president", "admin", "manager", "owner", "collector", "counter",
    "watcher", "visitor", "clock",
)  # fmt: skip
#: step → (from, to, who).
STEPS = {
    "take_up": ("proposed", "draft", BODY),
    "announce": ("draft", "announced", BODY),
    "freeze": ("announced", "frozen", BODY),
    "open": ("frozen", "collecting", BODY | {"clock"}),
    "extend": ("collecting", "collecting", BODY),
    "close": ("collecting", "closed", BODY | {"clock"}),
    "adopt": ("closed", "closed", BODY),
    "count": ("closed", "counted", BODY),
    "publish": ("counted", "published", BODY),
    "recount": ("counted published", "closed", BODY),
    "conclude": ("published", "concluded", BODY | {"clock"}),
    "annul": ("published concluded", "annulled", STREET),
    "withdraw": ("proposed draft announced frozen", "withdrawn", BODY),
}
S = Decision.State


def test_the_table_and_the_matrix_name_the_same_steps():
    assert set(STEPS) == set(DECISION.steps)


@pytest.mark.parametrize("name", sorted(STEPS))
def test_who_may_take_a_step_in_which_state(world, name):
    source, target, who = STEPS[name]
    case = world.draft()
    people = {one: world[one] for one in PEOPLE}
    for state in S.values:
        Decision.objects.filter(pk=case.pk).update(state=state)
        found = Decision.objects.select_related("estate").get(pk=case.pk)
        for person, actor in people.items():
            with transaction.atomic():
                try:
                    engine.check(DECISION, name, found, by=actor)
                    got = True
                except Refusal as refusal:
                    got = refusal.code == "guard"
                    assert refusal.message
                transaction.set_rollback(True)
            assert got == (state in source.split() and person in who), (name, state, person)
    assert str(DECISION.steps[name].target) == target


@pytest.mark.parametrize(("body", "who"), [
    ("owners_committee", "committee"), ("management_committee", "committee"), ("management_committee", "community"),
    ("preparatory_group", "street"), ("preparatory_group", "community"), ("reelection_group", "street"),
    ("residents_committee", "community"), ("street_office", "street"),
])  # fmt: skip
def test_the_bodies_that_the_law_names_may_organise(world, body, who):
    made = question.begin(world.estate, by=world[who], organiser=body, title="换届选举")
    assert made.state == S.DRAFT and made.organiser == body and made.number.startswith("BJ-2027-")


@pytest.mark.parametrize("who", ["admin", "manager", "office", "president"])
def test_a_company_and_the_association_are_refused_with_the_article(world, who):
    with pytest.raises(Refusal, match="川建行规〔2022〕9号"):
        question.begin(world.estate, by=world[who], organiser="owners_committee", title="调价")
    assert not Decision.objects.exists()


@pytest.mark.parametrize(("body", "who"), [
    ("street_office", "committee"), ("owners_committee", "street"), ("owners_committee", "owner"), ("residents_committee", "district"),
    ("property_company", "committee"),
])  # fmt: skip
def test_nobody_begins_in_the_name_of_another_body(world, body, who):
    with pytest.raises(Refusal):
        question.begin(world.estate, by=world[who], organiser=body, title="调价")
    assert not Decision.objects.exists()


def test_whoever_works_for_a_company_too_does_not_organise(world):
    from wuxie.kernel.parties.actions import appoint

    appoint(
        world.people["committee"],
        "company_admin",
        by="test",
        organisation=world.project.company,
        starts_on=DAY(2026, 1, 1),
    )
    with pytest.raises(Refusal, match="不能组织"):
        question.begin(world.estate, by=world["committee"], organiser="owners_committee", title="调价")


def test_announcing_draws_the_roll_and_tells_the_community(world):
    case = world.announced()
    assert (
        case.state == S.ANNOUNCED
        and case.entries.count() == 6
        and case.roll_until == TODAY + datetime.timedelta(days=7)
    )
    papers = {one.label: one.values["fields"] for one in Document.objects.filter(case=DECISION.key(case))}
    assert set(papers) == {"业主表决公告", "表决名册公示", "告知居民委员会的函"}
    assert papers["表决名册公示"]["heads"] == "5" and papers["表决名册公示"]["area"] == "599.00 ㎡"


@pytest.mark.parametrize(("opens_on", "sentence"), [(DAY(2027, 3, 15), "15 日前公告"), (None, "还没有填")])
def test_a_notice_that_is_too_short_is_refused_and_nothing_is_written(world, opens_on, sentence):
    case = world.draft(opens_on=opens_on)
    with pytest.raises(Refusal, match=sentence):
        question.announce(case, by=world["committee"])
    case.refresh_from_db()
    assert (
        case.state == S.DRAFT
        and not Document.objects.filter(case=DECISION.key(case)).exists()
        and not case.entries.exists()
    )


def test_the_fifteenth_day_is_enough(world):
    case = world.draft(opens_on=DAY(2027, 3, 16))
    question.announce(case, by=world["committee"])
    assert case.state == S.ANNOUNCED


def test_a_roll_that_is_not_what_the_certificate_says_is_refused(world):
    case = world.draft(certified_area=59901)
    with pytest.raises(Refusal, match=r"少 0\.01 ㎡"):
        question.announce(case, by=world["committee"])
    assert not case.entries.exists()
    question.edit(
        case, by=world["committee"], title=case.title, opens_on=OPENS_ON, closes_at=CLOSES_AT, certified_area=59900
    )
    question.announce(case, by=world["committee"])
    assert case.state == S.ANNOUNCED


def test_an_upheld_objection_may_put_the_certificate_right_so_that_the_roll_can_be_frozen(world):
    case = world.draft(certified_area=59900)
    question.announce(case, by=world["committee"])
    entry = world.entry(case, "1-1-101")
    own = roll.object_to(case, by=world["owner"], about="roll", text="证载 91.00", entry=entry)
    with pytest.raises(Refusal, match="只有采纳的、写明户室的名册异议才能改面积"):
        roll.answer(own, by=world["committee"], upheld=False, answer="不改", area=9100, area_source="registered")
    own.refresh_from_db()
    assert own.upheld is None and not own.answer
    roll.answer(own, by=world["committee"], upheld=True, answer="照证", area=9100, area_source="registered")
    with frozen(moment(DAY(2027, 3, 9))), pytest.raises(Refusal, match=r"多 1\.50 ㎡"):
        roll.freeze(case, by=world["committee"])
    whole = roll.object_to(case, by=world["owner"], about="roll", text="总证也换发了")
    with pytest.raises(Refusal, match="只有采纳的名册异议才能改证载总面积"):
        roll.answer(whole, by=world["committee"], upheld=False, answer="不改", certified_area=60050)
    roll.answer(whole, by=world["committee"], upheld=True, answer="照新证", certified_area=60050)
    assert whole.change == {"certified_area": [59900, 60050]}
    with frozen(moment(DAY(2027, 3, 9))):
        roll.freeze(case, by=world["committee"])
    assert case.area == 60050


def test_the_roll_is_not_frozen_before_publicity_is_over_or_while_somebody_objects(world):
    case = world.announced()
    entry = world.entry(case, "1-1-101")
    with frozen(moment(DAY(2027, 3, 8))), pytest.raises(Refusal, match="公示期没有满"):
        roll.freeze(case, by=world["committee"])
    objection = roll.object_to(case, by=world["owner"], about="roll", text="面积不对", entry=entry)
    with frozen(moment(FROZEN_ON)):
        with pytest.raises(Refusal, match="1 件名册异议"):
            roll.freeze(case, by=world["committee"])
        with pytest.raises(Refusal, match="面积来源"):
            roll.answer(objection, by=world["committee"], upheld=True, answer="核对产权证", area=9100)
        objection.refresh_from_db()
        roll.answer(
            objection, by=world["committee"], upheld=True, answer="核对产权证", area=9100, area_source="registered"
        )
        roll.freeze(case, by=world["committee"])
    entry.refresh_from_db()
    assert entry.area == 9100 and objection.change == {"area": [8950, 9100]} and case.area == 60050
    assert (case.units, case.heads, len(case.roll_root)) == (6, 5, 64)


def test_nobody_answers_their_own_objection_and_a_frozen_roll_is_not_objected_to(world):
    case = world.announced()
    own = roll.object_to(case, by=world["committee"], about="roll", text="漏了一户")
    with pytest.raises(Refusal, match="由别人答复"):
        roll.answer(own, by=world["committee"], upheld=False, answer="没有漏")
    with pytest.raises(Refusal, match="公示期"):
        roll.object_to(case, by=world["owner"], about="result", text="算错了")
    with pytest.raises(Refusal, match="公示期"):
        roll.object_to(world.frozen(title="另一次"), by=world["owner"], about="roll", text="晚了")


def test_an_upheld_objection_takes_the_owners_from_the_register_again(world):
    case = world.announced()
    entry = world.entry(case, "2-1-102")
    register.owner(world.units[5], "己一", "13900000009")
    objection = roll.object_to(case, by=world["owner"], about="roll", text="已过户", entry=entry)
    roll.answer(objection, by=world["committee"], upheld=True, answer="已核对不动产登记")
    entry.refresh_from_db()
    assert entry.owners == 2 and "+" in entry.head and set(objection.change) == {"head", "owners", "person_id"}


def test_the_clock_opens_closes_and_files(world):
    case = world.frozen()
    with frozen(moment(OPENS_ON, 1)):
        clock.take_due()
    case.refresh_from_db()
    assert case.state == S.COLLECTING
    with frozen(CLOSES_AT - datetime.timedelta(minutes=1)):
        clock.take_due()
        case.refresh_from_db()
        assert case.state == S.COLLECTING
    with frozen(AFTER):
        clock.take_due()
        case.refresh_from_db()
        assert case.state == S.CLOSED
        counting.count(case, by=world["committee"], seed="1")
        result.publish(case, by=world["committee"])
    with frozen(DAY(2027, 4, 12)):
        clock.take_due()
        case.refresh_from_db()
        assert case.state == S.PUBLISHED
    with frozen(DAY(2027, 4, 13)):
        clock.take_due()
    case.refresh_from_db()
    assert case.state == S.CONCLUDED and case.keep_until == DAY(2032, 4, 5)
    assert Fact.objects.filter(kind=facts.NOT_CARRIED.code).count() == 1


def test_a_vote_is_not_closed_before_its_time_and_not_lengthened_after_it(world):
    case = world.collecting()
    with frozen(CLOSES_AT - datetime.timedelta(seconds=1)), pytest.raises(Refusal, match="不能提前截止"):
        counting.close(case, by=world["committee"])
    later = CLOSES_AT + datetime.timedelta(days=7)
    with frozen(AFTER), pytest.raises(Refusal, match="不能再延长"):
        question.extend(case, by=world["committee"], closes_at=later, note="人不够")
    with frozen(moment(OPENS_ON)):
        with pytest.raises(Refusal, match="只能往后延"):
            question.extend(case, by=world["committee"], closes_at=CLOSES_AT, note="人不够")
        question.extend(case, by=world["committee"], closes_at=later, note="人不够")
    with frozen(AFTER):
        clock.take_due()
        case.refresh_from_db()
        assert case.state == S.COLLECTING
    with frozen(later):
        clock.take_due()
    case.refresh_from_db()
    assert case.state == S.CLOSED


def test_two_collectors_and_a_full_table_of_counters_are_asked_for(world):
    case = world.frozen()
    case.helpers.filter(duty="collector").first().delete()
    with frozen(moment(OPENS_ON)), pytest.raises(Refusal, match="两名收票人"):
        engine.take(DECISION, "open", case, by=world["committee"])
    other = world.close(world.collecting(title="另一次"))
    other.helpers.filter(duty="supervisor").delete()
    with frozen(AFTER), pytest.raises(Refusal, match="一名监票人"):
        counting.count(other, by=world["committee"], seed="1")


def test_carried_tells_whoever_asked(world):
    asked = question.propose(
        world.estate,
        by=world["clock"],
        title="外墙维修",
        items=[{"title": "用维修资金 30 万", "matter": "fund_use"}],
        source="fund_case:7",
    )
    again = question.propose(world.estate, by=world["clock"], title="又来", items=[], source="fund_case:7")
    assert asked == again and asked.state == S.PROPOSED and asked.items.count() == 1
    case = world.concluded(ALL_FOR, "fund_use", "fund_raising")
    found = [api.outcome(fact) for fact in Fact.objects.filter(kind=facts.CARRIED.code).order_by("id")]
    assert [(one.matter, one.passed, one.case, one.source, one.item, one.estate) for one in found] == [
        ("fund_use", True, DECISION.key(case), "", 1, world.estate.pk), ("fund_raising", True, DECISION.key(case), "", 2, world.estate.pk),
    ]  # fmt: skip


def test_an_annulled_decision_counts_no_more(world):
    case = world.concluded(ALL_FOR)
    with frozen(DAY(2027, 5, 1)):
        with pytest.raises(Refusal, match="谁在什么时候撤销"):
            result.annul(case, by=world["street"], paper=PDF, note=" ")
        result.annul(case, by=world["street"], paper=PDF, note="区法院（2027）民初1号判决撤销")
    told = Fact.objects.get(kind=facts.ANNULLED.code)
    assert case.state == S.ANNULLED and told.details["case"] == DECISION.key(case)
    assert Fact.objects.filter(kind="ledger.superseded").count() == 1


def test_a_recount_goes_back_to_the_papers_and_keeps_the_old_result(world):
    case = world.published(ALL_FOR)
    with frozen(AFTER):
        objection = roll.object_to(case, by=world["owner"], about="result", text="201 的票不是本人签的")
        with frozen(DAY(2027, 4, 13)), pytest.raises(Refusal, match="异议没有答复"):
            result.conclude(case, by=world["committee"])
        roll.answer(objection, by=world["committee"], upheld=True, answer="重新核对")
        result.recount(case, by=world["committee"], note="采纳异议")
        assert case.state == S.CLOSED and case.result is None
        counting.count(case, by=world["committee"], seed="2")
        result.publish(case, by=world["committee"])
    assert Document.objects.filter(label="表决结果公告").count() == 2
    assert engine.history(DECISION, case).get(step="recount").data["result"][0]["passed"] is True
    assert Objection.objects.get().upheld is True


@pytest.mark.parametrize(
    "given", [{"silent_rule": "participates_abstain"}, {"parking_counts": True}, {"proxy_limit": 2}]
)
def test_a_point_of_the_rules_needs_its_clause(world, given):
    with pytest.raises(Refusal, match="哪一条"):
        question.keep_rules(world.estate, by=world["committee"], adopted_on=TODAY, paper=PDF, **given)
    assert not RulesOfProcedure.objects.exists()


def test_who_helps_is_nobody_of_the_company_and_nobody_twice(world):
    case = world.draft()
    by = world["committee"]
    with pytest.raises(Refusal, match="物业企业和协会"):
        question.add_helper(case, by=by, duty="collector", name="admin某", phone=world.people["admin"].phone)
    with pytest.raises(Refusal, match="已经是"):
        question.add_helper(case, by=by, duty="collector", name="collector某", phone=world.people["collector"].phone)
    with pytest.raises(Refusal, match="不能同时"):
        question.add_helper(case, by=by, duty="supervisor", name="counter某", phone=world.people["counter"].phone)
    made = question.add_helper(case, by=by, duty="collector", name="新人", phone="13812345678")
    question.end_helper(made, by=by)
    assert case.helpers.active().count() == 5 and case.helpers.count() == 6


def test_a_draft_is_changed_and_what_was_announced_is_not(world):
    case = world.draft("fund_use", "covenant")
    by = world["committee"]
    question.remove_item(case.items.get(number=1), by=by)
    assert [(one.number, one.matter) for one in case.items.all()] == [(1, "covenant")]
    with pytest.raises(Refusal, match="名单"):
        question.add_item(case, by=by, title="乱写", matter="anything")
    with pytest.raises(Refusal, match="不在这个小区"):
        question.edit(case, by=by, title="x", scope=[[999, ""]])
    question.announce(case, by=by)
    with pytest.raises(Refusal, match="撤回重来"):
        question.add_item(case, by=by, title="再加一项", matter="other")
    question.withdraw(case, by=by, note="事项写错")
    assert case.state == S.WITHDRAWN
    assert shot() != shot()


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (
            lambda w: question.edit(w.draft(), by=w["committee"], title="换日子", opens_on=OPENS_ON, closes_at=moment(OPENS_ON)),
            "截止时间要晚于开始收票日",
        ),
        (
            lambda w: question.keep_rules(w.estate, by=w["committee"], adopted_on=DAY(2027, 3, 2), paper=PDF),
            "通过日不能晚于今天",
        ),
        (
            lambda w: question.add_helper(withdrawn(w), by=w["committee"], duty="counter", name="庚一", phone="13800000009"),
            "这次表决已经结束",
        ),
        (lambda w: roll.draw(w.announced(), by=w["committee"]), "名册已经公示，只能按异议更正"),
        (
            lambda w: roll.draw(question.begin(empty(w), by=reelecting(w), organiser="residents_committee", title="选业委会"), by=reelecting(w)),
            "这个范围里没有登记户室。请先在“楼栋与户室”里登记或导入",
        ),
        (
            lambda w: roll.answer(objected(w), by=w["committee"], upheld=False, answer="没有错", area=9_100),
            "只有采纳的、写明户室的名册异议才能改面积。不改的，把更正后的面积空着",
        ),
        (
            lambda w: roll.answer(objected(w), by=w["committee"], upheld=False, answer="没有错", certified_area=59_900),
            "只有采纳的名册异议才能改证载总面积。不改的空着",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_of_a_vote_is_refused_with_the_mend(world, act, sentence):
    with pytest.raises(Refusal, match=sentence):
        act(world)


def withdrawn(world):
    made = world.draft()
    Decision.objects.filter(pk=made.pk).update(state=Decision.State.WITHDRAWN)
    made.refresh_from_db()
    return made


def empty(world):
    """An estate of the same community of which no home is registered."""
    return register.estate("空园", PLACE)


def reelecting(world):
    return world["community"]


def objected(world):
    made = world.announced()
    return roll.object_to(made, by=world["owner"], about="roll", text="面积少了", entry=world.entry(made, "2-1-101"))


def test_a_part_named_twice_is_in_the_scope_once(world):
    block = world.units[0].building_id
    made = world.draft(scope=[[block, "1"], [block, "1"]])
    assert made.scope == [[block, "1"]]


def test_what_is_decided_on_paper_is_no_vote_here(world):
    fact = Fact(
        details={
            "scope": "",
            "estate": world.estate.pk,
            "title": "修屋面",
            "item": "用维修资金",
            "matter": "fund_use",
            "source": "repair:1",
        }
    )
    assert question.follow_request(fact) is None and not Decision.objects.exists()


def test_an_objection_is_answered_once(world):
    found = objected(world)
    roll.answer(found, by=world["committee"], upheld=False, answer="和证上一样")
    with pytest.raises(Refusal, match="这件异议已经答复"):
        roll.answer(found, by=world["committee"], upheld=True, answer="再答一次")
