"""The list of estates: our own sheet and the market's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.tabular import headings, registry
from wuxie.kernel.tabular.columns import Col, Flaw, Sheet, Unique

from ..actions import many
from ..models import Estate
from . import lookups, market

KLASSES = {str(label): value for value, label in Estate.Klass.choices} | {
    "住宅": "new_residential", "普通住宅": "new_residential", "商品住宅": "new_residential", "商品房": "new_residential",
    "商品房住宅": "new_residential", "公寓": "new_residential", "公寓住宅": "new_residential", "普通公寓": "new_residential",
    "别墅": "new_residential", "花园洋房": "new_residential", "老小区": "old_estate", "旧住宅": "old_estate",
    "老公寓": "old_estate", "新里洋房": "old_estate", "房改房": "old_estate", "经济适用房": "affordable",
    "公租房": "affordable", "廉租房": "affordable", "安置房": "affordable", "回迁房": "affordable", "商住楼": "mixed",
    "商住": "mixed", "商住两用": "mixed", "综合": "mixed", "酒店公寓": "mixed", "酒店式公寓": "mixed", "写字楼": "office",
    "办公": "office", "商务楼": "office", "产业园": "park", "园区": "park", "学校": "public_building", "医院": "public_building",
}  # fmt: skip

SHEET = Sheet(
    "estates",
    "小区名录",
    (
        Col("code", "小区编码", headings.ESTATE_CODE, longest=20, example="510402-0001"),
        Col("name", "小区名称", (*headings.ESTATE, "名称", "title", "NAME", "xiaoqu"), required=True, longest=80,
            normalise=market.estate_name, example="江湾壹号"),
        Col("klass", "类别", ("小区类别", "物业类型"), kind="choice", choices=KLASSES, normalise=market.known,
            default=Estate.Klass.NEW.value, example="新建商品住宅"),
        Col("place", "所在社区", ("社区", "所属社区", "行政区", "区县", "所在区县", "district"), kind="lookup", required=True,
            lookup=lookups.find_places, suggest=lookups.nearest_place, normalise=market.known, example="东区 临江社区"),
        Col("address", "地址", ("详细地址", "坐落"), longest=160, normalise=market.known),
        Col("developer", "建设单位", ("开发商", "开发企业", "company"), longest=120, normalise=market.known),
        Col("built_year", "竣工年份", ("竣工时间", "建成年份", "建筑年代", "year", "BUILDTIME"), kind="int", minimum=1900,
            maximum=2100, normalise=market.year, example="2019"),
        Col("households", "户数", ("总户数", "房屋总数", "house_num"), kind="int", maximum=100_000, normalise=market.count,
            example="714"),
        Col("area", "收费面积", ("总建面积", "总建筑面积", "建筑面积"), kind="decimal2", maximum=10**12,
            normalise=market.area, example="71234.50"),
    ),
    unique=(Unique(("code",), "小区编码重复"), Unique(("place", "name"), "同一社区小区重名")),
)  # fmt: skip


def check(rows: list[dict[str, Any]]) -> Iterator[Flaw]:
    """A name that the community already has under another code."""
    known = {
        (place, name): code
        for place, name, code in Estate.objects.filter(
            Q(name__in={row["name"] for row in rows if row["name"]}) if len(rows) < 500 else Q()
        ).values_list("place_id", "name", "code")
    }
    for row in rows:
        code = known.get((row["place"], row["name"]))
        if code and row["code"] and row["code"] != code:
            message = _("这个社区已有“%(name)s”，编码 %(code)s") % {"name": row["name"], "code": code}
            yield Flaw(row["row"], "code", "duplicate", message, code, _("小区已在名录"))


def may(actor: Actor) -> bool:
    return actor.holds("association_secretariat")


def register() -> None:
    registry.register_import(
        "estates", SHEET, check=check, apply=lambda rows, by: many.write_estates(rows, by=by), may=may,
        help=_help(), next_url="/register/estates/",
    )  # fmt: skip


def _help() -> Any:
    from django.utils.translation import gettext_lazy  # lazily, so that each reader gets their own language

    return gettext_lazy("有编码的按编码更新，没有编码的按社区和名称找，找不到的新建并编码。")
