"""What the meters showed: whether it can be so, and writing it down, all of it or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.workflow.demands import may
from wuxie.kernel.workflow.refusal import Refusal

from .. import queries, rules
from ..models import Month, Reading
from ..money import figure
from ..words import Role, band_label

Row = dict[str, Any]
#: Nothing is charged that much for a kWh: a slip of the decimal point (in ten-thousandths of a yuan).
TOO_DEAR = 100_000


def completed(month: Month, row: Row) -> Row:
    """A row with the days of the month where it names none."""
    return {
        **row, "band": row.get("band") or "", "from_on": row.get("from_on") or month.starts_on, "to_on": row.get("to_on") or month.ends_on,
        "price": row.get("price") or 0, "surcharge": row.get("surcharge") or 0, "replaced": (row.get("replaced") or "").strip(),
    }  # fmt: skip


def flaws(month: Month, rows: Sequence[Row]) -> Iterator[tuple[int, str, str]]:
    """What is wrong with readings to be written, as ``(place in rows, field, sentence)``. Each row has its ``meter``."""
    whole = [completed(month, row) for row in rows]
    for place, row in enumerate(whole):
        yield from ((place, name, sentence) for name, sentence in _alone(month, row))
    before = queries.last_readings(month.account, month.starts_on)
    series: dict[tuple[int, str], list[int]] = defaultdict(list)
    for place, row in enumerate(whole):
        series[row["meter"].pk, row["band"]].append(place)
    for key, places in series.items():
        places.sort(key=lambda place: whole[place]["from_on"])
        last = before.get(key)
        expected, until = (last.end, None) if last else (None, None)
        for place in places:
            row = whole[place]
            if until is not None and row["from_on"] <= until:
                yield place, "from_on", _("同一块表的两段抄表日重叠：上一段到 %(day)s。") % {"day": until}
            if expected is not None and row["start"] != expected and not row["replaced"]:
                yield (
                    place, "start", _("起码 %(start)s 和上次止码 %(end)s 接不上。换过表、清过零的，写明换表说明。")
                    % {"start": figure(row["start"]), "end": figure(expected)},
                )  # fmt: skip
            expected, until = row["end"], row["to_on"]


def _alone(month: Month, row: Row) -> Iterator[tuple[str, str]]:
    meter = row["meter"]
    if row["end"] < row["start"]:
        yield "end", _("止码 %(end)s 小于起码 %(start)s，电量成了负数。核对抄表；换过表的分两行写，各写各的起止。") % {
            "end": figure(row["end"]), "start": figure(row["start"])}  # fmt: skip
    if not month.starts_on <= row["from_on"] <= row["to_on"] <= month.ends_on:
        yield "from_on", _("抄表起止要在账期 %(first)s 到 %(last)s 里，先起后止。") % {
            "first": month.starts_on, "last": month.ends_on}  # fmt: skip
    if meter.removed_on and meter.removed_on < month.starts_on:
        yield (
            "meter",
            _("表 %(code)s 在 %(day)s 拆了，这个账期没有它。") % {"code": meter.code, "day": meter.removed_on},
        )
    if meter.by_band and row["band"] not in month.bands:
        names = "、".join(band_label(band) for band in queries.bands_of(month))
        yield "band", (
            _("表 %(code)s 是分时表，时段要写 %(bands)s 之一。") % {"code": meter.code, "bands": names} if names
            else _("表 %(code)s 是分时表，电网账单里还没有分时电量。先改账单。") % {"code": meter.code}
        )  # fmt: skip
    if not meter.by_band and row["band"]:
        yield "band", _("表 %(code)s 不分时，时段留空。") % {"code": meter.code}
    if meter.role != Role.TENANT and (row["price"] or row["surcharge"]):
        yield "price", _("%(role)s不收电费，单价和另收留空。") % {"role": meter.get_role_display()}
    if meter.role == Role.TENANT and not row["price"] and row["end"] > row["start"]:
        yield "price", _("终端用户表要写收取单价。")
    if row["price"] > TOO_DEAR:
        yield "price", _("单价超过 10 元一度，小数点可能点错了。")


@transaction.atomic
def write(month: Month, rows: Sequence[Row], *, by: Actor) -> int:
    """Write readings of a month: whatever is there of their meters goes, so that a sheet can be sent again. All or nothing."""
    may(rules.keeper, month, by, _("抄表"))
    if not Month.objects.filter(pk=month.pk, state__in=Month.OPEN).exists():
        raise Refusal("state", _("这个月已经报送。抄错了的，先“更正数据”。"))
    for _place, _field, sentence in flaws(month, rows):
        raise Refusal("guard", sentence)
    whole = [completed(month, row) for row in rows]
    Reading.objects.filter(month=month, meter__in={row["meter"].pk for row in rows}).delete()
    fields = ("meter", "band", "from_on", "to_on", "start", "end", "price", "surcharge", "replaced")
    Reading.objects.bulk_create(
        Reading(month=month, multiplier=row["meter"].multiplier, **{name: row[name] for name in fields})
        for row in whole
    )
    return len(rows)
