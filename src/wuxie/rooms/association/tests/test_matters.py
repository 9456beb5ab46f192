"""Joining, leaving, dues, the members' desk, letters between the levels, plan and accounts."""

import datetime

import pytest

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.notify.models import Message
from wuxie.kernel.papers.models import Document
from wuxie.kernel.parties.models import Appointment, Organisation
from wuxie.kernel.places.models import Place
from wuxie.kernel.workflow import clock
from wuxie.kernel.workflow.models import DeadlineRow, Turn
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.association.actions import desk, dues, forwarding, joining, meetings, members, money
from wuxie.rooms.association.actions.common import step, with_reason
from wuxie.rooms.association.models import BudgetLine, Disclosure, Due, Inquiry, Leaving, Letter, Member
from wuxie.rooms.association.workflow import ADMISSION, DISCLOSURE, DUE, INQUIRY, LEAVING, LETTER

from .factories import SITS, TODAY, on_the_day
from .test_meetings import everybody

pytestmark = pytest.mark.django_db
DAY = datetime.date
OFFICE, PRESIDENT, LEADERS, OWN = {"office"}, {"president"}, {"office", "president"}, {"m1"}


# Joining and leaving


def applied(world):
    unit = Organisation.objects.get(name="不入会物业")
    return joining.apply(unit, by=world["outsider"], statement="服务六个小区", group="brand_group")


def test_who_may_take_a_step_of_an_admission(world):
    everybody(ADMISSION, applied(world), {
        "check": ("applied", "checked", OFFICE), "admit": ("checked", "admitted", PRESIDENT), "refuse": ("checked", "refused", PRESIDENT),
        "withdraw": ("applied checked", "withdrawn", {"outsider"}),
    }, world)  # fmt: skip


def test_a_unit_joins(world):
    case = applied(world)
    with pytest.raises(Refusal, match="已经有一份申请"):
        applied(world)
    with pytest.raises(Refusal, match="由申请单位办理"):
        joining.apply(case.organisation, by=world["m0"], statement="代办")
    with frozen(DAY(2026, 12, 3)):
        for _again in range(3):
            clock.take_due()
    assert Message.objects.filter(person_key=world.people["office"].key, title="已逾期：审核入会申请").count() == 1
    joining.check(case, by=world["office"], opinion="属实")
    joining.admit(case, by=world["president"])
    made = Member.objects.get(organisation=case.organisation)
    assert (made.number, made.joined_on, made.group) == ("H0010", TODAY, "brand_group")


def test_who_may_take_a_step_of_a_leaving(world):
    case = joining.ask_to_leave(world.members[1], by=world["m1"], last_day=DAY(2026, 12, 31))
    everybody(
        LEAVING, case, {"settle": ("asked", "left", OFFICE | {"clock"}), "withdraw": ("asked", "withdrawn", OWN)}, world
    )


def test_silence_keeps_nobody(world):
    case = joining.ask_to_leave(world.members[1], by=world["m1"], last_day=DAY(2026, 12, 31))
    with frozen(DAY(2026, 12, 3)):
        for _again in range(3):
            clock.take_due()
    case.refresh_from_db()
    assert (case.state, Member.objects.get(pk=world.members[1].pk).left_on) == ("left", DAY(2026, 12, 31))
    with pytest.raises(Refusal, match="由会员单位办理"):
        joining.ask_to_leave(world.members[2], by=world["office"], last_day=TODAY)
    with pytest.raises(Refusal, match="已经过了"):
        joining.ask_to_leave(world.members[2], by=world["m2"], last_day=DAY(2026, 1, 1))


# Dues


def billed(world):
    """The assembly carries the rates by secret ballot; on the same day the office bills."""
    case = world.sitting("assembly", {"title": "会费标准", "matter": "dues"})
    item = case.items.get()
    with on_the_day():
        with pytest.raises(Refusal, match="会员大会通过"):
            dues.set_rate(by=world["office"], item=item, year=2026, kind="council", amount=300_000)
        meetings.count(item, by=world["office"], yes=6, no=1, abstain=1)
        with pytest.raises(Refusal, match="还没有 2026 年度的会费标准"):
            dues.bill(2026, by=world["office"])
        dues.set_rate(by=world["office"], item=item, year=2026, kind="council", amount=300_000)
        dues.set_rate(by=world["office"], item=item, year=2026, kind="vice_president", amount=1_000_000)
        assert dues.bill(2026, by=world["office"]) == 4
        assert dues.bill(2026, by=world["office"]) == 0
        with pytest.raises(Refusal, match="不能再改"):
            dues.set_rate(by=world["office"], item=item, year=2026, kind="council", amount=1)
    return Due.objects.get(member=world.members[1])


