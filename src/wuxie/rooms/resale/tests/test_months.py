"""What cannot be is refused with the mend: gaps, overlaps, bills and meters that contradict themselves; sheets cell by cell."""

from __future__ import annotations

import csv
import datetime
import io

import pytest

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.papers.models import Attachment
from wuxie.kernel.tabular import actions as tabular
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.register.tests import factories as register
from wuxie.rooms.resale import imports, queries
from wuxie.rooms.resale.actions import accounts, months, notices, readings, refunds
from wuxie.rooms.resale.models import Account, Meter, Month, Reading

from .factories import BILL, DAY, ONE, PDF, TODAY, World, account, begun, keeper, meter, paid, read, refund, submitted

pytestmark = pytest.mark.django_db


def begin(world, first, last, **bill):
    return months.begin(world.account, by=world["manager"], starts_on=first, ends_on=last, file=PDF, **(BILL | bill))


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (DAY(2026, 10, 2), DAY(2026, 10, 31), "不能跳月"),
        (DAY(2026, 9, 30), DAY(2026, 10, 31), "和上一期重叠"),
        (DAY(2026, 10, 1), DAY(2026, 10, 20), "25 到 35 天"),
        (DAY(2026, 10, 1), DAY(2026, 11, 30), "25 到 35 天"),
        (DAY(2026, 10, 1), DAY(2026, 11, 3), "还没有完"),
    ],
)
def test_months_follow_each_other(world, first, last, words):
    with pytest.raises(Refusal, match=words):
        begin(world, first, last)
    assert not Month.objects.exists()


def test_a_missing_month_is_named_with_the_day_that_is_wanted(world):
    begun(world.account)
    submitted_month = read(Month.objects.get())
    months.submit(submitted_month, by=world["manager"])
    with (
        frozen(DAY(2027, 1, 5)),
        pytest.raises(Refusal, match="上一期到 2026-10-31，这一期要从 2026-11-01 起，写的是 2026-12-01"),
    ):
        begin(world, DAY(2026, 12, 1), DAY(2026, 12, 31))


@pytest.mark.parametrize(
    ("bill", "words"),
    [
        ({"bands": {"peak": [400_000, 300_000], "valley": [500_000, 200_000]}}, "各时段电量加起来"),
        ({"bands": {"peak": [500_000, 500_000], "valley": [500_000, 200_000]}}, "各时段电费加起来"),
        ({"refunds": 700_000}, "电网退费比账单金额还多"),
        ({"basic": 600_000, "penalty": 90_000}, "基本电费和力调"),
        ({"kwh": 0}, "总表电量要大于 0"),
    ],
)
def test_a_bill_that_contradicts_itself_is_refused(world, bill, words):
    with pytest.raises(Refusal, match=words):
        begin(world, DAY(2026, 10, 1), DAY(2026, 10, 31), **bill)


def test_one_month_at_a_time_and_only_by_its_keeper(world):
    month = begun(world.account)
    with pytest.raises(Refusal, match="2026-10 还在填报"):
        begun(world.account)
    with pytest.raises(Refusal, match="项目经理、企业管理员"):
        months.change_bill(month, by=world["office"], kwh=5)
    with pytest.raises(Refusal, match="还有表没抄：A-1、A-2、Z-1"):
        months.submit(month, by=world["manager"])
    months.submit(read(month), by=world["manager"])
    with pytest.raises(Refusal, match="已经报送"):
        months.change_bill(month, by=world["manager"], kwh=5)
    with pytest.raises(Refusal, match="已经报送"):
        read(month)


def row(world, code="A-1", **known):
    return {
        "meter": Meter.objects.get(account=world.account, code=code),
        "start": 0,
        "end": 10_000,
        "price": 6800,
    } | known


