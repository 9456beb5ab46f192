"""Meetings: called in time, a quorum, who stands aside is not counted, what was resolved is followed to its end."""

import datetime

import pytest

from wuxie.kernel.clock.now import frozen, today
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.notify.models import Message
from wuxie.kernel.papers.models import Document
from wuxie.kernel.workflow import clock, engine
from wuxie.kernel.workflow.models import DeadlineRow, Event, Turn
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.association import queries
from wuxie.rooms.association.actions import meetings, members, resolutions
from wuxie.rooms.association.actions.common import step, with_reason
from wuxie.rooms.association.models import Ballot, Item, Meeting, Resolution
from wuxie.rooms.association.workflow import MEETING, RESOLUTION

from .factories import PDF, SITS, at, on_the_day

pytestmark = pytest.mark.django_db
DAY = datetime.date
PEOPLE = ("office", "president", "m0", "m1", "outsider", "city", "clock")
OFFICE, LEADERS = {"office"}, {"office", "president"}
#: step → (from, to: a dash stays, who). Everybody's unit but the outsider's was called.
STEPS = {
    "add_item": ("planned", "-", LEADERS), "drop_item": ("planned", "-", LEADERS), "call": ("planned", "called", LEADERS),
    "check_in": ("called sitting", "-", OFFICE), "recuse": ("called sitting", "-", OFFICE | {"m0", "m1"}),
    "open": ("called", "sitting", OFFICE), "postpone": ("planned called", "planned", LEADERS), "vote": ("sitting", "-", OFFICE),
    "defer": ("sitting", "-", OFFICE), "close": ("sitting", "closed", OFFICE), "record": ("closed", "recorded", OFFICE),
    "cancel": ("planned called", "cancelled", LEADERS),
}  # fmt: skip
FOLLOWING = {
    "report": ("open", "done", OFFICE), "confirm": ("done", "closed", LEADERS), "send_back": ("done", "open", LEADERS),
    "stop": ("open", "stopped", {"president"}),
}  # fmt: skip


def everybody(table, case, steps, world):
    """Who got through at which step in which state, against the table."""
    assert set(steps) == set(table.steps)
    actors = {name: world[name] for name in PEOPLE}
    for state in table.model.State.values:
        table.model.objects.filter(pk=case.pk).update(state=state)
        found = table.model.objects.get(pk=case.pk)
        for name, (source, target, who) in steps.items():
            assert (table.steps[name].target or "-") == target
            for person, actor in actors.items():
                try:
                    engine.check(table, name, found, by=actor)
                    got = True
                except Refusal as refusal:
                    got = refusal.code == "guard"
                    assert refusal.message
                assert got == (state in source.split() and person in who), (name, state, person)


def test_who_may_take_a_step_of_a_meeting(world):
    everybody(MEETING, world.called(), STEPS, world)


def resolved(world):
    """A resolution of an assembly that the office has to carry out."""
    case = world.sitting("assembly", {"title": "建培训基地", "doer": "office", "due_on": DAY(2026, 12, 31)})
    with on_the_day():
        yes(world, case.items.get())
        step(MEETING, "close")(case, by=world["office"])
        meetings.record(case, by=world["office"], minutes="一致同意建基地。")
    return Resolution.objects.get()


def yes(world, item, *, but=()):
    """Everybody there says yes, except some who say no; whoever stands aside is left out."""
    aside = queries.standing_aside(item)
    here = item.meeting.seats.filter(present=True).exclude(member__in=aside).values_list("member", flat=True)
    return meetings.vote(item, by=world["office"], choices={pk: "no" if pk in but else "yes" for pk in here})


def test_who_may_take_a_step_of_a_resolution(world):
    everybody(RESOLUTION, resolved(world), FOLLOWING, world)


