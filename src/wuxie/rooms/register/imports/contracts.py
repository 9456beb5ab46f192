"""The list of service contracts."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.tabular import headings, registry
from wuxie.kernel.tabular.columns import Col, Flaw, Sheet, Unique

from ..actions import many
from ..actions.contracts import overlap_sentence
from ..models import Project
from . import lookups, market
from .estates import may

STAGES = {str(label): value for value, label in Project.Stage.choices} | {
    "前期": "initial",
    "选聘": "chosen",
    "托管": "custody",
}
CHARGING = {str(label): value for value, label in Project.Charging.choices} | {
    "包干": "lump_sum",
    "酬金": "remuneration",
}

SHEET = Sheet(
    "contracts",
    "服务合同",
    (
        Col("estate", "小区编码", (*headings.ESTATE_CODE, *headings.ESTATE), kind="lookup", required=True,
            lookup=lookups.find_estates, suggest=lookups.nearest_estate, example="510402-0001"),
        Col("company", "物业企业", ("物业公司", "企业名称", "服务企业", "信用代码", "统一社会信用代码"), kind="lookup",
            required=True, lookup=lookups.find_companies, suggest=lookups.nearest_company, normalise=market.known),
        Col("contract_number", "合同编号", ("编号", "合同号"), longest=60),
        Col("stage", "阶段", ("合同阶段",), kind="choice", choices=STAGES, default=Project.Stage.CHOSEN.value),
        Col("charging", "收费方式", kind="choice", choices=CHARGING, default=Project.Charging.LUMP_SUM.value),
        Col("fee", "物业费", ("物业费单价", "收费标准", "cost"), kind="decimal2", maximum=100_00, normalise=market.fee,
            help="元每平方米每月", example="2.38"),
        Col("starts_on", "服务起始日", ("起始日", "合同起始日", "开始时间", "进场日"), kind="date", required=True,
            example="2024-01-01"),
        Col("ends_on", "合同到期日", ("到期日", "结束时间", "终止日"), kind="date", example="2026-12-31"),
        Col("left_on", "撤离日", ("撤场日", "退场日"), kind="date"),
    ),
    unique=(Unique(("estate", "starts_on"), "同一小区同日起两份合同"),),
)  # fmt: skip


def check(rows: list[dict[str, Any]]) -> Iterator[Flaw]:
    """Days that contradict each other, and contracts that overlap: in the file, or with what is registered."""
    whole = [row for row in rows if row["estate"] and row["company"] and row["starts_on"]]
    for row in whole:
        for name in ("ends_on", "left_on"):
            if row[name] and row[name] < row["starts_on"]:
                message = _("早于服务起始日 %(day)s") % {"day": row["starts_on"]}
                yield Flaw(row["row"], name, "range", message, group=_("日期前后颠倒"))
    yield from _overlaps(whole)


def _last(left: datetime.date | None, ends: datetime.date | None) -> datetime.date:
    return left or ends or datetime.date.max


def _overlaps(rows: list[dict[str, Any]]) -> Iterator[Flaw]:
    estates = {row["estate"] for row in rows}
    ours = {(row["estate"], row["starts_on"]) for row in rows}
    spans: dict[int, list[tuple[datetime.date, datetime.date, int, Project | None]]] = {}
    for row in rows:
        last = _last(row["left_on"], row["ends_on"])
        spans.setdefault(row["estate"], []).append((row["starts_on"], last, row["row"], None))
    for project in Project.objects.filter(estate__in=estates).select_related("estate", "company"):
        if (project.estate_id, project.starts_on) not in ours:  # the same start: the row updates this contract
            last = _last(project.left_on, project.ends_on)
            spans[project.estate_id].append((project.starts_on, last, 0, project))
    group = _("合同日期重叠")
    for found in spans.values():
        found.sort(key=lambda span: (span[0], span[2]))
        for before, after in zip(found, found[1:], strict=False):
            if before[0] == after[0] or before[1] < after[0]:
                continue
            if after[2] and before[3] is not None:
                yield Flaw(after[2], "starts_on", "duplicate", overlap_sentence(before[3], after[0]), group=group)
            elif before[2] and after[3] is not None:
                yield Flaw(before[2], "ends_on", "duplicate", overlap_sentence(after[3], before[0]), group=group)
            elif before[2] and after[2]:
                message = _("和第 %(row)s 行是同一个小区，那份到 %(day)s 才到期") % {
                    "row": f"{before[2]:,}", "day": before[1] if before[1] != datetime.date.max else _("不定期")}  # fmt: skip
                yield Flaw(after[2], "starts_on", "duplicate", message, group=group, other_row=before[2])


def register() -> None:
    registry.register_import(
        "contracts", SHEET, check=check, apply=lambda rows, by: many.write_contracts(rows, by=by), may=may,
        help=gettext_lazy("小区和企业要先在名录里。同一小区同一起始日的合同按更新办。"), next_url="/register/projects/",
    )  # fmt: skip
