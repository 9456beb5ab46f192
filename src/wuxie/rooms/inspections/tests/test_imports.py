"""The register as a sheet: all of it or nothing, with words for each wrong cell, and what goes out comes in again unchanged."""

from __future__ import annotations

import csv
import io

import pytest

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.jobs import queue
from wuxie.kernel.tabular import actions as tabular
from wuxie.kernel.tabular.models import Upload
from wuxie.rooms.inspections.models import Asset, Obligation
from wuxie.rooms.register.tests import factories as register
from wuxie.rooms.register.tests.factories import whole

from .factories import DAY

pytestmark = pytest.mark.django_db
HEAD = (
    "小区编码",
    "设备类别",
    "设备编号",
    "位置",
    "数量",
    "基准日",
    "上次检验日",
    "停用起",
    "注销日",
    "注销方式",
    "注销原因",
)


def sheet(rows):
    out = io.StringIO()
    csv.writer(out).writerows([HEAD, *rows])
    return out.getvalue().encode("utf-8-sig")


def row(world, code, **known):
    given = {
        "kind": "电梯",
        "place": "3栋",
        "quantity": "1",
        "base": "2020-06-18",
        "last": "2026-06-10",
        "idle": "",
        "gone": "",
        "how": "",
        "why": "",
    } | known
    return (world.project.estate.code, given["kind"], code, given["place"], given["quantity"], given["base"], given["last"],
            given["idle"], given["gone"], given["how"], given["why"])  # fmt: skip


def receive(world, rows, by="manager"):
    return tabular.receive(sheet(rows), "设备.csv", "assets", by=world[by])


def test_a_sheet_is_written_and_what_is_due_is_reckoned(world):
    upload = receive(
        world, [row(world, "梯1"), row(world, "桩1", kind="充电桩", base="2024-03-01", last="", quantity="12")]
    )
    assert upload.state == Upload.State.CHECKED and upload.flaw_count == 0
    tabular.apply(upload, by=world["manager"])
    assert set(Asset.objects.values_list("kind", "code", "quantity")) == {
        ("lift", "梯1", 1),
        ("car_charger", "桩1", 12),
    }
    assert Obligation.objects.get(item="IN-49").due_on == DAY(2027, 3, 1)
    assert Asset.objects.get(code="梯1").history.count() == 1


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({"base": "2020-13-01"}, "没有 13 月"),
        ({"base": "2021-02-29"}, "2 月没有 29 日"),
        ({"base": "2030-01-01", "last": ""}, "不能晚于今天"),
        ({"last": "2019-01-01"}, "早于基准日 2020-06-18"),
        ({"base": "0202-06-18", "last": ""}, "不像是真的"),
        ({"gone": "2026-01-01", "how": "移交"}, "注销要写原因"),
        ({"gone": "2026-01-01", "why": "交了"}, "报废拆除还是移交"),
        ({"how": "移交", "why": "交了"}, "还要写注销日"),
        ({"kind": "飞船"}, "设备类别要是"),
        ({"quantity": "0"}, "数量"),
    ],
)
def test_a_wrong_cell_is_named_in_words_and_nothing_is_written(world, known, words):
    upload = receive(world, [row(world, "梯1"), row(world, "梯2", **known)])
    flaws = tabular.flaws_of(upload)
    assert flaws and all(flaw.row == 3 for flaw in flaws) and any(words in flaw.message for flaw in flaws), [
        f.message for f in flaws
    ]
    assert all(flaw.address for flaw in flaws)
    with pytest.raises(Problem, match="改完才能写入"):
        tabular.apply(upload, by=world["manager"])
    assert not Asset.objects.exists()


def test_a_paper_with_the_number_of_a_person_is_refused_with_its_cell(world):
    upload = receive(world, [row(world, "T51040219800101123X", kind="电工证"), row(world, "配电 02", kind="电工证")])
    [flaw] = tabular.flaws_of(upload)
    assert (flaw.row, flaw.address[0]) == (2, "C") and "不登记身份证号" in flaw.message
    assert not Asset.objects.exists()