@pytest.mark.parametrize(
    ("code", "known", "words"),
    [
        ("A-1", {"start": 20_000, "end": 10_000}, "小于起码"),
        ("A-1", {"price": 0}, "要写收取单价"),
        ("A-1", {"price": 680_000}, "小数点"),
        ("A-1", {"band": "peak"}, "不分时"),
        ("A-1", {"to_on": DAY(2026, 11, 2)}, "在账期"),
        ("Z-1", {}, "自用表不收电费"),
    ],
)
def test_a_reading_that_cannot_be_is_refused(world, code, known, words):
    month = begun(world.account)
    with pytest.raises(Refusal, match=words):
        readings.write(month, [row(world), row(world, code, **known)][1:], by=world["manager"])
    assert not Reading.objects.exists()


def test_a_meter_goes_on_where_it_stopped_unless_it_was_changed(world):
    submitted(world.account)
    with frozen(DAY(2026, 12, 3)):
        month = begun(world.account)
        with pytest.raises(Refusal, match="起码 3,100 和上次止码 3,000 接不上"):
            readings.write(month, [row(world, start=310_000, end=400_000)], by=world["manager"])
        readings.write(month, [row(world, start=0, end=400_000, replaced="11 月 1 日换新表")], by=world["manager"])
        assert Reading.objects.filter(month=month).count() == 1


def test_a_change_of_user_in_the_middle_takes_two_lines_that_join(world):
    month = begun(world.account)
    first = row(world, end=100_000, to_on=DAY(2026, 10, 15))
    second = row(world, start=100_000, end=300_000, from_on=DAY(2026, 10, 16), price=7000)
    for wrong, words in (({"from_on": DAY(2026, 10, 15)}, "重叠"), ({"start": 110_000}, "接不上")):
        with pytest.raises(Refusal, match=words):
            readings.write(month, [first, second | wrong], by=world["manager"])
    readings.write(month, [first, second], by=world["manager"])
    assert sum(one.kwh for one in month.readings.all()) == 300_000


def test_by_period_of_the_day_every_period_is_read(world):
    meter(world.account, "T-1", user="3 号铺 超市", by_band=True)
    month = begun(world.account, bands={"peak": [400_000, 360_000], "valley": [600_000, 280_000]})
    read_all = [row(world), row(world, "A-2"), row(world, "Z-1", price=0, end=250_000)]
    with pytest.raises(Refusal, match="时段要写 峰、谷 之一"):
        readings.write(month, [row(world, "T-1")], by=world["manager"])
    readings.write(month, [*read_all, row(world, "T-1", band="peak", price=9400)], by=world["manager"])
    assert queries.unread(month) == ["T-1"]
    readings.write(
        month,
        [row(world, "T-1", band="peak", price=9400), row(world, "T-1", band="valley", price=5067)],
        by=world["manager"],
    )
    months.submit(month, by=world["manager"])
    lines = {line["band"]: line["allowed"] for line in month.result["lines"] if line["band"]}
    assert lines == {"peak": "0.9400", "valley": "0.5067"}
    assert month.state == "compliant"


def test_residents_need_their_price_on_the_bill(world):
    meter(world.account, "R-1", user="门卫宿舍 101", klass="resident")
    month = begun(world.account)
    read(month, shops=(300_000, 300_000, 10_000))
    with pytest.raises(Refusal, match="居民电价"):
        months.submit(month, by=world["manager"])
    months.change_bill(month, by=world["manager"], resident_price=5224)
    months.submit(month, by=world["manager"])
    assert month.state == "suspected" and [one.user for one in month.refunded.all()] == ["门卫宿舍 101"]


