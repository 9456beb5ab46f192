"""Figures of one estate's fee as a page draws them: where the money goes, what made the gap, what each option means, how promises stand."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from wuxie.kernel.amounts import metres, plain, yuan
from wuxie.web.cells import Chip

from . import queries
from .models import Adjustment, Check, CostLine, Option
from .prices import shown
from .words import Cost

#: So much of a voucher's checksum tells it from all others.
DIGITS = 12


def costs(lines: list[CostLine], *, opens: bool = False) -> list[dict[str, Any]]:
    """Item by item, the dearest of the last year first, each with its years and vouchers; ``opens``: whoever looks may open them."""
    last = max((one.year for one in lines), default=0)
    whole = sum(one.counts for one in lines if one.year == last)
    found: dict[str, list[CostLine]] = defaultdict(list)
    for one in lines:
        found[one.item].append(one)
    items = [
        (Cost(item), sum(one.counts for one in own if one.year == last), sorted(own, key=lambda one: -one.year))
        for item, own in found.items()
    ]
    return [
        {
            "name": item.label, "sum": yuan(cents) if cents else "", "part": cents, "whole": whole,
            "years": [
                {
                    "year": one.year, "sum": yuan(one.counts), "claimed": yuan(one.amount) if one.counts != one.amount else "", "words": one.words,
                    "sha256": one.sha256[:DIGITS], "url": reverse("papers:attachment", args=[one.paper]) if opens else "",
                }
                for one in own
            ],
        }
        for item, cents, own in sorted(items, key=lambda row: (-row[1], row[0]))
    ]  # fmt: skip


def where_it_goes(lines: list[CostLine]) -> dict[str, Any]:
    """The last year's cost by item, the largest first."""
    years = queries.by_year(lines)
    if not years:
        return {}
    last = max(years)
    rows = sorted(years[last].items(), key=lambda pair: (-pair[1], pair[0]))
    whole = sum(cents for _item, cents in rows) or 1
    names = [Cost(item).short for item, _cents in rows]
    return {
        "option": bars(names, [ten_thousands(cents) for _item, cents in rows], unit=_("万元")),
        "headers": [_("成本项"), _("金额"), _("占")],
        "rows": [[name, yuan(cents), f"{cents * 100 / whole:.1f}%"] for name, (_item, cents) in zip(names, rows, strict=True)],
        "says": _("%(year)s 年成本 %(sum)s，最多的是%(item)s，占 %(part)s%%。") % {
            "year": last, "sum": yuan(whole), "item": names[0], "part": f"{rows[0][1] * 100 / whole:.1f}"},
    }  # fmt: skip


def gap_by_line(found: queries.Reckoning | None) -> dict[str, Any]:
    """By how much each item rose or fell between the first and the last year."""
    if found is None or not found.growth:
        return {}
    names = [Cost(item).short for item, _cents in found.growth]
    rise = sum(cents for _item, cents in found.growth)
    return {
        "option": bars(names, [ten_thousands(cents) for _item, cents in found.growth], unit=_("万元"), change=True),
        "headers": [_("成本项"), _("比最早一年多")],
        "rows": [[name, _signed(cents)] for name, (_item, cents) in zip(names, found.growth, strict=True)],
        "says": _("比最早一年多花 %(sum)s，多得最多的是%(item)s。") % {"sum": _signed(rise), "item": names[0]},
    }  # fmt: skip


#: More is orange with ▲, less is blue with ▼.
MORE, LESS = ("#b8500a", "▲"), ("#0958d9", "▼")


def bars(names: list[str], values: list[float], *, unit: str, change: bool = False) -> dict[str, Any]:
    """A bar an item, its figure at its end and its name on as many lines as it needs, so that a phone shows both."""
    return {
        "grid": {"containLabel": True, "left": 24, "right": 84, "top": 8, "bottom": 0}, "xAxis": {"type": "value", "show": False},
        "yAxis": {"type": "category", "data": names, "inverse": True, "axisLabel": {"width": 100, "overflow": "break", "lineHeight": 14}},
        "series": [{"type": "bar", "barMaxWidth": 16, "label": {"show": True, "position": "right", "formatter": f"{{c}} {unit}"},
                    "data": [_turned(one, unit) for one in values] if change else values}],
    }  # fmt: skip


