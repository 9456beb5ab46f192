"""Reads: what is not read yet, what is not given back yet, the tree of meters, the uses of a month as the check wants them."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from wuxie.kernel.clock.days import add_months

from .check import OWN, Band, Branch, Grid, Use
from .figures import term
from .models import Account, Meter, Month, Reading, Refund
from .words import Role

#: So many names are said in a sentence; the others are counted.
SAID = 5


def some(names: Sequence[str]) -> str:
    """A few names, and how many more there are."""
    shown = "、".join(names[:SAID])
    return shown if len(names) <= SAID else _("%(names)s 等 %(n)s 个") % {"names": shown, "n": len(names)}


def bands_of(month: Month) -> list[str]:
    """The periods of the day that the grid's bill prices apart, in the order of the day's prices."""
    return [band for band in ("sharp", "peak", "flat", "valley") if band in month.bands]


def unread(month: Month) -> list[str]:
    """The numbers of the meters of which a reading is missing."""
    have: dict[int, set[str]] = defaultdict(set)
    for meter, band in month.readings.order_by().values_list("meter", "band"):
        have[meter].add(band)
    missing = []
    for meter in month.account.meters.there(month.starts_on).order_by("code"):
        wanted = set(bands_of(month)) if meter.by_band else {""}
        if wanted - have[meter.pk]:
            missing.append(meter.code)
    return missing


def unsettled(month: Month) -> list[str]:
    """The users who have not got their money back."""
    return list(month.refunded.unsettled().order_by("user").values_list("user", flat=True))


def owed(month: Month) -> int:
    """Cents that have not been given back."""
    return sum(month.refunded.unsettled().values_list("amount", flat=True))


def confirmed_before(month: Month) -> bool:
    """Whether another month of the account was found too high not long before."""
    since = add_months(month.confirmed_on or month.ends_on, -term("repeat"))
    rows = Month.objects.filter(account=month.account, confirmed_on__gte=since).exclude(pk=month.pk)
    return rows.exists()


def readings_of(month: Month) -> list[Reading]:
    return list(month.readings.select_related("meter", "meter__parent"))


def grid_of(month: Month) -> Grid:
    """The grid's bill as the check wants it: kWh and yuan."""

    def hundredths(value: int) -> Fraction:
        return Fraction(value, 100)

    price = month.resident_price
    return Grid(
        hundredths(month.kwh), hundredths(month.amount), hundredths(month.refunds), hundredths(month.penalty),
        {band: Band(hundredths(kwh), hundredths(cents)) for band, (kwh, cents) in month.bands.items()},
        None if price is None else Fraction(price, 10_000),
    )  # fmt: skip


def uses_of(rows: Iterable[Reading]) -> list[Use]:
    """What own and users' meters saw."""
    return [
        Use(
            str(row.meter_id), row.meter.role, Fraction(row.kwh, 100), row.band, row.meter.klass, Fraction(row.price, 10_000),
            Fraction(row.surcharge, 100),
        )
        for row in rows if row.meter.role != Role.BRANCH
    ]  # fmt: skip


def branches_of(rows: Sequence[Reading]) -> list[Branch]:
    """Every branch meter with what the meters right below it saw."""
    seen: dict[int, Fraction] = defaultdict(Fraction)
    below: dict[int, Fraction] = defaultdict(Fraction)
    names: dict[int, str] = {}
    for row in rows:
        seen[row.meter_id] += Fraction(row.kwh, 100)
        names[row.meter_id] = row.meter.code
        if row.meter.parent_id is not None:
            below[row.meter.parent_id] += Fraction(row.kwh, 100)
    branch = {row.meter_id for row in rows if row.meter.role == Role.BRANCH}
    return [Branch(names[pk], seen[pk], below[pk]) for pk in sorted(branch, key=lambda pk: names[pk])]


def usual_own(month: Month) -> Fraction | None:
    """What the keeper used itself on the average of the three months before; ``None`` while there are fewer than three."""
    before = Month.objects.filter(account=month.account, ends_on__lt=month.starts_on).order_by("-ends_on")[:3]
    sums = [
        sum(row.kwh for row in one.readings.all() if row.meter.role == OWN)
        for one in before.prefetch_related("readings__meter")
    ]
    return Fraction(sum(sums), 300) if len(sums) == 3 else None


def expired(month: Month) -> int:
    """Meters past the day to which they are verified."""
    return month.account.meters.there(month.starts_on).filter(verified_until__lt=month.ends_on).count()


@dataclass(frozen=True)
class Node:
    """A meter in the tree, and how deep."""

    meter: Meter
    depth: int


def tree(account: Account) -> list[Node]:
    """The meters as a tree, each below the one it hangs on."""
    below: dict[int | None, list[Meter]] = defaultdict(list)
    for meter in account.meters.order_by("role", "code"):
        below[meter.parent_id].append(meter)
    found: list[Node] = []

    def walk(parent: int | None, depth: int) -> None:
        for meter in below[parent]:
            found.append(Node(meter, depth))
            walk(meter.pk, depth + 1)

    walk(None, 0)
    return found


def loop(parents: dict[str, str]) -> list[str]:
    """Meter number → that of the meter above it: the numbers of a loop, if there is one."""
    done: set[str] = set()
    for begin in sorted(parents):
        way: list[str] = []
        at = begin
        while at in parents and at not in done:
            if at in way:
                return [*way[way.index(at) :], at]
            way.append(at)
            at = parents[at]
        done.update(way)
    return []


def last_readings(account: Account, before: datetime.date) -> dict[tuple[int, str], Reading]:
    """The newest reading of each meter and period of the day before a day."""
    rows = Reading.objects.filter(month__account=account, month__ends_on__lt=before).order_by("to_on", "pk")
    return {(row.meter_id, row.band): row for row in rows}


def refunds(rows: QuerySet[Refund]) -> QuerySet[Refund]:
    return rows.select_related("month__account__project__estate", "month__account__project__company", "meter")