def test_a_branch_below_which_more_is_seen_than_it_saw_itself(world):
    branch = meter(world.account, "F-1", role="branch")
    for code, user in (("A-1", "1 号铺 面馆"), ("A-2", "2 号铺 药店")):
        accounts.change_meter(Meter.objects.get(code=code), by=world["manager"], role="tenant", user=user, parent="F-1")
    assert [(node.meter.code, node.depth) for node in queries.tree(world.account)] == [
        ("F-1", 0),
        ("A-1", 1),
        ("A-2", 1),
        ("Z-1", 0),
    ]
    month = begun(world.account)
    read(month)
    readings.write(month, [{"meter": branch, "start": 0, "end": 600_000}], by=world["manager"])
    months.submit(month, by=world["manager"])
    assert month.state == "needs_review" and "分支表“F-1”有 6,000 度，它下面的表加起来有 7,000 度" in notices.findings(
        month
    )


def test_hints_stand_beside_a_month_that_passed(world):
    Meter.objects.filter(code="A-1").update(verified_until=DAY(2026, 10, 1))
    month = submitted(world.account, apart=False)
    assert month.state == "compliant" and [one["code"] for one in month.result["findings"]] == ["expired", "together"]


def test_own_use_that_was_declared_is_not_nought(world):
    month = submitted(world.account, own=0, shops=(300_000, 400_000))
    assert month.state == "needs_review" and "不能推算成 0" in notices.findings(month)


def test_own_use_far_below_the_months_before_is_said(city):
    with frozen(DAY(2026, 7, 3)):
        world = World(place="510402001002")
        submitted(world.account)
    for day in (DAY(2026, 8, 3), DAY(2026, 9, 3)):
        with frozen(day):
            submitted(world.account)
    with frozen(DAY(2026, 10, 3)):
        month = submitted(world.account, own=100_000, shops=(400_000, 480_000))
        assert [one["code"] for one in month.result["findings"]] == ["own_low"]


def test_a_cap_of_the_place_counts_where_the_bill_is_shared(world, monkeypatch):
    accounts.change(world.account, by=world["manager"], mode="share")
    month = submitted(world.account, price=7158, own=200_000, shops=(300_000, 350_000))
    assert month.state == "compliant" and month.result["allowed"] == "0.8000", "losses as they were"
    from fractions import Fraction

    from wuxie.rooms.resale import figures

    monkeypatch.setattr(figures, "cap_for", lambda on: Fraction(1, 20))
    with frozen(DAY(2026, 12, 3)):
        month = submitted(world.account, price=7200, own=200_000, shops=(300_000, 350_000))
        assert month.state == "suspected" and month.result["allowed"] == "0.7140"
        assert "loss_above_cap" in [one["code"] for one in month.result["findings"]]


def test_an_account_is_registered_once_and_by_its_keeper(world):
    with pytest.raises(Refusal, match="已经登记过"):
        account(world.project, account_no=world.account.account_no)
    with pytest.raises(Refusal, match="由项目经理、企业管理员办理"):
        accounts.register(
            world.project, by=world["office"], account_no="1", grid="甲", mode="class", basis="乙", starts_on=TODAY
        )
    with pytest.raises(Refusal, match="今天以后"):
        account(world.project, starts_on=TODAY + ONE)


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({"code": "A-1"}, "已经登记过"),
        ({"user": ""}, "店铺招牌或房号"),
        ({"parent": "A-1"}, "不是分支总表"),
        ({"parent": "没有"}, "没有表号"),
        ({"role": "own", "klass": "resident"}, "终端用户表"),
    ],
)
def test_a_meter_that_cannot_be_is_refused(world, known, words):
    with pytest.raises(Refusal, match=words):
        accounts.write_meter(
            world.account, by=world["manager"], **({"code": "B-1", "role": "tenant", "user": "铺"} | known)
        )


def test_a_meter_that_was_taken_down_is_read_no_more(world):
    with pytest.raises(Refusal, match="晚于今天"):
        accounts.change_meter(
            Meter.objects.get(code="A-2"), by=world["manager"], role="tenant", user="药店", removed_on=TODAY + ONE
        )
    accounts.change_meter(
        Meter.objects.get(code="A-2"), by=world["manager"], role="tenant", user="药店", removed_on=DAY(2026, 9, 30)
    )
    month = begun(world.account)
    assert queries.unread(month) == ["A-1", "Z-1"]
    with pytest.raises(Refusal, match="拆了"):
        readings.write(month, [row(world, "A-2")], by=world["manager"])