def test_a_meeting_from_the_agenda_to_its_minutes(world):
    case = world.sitting(
        "assembly", {"title": "工作报告"}, {"title": "建基地", "doer": "office", "due_on": DAY(2026, 12, 31)}
    )
    assert Message.objects.filter(title="会议通知：年会").count() == 9
    with on_the_day():
        for item in case.items.all():
            yes(world, item)
        step(MEETING, "close")(case, by=world["office"])
        assert DeadlineRow.objects.get(case_pk=case.pk, name="minutes").due_on == DAY(2026, 12, 25)
        meetings.record(case, by=world["office"], minutes="都同意。")
    assert case.state == "recorded"
    assert set(Document.objects.values_list("label", flat=True)) == {"会议通知", "会议纪要"}
    assert list(Item.objects.values_list("yes", "present", "entitled", "outcome")) == [(8, 8, 9, "carried")] * 2
    assert Fact.objects.filter(kind="member.duty_done", occurred_on=SITS).count() == 8
    assert Resolution.objects.get().title == "建基地"
    assert [one.step for one in Event.objects.filter(workflow="meeting").order_by("at", "id")][-1] == "record"


def test_an_assembly_is_called_fifteen_days_ahead(world):
    case = world.planned(held_at=at(DAY(2026, 12, 9)))
    with pytest.raises(Refusal, match="还没有议题"):
        meetings.call(case, by=world["office"])
    world.item(case)
    with pytest.raises(Refusal, match="提前 15 日通知，最早 2026-12-10 开"):
        meetings.call(case, by=world["office"])
    meetings.call(world.item(world.planned(held_at=at(DAY(2026, 12, 10)))).meeting, by=world["office"])


def test_a_council_is_its_members_and_no_others(world):
    case = world.called("council", held_at=at(DAY(2026, 11, 28)))
    assert [str(one) for one in case.seats.all()] == [f"{name}宿物业" for name in "角亢氐房心尾"]
    assert [str(one) for one in world.called("supervisors").seats.all()] == ["箕宿物业"]
    members.leave(world.members[1], by=world["office"], on=DAY(2026, 11, 26))
    assert world.called("presidents").seats.count() == 1


def test_without_a_quorum_nobody_sits(world):
    case = world.called()
    with pytest.raises(Refusal, match="到那天才能开"):
        step(MEETING, "open")(case, by=world["office"])
    with on_the_day():
        meetings.check_in(case, by=world["office"], present=[one.pk for one in world.members[:5]])
        with pytest.raises(Refusal, match="应到 9 家，到会 5 家，至少要 6 家"):
            step(MEETING, "open")(case, by=world["office"])
        meetings.check_in(case, by=world["office"], present=[one.pk for one in world.members[:6]])
        step(MEETING, "open")(case, by=world["office"])
    assert case.state == "sitting"


def test_too_few_came_so_it_is_put_off(world):
    case = world.called()
    with on_the_day():
        meetings.postpone(case, by=world["office"], held_at=at(DAY(2027, 1, 15)), note="人不够")
        assert (case.state, case.seats.count(), case.reopened) == ("planned", 0, 1)
        meetings.call(case, by=world["office"])


def test_what_cannot_be_called_in_time_is_moved_with_its_agenda(world):
    case = world.planned()
    world.item(case)
    meetings.postpone(case, by=world["office"], held_at=at(today() + datetime.timedelta(days=2)))
    with pytest.raises(Refusal, match="请先改期"):
        meetings.call(case, by=world["office"])
    meetings.postpone(case, by=world["office"], held_at=at(today() + datetime.timedelta(days=40)))
    meetings.call(case, by=world["office"])
    assert (case.state, case.items.count()) == ("called", 1)


def test_a_recused_member_is_not_counted(world):
    """By name: the row is refused with the rule, and nothing is written."""
    concerned = world.members[7]
    case = world.sitting("assembly", {"title": "给斗宿物业的自律提醒", "matter": "discipline", "concerns": [concerned]})
    item = case.items.get()
    with on_the_day():
        meetings.recuse(case, by=world["m1"], item=item, member=world.members[1], reason="和它是关联企业")
        votes = dict.fromkeys(case.seats.filter(present=True).values_list("member", flat=True), "yes")
        with pytest.raises(Refusal, match="“斗宿物业”和“给斗宿物业的自律提醒”有利害关系，应当回避"):
            meetings.vote(
                item, by=world["office"], choices={pk: one for pk, one in votes.items() if pk != world.members[1].pk}
            )
        assert not Ballot.objects.exists() and Item.objects.get().outcome == ""
        left = [pk for pk in votes if pk not in (concerned.pk, world.members[1].pk)]
        meetings.vote(item, by=world["office"], choices=dict.fromkeys(left[:4], "yes") | {left[4]: "no"})
    item.refresh_from_db()
    assert (item.entitled, item.present, item.yes, item.no, item.outcome) == (7, 6, 4, 1, "carried"), (
        "4 of 6 is two thirds"
    )