def _turned(value: float, unit: str) -> dict[str, Any]:
    """One bar of a difference."""
    colour, sign = MORE if value > 0 else LESS
    return {"value": value, "itemStyle": {"color": colour}, "label": {"formatter": f"{sign} {{c}} {unit}"}}


def ten_thousands(cents: int) -> float:
    """Cents as 万元, for the eye; the exact sum stands in the table."""
    return round(cents / 1_000_000, 2)


def _signed(cents: int) -> str:
    return f"+{yuan(cents)}" if cents > 0 else f"-{yuan(-cents)}" if cents < 0 else yuan(0)


def effects(
    case: Adjustment, options: list[Option], lines: list[CostLine], areas: tuple[int, ...]
) -> list[dict[str, Any]]:
    """Each option with its prices, a month of some homes, and what a year still lacks."""
    reckoned = {one.option.pk: one for one in queries.effects(case, options, lines, areas)}
    return [
        {
            "option": one, "price": shown(one.price), "parts": _parts(one), "chosen": one.pk == case.chosen_id,
            "homes": [(of_size(area), yuan(bill), _signed(change)) for area, bill, change in reckoned[one.pk].homes] if one.pk in reckoned else [],
            "left": _left(reckoned[one.pk].left) if one.pk in reckoned else "",
        }
        for one in options
    ]  # fmt: skip


def _parts(option: Option) -> list[str]:
    found = []
    if option.first_price is not None:
        found.append(_("前 %(n)s 个月 %(price)s") % {"n": option.months, "price": shown(option.first_price)})
    if option.special:
        found.append(_("专项 %(price)s") % {"price": shown(option.special)})
    if option.cut:
        found.append(_("一年省下 %(sum)s") % {"sum": yuan(option.cut)})
    if option.subsidy:
        found.append(_("公共收益一年补贴 %(sum)s") % {"sum": yuan(option.subsidy)})
    return found


def _left(cents: int) -> str:
    if cents > 0:
        return _("一年还差 %(sum)s") % {"sum": yuan(cents)}
    return _("一年多出 %(sum)s") % {"sum": yuan(-cents)} if cents < 0 else _("收支相抵")


def named(areas: tuple[int, ...]) -> list[str]:
    """Areas as the heads of columns."""
    return [of_size(area) for area in areas]


def of_size(area: int) -> str:
    return f"{area // 100} ㎡" if area % 100 == 0 else metres(area)


def promises(case: Adjustment) -> list[dict[str, Any]]:
    """Each promise with what was seen of it, month by month."""
    found = list(case.promises.all())
    seen: dict[int, list[Check]] = {}
    for one in Check.objects.filter(promise__in=found).order_by("month"):
        seen.setdefault(one.promise_id, []).append(one)
    return [
        {"promise": one, "reported": one.reported_on, "months": [(f"{check.month:%Y-%m}", _kept(check), check.words) for check in seen.get(one.pk, [])]}
        for one in found
    ]  # fmt: skip


def _kept(check: Check) -> Chip:
    return Chip(_("兑现"), "green") if check.kept else Chip(_("没兑现"), "red")


def base(case: Adjustment, found: queries.Reckoning | None) -> list[tuple[Any, Any]]:
    """On what the fee is reckoned, as everybody at the estate reads it."""
    rows = [
        (_("现行单价"), shown(case.current)), (_("收费面积"), metres(case.area) if case.area else ""),
        (_("其中空置面积"), metres(case.vacant) if case.vacant else ""), (_("收缴率"), f"{plain(case.rate)}%" if case.rate else ""),
        (_("一年公共收益补贴"), yuan(case.offset) if case.offset else ""), (_("一年利润"), yuan(case.margin) if case.margin else ""),
        (_("收支相抵的单价"), shown(found.even) if found else ""), (_("一年还差"), yuan(found.gap) if found and found.gap > 0 else ""),
    ]  # fmt: skip
    return [(label, value) for label, value in rows if value]