def test_loops_are_found_wherever_they_begin():
    assert queries.loop({}) == [] and queries.loop({"a": "b", "b": "c"}) == []
    assert queries.loop({"a": "a"}) == ["a", "a"]
    assert queries.loop({"x": "a", "a": "b", "b": "a"}) == ["a", "b", "a"]


# Sheets.


def sheet(head, rows):
    out = io.StringIO()
    csv.writer(out).writerows([head, *rows])
    return out.getvalue().encode("utf-8-sig")


METERS = ("电网户号", "表号", "上级表号", "表的用途", "用户", "用电类别", "倍率")
READINGS = ("电网户号", "表号", "时段", "起码", "止码", "收取单价", "按度数另收")


def receive(world, name, head, rows):
    return tabular.receive(sheet(head, rows), "表.csv", name, by=world["manager"])


def test_meters_come_as_a_tree_in_one_sheet(world):
    no = world.account.account_no
    upload = receive(world, "power_meters", METERS, [
        (no, "C-1", "F-9", "商铺", "9 号铺 花店", "商业", "1"), (no, "F-9", "", "分支", "", "", "30"), (no, "A-1", "F-9", "终端", "1 号铺 面馆", "", "1"),
    ])  # fmt: skip
    assert upload.flaw_count == 0, tabular.flaws_of(upload)
    assert tabular.apply(upload, by=world["manager"]) is None or Meter.objects.count() == 5
    assert Meter.objects.get(code="C-1").parent.code == "F-9" and Meter.objects.get(code="A-1").parent.multiplier == 30


def test_a_loop_in_a_sheet_is_named_and_nothing_is_written(world):
    no = world.account.account_no
    upload = receive(world, "power_meters", METERS, [
        (no, "F-1", "F-2", "分支", "", "", ""), (no, "F-2", "F-3", "分支", "", "", ""), (no, "F-3", "F-1", "分支", "", "", ""),
    ])  # fmt: skip
    flaws = tabular.flaws_of(upload)
    assert len(flaws) == 3 and all("绕成了环：F-1 → F-2 → F-3 → F-1" in flaw.message for flaw in flaws)
    with pytest.raises(Problem, match="改完才能写入"):
        tabular.apply(upload, by=world["manager"])
    assert not Meter.objects.filter(code__startswith="F").exists()


def test_readings_come_as_a_sheet_and_can_be_sent_again(world):
    no, month = world.account.account_no, begun(world.account)
    rows = [
        (no, "A-1", "", "0", "3000", "0.6800", ""),
        (no, "A-2", "", "0", "4000.00", "0.68", ""),
        (no, "Z-1", "", "0", "2500", "", ""),
    ]
    for _again in range(2):
        upload = receive(world, "power_readings", READINGS, rows)
        assert upload.flaw_count == 0, tabular.flaws_of(upload)
        tabular.apply(upload, by=world["manager"])
    assert month.readings.count() == 3
    months.submit(month, by=world["manager"])
    assert month.state == "compliant"


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (("A-1", "", "-5", "10", "0.68", ""), "起码不能小于 0"),
        (("A-1", "", "20", "10", "0.68", ""), "止码 10 小于起码 20"),
        (("A-1", "", "0", "10", "0.68123", ""), "最多四位小数"),
        (("A-1", "高", "0", "10", "0.68", ""), "时段要是"),
        (("X-1", "", "0", "10", "0.68", ""), "没有表号“X-1”"),
        (("Z-1", "", "0", "10", "0.68", ""), "自用表不收电费"),
    ],
)
def test_a_wrong_cell_of_a_reading_is_named(world, cells, words):
    begun(world.account)
    upload = receive(world, "power_readings", READINGS, [(world.account.account_no, *cells)])
    flaws = tabular.flaws_of(upload)
    assert any(words in flaw.message for flaw in flaws) and all(flaw.address for flaw in flaws), [
        flaw.message for flaw in flaws
    ]
    with pytest.raises(Problem):
        tabular.apply(upload, by=world["manager"])
    assert not Reading.objects.exists()


