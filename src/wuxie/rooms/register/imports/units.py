"""The list of units with their owners: the market's one-sheet form, its five-sheet form, and our own.

In the five-sheet form the units (房屋信息) are joined with their owners (业主信息) and buildings (楼栋单元) by number.
Parking spaces (车位信息) are a list of their own: sent as such, they become units of the kind 车位.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.tabular import headings, registry
from wuxie.kernel.tabular.columns import Col, Flaw, Join, Parts, Sheet

from ..actions import manyunits
from ..models import Estate, Unit
from ..rules import may_keep_units, may_keep_units_of
from . import lookups, market

USES = {str(label): value for value, label in Unit.Use.choices} | {
    "普通住宅": "home", "公寓": "home", "别墅": "home", "商品房": "home", "住房": "home", "室": "home", "门面": "shop",
    "门市": "shop", "铺面": "shop", "商业": "shop", "店铺": "shop", "写字楼": "office", "办公用房": "office", "办公室": "office",
    "停车位": "parking", "车库": "parking", "地下车位": "parking", "储藏室": "storage", "储藏间": "storage", "杂物间": "storage",
    "地上停车场": "parking", "地下停车场": "parking",
}  # fmt: skip
STATUSES = {str(label): value for value, label in Unit.Status.choices} | {
    "已入住": "delivered", "已交房": "delivered", "已收房": "delivered", "已装修": "delivered", "装修中": "delivered",
    "未入住": "delivered", "已交房未入住": "delivered", "空置": "delivered", "出租": "delivered", "自住": "delivered",
    "未交房": "undelivered", "未收房": "undelivered", "已售未交": "undelivered", "未销售": "unsold", "待售": "unsold",
}  # fmt: skip
LIFTS = {"是": True, "否": False, "有": True, "无": False, "Y": True, "N": False, "有电梯": True, "无电梯": False}
OWNER_KINDS = {"业主": "owner", "产权人": "owner", "共有人": "owner", "家庭成员": "family", "家属": "family", "租客": "tenant",
               "租户": "tenant", "承租人": "tenant", "临时人员": "guest", "游客": "guest"}  # fmt: skip
SOURCES = {str(label): value for value, label in Unit.AreaSource.choices}

SHEET = Sheet(
    "units",
    "户室清册",
    (
        Col("estate", "小区编码", (*headings.ESTATE_CODE, *headings.ESTATE), kind="lookup", required=True,
            lookup=lookups.find_estates, suggest=lookups.nearest_estate, example="510402-0001"),
        Col("building", "楼号", headings.BUILDING, required=True, longest=30, normalise=market.building, example="3"),
        Col("entrance", "单元", headings.UNIT, longest=20, normalise=market.entrance, default="", example="2"),
        Col("number", "房间", headings.ROOM, required=True, longest=30, normalise=market.room, example="1203"),
        Col("floor", "楼层", headings.FLOOR, kind="int", minimum=-9, maximum=150, normalise=market.count, example="12"),
        Col("floors", "总层数", headings.FLOORS, kind="int", minimum=1, maximum=150, normalise=market.count, example="18"),
        Col("has_lift", "是否有电梯", ("电梯", "有无电梯"), kind="choice", choices=LIFTS, normalise=market.known, example="有"),
        Col("use", "房屋类型", headings.USE, kind="choice", choices=USES, default=Unit.Use.HOME.value, normalise=market.known,
            example="住宅"),
        Col("layout", "房屋户型", ("户型",), longest=30, normalise=market.known, default="", example="三室两厅"),
        Col("area", "建筑面积", headings.BUILT_AREA, kind="decimal2", required=True, minimum=1, maximum=10**8, example="89.50"),
        Col("inner_area", "室内面积", headings.INNER_AREA, kind="decimal2", maximum=10**8, normalise=market.known,
            example="72.30"),
        Col("area_source", "面积来源", kind="choice", choices=SOURCES, default=Unit.AreaSource.REGISTERED.value),
        Col("status", "房屋状态", headings.STATUS, kind="choice", choices=STATUSES, default=Unit.Status.DELIVERED.value,
            normalise=market.known, example="已交付"),
        Col("delivered_on", "交付日", headings.DELIVERED_ON, kind="date", example="2019-06-30"),
        Col("owner", "业主名称", headings.OWNER, personal="name", longest=120, normalise=market.known),
        Col("phone", "手机号", headings.PHONE, kind="phone", normalise=market.known),
        Col("id_number", "身份证号", headings.ID_NUMBER, kind="id_number", normalise=market.known),
        Col("owner_kind", "业主类型", ("人员类型", "成员类型"), kind="choice", choices=OWNER_KINDS, default="owner",
            normalise=market.known, example="业主"),
        Col("door", "房屋坐落", headings.DOOR, longest=80),
    ),
    joins=(
        Join(("业主信息", "业主"), headings.OWNER_NUMBER, ("编号", "业主编号", "业主编码")),
        Join(("楼栋单元", "楼栋"), headings.BUILDING, headings.BUILDING),
    ),
    parts=Parts("door", ("building", "entrance", "number")),
)  # fmt: skip

PARKING = replace(
    SHEET,
    name="parking",
    label="车位清册",
    columns=(
        SHEET["estate"],
        Col("building", "停车场编号", ("停车场", "车库", "停车场名称"), required=True, longest=30, example="地下一层"),
        Col("number", "车位编码", ("车位编号", "车位号", "车位"), required=True, longest=30, example="B1-017"),
        Col("area", "面积", ("建筑面积", "车位面积"), kind="decimal2", required=True, minimum=1, maximum=10**8, example="12.72"),
        SHEET["status"], SHEET["delivered_on"], SHEET["owner"], SHEET["phone"], SHEET["id_number"], SHEET["owner_kind"],
    ),
    joins=SHEET.joins[:1],
    parts=None,
)  # fmt: skip


def check(rows: list[dict[str, Any]]) -> Iterator[Flaw]:
    """Two rows for one door, and an owner's number without the owner."""
    seen: dict[tuple[Any, ...], int] = {}
    group = _("同一小区房号重复")
    for row in rows:
        if row["estate"] and row["building"] and row["number"]:
            key = (row["estate"], row["building"], row.get("entrance") or "", row["number"])
            first = seen.setdefault(key, row["row"])
            if first != row["row"]:
                door = "-".join(part for part in key[1:] if part)
                message = _("%(door)s 已在第 %(first)s 行出现") % {"door": door, "first": f"{first:,}"}
                yield Flaw(row["row"], "number", "duplicate", message, group=group, other_row=first)
        if not row["owner"] and (row["phone"] or row["id_number"]):
            yield Flaw(row["row"], "owner", "missing", _("有电话或证件号，没有业主名称"), group=_("缺业主名称"))