def test_slips_that_count_a_recused_member_are_refused(world):
    case = world.sitting("assembly", {"title": "选会长", "matter": "election", "concerns": [world.members[0]]})
    item = case.items.get()
    with on_the_day():
        with pytest.raises(Refusal, match="无记名"):
            yes(world, item)
        with pytest.raises(Refusal, match="“角宿物业”和“选会长”有利害关系.*合计 8 票，回避以后只有 7 家"):
            meetings.count(item, by=world["office"], yes=8, no=0, abstain=0)
        with pytest.raises(Refusal, match="三项合计 9 票"):
            meetings.count(item, by=world["office"], yes=9, no=0, abstain=0)
        meetings.count(item, by=world["office"], yes=3, no=2, abstain=2)
    assert (item.outcome, item.present) == ("lost", 7)
    assert not Ballot.objects.exists()
    with on_the_day(), pytest.raises(Refusal, match="已经有结果"):
        meetings.count(item, by=world["office"], yes=7, no=0, abstain=0)


def test_after_recusals_the_quorum_has_to_hold_still(world):
    case = world.sitting("council", {"title": "推荐", "matter": "award", "concerns": world.members[:2]}, present=4)
    item = case.items.get()
    with on_the_day():
        with pytest.raises(Refusal, match="应到 4 家、到会 2 家"):
            yes(world, item)
        meetings.defer(case, by=world["office"], item=item, note="人不够")
        step(MEETING, "close")(case, by=world["office"])
    assert Item.objects.get().outcome == "deferred"


def test_who_is_not_there_has_no_vote(world):
    case = world.sitting()
    with on_the_day(), pytest.raises(Refusal, match="“牛宿物业”没有登记到会"):
        meetings.vote(case.items.get(), by=world["office"], choices={world.members[8].pk: "yes"})
    with on_the_day():
        yes(world, case.items.get())
        with pytest.raises(Refusal, match="已经表决过"):
            meetings.check_in(case, by=world["office"], present=[world.members[8].pk])


def test_a_member_recuses_itself_and_nobody_else(world):
    case = world.called()
    item = case.items.get()
    with pytest.raises(Refusal, match="只能替自己的单位"):
        meetings.recuse(case, by=world["m1"], item=item, member=world.members[2], reason="竞争对手")
    meetings.recuse(case, by=world["m1"], item=item, member=world.members[1], reason="有合同")
    with pytest.raises(Refusal, match="已经回避"):
        meetings.recuse(case, by=world["office"], item=item, member=world.members[1], reason="有合同")


@pytest.mark.parametrize(
    ("body", "matter", "sentence"),
    [
        ("council", "dues", "要由会员大会决定，理事会只能研究"), ("presidents", "discipline", "要由会员大会、理事会、常务理事会决定"),
        ("group", "award", "工作组会议只能研究"), ("standing", "charter", "要由会员大会决定"),
    ],
)  # fmt: skip
def test_what_is_reserved_to_others_is_not_on_the_agenda(world, body, matter, sentence):
    case = world.planned(body, group="training_group" if body == "group" else "")
    with pytest.raises(Refusal, match=sentence):
        world.item(case, matter=matter)


def test_no_agenda_has_a_cartel_on_it(world):
    with pytest.raises(Refusal, match="反垄断法第21条"):
        world.item(world.planned(), "各企业物业费统一收费标准")
    with pytest.raises(Refusal, match="要一起填"):
        world.item(world.planned(), doer="office")


def test_the_groups_lead_calls_its_meeting(world):
    world.led()
    case = meetings.plan(
        by=world["m0"], body="group", group="training_group", title="培训组例会", held_at=at(SITS), venue="线上"
    )
    meetings.add_item(case, by=world["m0"], title="下季课程")
    meetings.call(case, by=world["m0"])
    assert case.seats.count() == 5
    with pytest.raises(Refusal, match="由协会秘书处、会长、组长"):
        meetings.plan(by=world["m1"], body="group", group="training_group", title="会", held_at=at(SITS), venue="线上")