def test_who_may_take_a_step_of_a_due(world):
    case = billed(world)
    Due.objects.filter(pk=case.pk).update(paid_on=TODAY, receipt="票0")  # a paid one has both, says the table
    everybody(DUE, case, {
        "pay": ("billed late", "paid", OFFICE), "waive": ("billed late", "waived", PRESIDENT), "overdue": ("billed", "late", {"clock"}),
    }, world)  # fmt: skip


def test_who_does_not_pay_in_time_is_late(world):
    case = billed(world)
    assert case.due_on == DAY(2027, 2, 16), "sixty days from the day after the assembly"
    with frozen(DAY(2027, 2, 18)):
        for _again in range(4):
            clock.take_due()
        case.refresh_from_db()
        assert (case.state, Due.objects.filter(state="late").count()) == ("late", 4)
        known = {"by": world["office"], "paid_on": DAY(2027, 2, 18), "receipt": "票1"}
        with pytest.raises(Refusal, match=r"应缴 10,000.00 元，填的是 9,999.00 元"):
            dues.pay(case, amount=999_900, **known)
        dues.pay(case, amount=1_000_000, **known)
        with pytest.raises(Refusal, match="票据号 票1 已经登记"):
            dues.pay(Due.objects.get(member=world.members[3]), amount=300_000, **known)
    assert Message.objects.filter(person_key=world.people["m1"].key, title="会费逾期未缴：亢宿物业 2026").exists()
    assert set(Due.objects.visible_to(world["m1"])) == {case} and not Due.objects.visible_to(world["outsider"]).exists()


# The desk


def asked(world):
    return desk.ask(world.members[1], by=world["m1"], subject="policy", title="减税怎么办", text="小规模纳税人")


def test_who_may_take_a_step_of_an_inquiry(world):
    everybody(INQUIRY, asked(world), {
        "hand_on": ("asked", "-", OFFICE), "answer": ("asked", "answered", OFFICE), "ask_again": ("answered", "asked", OWN),
        "rate": ("answered", "closed", OWN), "lapse": ("answered", "closed", {"clock"}),
    }, world)  # fmt: skip


def test_a_member_has_its_answer_within_five_working_days(world):
    case = asked(world)
    assert DeadlineRow.objects.get(case_pk=case.pk, name="answer").due_on == DAY(2026, 12, 2)
    with frozen(DAY(2026, 12, 3)):
        for _again in range(4):
            clock.take_due()
    for who in ("office", "president"):
        assert Message.objects.filter(person_key=world.people[who].key, title__contains="答复会员诉求").exists(), who
    desk.answer(case, by=world["office"], answer="见公告")
    assert Message.objects.filter(person_key=world.people["m1"].key, title="诉求有答复：减税怎么办").count() == 1
    with_reason(INQUIRY, "ask_again")(case, by=world["m1"], note="没说清")
    desk.answer(case, by=world["office"], answer="按季申报")
    with pytest.raises(Refusal, match="1 到 5"):
        desk.rate(case, by=world["m1"], mark=6)
    with frozen(DAY(2027, 1, 5)):
        clock.take_due()
    case.refresh_from_db()
    assert (case.state, case.mark) == ("closed", None)


def test_who_sees_an_inquiry(world):
    group, case = world.led(), asked(world)
    seen = {
        who
        for who in ("office", "president", "m0", "m1", "m2", "outsider", "city")
        if Inquiry.objects.visible_to(world[who]).exists()
    }
    assert seen == {"office", "president", "m1"}
    desk.hand_on(case, by=world["office"], group=group)
    assert Inquiry.objects.visible_to(world["m0"]).exists(), "who leads the group answers"
    own = desk.ask(world.members[0], by=world["m0"], subject="other", title="场地", text="借场地")
    desk.hand_on(own, by=world["office"], group=group)
    with pytest.raises(Refusal, match="由别人答复"):
        desk.answer(own, by=world["m0"], answer="借")


# Letters


