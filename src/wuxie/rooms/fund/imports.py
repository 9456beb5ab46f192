"""The fund centre's sheet of balances: what goes out comes in again unchanged."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.tabular import headings, registry
from wuxie.kernel.tabular.columns import Col, Flaw, Sheet, Unique
from wuxie.rooms.register.imports import lookups
from wuxie.rooms.register.models import Unit

from .actions import accounts
from .models import Account
from .rules import keeps_accounts

Door = tuple[int, str, str, str]

SHEET = Sheet(
    "fund_accounts",
    "维修资金余额表",
    (
        Col("estate", "小区编码", (*headings.ESTATE_CODE, *headings.ESTATE), kind="lookup", required=True,
            lookup=lookups.find_estates, suggest=lookups.nearest_estate, example="510402-0001"),
        Col("building", "楼栋", headings.BUILDING, required=True, longest=30, example="3栋"),
        Col("entrance", "单元", headings.UNIT, longest=20, default="", example="1单元"),
        Col("number", "房号", headings.ROOM, required=True, longest=30, example="1203"),
        Col("deposited", "首期交存", ("首期交存额", "首次交存", "交存金额", "应交金额", "首期"), kind="decimal2", required=True, minimum=0,
            maximum=10**12, example="8950.00"),
        Col("balance", "余额", ("账户余额", "当前余额", "可用余额", "结余"), kind="decimal2", required=True, minimum=0, maximum=10**12,
            example="7120.35"),
        Col("as_of", "余额日", ("截止日期", "截止日", "余额日期", "统计日期"), kind="date", required=True, example="2026-11-01"),
    ),
    unique=(Unique(("estate", "building", "entrance", "number"), "同一户室重复"),),
)  # fmt: skip


def _doors(rows: list[dict[str, Any]]) -> dict[Door, int]:
    """Every door of the estates that the sheet names → its unit."""
    units = Unit.objects.filter(estate__in={row["estate"] for row in rows if row["estate"]})
    return {(estate, building, entrance, number): pk for pk, estate, building, entrance, number in units.values_list(
        "pk", "estate", "building__name", "entrance", "number")}  # fmt: skip


def check(rows: list[dict[str, Any]]) -> Iterator[Flaw]:
    """Doors that the register does not have, days that cannot be, sheets older than what was drawn since."""
    doors = _doors(rows)
    spent = Account.objects.filter(unit__in=doors.values(), drawn_on__isnull=False)
    drawn = dict(spent.values_list("unit", "drawn_on"))
    names: dict[tuple[int, str, str], list[str]] = {}
    for estate, building, entrance, number in doors:
        names.setdefault((estate, building, entrance), []).append(number)
    for row in rows:
        if row["estate"] and row["building"] and row["number"]:
            door = (row["estate"], row["building"], row["entrance"] or "", row["number"])
            row["unit"] = doors.get(door)
            if row["unit"] is None:
                near = difflib.get_close_matches(row["number"], names.get(door[:3], []), 1, 0.7)
                message = _("户室清册里没有 %(door)s。照清册改，或先登记这一户") % {
                    "door": "-".join(part for part in door[1:] if part)
                }
                yield Flaw(row["row"], "number", "reference", message, near[0] if near else None, group=_("没有这一户"))
        if row["as_of"] and row["as_of"] > today():
            yield Flaw(row["row"], "as_of", "range", _("余额日不能晚于今天"), group=_("余额日不对"))
        last = drawn.get(row.get("unit") or 0)
        if last and row["as_of"] and row["as_of"] < last:
            message = _("这一户 %(day)s 支用过维修资金，这张表的余额日更早，写进去会把花掉的钱算回来") % {"day": last}
            yield Flaw(row["row"], "as_of", "range", message, group=_("余额表太旧"))


def apply(rows: list[dict[str, Any]], by: Actor) -> int:
    """Find every unit again and write all rows."""
    doors = _doors(rows)
    found = [
        {**row, "unit": doors[(row["estate"], row["building"], row["entrance"] or "", row["number"])]} for row in rows
    ]
    return accounts.write_many(found, by=by)


def register() -> None:
    registry.register_import(
        "fund_accounts", SHEET, check=check, apply=apply, may=keeps_accounts,
        help=gettext_lazy("维修资金管理中心的余额表。房号要在户室清册里；同一户再导一次就是更新余额。"), next_url="/fund/accounts/",
    )  # fmt: skip