def test_the_same_number_twice_is_found(world):
    upload = receive(world, [row(world, "梯1"), row(world, "梯1")])
    assert any("重复" in flaw.group or "重复" in flaw.message for flaw in tabular.flaws_of(upload))


def test_nobody_writes_assets_of_an_estate_that_is_not_theirs(world):
    other = register.project(register.estate("邻里", "510402001002"), register.company("乙物业", 2))
    upload = receive(world, [(other.estate.code, *row(world, "梯1")[1:])])
    with pytest.raises(Problem, match="不是你在管的小区"):
        tabular.apply(upload, by=world["manager"])
    assert not Asset.objects.exists()


def test_five_thousand_with_wrong_dates_among_them_lose_nothing(world):
    rows = [row(world, f"梯{n:05d}", base="2020-02-30" if n % 1000 == 7 else "2020-06-18") for n in range(5000)]
    upload = receive(world, rows)
    for job in [*upload_jobs()]:
        queue.run(job.pk)
    upload.refresh_from_db()
    assert (upload.row_count, upload.bad_rows) == (5000, 5)
    assert {flaw.message for flaw in tabular.flaws_of(upload)} == {"2020 年 2 月没有 30 日"}
    for flaw in tabular.flaws_of(upload)[:1]:
        tabular.mend(upload, tabular.place_of(flaw), "2020-02-29", by=world["manager"], same=True)
    upload.refresh_from_db()
    assert upload.flaw_count == 0
    assert tabular.write(upload, by=world["manager"]) == 5000
    assert (
        Asset.objects.count() == 5000
        and Obligation.objects.count() == 20_000 + Obligation.objects.filter(asset=None).count()
    )


def upload_jobs():
    from wuxie.kernel.jobs.models import Job

    return Job.objects.filter(state="waiting")


def test_what_goes_out_comes_in_again_unchanged(world, enter):
    world.lift(code="梯A", last_on=None)
    kept = world.lift(code="梯B")
    from wuxie.rooms.inspections.actions import assets

    assets.retire(
        kept, by=world["manager"], retired_on=DAY(2026, 10, 1), how="handed_over", why="交电梯公司，含“逗号,”"
    )
    before = list(Asset.objects.order_by("pk").values())
    versions = Asset.history.count()
    out = whole(enter(person=world.people["manager"]).get("/inspections/assets/", {"format": "csv"}))
    upload = tabular.receive(out, "设备台账.csv", "assets", by=world["manager"])
    assert upload.state == Upload.State.CHECKED and upload.flaw_count == 0, tabular.flaws_of(upload)
    tabular.apply(upload, by=world["manager"])
    assert list(Asset.objects.order_by("pk").values()) == before and Asset.history.count() == versions


def test_a_sheet_corrects_what_is_there_and_what_hangs_on_its_dates(world):
    for changes in ({}, {"place": "5栋", "base": "2021-03-18"}):
        tabular.apply(receive(world, [row(world, "梯1", **changes), row(world, "梯2")]), by=world["manager"])
    assert set(Asset.objects.values_list("code", "place", "base_on")) == {
        ("梯1", "5栋", DAY(2021, 3, 18)), ("梯2", "3栋", DAY(2020, 6, 18)),
    }  # fmt: skip
    due = Obligation.objects.filter(item="IN-01").order_by("asset__code").values_list("due_on", flat=True)
    assert list(due) == [DAY(2028, 3, 31), DAY(2027, 6, 30)]
    assert [one.history.count() for one in Asset.objects.order_by("code")] == [2, 1]
    tabular.apply(receive(world, [row(world, "梯1", place="6栋", base="2021-03-18")]), by=world["manager"])
    assert Asset.objects.get(code="梯1").place == "6栋"
