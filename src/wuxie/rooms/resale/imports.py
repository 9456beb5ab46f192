"""Meters and readings as sheets: all of it or nothing, with the reason at each cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.tabular import registry
from wuxie.kernel.tabular.columns import Col, Flaw, Sheet, Unique

from .actions import accounts, readings
from .models import Account, Meter, Month
from .rules import manages_any
from .words import BandName, Klass, Role

ROLES = {str(label): str(value) for value, label in Role.choices} | {
    "分支": "branch", "自用": "own", "公区": "own", "终端": "tenant", "商铺": "tenant", "用户": "tenant",
}  # fmt: skip
KLASSES = {str(label): str(value) for value, label in Klass.choices} | {"商业": "commercial", "充电桩": "charger"}
BANDS = {str(label): str(value) for value, label in BandName.choices} | {
    "尖峰": "sharp",
    "高峰": "peak",
    "低谷": "valley",
}


def find_accounts(texts: set[str]) -> dict[str, int]:
    return dict(Account.objects.filter(account_no__in=texts).values_list("account_no", "pk"))


ACCOUNT = Col(
    "account", "电网户号", ("户号",), kind="lookup", required=True, lookup=find_accounts, example="5104000123456"
)
CODE = Col("code", "表号", ("电表编号", "分表号", "表编号"), required=True, longest=30, example="A-03")
METERS = Sheet(
    "power_meters",
    "转供电电表",
    (
        ACCOUNT, CODE,
        Col("parent", "上级表号", ("上级表",), longest=30, default="", help="直接挂在总表下的留空"),
        Col("role", "表的用途", ("用途", "表类别"), kind="choice", choices=ROLES, required=True, example="终端用户表"),
        Col("user", "用户", ("店铺", "房号", "户名", "铺位"), longest=60, default="", example="3 号铺 面馆", help="店铺招牌或房号，不写个人姓名"),
        Col("klass", "用电类别", kind="choice", choices=KLASSES, default="commercial", example="工商业"),
        Col("multiplier", "倍率", kind="int", minimum=1, maximum=100_000, default=1, example="1"),
        Col("by_band", "分时计量", ("分时",), kind="choice", choices={"是": True, "否": False}, default=False, example="否"),
        Col("verified_until", "检定有效期至", ("检定有效期",), kind="date"),
    ),
    unique=(Unique(("account", "code"), "同一户号表号重复"),),
)  # fmt: skip
READINGS = Sheet(
    "power_readings",
    "转供电抄表",
    (
        ACCOUNT, CODE,
        Col("band", "时段", ("分时",), kind="choice", choices=BANDS, default="", help="不分时的表留空"),
        Col("start", "起码", ("上期示数", "起止码起", "上次抄码"), kind="decimal2", required=True, example="10230.00"),
        Col("end", "止码", ("本期示数", "本次抄码"), kind="decimal2", required=True, example="11080.50"),
        Col("price", "收取单价", ("单价", "电价"), kind="decimal4", default=0, example="0.6800", help="元/度；自用表、分支表留空"),
        Col("surcharge", "按度数另收", ("服务费", "附加费"), kind="decimal2", default=0, help="元；按度数收的服务费、管理费"),
        Col("from_on", "抄表起", kind="date", help="留空就是账期起"),
        Col("to_on", "抄表止", kind="date", help="留空就是账期止"),
        Col("replaced", "换表说明", ("备注",), longest=120, default=""),
    ),
    unique=(Unique(("account", "code", "band", "from_on"), "同一块表写了两行"),),
)  # fmt: skip


def _by_account(rows: list[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["account"] and row["code"]:
            found[row["account"]].append(row)
    return found


def check_meters(rows: list[dict[str, Any]]) -> Iterator[Flaw]:
    """Loops of the tree, meters above that are none, users without a name."""
    for pk, those in _by_account([row for row in rows if row["role"]]).items():
        for place, field, sentence in accounts.flaws(Account.objects.get(pk=pk), those):
            yield Flaw(
                those[place]["row"], field, "range", sentence, group=_("%(label)s不对") % {"label": METERS[field].label}
            )


def write_meters(rows: list[dict[str, Any]], by: Actor) -> int:
    own = Account.objects.select_related("project__estate", "project__company")
    return sum(accounts.write_meters(own.get(pk=pk), those, by=by) for pk, those in _by_account(rows).items())


def _open_months(rows: list[dict[str, Any]]) -> dict[int, Month]:
    """The month that is being filled in, by account."""
    found = Month.objects.filter(
        state=Month.State.DRAFT, account__in={row["account"] for row in rows if row["account"]}
    )
    return {
        month.account_id: month
        for month in found.select_related("account__project__estate", "account__project__company")
    }


def _with_meters(account: int, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    meters = {meter.code: meter for meter in Meter.objects.filter(account=account)}
    return [{**row, "meter": meters.get(row["code"])} for row in rows]


def check_readings(rows: list[dict[str, Any]]) -> Iterator[Flaw]:
    """Months that nobody fills in, meters that are not there, meters that run backwards or do not go on where they stopped."""
    months = _open_months(rows)
    for pk, those in _by_account(rows).items():
        month = months.get(pk)
        if month is None:
            message = _("这个户号没有填报中的月账。先填电网账单，再导入抄表")
            yield from (Flaw(row["row"], "account", "reference", message, group=_("没有填报中的月账")) for row in those)
            continue
        known = _with_meters(pk, those)
        for row in known:
            if row["meter"] is None:
                yield Flaw(
                    row["row"],
                    "code",
                    "reference",
                    _("这个户号下没有表号“%(code)s”") % {"code": row["code"]},
                    group=_("没有这块表"),
                )
        good = [
            row for row in known if row["meter"] is not None and row["start"] is not None and row["end"] is not None
        ]
        for place, field, sentence in readings.flaws(month, good):
            name = "code" if field == "meter" else field
            yield Flaw(
                good[place]["row"], name, "range", sentence, group=_("%(label)s不对") % {"label": READINGS[name].label}
            )


def write_readings(rows: list[dict[str, Any]], by: Actor) -> int:
    months = _open_months(rows)
    return sum(readings.write(months[pk], _with_meters(pk, those), by=by) for pk, those in _by_account(rows).items())


def register() -> None:
    registry.register_import(
        "power_meters", METERS, check=check_meters, apply=write_meters, may=manages_any, next_url="/power/",
        help=gettext_lazy("同户号同表号的按更新办。上级表可以在同一张表里。"),
    )  # fmt: skip
    registry.register_import(
        "power_readings", READINGS, check=check_readings, apply=write_readings, may=manages_any, next_url="/power/months/",
        help=gettext_lazy("写进这个户号正在填报的那个月。分时表每个时段一行；中途换人、换表的分两行写起止日。"),
    )  # fmt: skip
