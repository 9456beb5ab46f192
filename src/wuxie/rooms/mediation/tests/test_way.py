"""From a letter to a kept agreement, and every bend of the way."""

from __future__ import annotations

import datetime

import pytest

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import frozen, now, today
from wuxie.kernel.facts import sealer
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.papers.models import Attachment, Document
from wuxie.kernel.workflow import clock
from wuxie.kernel.workflow.models import DeadlineRow
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.mediation import queries
from wuxie.rooms.mediation.actions import ending, handling, intake
from wuxie.rooms.mediation.actions.common import step, with_reason
from wuxie.rooms.mediation.models import Affiliation, Dispute, Voice
from wuxie.rooms.rating import evidence
from wuxie.rooms.register.tests import factories as register

from .factories import DAY, PDF, at, company, dispute, expert

pytestmark = pytest.mark.django_db
ONE = datetime.timedelta(days=1)


def kinds() -> list[str]:
    return sorted(Fact.objects.filter(kind__regex="^(mediation|petition)").values_list("kind", flat=True))


def row(case: Dispute, name: str) -> DeadlineRow:
    return DeadlineRow.objects.filter(case_pk=case.pk, workflow="dispute", name=name).latest("pk")


def papers(case: Dispute) -> list[str]:
    return list(Document.objects.on(f"dispute:{case.pk}").order_by("pk").values_list("label", flat=True))


def test_a_letter_becomes_a_kept_agreement(world):
    case = world.settled()
    assert case.state == "performing", "without a committee there is nothing for a court to confirm"
    assert papers(case) == ["受理通知书", "调解通知书", "和解协议书"]
    ending.keep_clause(case, by=world["mediator"], clause=case.clauses.get(), performed_on=today(), proof="收条一张")
    assert case.state == "performed"
    ending.visit(case, by=world["office"], words="没有再漏")
    assert case.state == "closed" and row(case, "visit_again").due_on == DAY(2027, 9, 6)
    ending.visit_again(case, by=world["office"], words="半年没有再漏")
    assert [one for one in kinds() if "event" not in one] == sorted([
        "mediation.agreement_due", "mediation.agreement_performed", "mediation.assigned", "mediation.case_accepted", "mediation.case_settled",
        "mediation.performed", "mediation.sitting_held", "mediation.visited", "mediation.visited", "petition.received",
    ])  # fmt: skip
    kept = Fact.objects.get(kind="mediation.agreement_performed")
    assert kept.subject == world.project.company.key and kept.also_counts_for == [world.project.key]


def test_the_paper_is_called_what_it_is(world):
    case = world.settled(peoples=True)
    assert case.state == "settled" and papers(case)[-1] == "人民调解协议书"
    assert row(case, "court_confirm").due_on == DAY(2027, 4, 9)
    ending.apply_to_court(case, by=world["office"], court="东区人民法院")
    with pytest.raises(Refusal, match="裁定书"):
        ending.confirmed(case, by=world["office"], ruling="〔2027〕民特1号", file=None)
    ending.confirmed(case, by=world["office"], ruling="〔2027〕民特1号", file=PDF)
    assert case.state == "performing" and case.ruling


def test_without_a_committee_no_court_confirms(world):
    case = world.settled()
    Dispute.objects.filter(pk=case.pk).update(state="settled")
    case.refresh_from_db()
    with pytest.raises(Refusal, match="不是人民调解协议"):
        ending.apply_to_court(case, by=world["office"], court="东区人民法院")


def test_the_right_to_ask_a_court_is_lost_after_thirty_days(world):
    case = world.settled(peoples=True, due=80)
    with at(DAY(2027, 4, 10)):
        for _again in range(4):
            clock.take_due()
    case.refresh_from_db()
    assert case.state == "performing"


def test_a_clause_without_a_day_is_refused(world):
    case = world.at_table()
    with pytest.raises(Refusal, match="没有日期的条款"):
        ending.add_clause(case, by=world["mediator"], debtor="respondent", what="修好", due_on=None)
    with pytest.raises(Refusal, match="已经过了"):
        ending.add_clause(case, by=world["mediator"], debtor="respondent", what="修好", due_on=DAY(2027, 3, 1))
    assert not case.clauses.exists()
    with pytest.raises(Refusal, match="还没有条款"):
        ending.settle(case, by=world["mediator"], result="settled", undisputed="属实", basis="合同", default="")