def _bind(sheet: Sheet, number: str) -> registry.Import | None:
    """The list for one estate, sent from its page: no row needs to say which."""
    estate = Estate.objects.filter(pk=int(number)).first()
    if estate is None:
        return None
    columns = tuple(
        replace(column, required=False, default=estate.pk, lookup=_only(estate)) if column.field == "estate" else column
        for column in sheet.columns
    )
    return registry.Import(
        f"{sheet.name}-{number}", f"{estate.name} {sheet.label}", replace(sheet, columns=columns), check,
        _apply(sheet.name), lambda actor: may_keep_units_of(actor, estate),
        gettext_lazy("每一行都是这个小区的；表里写了别的小区编码会报错。"), f"/register/estates/{estate.pk}/units/",
    )  # fmt: skip


def _only(estate: Estate) -> Any:
    return lambda texts: {text: estate.pk for text in texts if text in (estate.code, estate.name)}


def _apply(kind: str) -> Any:
    use = Unit.Use.PARKING.value if kind == "parking" else None
    return lambda rows, by: manyunits.write_units(rows, by=by, use=use)


def may(actor: Actor) -> bool:
    """Whoever may keep the units of some estate; which rows they may write is asked again when writing."""
    return may_keep_units(actor)


def register() -> None:
    for sheet in (SHEET, PARKING):
        registry.register_import(
            sheet.name, sheet, check=check, apply=_apply(sheet.name), may=may, next_url="/register/estates/",
            bind=lambda number, sheet=sheet: _bind(sheet, number),
            help=gettext_lazy("一表式和五表式都认。房号已在的更新，没有的新建；业主的姓名、电话、证件号入库即加密。"),
        )  # fmt: skip
