"""Every step, in every state, by every person; what each asks for and does; each deadline by moving the clock."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from django.db import transaction

from wuxie.kernel.access.actor import THE_CLOCK
from wuxie.kernel.clock.now import SHANGHAI, frozen
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.facts.queries import fact_of
from wuxie.kernel.notify.models import Message
from wuxie.kernel.papers.models import Document
from wuxie.kernel.workflow import clock, engine
from wuxie.kernel.workflow.diagram import BEGIN, END, mermaid
from wuxie.kernel.workflow.models import DeadlineRow, Event
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms import resale
from wuxie.rooms.resale.actions import accounts, months, refunds
from wuxie.rooms.resale.models import Account, Month, Refund
from wuxie.rooms.resale.workflow import POWER_ACCOUNT, POWER_MONTH

from .factories import DAY, ONE, PDF, TODAY, account, begun, paid, read, submitted

pytestmark = pytest.mark.django_db
S, A = Month.State, Account.State
KEEPERS, OFFICE, CLOCK = {"manager", "admin"}, {"office"}, {"clock"}
PEOPLE = (
    "admin", "contact", "manager", "principal", "community", "street", "district", "city", "office", "owner", "visitor", "clock",
)  # fmt: skip
#: step → (from, to, who).
STEPS = {
    "submit": ("draft", "submitted", KEEPERS),
    "check": ("submitted", "auto_checked", CLOCK),
    "clear": ("auto_checked", "compliant", CLOCK),
    "doubt": ("auto_checked", "needs_review", CLOCK),
    "suspect": ("auto_checked", "suspected", CLOCK),
    "amend": ("needs_review suspected", "draft", KEEPERS),
    "correct": ("suspected", "self_corrected", KEEPERS),
    "confirm": ("suspected", "confirmed", OFFICE),
    "plan": ("confirmed", "refund_planned", KEEPERS),
    "refund": ("refund_planned escalated", "refunded", KEEPERS),
    "escalate": ("confirmed refund_planned", "escalated", CLOCK),
    "refer": ("confirmed refund_planned", None, OFFICE),
}
ACCOUNT_STEPS = {
    "report": ("resale converting", None, KEEPERS),
    "convert": ("resale", "converting", KEEPERS),
    "drop": ("converting", "resale", KEEPERS),
    "direct": ("converting", "direct_supply", KEEPERS),
}


def tried(table, name, case, world, states, expected):
    source, target, who = expected
    people = {one: THE_CLOCK if one == "clock" else world[one] for one in PEOPLE}
    model = type(case)
    for state in states:
        model.objects.filter(pk=case.pk).update(state=state)
        found = model.objects.get(pk=case.pk)
        for person, actor in people.items():
            with transaction.atomic():
                try:
                    engine.check(table, name, found, by=actor)
                    got = True
                except Refusal as refusal:
                    got = refusal.code == "guard"
                    assert refusal.message
                transaction.set_rollback(True)
            assert got == (state in source.split() and person in who), (name, state, person)
    assert table.steps[name].target == target


def test_the_tables_and_the_matrices_name_the_same_steps():
    assert set(STEPS) == set(POWER_MONTH.steps) and set(ACCOUNT_STEPS) == set(POWER_ACCOUNT.steps)


@pytest.mark.parametrize("name", sorted(STEPS))
def test_who_may_take_a_step_of_a_month(world, name):
    tried(POWER_MONTH, name, begun(world.account), world, S.values, STEPS[name])


@pytest.mark.parametrize("name", sorted(ACCOUNT_STEPS))
def test_who_may_take_a_step_of_an_account(world, name):
    Account.objects.filter(pk=world.account.pk).update(supplied_on=TODAY)
    tried(POWER_ACCOUNT, name, world.account, world, A.values, ACCOUNT_STEPS[name])


def facts(kind):
    return Fact.objects.filter(kind=kind)


def states():
    return list(Month.objects.order_by("starts_on").values_list("state", flat=True))


def test_a_month_charged_at_the_price_of_purchase_passes_at_once_and_counts(world):
    month = submitted(world.account)
    assert month.state == S.COMPLIANT and month.over == 0 and not Refund.objects.exists()
    fact = facts("power.account_checked").get()
    assert (
        fact.subject == world.project.key and fact.trust_word == "association_verified"
        if hasattr(fact, "trust_word")
        else fact.trust
    )
    notice = Document.objects.get(code="power_notice")
    assert notice.values["fields"]["allowed"] == "0.6800 元/度" and "面馆" not in str(notice.values), (
        "no user's consumption"
    )
    assert notice.number == f"ZGD-{world.account.account_no}-202610-01"


def test_too_much_is_listed_user_by_user_and_told(world):
    month = submitted(world.account, price=10_000)
    assert month.state == S.SUSPECTED and month.over == 224_000
    assert list(Refund.objects.order_by("pk").values_list("user", "amount")) == [
        ("1 号铺 面馆", 96_000),
        ("2 号铺 药店", 128_000),
    ]
    assert month.correct_by == DAY(2026, 11, 10)
    assert Message.objects.filter(title__contains="疑似多收", person_key=world.people["manager"].key).count() == 1
    assert not facts("power.overcharge_amount").exists(), "a suspicion is no finding"


def test_correcting_by_oneself_asks_for_every_voucher_and_is_not_held_against(world):
    month = submitted(world.account, price=10_000)
    with pytest.raises(Refusal, match="还有 2 户没有退到：1 号铺 面馆、2 号铺 药店"):
        months.correct(month, by=world["manager"], note="单价定高了", file=PDF)
    paid(month)
    months.correct(month, by=world["manager"], note="单价定高了，11 月起照购电价", file=PDF)
    assert month.state == S.CORRECTED and not facts("power.overcharge_amount").exists()
    assert facts("power.account_checked").count() == 1


def test_after_the_days_are_over_the_association_finds_and_the_sum_goes_on_record(world):
    month = submitted(world.account, price=10_000)
    with pytest.raises(Refusal, match="期限到 2026-11-10"):
        months.confirm(month, by=world["office"])
    with frozen(DAY(2026, 11, 11)):
        for verb in (months.correct, months.amend):
            with pytest.raises(Refusal, match="已经过了"):
                verb(month, by=world["manager"], note="晚了", file=PDF)
        months.confirm(month, by=world["office"])
        fact = facts("power.overcharge_amount").get()
        assert month.state == S.CONFIRMED and str(fact.amount) in ("2240", "2240.00", "2240.000000")
        paper = Document.objects.get(code="power_review")
        assert "1 号铺 面馆" in str(paper.values["content"]["table"]) and "电力法" in paper.values["fields"]["basis"]


def confirmed(world, of=None, on=DAY(2026, 11, 11)):
    month = submitted(of or world.account, price=10_000)
    with frozen(max(on, month.correct_by + ONE)):
        months.confirm(month, by=world["office"])
    return month


def test_planned_given_back_with_vouchers_and_settled(world):
    month = confirmed(world)
    with frozen(DAY(2026, 11, 12)):
        with pytest.raises(Refusal, match="怎么退"):
            months.plan(month, by=world["manager"], plan=" ")
        months.plan(month, by=world["manager"], plan="11 月底前逐户转账")
        assert "2026-12-14" in Document.objects.get(code="power_refund_list").values["fields"]["until"]
        first, second = month.refunded.select_related("month__account__project")
        refunds.pay(first, by=world["manager"], way="transfer", paid_on=DAY(2026, 11, 12), file=PDF)
        with pytest.raises(Refusal, match="还有 1 户没有退到：2 号铺 药店"):
            months.refund(month, by=world["manager"])
        refunds.post_up(second, by=world["manager"], reason="已退租，电话不通", file=PDF)
        months.refund(month, by=world["manager"])
    assert month.state == S.REFUNDED and facts("power.account_checked").count() == 1


def at(day, hour=10):
    return frozen(datetime.datetime.combine(day, datetime.time(hour), SHANGHAI))


def pass_by(day, hour=10):
    with at(day, hour):
        for _again in range(4):
            clock.take_due()


def test_without_a_plan_in_fifteen_days_it_is_referred(world):
    month = confirmed(world)
    pass_by(DAY(2026, 11, 26), 23)
    assert states() == ["confirmed"]
    pass_by(DAY(2026, 11, 27))
    month.refresh_from_db()
    assert month.state == S.ESCALATED and Document.objects.filter(code="power_referral").count() == 1
    fact = facts("power.overcharge_unrefunded").get()
    assert fact.subject == world.project.key and fact.valid_until is None


def test_not_given_back_in_thirty_days_counts_until_it_is_and_for_a_year_after(world):
    month = confirmed(world)
    with frozen(DAY(2026, 11, 12)):
        months.plan(month, by=world["manager"], plan="分两批转账")
        first = month.refunded.select_related("month__account__project").order_by("pk")[0]
        refunds.pay(first, by=world["manager"], way="cash", paid_on=DAY(2026, 11, 12), file=PDF)
    pass_by(DAY(2026, 12, 14), 23)
    assert states() == ["refund_planned"]
    pass_by(DAY(2026, 12, 15))
    month.refresh_from_db()
    fact = facts("power.overcharge_unrefunded").get()
    assert month.state == S.ESCALATED and float(fact.amount) == 1280, "what is still owed, not what was charged"
    with frozen(DAY(2026, 12, 20)):
        refunds.pay(
            month.refunded.select_related("month__account__project").get(state="due"),
            by=world["manager"],
            way="cash",
            paid_on=DAY(2026, 12, 20),
            file=PDF,
        )
        months.refund(month, by=world["manager"])
        assert month.state == S.REFUNDED
        newest = fact_of(f"power_month:{month.pk}/unrefunded")
        assert newest.valid_until == DAY(2027, 12, 20)


def test_the_association_is_reminded_of_its_ten_working_days(world):
    submitted(world.account, price=10_000)
    row = DeadlineRow.objects.get(workflow="power_month", name="review")
    assert (row.unit, row.count, row.due_on) == ("working_day", 10, DAY(2026, 11, 17))
    for day in (DAY(2026, 11, 14), DAY(2026, 11, 16), DAY(2026, 11, 18)):
        pass_by(day)
    assert Message.objects.filter(title__contains="协会复核", person_key=world.people["office"].key).count() >= 2


def test_a_second_time_within_the_year_is_referred_at_once(world):
    first = confirmed(world)
    with pytest.raises(Refusal, match="只认定过这一次"):
        months.refer(first, by=world["office"])
    with frozen(DAY(2026, 12, 2)):
        second = submitted(world.account, price=10_000)
        assert second.state == S.SUSPECTED
    with frozen(DAY(2026, 12, 10)):
        months.confirm(second, by=world["office"])
        months.refer(second, by=world["office"])
    assert second.state == S.CONFIRMED and Document.objects.filter(code="power_referral").count() == 1
    assert not facts("power.overcharge_unrefunded").exists(), "it is not late yet"


def test_readings_that_contradict_each_other_are_mended_first_and_what_stood_there_is_kept(world):
    month = read(begun(world.account), shops=(400_000, 450_000))
    months.submit(month, by=world["manager"])
    assert month.state == S.REVIEW and month.result["lines"] == [] and not Refund.objects.exists()
    with pytest.raises(Refusal, match="哪里错了"):
        months.amend(month, by=world["manager"], note="", file=PDF)
    months.amend(month, by=world["manager"], note="2 号铺倍率抄错", file=PDF)
    assert month.state == S.DRAFT and month.amended == 1
    kept = Event.objects.get(workflow="power_month", step="amend").data
    assert kept["readings"][0][:4] == ["A-1", "", 0, 400_000] or ["A-1", "", 0, 400_000] in [
        row[:4] for row in kept["readings"]
    ]
    months.submit(read(month), by=world["manager"])
    assert month.state == S.COMPLIANT
    assert [paper.number[-2:] for paper in Document.objects.filter(code="power_notice").order_by("pk")] == ["01", "02"]


def test_nothing_is_amended_once_money_has_gone_back(world):
    month = submitted(world.account, price=10_000)
    row = month.refunded.select_related("month__account__project").first()
    refunds.pay(row, by=world["manager"], way="cash", paid_on=TODAY, file=PDF)
    with pytest.raises(Refusal, match="已经退过钱了"):
        months.amend(month, by=world["manager"], note="抄错", file=PDF)


def test_a_refund_needs_a_day_that_can_be_and_is_entered_once_by_its_keeper(world):
    month = submitted(world.account, price=10_000)
    row = month.refunded.select_related("month__account__project").first()
    for day in (DAY(2026, 10, 31), TODAY + ONE):
        with pytest.raises(Refusal, match="退款日"):
            refunds.pay(row, by=world["manager"], way="cash", paid_on=day, file=PDF)
    with pytest.raises(Refusal, match="由项目经理、企业管理员办理"):
        refunds.pay(row, by=world["office"], way="cash", paid_on=TODAY, file=PDF)
    with pytest.raises(Refusal, match="不能登记退款"):
        refunds.post_up(row, by=world["manager"], reason="找不到", file=PDF)
    refunds.pay(row, by=world["manager"], way="cash", paid_on=TODAY, file=PDF)
    with pytest.raises(Refusal, match="已经登记过"):
        refunds.pay(row, by=world["manager"], way="cash", paid_on=TODAY, file=PDF)


def test_a_user_who_says_that_nothing_came_keeps_the_month_open(world):
    month = submitted(world.account, price=10_000)
    paid(month)
    row = month.refunded.select_related("month__account__project").first()
    refunds.answer(row, received=False)
    assert Message.objects.filter(title__contains="没收到退款", person_key=world.people["office"].key).exists()
    with pytest.raises(Refusal, match="1 户没有退到"):
        months.correct(month, by=world["manager"], note="退了", file=PDF)
    refunds.pay(row, by=world["manager"], way="transfer", paid_on=TODAY, file=PDF)
    refunds.answer(row, received=True)
    months.correct(month, by=world["manager"], note="退了", file=PDF)
    assert month.state == S.CORRECTED


def test_the_next_month_is_waited_for_and_climbs_to_principal_and_office(world):
    row = DeadlineRow.objects.get(workflow="power_account", name="submit", state="open")
    assert row.due_on == DAY(2026, 11, 15)
    submitted(world.account)
    row = DeadlineRow.objects.get(workflow="power_account", name="submit", state="open")
    assert row.due_on == DAY(2026, 12, 15), "fifteen days after the end of November"
    for day in (DAY(2026, 12, 16), DAY(2026, 12, 17), DAY(2026, 12, 23)):
        pass_by(day)
    for name in ("manager", "principal", "office"):
        assert Message.objects.filter(title__contains="报送月账", person_key=world.people[name].key).exists(), name


def test_direct_supply_is_the_final_cure_and_asks_that_all_is_settled(world):
    month = submitted(world.account, price=10_000)
    accounts.convert(world.account, by=world["manager"], plan="供电公司出资，年内装表到户")
    assert Document.objects.filter(code="power_conversion").count() == 1
    with pytest.raises(Refusal, match="没有了结"):
        accounts.direct(world.account, by=world["manager"], supplied_on=TODAY, file=PDF)
    paid(month)
    months.correct(month, by=world["manager"], note="退了", file=PDF)
    accounts.direct(world.account, by=world["manager"], supplied_on=TODAY, file=PDF)
    assert world.account.state == A.DIRECT
    assert not DeadlineRow.objects.filter(workflow="power_account", state="open").exists()
    with pytest.raises(Refusal, match="直供"):
        begun(world.account)


def test_a_conversion_that_came_to_nothing_goes_back(world):
    accounts.convert(world.account, by=world["manager"], plan="等方案")
    with pytest.raises(Refusal, match="为什么没有办成"):
        accounts.drop(world.account, by=world["manager"])
    accounts.drop(world.account, by=world["manager"], note="产权单位不同意")
    assert (
        world.account.state == A.RESALE
        and DeadlineRow.objects.filter(workflow="power_account", state="open").count() == 1
    )


def test_two_accounts_are_never_reckoned_together(world):
    other = account(world.project)
    assert submitted(world.account).state == S.COMPLIANT
    assert submitted(other, price=10_000).state == S.SUSPECTED
    assert sorted(states()) == ["compliant", "suspected"]


def test_the_diagrams_of_the_readme_are_those_of_the_tables():
    text = (Path(resale.__file__).parent / "README.md").read_text(encoding="utf-8")
    for table in (POWER_MONTH, POWER_ACCOUNT):
        assert f"{BEGIN.format(name=table.name)}\n{mermaid(table)}\n{END}" in text