def test_who_may_promise_nothing_settles_nothing(world):
    case = world.at_table()
    ending.add_clause(case, by=world["mediator"], debtor="respondent", what="修好", due_on=today())
    handling.add_party(case, by=world["office"], side="respondent", authority="settle", representative="何经理")
    with pytest.raises(Refusal, match="没有和解权限"):
        ending.settle(case, by=world["mediator"], result="settled", undisputed="属实", basis="合同", default="")


def test_what_is_not_kept_is_a_breach_held_against_the_company_about_the_project(world):
    case = world.settled()
    due = case.clauses.get().due_on
    assert row(case, "kept").due_on == due == DAY(2027, 3, 20)
    with at(DAY(2027, 3, 27)):
        for _again in range(6):
            clock.take_due()
    case.refresh_from_db()
    assert case.state == "breached"
    fact = Fact.objects.get(kind="mediation.agreement_breached")
    assert (fact.subject, fact.also_counts_for) == (world.project.company.key, [world.project.key])
    assert Fact.objects.filter(kind="mediation.agreement_due").count() == 1


def test_what_the_applicant_owes_is_never_held_against_the_company(world):
    case = world.at_table()
    ending.add_clause(case, by=world["mediator"], debtor="applicant", what="交清物业费", due_on=today())
    ending.settle(case, by=world["mediator"], result="settled", undisputed="属实", basis="合同", default="")
    with at(DAY(2027, 3, 18)):
        for _again in range(6):
            clock.take_due()
    case.refresh_from_db()
    assert case.state == "breached" and not Fact.objects.filter(kind__startswith="mediation.agreement").exists()


def test_a_mediator_of_the_company_its_kin_or_its_rival_is_not_offered(world):
    case = world.accepted()
    own = expert(7, world.project.company)
    kin = expert(8, company("恒信置业"))
    Affiliation.objects.create(one=world.project.company, other=world.units[2], basis="同一股东")
    Affiliation.objects.create(one=world.units[2], other=kin.organisation, basis="股东")
    rival = company("对门物业")
    register.project(register.estate("对门里", place="510402001002"), rival)
    near = expert(9, rival)
    for one, why in ((own, "同一单位"), (kin, "有关联"), (world.experts["third"], "有关联"), (near, "竞争")):
        with pytest.raises(Refusal, match=why):
            handling.assign(case, by=world["office"], mediator=one)
    handling.assign(case, by=world["office"], mediator=world.experts["mediator"], expert=world.experts["second"])
    assert case.state == "assigned"


def test_each_side_refuses_a_mediator_once_with_a_reason(world):
    case = world.assigned()
    with pytest.raises(Refusal, match="为什么"):
        handling.refuse(case, by=world["admin"], side="respondent", who="mediator", note=" ")
    with pytest.raises(Refusal, match="替自己"):
        handling.refuse(case, by=world["admin"], side="applicant", who="mediator", note="不熟悉")
    handling.refuse(case, by=world["admin"], side="respondent", who="mediator", note="以前有过节")
    assert case.state == "accepted" and case.mediator is None
    with pytest.raises(Refusal, match="更换过"):
        handling.assign(case, by=world["office"], mediator=world.experts["mediator"])
    handling.assign(case, by=world["office"], mediator=world.experts["second"])
    with pytest.raises(Refusal, match="已经申请"):
        handling.refuse(case, by=world["admin"], side="respondent", who="mediator", note="再换")


def test_the_layers_of_time_are_kept_apart(world):
    service = world.accepted()
    names = set(DeadlineRow.objects.filter(case_pk=service.pk, state="open").values_list("name", flat=True))
    assert names == {"company_reply", "service_assign", "service_conclude"}
    assert row(service, "service_conclude").due_on == DAY(2027, 4, 9)
    peoples = world.settled(peoples=True)
    assert row(peoples, "people_conclude").due_on == DAY(2027, 4, 12), (
        "a month ends on a Saturday, so on the Monday after it"
    )
    assert not DeadlineRow.objects.filter(case_pk=peoples.pk, name="service_conclude").exists()


def test_the_clock_stands_still_while_it_is_suspended(world):
    case = world.at_table()
    with pytest.raises(Refusal, match="依据"):
        handling.suspend(case, by=world["mediator"], reason="等鉴定", file=None)
    with at(DAY(2027, 3, 15)):
        handling.suspend(case, by=world["mediator"], reason="等鉴定", file=PDF)
        assert row(case, "service_conclude").state == "paused" and row(case, "service_suspend").due_on == DAY(
            2027, 5, 14
        )
    with at(DAY(2027, 4, 14)):
        handling.resume(case, by=world["mediator"])
        assert row(case, "service_conclude").due_on == DAY(2027, 5, 10), (
            "25 days were left; the ninth of May is a Sunday"
        )
    assert case.state == "in_session"