@pytest.fixture
def levels(world, city):
    for key, role, place in (
        ("street", "gov_street", "510402001"), ("community", "gov_community", "510402001001"), ("far", "gov_street", "510403001"),
        ("district", "gov_district", "510402"),
    ):  # fmt: skip
        world.person(key, key, role, place_id=place)
    Appointment.objects.filter(role="gov_city").update(place_id="5104")
    return world


def sent(world, level="street", place="510402001"):
    return forwarding.send(
        by=world["office"], title="路灯不亮", text="请协调", level=level, place=Place.objects.get(pk=place)
    )


def test_a_letter_through_the_five_levels_with_a_receipt_at_each(levels):
    case = sent(levels)
    assert DeadlineRow.objects.get(workflow="letter", name="receive").due_on == DAY(2026, 11, 27)
    for who, level, place in (
        ("street", "community", "510402001001"),
        ("community", "district", "510402"),
        ("district", "city", "5104"),
    ):
        forwarding.receive(case, by=levels[who])
        forwarding.forward(case, by=levels[who], level=level, place=Place.objects.get(pk=place), note="由你办")
    forwarding.receive(case, by=levels["city"])
    forwarding.answer(case, by=levels["city"], reply="已修好")
    step(LETTER, "close")(case, by=levels["office"])
    hops = list(case.hops.all())
    assert [hop.to_level for hop in hops] == ["street", "community", "district", "city"]
    assert len({hop.receipt for hop in hops}) == 4 and all(hop.receipt and hop.received_at for hop in hops)
    seen = {
        who
        for who in ("office", "street", "community", "district", "city", "far", "m1")
        if Letter.objects.visible_to(levels[who]).exists()
    }
    assert seen == {"office", "street", "community", "district", "city"}


def test_a_letter_that_is_not_ours_goes_back(levels):
    case = sent(levels)
    forwarding.send_back(case, by=levels["street"], note="归区里")
    assert (case.state, case.level, case.place_code, case.hops.count()) == ("sent", "association", "", 2)
    assert set(Turn.objects.filter(workflow="letter").values_list("step", "role")) == {
        ("receive", "association_secretariat")
    }
    with pytest.raises(Refusal, match="由收件的一级办理"):
        forwarding.receive(case, by=levels["street"])
    forwarding.receive(case, by=levels["office"])
    with pytest.raises(Refusal, match="不能转给自己"):
        forwarding.forward(case, by=levels["office"], level="association", note="再办")


def test_a_level_has_its_own_places(levels):
    with pytest.raises(Refusal, match="请填社区的名字"):
        sent(levels, level="community")
    with pytest.raises(Refusal, match="由协会秘书处、市、区县、街道、社区办理"):
        forwarding.send(by=levels["m1"], title="灯", text="办", level="association")


def test_who_signs_late_is_told_and_so_is_who_sent_it(levels):
    sent(levels)
    with frozen(DAY(2026, 11, 28)):
        for _again in range(4):
            clock.take_due()
    for who in ("street", "office"):
        assert Message.objects.filter(person_key=levels.people[who].key, title__contains="签收转办件").exists(), who


# Plan and accounts


def drawn(world):
    """Two lines of a budget, booked in the third quarter, drawn up by the office."""
    income = money.add_line(by=world["office"], year=2026, category="dues", label="会费", planned=10_000_000)
    expense = money.add_line(by=world["office"], year=2026, category="meetings", label="年会", planned=2_000_000)
    money.book(income, by=world["office"], on=DAY(2026, 8, 3), amount=4_000_000, voucher="收1")
    money.book(expense, by=world["office"], on=DAY(2026, 5, 3), amount=100_000, voucher="付1")
    money.book(expense, by=world["office"], on=DAY(2026, 9, 30), amount=250_050, voucher="付2")
    return money.prepare(by=world["office"], year=2026, quarter=3)


def test_who_may_take_a_step_of_a_disclosure(world):
    everybody(DISCLOSURE, drawn(world), {
        "check": ("prepared", "checked", PRESIDENT), "return": ("checked", "prepared", PRESIDENT), "publish": ("checked", "published", OFFICE),
    }, world)  # fmt: skip


