"""The register of assets as a sheet: what goes out comes in again unchanged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.clock.now import today
from wuxie.kernel.tabular import headings, registry
from wuxie.kernel.tabular.columns import Col, Flaw, Sheet, Unique
from wuxie.rooms.register.imports import lookups
from wuxie.rooms.register.queries import serving_many

from .actions import assets
from .rules import manages_any
from .words import AssetKind, Gone

KINDS = {str(label): str(value) for value, label in AssetKind.choices} | {
    "直梯": "lift", "扶梯": "lift", "客梯": "lift", "货梯": "lift", "变压器": "transformer", "发电机": "generator", "水池": "tank",
    "健康证": "water_card", "电工证": "special_card", "消控证": "fire_card",
    "充电桩": "car_charger", "机械车位": "mechanical_parking", "幕墙": "curtain_wall",
}  # fmt: skip
HOW = {str(label): str(value) for value, label in Gone.choices} | {
    "报废": "retired",
    "拆除": "retired",
    "移交": "handed_over",
}

SHEET = Sheet(
    "assets",
    "设备台账",
    (
        Col("estate", "小区编码", (*headings.ESTATE_CODE, *headings.ESTATE), kind="lookup", required=True,
            lookup=lookups.find_estates, suggest=lookups.nearest_estate, example="510402-0001"),
        Col("kind", "设备类别", ("类别", "设备种类", "种类"), kind="choice", choices=KINDS, required=True, example="电梯"),
        Col("code", "设备编号", ("编号", "注册代码", "登记证编号", "使用登记证号"), required=True, longest=40, example="梯11川D00123"),
        Col("place", "位置", ("安装位置", "所在位置"), longest=80, default="", example="3 栋 1 单元"),
        Col("quantity", "数量", ("件数", "台数"), kind="int", minimum=1, maximum=100_000, default=1, example="1"),
        Col("base_on", "基准日", ("首检日期", "验收日期", "安装日期", "投用日期", "首次检验日期"), kind="date", required=True,
            example="2020-06-18", help="安装监督检验或验收合格的日子，到期月从它算起"),
        Col("last_on", "上次检验日", ("上次检验日期", "最近检验日期"), kind="date", example="2025-06-10"),
        Col("idle_since", "停用起", ("停用日期",), kind="date"),
        Col("retired_on", "注销日", ("报废日期", "移交日期", "注销日期"), kind="date"),
        Col("retired_how", "注销方式", kind="choice", choices=HOW, default=""),
        Col("retired_why", "注销原因", ("原因",), longest=200, default=""),
    ),
    unique=(Unique(("estate", "kind", "code"), "同一小区设备编号重复"),),
)  # fmt: skip


def check(rows: list[dict[str, Any]]) -> Iterator[Flaw]:
    """Estates that nobody serves, and dates that cannot be."""
    serving = serving_many([row["estate"] for row in rows if row["estate"]], today())
    for row in rows:
        if row["estate"] and row["estate"] not in serving:
            message = _("今天没有企业服务这个小区，请先登记服务合同")
            yield Flaw(row["row"], "estate", "reference", message, group=_("小区没有在管项目"))
        if assets.numbers_a_person(row["kind"] or "", row["code"] or ""):
            yield Flaw(row["row"], "code", "range", str(assets.BY_POST), group=_("编号里有身份证号"))
        for field, sentence in assets.contradictions(row):
            yield Flaw(row["row"], field, "range", sentence, group=_("%(label)s不对") % {"label": SHEET[field].label})


def register() -> None:
    registry.register_import(
        "assets", SHEET, check=check, apply=lambda rows, by: assets.write_many(rows, by=by), may=manages_any,
        help=gettext_lazy("记到今天服务这个小区的项目名下。同类别同编号的按更新办；应检日写入后马上算好。"), next_url="/inspections/assets/",
    )  # fmt: skip