def test_sixty_days_of_waiting_are_the_most(world):
    case = world.at_table()
    handling.suspend(case, by=world["mediator"], reason="等鉴定", file=PDF)
    with at(DAY(2027, 5, 11)):
        for _again in range(5):
            clock.take_due()
    case.refresh_from_db()
    assert case.state == "in_session" and row(case, "service_conclude").state == "open"


@pytest.mark.parametrize("peoples", [False, True])
def test_both_sides_may_give_it_fifteen_days_more_once(world, peoples):
    if peoples:
        world.settled(peoples=True)
    case = world.assigned()
    name = "people_conclude" if peoples else "service_conclude"
    before = row(case, name).due_on
    handling.extend(case, by=world["mediator"], file=PDF)
    assert 14 <= (row(case, name).due_on - before).days <= 17
    with pytest.raises(Refusal, match="延长过一次"):
        handling.extend(case, by=world["mediator"], file=PDF)


def test_a_company_that_answers_in_time_is_credited_and_later_is_not(world):
    case = world.registered()
    handling.reply(case, by=world["manager"], words="明天派人去看")
    assert kinds() == ["petition.received", "petition.responded_on_time"]
    assert row(case, "company_reply").state == "met"
    with pytest.raises(Refusal, match="答复过"):
        handling.reply(case, by=world["manager"], words="再答一次")
    late = world.registered(title="4 栋漏水")
    with frozen(now() + datetime.timedelta(hours=25)):
        handling.reply(late, by=world["manager"], words="来了")
    assert kinds().count("petition.responded_on_time") == 1


def test_only_a_verified_fault_counts_and_once(world):
    case = world.accepted()
    handling.judge(case, by=world["office"], fault="shared", note="看了现场，双方都有责")
    with pytest.raises(Refusal, match="登记过"):
        handling.judge(case, by=world["office"], fault="company", note="再查")
    assert "petition.valid_fault" not in kinds()
    other = world.registered()
    handling.judge(other, by=world["office"], fault="company", note="报修记录三次没有派人")
    assert kinds().count("petition.valid_fault") == 1


def test_what_cannot_be_mediated_and_what_is_not_ours_goes_somewhere(world):
    case = world.registered()
    with pytest.raises(Refusal, match="不能这样办"):
        handling.reject(case, by=world["office"], referral="utility", words="归供电")
    handling.reject(case, by=world["office"], referral="in_court", words="已经立案")
    assert case.state == "not_accepted" and "法院" in case.referred_to and "法院" in case.voices.get().said
    other = world.registered()
    handling.transfer(other, by=world["office"], referral="utility", words="表后是物业的，表前是供电的")
    assert other.state == "transferred" and papers(other) == ["转办函"]


def test_several_voices_one_dispute(world):
    case = world.registered()
    again = world.registered(channel="phone", words="还是楼上卫生间漏水到天花板，报修没人管，再说一遍")
    assert [one.dispute for one in queries.alike(again)] == [case]
    handling.reply(case, by=world["manager"], words="会修")
    intake.merge(again, by=world["office"], into=case)
    again.refresh_from_db()
    assert again.state == "merged" and case.voices.count() == 2
    assert case.voices.latest("pk").is_repeat and "petition.repeat" in kinds()
    with pytest.raises(Refusal, match="另一件"):
        intake.merge(world.registered(), by=world["office"], into=again)


def test_five_households_within_a_month_are_a_cluster(world):
    for n in range(6):
        case = world.registered(title=f"{n} 栋漏水", phone=f"1360000000{n}")
        handling.classify(case, by=world["office"], title=case.title, category="M5.02", summary="屋面渗水")
    assert kinds().count("mediation.cluster") == 1, "told once a month, not with every further voice"


def test_a_company_that_left_last_year_still_answers_for_its_time(world):
    world.project.left_on = DAY(2026, 12, 31)
    world.project.save()
    following = register.project(world.project.estate, company("接手物业"), starts_on=DAY(2027, 1, 1))
    assert world.registered(occurred_on=DAY(2026, 11, 1)).project == world.project
    assert world.registered(occurred_on=DAY(2027, 2, 1)).project == following
    with pytest.raises(Refusal, match="没有登记的物业企业"):
        world.registered(occurred_on=DAY(1999, 1, 1))
    with pytest.raises((Refusal, Problem), match="还没有到"):
        world.registered(occurred_on=DAY(2027, 4, 1))


def test_the_same_letter_is_taken_once(world):
    world.registered(reference="来字12号")
    with pytest.raises(Refusal, match="已经登记过"):
        world.registered(reference="来字12号")
    assert Dispute.objects.count() == Voice.objects.count() == 1


