"""The official electronic system's result as a sheet: one row a unit of the roll, a column an item."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.amounts import plain
from wuxie.kernel.labels import said
from wuxie.kernel.tabular import headings, registry
from wuxie.kernel.tabular.columns import Col, Flaw, Sheet, Unique

from . import rules
from .actions import official
from .models import Ballot, Decision
from .words import Capacity, Choice

NAME = "official_vote"
NOT_CAST = "none"
#: So many columns have a name that is translated; a vote with more items is brought in all the same.
MOST_ITEMS = 9
#: How the systems write a side; a unit that did not vote has 未投票 in every item.
SAID = {
    "同意": Choice.FOR.value, "赞成": Choice.FOR.value, "反对": Choice.AGAINST.value, "不同意": Choice.AGAINST.value, "弃权": Choice.ABSTAIN.value,
    "无效": Choice.VOID.value, "未投票": NOT_CAST, "未投": NOT_CAST, "未参与": NOT_CAST,
}  # fmt: skip


def _column(number: int) -> Col:
    return Col(
        f"item{number}", f"第{number}项", (f"事项{number}", f"第 {number} 项", f"议题{number}"), kind="choice", choices=SAID, required=True,
        example="同意", help="同意、反对、弃权、无效；没有投票的写未投票",
    )  # fmt: skip


def sheet_of(numbers: list[int]) -> Sheet:
    return Sheet(
        NAME, "官方电子投票结果",
        (
            Col("unit", "户室", (*headings.ROOM, "房屋", "房屋坐落", "户号"), required=True, longest=90, example="3-1-1203"),
            Col("area", "专有面积", ("建筑面积", "专有部分面积", "面积"), kind="decimal2", required=True, minimum=1, example="89.50"),
            *(_column(number) for number in numbers),
        ),
        unique=(Unique(("unit",), "同一户室重复"),),
    )  # fmt: skip


def check(decision: Decision, numbers: list[int], rows: list[dict[str, Any]]) -> Iterator[Flaw]:
    """Units that are not on the roll or missing from the sheet, areas that differ, halves of a vote, papers that the system does not know."""
    known = {
        label: (pk, area, paper)
        for pk, label, area, paper in decision.entries.values_list("pk", "label", "area", "paper")
    }
    on_paper = set(
        Ballot.objects.standing()
        .filter(decision=decision)
        .exclude(capacity=Capacity.OFFICIAL)
        .values_list("entry", flat=True)
    )
    for row in rows:
        found = known.get(row["unit"] or "")
        if row["unit"] and found is None:
            yield Flaw(
                row["row"],
                "unit",
                "reference",
                _("名册里没有 %(unit)s，照名册的写法改") % {"unit": row["unit"]},
                group=_("名册里没有这一户"),
            )
        if found is None:
            continue
        row["entry"] = found[0]
        if row["area"] is not None and row["area"] != found[1]:
            message = _("名册是 %(roll)s ㎡，表里是 %(sheet)s ㎡。面积要一样才能用") % {
                "roll": plain(found[1]),
                "sheet": plain(row["area"]),
            }
            yield Flaw(row["row"], "area", "range", message, plain(found[1]), group=_("面积和名册不一样"))
        cast = [row[f"item{number}"] for number in numbers]
        if NOT_CAST in cast and set(cast) != {NOT_CAST}:
            message = _("投了票的每一项都要有意见；整户没投的每一项都写未投票")
            yield Flaw(row["row"], f"item{numbers[cast.index(NOT_CAST)]}", "missing", message, group=_("只投了一部分"))
        if set(cast) == {NOT_CAST} and found[0] in on_paper:
            message = _("这一户在本系统收有纸票（票号 %(paper)s），官方结果写未投票。请先在官方系统补录这张纸票") % {
                "paper": found[2]
            }
            yield Flaw(row["row"], f"item{numbers[0]}", "reference", message, group=_("收了纸票，官方没有录"))
    missing = sorted(set(known) - {row["unit"] for row in rows})
    if missing and rows:
        message = _("名册有 %(n)s 户，表里还缺 %(m)s 户：%(which)s") % {
            "n": len(known),
            "m": len(missing),
            "which": "、".join(missing[:5]),
        }
        yield Flaw(rows[0]["row"], "unit", "missing", message, group=_("缺户室"))


def apply(decision: Decision, numbers: list[int], rows: list[dict[str, Any]], by: Actor) -> int:
    """Keep the rows beside the vote."""
    entries = dict(decision.entries.values_list("label", "pk"))
    sides = {
        str(entries[row["unit"]]): {
            str(number): row[f"item{number}"] for number in numbers if row[f"item{number}"] != NOT_CAST
        }
        for row in rows
    }
    return official.keep(decision, by=by, sides=sides)


def _bind(number: str) -> registry.Import | None:
    """The sheet of one vote."""
    found = Decision.objects.select_related("estate").filter(pk=int(number)).first()
    if found is None:
        return None
    decision = found
    numbers = list(decision.items.order_by("number").values_list("number", flat=True))
    sheet = sheet_of(numbers)
    return registry.Import(
        f"{NAME}-{number}", f"{decision.number} {said(sheet.label)}", sheet, partial(check, decision, numbers), partial(apply, decision, numbers),
        lambda actor: decision.state == Decision.State.CLOSED and rules.organiser.test(actor, decision),
        gettext_lazy("照官方系统导出的表，名册上每一户一行，面积要和名册一样。写入后还要放上官方文书“采用”，才有约束力。"),
        decision.get_absolute_url(),
    )  # fmt: skip


def register() -> None:
    registry.register_import(
        NAME, sheet_of(list(range(1, MOST_ITEMS + 1))), apply=lambda rows, by: 0, may=lambda actor: False, bind=_bind,
    )  # fmt: skip