def test_a_quarter_is_looked_over_and_then_stands(world, client):
    case = drawn(world)
    assert "年会" not in client.get("/members/accounts/").content.decode()
    assert not Disclosure.objects.visible_to(world["m1"]).exists()
    with pytest.raises(Refusal, match="不是编制人"):
        step(DISCLOSURE, "check")(case, by=world["office"])
    step(DISCLOSURE, "check")(case, by=world["colleague"])
    money.publish(case, by=world["office"])
    assert case.lines == [
        {"category": "dues", "label": "会费", "planned": 10_000_000, "quarter": 4_000_000, "year": 4_000_000},
        {"category": "meetings", "label": "年会", "planned": 2_000_000, "quarter": 250_050, "year": 350_050},
    ]
    assert Document.objects.get(label="季度收支公示").number == "XHSZ-2026-001"
    assert Disclosure.objects.visible_to(world["m1"]).exists()
    public = client.get("/members/accounts/").content.decode()
    assert all(part in public for part in ("2026 年第 3 季度收支", "会议 · 年会", "2,500.50 元", "40,000.00 元"))
    came_in, went_out = public.split("支出</th>")
    assert "会费 · 会费" in came_in and "会议 · 年会" not in came_in and "会议 · 年会" in went_out
    with pytest.raises(Refusal, match="已经公示，不能再记账"):
        money.book(BudgetLine.objects.first(), by=world["office"], on=DAY(2026, 7, 1), amount=1, voucher="收9")


def test_what_an_association_may_not_charge_has_no_line(world):
    with pytest.raises(Refusal, match="评比费"):
        money.add_line(by=world["office"], year=2026, category="training", label="星级评比费", planned=1)
    with pytest.raises(Refusal, match="还没有 2026 年的预算"):
        money.prepare(by=world["office"], year=2026, quarter=3)
    with pytest.raises(Refusal, match="还没有过完"):
        money.prepare(by=world["office"], year=2026, quarter=4)
    made = money.plan_activity(by=world["office"], year=2026, quarter=4, title="技能竞赛", doer="training_group")
    with pytest.raises(Refusal, match="还没有到"):
        money.finish_activity(made, by=world["office"], done_on=SITS, outcome="办了")
    money.finish_activity(made, by=world["office"], done_on=TODAY, outcome="二十家参加")
    assert made.done_on == TODAY


def leaving(world, **known):
    given = {"by": world["m1"], "last_day": DAY(2026, 12, 31)} | known
    return joining.ask_to_leave(world.members[1], **given)


def test_joining_and_leaving_are_refused_with_the_reason(world):
    with pytest.raises(Refusal, match="“亢宿物业服务有限公司”已经是会员"):
        joining.apply(world.members[1].organisation, by=world["m1"], statement="再入会")
    case = leaving(world)
    with pytest.raises(Refusal, match="已经有一份退会申请在办"):
        leaving(world)
    members.leave(world.members[1], by=world["office"], on=DAY(2026, 12, 1))
    with pytest.raises(Refusal, match="已登记 2026-12-01 退会"):
        leaving(world)
    case = Leaving.objects.get(pk=case.pk)
    joining.settle(case, by=world["office"])
    assert (case.state, case.member.left_on) == ("left", DAY(2026, 12, 1)), "the day that the office wrote down stays"


def test_money_is_refused_with_the_reason(world):
    office, case = world["office"], billed(world)
    with on_the_day(), pytest.raises(Refusal, match="缴费日 2026-12-19 还没有到"):
        dues.pay(case, by=office, amount=case.amount, paid_on=DAY(2026, 12, 19), receipt="票1")
    drawn(world)
    line, income = BudgetLine.objects.get(category="meetings"), BudgetLine.objects.get(category="dues")
    with pytest.raises(Refusal, match="2026 年预算里已经有“年会”"):
        money.add_line(by=office, year=2026, category="meetings", label="年会", planned=1)
    for day in (DAY(2025, 12, 31), DAY(2026, 11, 26)):
        with pytest.raises(Refusal, match="日期要在 2026 年里，且不晚于今天"):
            money.book(line, by=office, on=day, amount=1, voucher="付9")
    with pytest.raises(Refusal, match="凭证号 收1 在这个项目里已经记过"):
        money.book(income, by=office, on=DAY(2026, 11, 2), amount=1, voucher="收1")
    with pytest.raises(Refusal, match="2026 年第 3 季度已经编过"):
        money.prepare(by=office, year=2026, quarter=3)


def test_nobody_writes_to_themselves(levels):
    with pytest.raises(Refusal, match="不能转给自己。请选另一级"):
        forwarding.send(by=levels["office"], title="灯", text="办", level="association")
    assert forwarding.level_of(levels["m1"]) == ("", "")