def test_a_question_and_its_answer(world):
    told = world.registered().voices.get()
    intake.ask(told, by=world["office"], question="哪一间漏？")
    intake.answer(told, words="主卧")
    with pytest.raises(Refusal, match="没有要回的问题"):
        intake.answer(told, words="再回")
    assert told.answer == "主卧"


def test_too_short_a_notice_needs_both_sides_consent(world):
    case = world.assigned()
    step("investigate")(case, by=world["mediator"])
    soon = now() + datetime.timedelta(days=1)
    with pytest.raises(Refusal, match="申请人一方"):
        ending.invite(case, by=world["mediator"], at=soon, place="社区")
    handling.add_party(case, by=world["office"], side="applicant", authority="self", name="黎写信")
    with pytest.raises(Refusal, match="3 个工作日"):
        ending.invite(case, by=world["mediator"], at=soon, place="社区")
    ending.invite(case, by=world["mediator"], at=now() + datetime.timedelta(days=5), place="社区")
    with pytest.raises(Refusal, match="还没有到"):
        ending.hold(case, by=world["mediator"], present="双方", minutes="说了")
    with pytest.raises(Refusal, match="没有到过"):
        ending.absent(case, by=world["mediator"], note="没来")
    with at(DAY(2027, 3, 16)):
        ending.absent(case, by=world["mediator"], note="书面通知两次，没有来")
    assert "mediation.case_refused_by_company" in kinds()


def test_no_agreement_ends_with_a_paper_of_what_is_undisputed(world):
    case = world.at_table()
    with pytest.raises(Refusal, match="为什么没有达成"):
        ending.fail(case, by=world["mediator"], result="settled")
    ending.fail(case, by=world["mediator"], result="failed_no_agreement", undisputed="漏水属实，谁的责任没有说拢")
    assert case.state == "failed" and papers(case)[-1] == "调解终结书"


def test_a_group_event_needs_the_authority_s_paper(world):
    case = world.registered()
    with pytest.raises(Refusal, match="认定文书"):
        handling.group_event(case, by=world["district"], occurred_on=today(), file=None)
    handling.group_event(case, by=world["district"], occurred_on=today(), file=PDF)
    assert "petition.group_event" in kinds()


