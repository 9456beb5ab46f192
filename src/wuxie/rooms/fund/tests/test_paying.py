"""Advance, works, audit and shares; accounts that run low; misuse."""

from __future__ import annotations

import datetime

import pytest

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import today
from wuxie.kernel.facts.trust import Trust
from wuxie.kernel.notify.models import Message
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.fund import queries
from wuxie.rooms.fund.actions import accounts, works
from wuxie.rooms.fund.models import Account, Repair

from .factories import DAY, PDF, World, facts

pytestmark = pytest.mark.django_db
S = Repair.State
SHARES = (
    "3栋-1-101 2644.52",
    "3栋-1-102 3555.48",
    "3栋-1-201 2644.52",
    "3栋-2-101,3555.48",
    "3栋-2-102\t2644.52",
    "3栋-2-201 3555.48元",
)


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


def test_the_office_writes_the_accounts_of_any_estate(world):
    row = {
        "row": 2,
        "estate": world.project.estate_id,
        "unit": world.doors[0].pk,
        "deposited": 800_000,
        "balance": 700_000,
        "as_of": today(),
    }
    assert accounts.write_many([row], by=world["office"]) == 1
    assert Account.objects.get(unit=world.doors[0]).balance == 700_000