def test_a_resolution_is_looked_at_by_somebody_else(world):
    case = resolved(world)
    with frozen(DAY(2027, 1, 4)):
        for _again in range(3):
            clock.take_due()
        assert Message.objects.filter(person_key=world.people["president"].key, title__contains="落实决议").exists()
        resolutions.report(case, by=world["office"], outcome="签了场地合同", file=PDF)
        with pytest.raises(Refusal, match="不是办理人"):
            step(RESOLUTION, "confirm")(case, by=world["office"])
        with pytest.raises(Refusal, match="写明理由"):
            with_reason(RESOLUTION, "send_back")(case, by=world["president"], note=" ")
        step(RESOLUTION, "confirm")(case, by=world["colleague"])
    assert case.state == "closed" and not Turn.objects.filter(workflow="resolution").exists()


def test_who_sees_a_meeting(world):
    council = world.called("council")
    assembly = world.planned()
    seen = {name: set(Meeting.objects.visible_to(world[name])) for name in PEOPLE if name != "clock"}
    assert seen == {
        "office": {council, assembly}, "president": {council, assembly}, "m0": {council}, "m1": {council}, "outsider": set(), "city": set(),
    }  # fmt: skip
    assert not Meeting.objects.visible_to(world["m7"]).exists()


def test_an_item_is_taken_off_the_agenda_before_the_notice(world):
    case = world.planned()
    kept, dropped = world.item(case), world.item(case, "另一件")
    meetings.drop_item(case, by=world["office"], item=dropped, note="下次再议")
    assert list(case.items.all()) == [kept]
    assert Event.objects.filter(workflow="meeting", step="drop_item").get().note == "另一件 下次再议"


def test_the_minutes_name_who_stood_aside_and_what_was_put_off(world):
    concerned = world.members[7]
    case = world.sitting("assembly", {"title": "给斗宿物业的提醒", "concerns": [concerned]})
    with on_the_day():
        meetings.defer(case, by=world["office"], item=case.items.get(), note="材料不齐")
        step(MEETING, "close")(case, by=world["office"])
        meetings.record(case, by=world["office"], minutes="下次再议。")
    printed = str(Document.objects.get(label="会议纪要").values)
    assert "给斗宿物业的提醒：斗宿物业" in printed and "给斗宿物业的提醒：暂缓" in printed


def test_a_meeting_refuses_what_cannot_be_and_says_how_to_mend_it(world):
    office = world["office"]
    with pytest.raises(Refusal, match="请选是哪个工作组的会议"):
        world.planned("group")
    with pytest.raises(Refusal, match="办到的日子 2026-12-17 早于开会那天，请改晚"):
        world.item(world.planned(), doer="office", due_on=SITS - datetime.timedelta(days=1))
    with pytest.raises(Refusal, match="开会时间 2026-11-24 09:00 已经过了，请改成以后的时间"):
        meetings.postpone(world.planned(), by=office, held_at=at(DAY(2026, 11, 24)))
    case = world.sitting("council")
    item, known = case.items.get(), {"by": office, "reason": "有合同"}
    with on_the_day():
        with pytest.raises(Refusal, match="勾选的会员不在应到名单里。请照名单勾选"):
            meetings.check_in(case, by=office, present=[world.members[8].pk])
        with pytest.raises(Refusal, match="“牛宿物业”不在应到名单里，不用回避"):
            meetings.recuse(case, item=item, member=world.members[8], **known)
        with pytest.raises(Refusal, match="表决要是同意、反对、弃权之一"):
            meetings.vote(item, by=office, choices={world.members[1].pk: "maybe"})
        yes(world, item)
        with pytest.raises(Refusal, match="“年度工作报告”已经表决，回避要在表决以前登记"):
            meetings.recuse(case, item=item, member=world.members[1], **known)
        with pytest.raises(Refusal, match="“年度工作报告”已经有结果，不能再表决"):
            meetings.defer(case, by=office, item=item, note="再议")


def test_a_resolution_may_be_reported_without_a_file(world):
    case = resolved(world)
    with on_the_day():
        resolutions.report(case, by=world["office"], outcome="签了场地合同")
    assert case.state == "done"
    assert Event.objects.filter(workflow="resolution", step="report").get().papers == {}
