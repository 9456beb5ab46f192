"""The hotline's sheet: every good row a dispute with its receipt, or nothing at all; what is wrong is said cell by cell."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.tabular import headings, registry
from wuxie.kernel.tabular.columns import Col, Flaw, Sheet, Unique
from wuxie.rooms.register.imports import lookups
from wuxie.rooms.register.models import Project

from .actions import intake
from .models import Voice
from .rules import takes_in

YES = {"是": True, "保密": True, "匿名": True, "不公开": True, "否": False, "公开": False, "不保密": False}

SHEET = Sheet(
    "hotline",
    "热线转办单",
    (
        Col("reference", "工单号", ("工单编号", "编号", "流水号", "来电编号"), required=True, longest=60, example="12345-20261120-0017"),
        Col("received_on", "收到日", ("来电时间", "来电日期", "受理时间", "转办日期", "日期"), kind="date", required=True, example="2026-11-20"),
        Col("estate", "小区", (*headings.ESTATE, *headings.ESTATE_CODE), kind="lookup", required=True, lookup=lookups.find_estates,
            suggest=lookups.nearest_estate, example="翠屏里"),
        Col("company", "物业企业", ("被反映单位", "企业", "物业公司"), kind="lookup", lookup=lookups.find_companies,
            suggest=lookups.nearest_company, example="恒信物业"),
        Col("title", "事项", ("标题", "诉求标题", "主题"), required=True, longest=60, example="3 栋电梯停用两周"),
        Col("words", "诉求内容", ("内容", "反映内容", "诉求描述", "工单内容"), required=True, longest=2000, example="电梯坏了两周没人修"),
        Col("occurred_on", "事情发生日", ("发生时间", "发生日期"), kind="date", example="2026-11-06"),
        Col("name", "反映人", ("来电人", "诉求人", "姓名", "联系人"), longest=60, default="", personal="name"),
        Col("phone", "电话", ("联系电话", "来电号码", "手机号"), longest=30, default="", personal="phone"),
        Col("hidden", "是否保密", ("保密", "是否匿名", "信息保密"), kind="choice", choices=YES, default=False, example="否"),
    ),
    unique=(Unique(("reference",), "同一工单号重复"),),
)  # fmt: skip


def _serving(rows: list[dict[str, Any]]) -> dict[tuple[int, datetime.date], Project]:
    """Estate and day → the project of the company that served it then; one query for all."""
    found: dict[int, list[Project]] = {}
    estates = {row["estate"] for row in rows if row["estate"]}
    for one in (
        Project.objects.filter(estate__in=estates).select_related("estate", "company").order_by("-starts_on", "-pk")
    ):
        found.setdefault(one.estate_id, []).append(one)
    wanted = {(row["estate"], _day(row)) for row in rows if row["estate"] and _day(row)}
    return {
        (estate, day): one
        for estate, day in wanted
        if (
            one := next(
                (p for p in found.get(estate, ()) if p.starts_on <= day and (p.last_day is None or day <= p.last_day)),
                None,
            )
        )
    }


def _day(row: dict[str, Any]) -> Any:
    return row["occurred_on"] or row["received_on"]


def check(rows: list[dict[str, Any]]) -> Iterator[Flaw]:
    """Numbers that are there already, days to come, estates that nobody served then, companies that had left."""
    serving = _serving(rows)
    known = set(Voice.objects.filter(channel="hotline", reference__in=[row["reference"] for row in rows if row["reference"]]).values_list(
        "reference", flat=True))  # fmt: skip
    for row in rows:
        if row["reference"] in known:
            yield Flaw(row["row"], "reference", "duplicate", _("这张工单已经登记过"), group=_("工单登记过"))
        for field in ("received_on", "occurred_on"):
            if row[field] and row[field] > today():
                yield Flaw(row["row"], field, "range", _("不能晚于今天"), group=_("日期不对"))
        if not row["estate"] or not _day(row):
            continue
        project = serving.get((row["estate"], _day(row)))
        if project is None:
            message = _("这个小区 %(day)s 没有登记的物业企业，核对发生日，或先登记服务合同") % {"day": _day(row)}
            yield Flaw(row["row"], "estate", "reference", message, group=_("那天没有物业企业"))
        elif row["company"] and row["company"] != project.company_id:
            message = _("%(day)s 服务这个小区的是%(who)s，不是写的这一家。填事情发生日，或改企业") % {
                "day": _day(row), "who": project.company}  # fmt: skip
            yield Flaw(row["row"], "company", "reference", message, str(project.company), group=_("企业不是那天的"))
        if (
            row["hidden"]
            and row["title"]
            and any(len(secret) > 1 and secret in row["title"] for secret in (row["name"] or "", row["phone"] or ""))
        ):
            yield Flaw(
                row["row"], "title", "private", _("反映人要保密，事项里不能写姓名和电话"), group=_("事项里有反映人")
            )


def apply(rows: list[dict[str, Any]], by: Actor) -> int:
    """Find each row's project again and write all rows."""
    serving = _serving(rows)
    found = [
        {**row, "project": serving[row["estate"], _day(row)], "occurred_on": _day(row), "name": row["name"] or "", "phone": row["phone"] or "",
         "hidden": bool(row["hidden"])}
        for row in rows
    ]  # fmt: skip
    return intake.register_many(found, by=by)


def register() -> None:
    registry.register_import(
        "hotline", SHEET, check=check, apply=apply, may=takes_in,
        help=gettext_lazy("热线、信访平台导出的转办单。一行一件，按事情发生日找当时的物业企业；类别由系统建议，人来定。"),
        next_url="/mediation/",
    )  # fmt: skip