def test_readings_without_a_month_that_is_filled_in_and_of_somebody_else(world):
    upload = receive(world, "power_readings", READINGS, [(world.account.account_no, "A-1", "", "0", "10", "0.68", "")])
    assert "没有填报中的月账" in tabular.flaws_of(upload)[0].message
    other = register.project(register.estate("邻里", "510402001002"), register.company("乙物业", 2))
    theirs = account(other)
    begun(theirs)
    upload = receive(world, "power_readings", READINGS, [(theirs.account_no, "A-1", "", "0", "10", "0.68", "")])
    with pytest.raises(Refusal, match="由项目经理、企业管理员办理"):
        imports.write_readings(
            [{"row": 1, "account": theirs.pk, "code": "A-1", "start": 0, "end": 1000, "price": 6800}],
            by=world["manager"],
        )
    with pytest.raises((Problem, Refusal)):
        tabular.apply(upload, by=world["manager"])
    assert not Reading.objects.exists()


def test_the_month_is_named_after_its_end(world):
    month = begun(world.account)
    assert month.name == "2026-10" and month.ends_on - month.starts_on == datetime.timedelta(days=30)
    assert keeper(world.project).holds("company_admin")


def test_a_month_is_amended_alone_and_a_refund_is_settled_once(world):
    month, by = submitted(world.account, price=10_000), world["manager"]
    with frozen(DAY(2026, 12, 3)):
        begun(world.account)
    with pytest.raises(Refusal, match="这个户号还有一个月在填报，先报完"):
        months.amend(month, by=by, note="读错了", file=PDF)
    confirmed(month)
    refunds.pay(refund(month), by=by, way="transfer", paid_on=TODAY, file=PDF)
    with pytest.raises(Refusal, match="这一户已经登记过退款"):
        refunds.post_up(refund(month), by=by, reason="店铺搬走了", file=PDF)


def confirmed(month):
    """What was charged too much is found to be so, without the days until then."""
    Month.objects.filter(pk=month.pk).update(state=Month.State.CONFIRMED)
    month.refresh_from_db()
    return month


def test_an_account_that_the_grid_serves_itself_takes_no_more_meters(world):
    found, by = account(world.project), world["manager"]
    Account.objects.filter(pk=found.pk).update(state=Account.State.CONVERTING)
    found.refresh_from_db()
    with pytest.raises(Refusal, match="直供起不能晚于今天"):
        accounts.direct(found, by=by, supplied_on=TODAY + ONE, file=PDF)
    accounts.direct(found, by=by, supplied_on=TODAY, file=PDF)
    with pytest.raises(Refusal, match="已经直供到户，不再登记分表"):
        accounts.write_meters(
            found, [{"code": "A-9", "role": "tenant", "klass": "commercial", "user": "9 号铺"}], by=by
        )


def test_a_bill_may_be_changed_with_a_new_picture_of_it(world):
    month = begun(world.account)
    before = Attachment.objects.count()
    months.change_bill(
        month, by=world["manager"], file=("更正.pdf", b"%PDF-1.4\n%%EOF 2\n"), **BILL | {"amount": 690_000}
    )
    month.refresh_from_db()
    assert (month.amount, Attachment.objects.count()) == (690_000, before + 1)


def test_who_has_got_everything_back_is_not_held_to_it(world):
    month = confirmed(submitted(world.account, price=10_000))
    paid(month)
    months.escalate(month)
    assert month.state == "escalated" and not Fact.objects.filter(kind="power.overcharge_unrefunded").exists()