def test_what_it_announces_reaches_the_star_of_the_project(world):
    """Facts of the project, and those of the company that are about it."""
    case = world.settled()
    handling.reply(case if case.state in Dispute.OPEN else world.registered(), by=world["manager"], words="会修")
    ending.keep_clause(case, by=world["mediator"], clause=case.clauses.get(), performed_on=today(), proof="收条")
    handling.judge(case, by=world["office"], fault="company", note="三次报修没有派人")
    with at(DAY(2027, 4, 2)):
        sealer.seal()
        rows = evidence.rows(world.project, window_to=DAY(2027, 3, 31), cutoff=DAY(2027, 4, 1))
    found = {row["kind"] for row in rows if row["kind"].partition(".")[0] in ("mediation", "petition")}
    assert found == {
        "mediation.case_accepted", "mediation.case_settled", "mediation.agreement_due", "mediation.agreement_performed", "petition.received",
        "petition.responded_on_time", "petition.valid_fault",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("begin", "act", "sentence"),
    [
        (
            "registered",
            lambda w, case: handling.classify(case, by=w["office"], title="漏水", category="M5", summary="漏水"),
            "请从目录里选一个小类",
        ),
        (
            "registered",
            lambda w, case: handling.group_event(case, by=w["district"], occurred_on=today() + ONE, file=PDF),
            "发生日要在事情发生日和今天之间",
        ),
        ("registered", lambda w, case: w.registered(channel="pigeon"), "没有“pigeon”这种来源"),
        ("registered", lambda w, case: w.registered(received_on=today() + ONE), "收到日不能晚于今天"),
        (
            "registered",
            lambda w, case: intake.reveal(case.voices.get(), by=w["office"], note="同意"),
            "这位反映人没有要求不公开",
        ),
        (
            "accepted",
            lambda w, case: handling.assign(case, by=w["office"], mediator=gone(w)),
            "今天不在专家库里",
        ),
        (
            "accepted",
            lambda w, case: handling.assign(
                case, by=w["office"], mediator=w.experts["second"], expert=w.experts["second"]
            ),
            "调解员和专家要是两个人",
        ),
        (
            "assigned",
            lambda w, case: handling.refuse(case, by=w["manager"], side="respondent", who="expert", note="不熟"),
            "没有指派专家",
        ),
        (
            "at_table",
            lambda w, case: ending.invite(case, by=w["mediator"], at=now(), place="社区会议室", agreed=True),
            "调解时间要在现在以后",
        ),
        (
            "at_table",
            lambda w, case: ending.survey(
                case, by=w["mediator"], at=now() + ONE, place="3 栋", present="双方", minutes="渗水"
            ),
            "勘查时间不能晚于现在",
        ),
        (
            "at_table",
            lambda w, case: ending.add_clause(case, by=w["mediator"], debtor="nobody", what="修好", due_on=today()),
            "请选由哪一方来做",
        ),
        (
            "at_table",
            lambda w, case: [
                ending.add_clause(case, by=w["mediator"], debtor="respondent", what="修好", due_on=today()),
                ending.settle(case, by=w["mediator"], result="failed", undisputed="属实", basis="合同", default=""),
            ],
            "请选达成了哪一种协议",
        ),
        (
            "settled",
            lambda w, case: ending.keep_clause(
                case, by=w["mediator"], clause=case.clauses.get(), performed_on=today() + ONE, proof="收条"
            ),
            "履行日要在协议日 2027-03-10 和今天之间",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(world, begin, act, sentence):
    case = getattr(world, begin)()
    with pytest.raises(Refusal, match=sentence):
        act(world, case)


def gone(world):
    """Somebody whose term in the pool is over."""
    return expert(70, world.units[2], ends_on=today() - ONE)


def test_a_clause_is_kept_once(world):
    case = world.at_table()
    for n in range(2):
        ending.add_clause(case, by=world["mediator"], debtor="respondent", what=f"修好{n}", due_on=today())
    ending.settle(case, by=world["mediator"], result="settled", undisputed="属实", basis="合同", default="")
    known = {"by": world["mediator"], "clause": case.clauses.first(), "performed_on": today(), "proof": "收条"}
    ending.keep_clause(case, **known)
    with pytest.raises(Refusal, match="请选还没有登记履行的条款"):
        ending.keep_clause(case, **known)


def test_what_the_company_owes_nothing_of_counts_neither_for_nor_against_it(world):
    case = world.at_table()
    ending.add_clause(case, by=world["mediator"], debtor="applicant", what="让出通道", due_on=today())
    ending.settle(case, by=world["mediator"], result="settled", undisputed="属实", basis="合同", default="")
    ending.keep_clause(case, by=world["mediator"], clause=case.clauses.get(), performed_on=today(), proof="收条")
    assert case.state == "performed" and not Fact.objects.filter(kind__startswith="mediation.agreement").exists()


def test_what_is_kept_late_came_due_and_is_no_merit(world):
    case = world.settled(due=3)
    with at(DAY(2027, 3, 14)):
        ending.keep_clause(case, by=world["mediator"], clause=case.clauses.get(), performed_on=today(), proof="收条")
    assert case.state == "performed"
    assert list(Fact.objects.filter(kind__startswith="mediation.agreement").values_list("kind", flat=True)) == [
        "mediation.agreement_due"
    ]


def test_cases_of_two_estates_stay_two(world):
    other = register.project(register.estate("雨水园", "510402001002"), company("别家物业"))
    with pytest.raises(Refusal, match="两件不是同一个小区、同一家企业的事，不能并"):
        intake.merge(world.registered(), by=world["office"], into=dispute(other, hidden=False))


def test_a_court_is_asked_within_thirty_days_and_its_refusal_has_a_reason(world):
    case = world.settled(peoples=True, due=80)
    with at(DAY(2027, 4, 10)), pytest.raises(Refusal, match="协议 2027-03-10 生效，申请期限到 2027-04-09 已过"):
        ending.apply_to_court(case, by=world["office"], court="东区人民法院")
    ending.apply_to_court(case, by=world["office"], court="东区人民法院")
    with pytest.raises(Refusal, match="请写明理由，对方看得到"):
        with_reason("unconfirmed")(case, by=world["office"], note=" ")
    with_reason("unconfirmed")(case, by=world["office"], note="一方反悔")
    assert case.state == "performing" and not case.ruling


def test_a_withdrawal_of_somebody_who_hides_nothing_lies_with_the_dispute(world):
    case = world.accepted()
    with pytest.raises(Refusal, match="请放上本人签字的撤回申请"):
        handling.withdraw(case, by=world["office"], file=None)
    event = handling.withdraw(case, by=world["office"], file=PDF)
    kept = Attachment.objects.get(pk=event.papers["撤回申请"].partition(":")[2])
    assert (case.state, kept.case) == ("withdrawn", f"dispute:{case.pk}")
