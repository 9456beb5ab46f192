"""Reads: figures of law, what is in scope, where repairs are stuck, what lies in an estate's accounts."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThan

from wuxie.kernel.clock.days import add_months
from wuxie.kernel.clock.now import local, now, today
from wuxie.kernel.statutes.figures import Figure, figure
from wuxie.kernel.statutes.queries import HOME_CITY
from wuxie.kernel.workflow.models import Event
from wuxie.rooms.register.models import Estate, Unit

from . import law
from .models import Account, Repair, Share

DIGITS = re.compile(r"([0-9]+)")


def _figure(name: str) -> Figure:
    return figure(name if "." in name else f"fund.{name}", on=today(), region=HOME_CITY)


def open_defects(case: Repair) -> int:
    """How often what was repaired broke again within its warranty and nobody has seen it mended yet."""
    rows = Event.objects.filter(workflow="repair", case_pk=case.pk, step__in=("recall", "make_good")).order_by()
    counted = Counter(rows.values_list("step", flat=True))
    return counted["recall"] - counted["make_good"]


def term(name: str) -> int:
    """A whole figure of this room (``guard``) as it is in force today."""
    return _figure(name).number


def ratio(name: str) -> Fraction:
    """A fraction of this room (``top_up``) or of another group (``vote.participation``)."""
    return _figure(name).fraction


def known(name: str) -> Figure | None:
    """A figure that the place has to set itself; ``None`` until somebody has confirmed it."""
    try:
        return _figure(name)
    except LookupError:
        return None


def below_line(at: str = "") -> Q:
    """Accounts that have to be topped up: below so much of the first deposit. ``at`` leads from the row to the account."""
    line = ratio("top_up")
    less = LessThan(F(f"{at}balance") * line.denominator, F(f"{at}deposited") * line.numerator)
    return Q(less) & Q(**{f"{at}deposited__gt": 0})


def in_scope(repair: Repair) -> list[Share]:
    """The units that bear a repair, in the order of their doors (1-2-101 before 1-10-101) whatever database orders them: ties of cents go to
    the earlier one."""
    return sorted(repair.shares.select_related("unit__building"), key=lambda row: (door(str(row.unit)), row.unit_id))


def door(name: str) -> list[tuple[int, str]]:
    """A door's name as it is sorted: figures as numbers, words as words."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in DIGITS.split(name) if part]


def balances(repair: Repair) -> dict[int, int]:
    """Unit → cents in its account; a unit without one has nothing."""
    units = repair.shares.order_by().values("unit")
    return dict(Account.objects.filter(unit__in=units).values_list("unit", "balance"))


@dataclass(frozen=True)
class Line:
    """One unit as the ledger of a plan shows it; cents and hundredths of m²."""

    share: Share
    balance: int
    draw: law.Draw


def reckon(repair: Repair, total: int) -> list[Line]:
    """What every unit in scope would bear of a sum with the balances of today."""
    rows, have = in_scope(repair), balances(repair)
    found = law.draws(total, [(row.area, have.get(row.unit_id, 0)) for row in rows])
    return [Line(row, have.get(row.unit_id, 0), one) for row, one in zip(rows, found, strict=True)]


@dataclass(frozen=True)
class Totals:
    """What is in scope: units, hundredths of m², and of them units without buyer or account."""

    units: int
    area: int
    unsold: int
    empty: int


def totals(repair: Repair) -> Totals:
    rows = repair.shares.order_by().aggregate(
        units=Count("pk"), area=Coalesce(Sum("area"), 0), unsold=Count("pk", filter=Q(unit__status=Unit.Status.UNSOLD)),
        full=Count("pk", filter=Q(unit__fund_account__balance__gt=0)),
    )  # fmt: skip
    return Totals(rows["units"], rows["area"], rows["unsold"], rows["units"] - rows["full"])


def like_it(repair: Repair) -> QuerySet[Repair]:
    """Other repairs of the last months that the same units bear: one job may have been cut into several."""
    since = add_months(local(repair.opened_at).date(), -term("split_watch"))
    units = repair.shares.order_by().values("unit")
    rows = Repair.objects.filter(project__estate=repair.project.estate_id, part=repair.part, opened_at__date__gte=since)
    return (
        rows.exclude(pk=repair.pk).filter(pk__in=Share.objects.filter(unit__in=units).values("repair")).order_by("-pk")
    )


def in_warranty(repair: Repair) -> QuerySet[Repair]:
    """Earlier repairs of the same part whose warranty still runs."""
    rows = Repair.objects.filter(
        project__estate=repair.project.estate_id, part=repair.part, state=Repair.State.WARRANTY
    )
    return rows.filter(warranty_until__gte=today()).exclude(pk=repair.pk).order_by("-pk")


@dataclass(frozen=True)
class Purse:
    """The accounts of one estate together (cents)."""

    units: int
    accounts: int
    deposited: int
    balance: int
    below: int


def purses(estates: Collection[int]) -> dict[int, Purse]:
    """Of those that have accounts: estate → what lies in them; one query for the accounts, one for the units."""
    units = dict(
        Unit.objects.filter(estate__in=estates)
        .order_by()
        .values_list("estate")
        .annotate(n=Count("pk"))
        .values_list("estate", "n")
    )
    rows = Account.objects.filter(unit__estate__in=estates).order_by().values("unit__estate")
    found = rows.annotate(
        n=Count("pk"), put=Sum("deposited"), left=Sum("balance"), low=Count("pk", filter=below_line())
    )
    return {
        row["unit__estate"]: Purse(units.get(row["unit__estate"], 0), row["n"], row["put"], row["left"], row["low"])
        for row in found
    }


def purse(estate: Estate) -> Purse:
    """The same of one estate, whether it has accounts or not."""
    found = purses([estate.pk]).get(estate.pk)
    return found or Purse(Unit.objects.filter(estate=estate).count(), 0, 0, 0, 0)


@dataclass(frozen=True)
class Halt:
    """How many repairs wait in one state, and for how many days in the middle."""

    state: str
    count: int
    days: int


def halts(rows: QuerySet[Repair]) -> list[Halt]:
    """Where running repairs wait today, in the order of the procedure."""
    waits: dict[str, list[int]] = {}
    day = today()
    for state, changed in rows.running().order_by().values_list("state", "changed_at"):  # type: ignore[attr-defined]
        waits.setdefault(state, []).append(max((day - local(changed).date()).days, 0))
    return [Halt(str(s.label), len(waits[s]), int(median(waits[s]))) for s in Repair.State if s in waits]


def spans(rows: QuerySet[Repair], since: datetime.date) -> dict[str, tuple[int, int]]:
    """State → how many repairs left it since a day, and the days they had stayed in the middle."""
    events = Event.objects.filter(workflow="repair", case_pk__in=rows.order_by().values("pk"), at__date__gte=since)
    entered: dict[int, tuple[str, datetime.datetime]] = {}
    stayed: dict[str, list[int]] = {}
    for pk, source, target, at in events.order_by("at", "id").values_list("case_pk", "source", "target", "at"):
        if source == target:
            continue
        before = entered.get(pk)
        if before and before[0] == source:
            stayed.setdefault(source, []).append((at - before[1]).days)
        entered[pk] = (target, at)
    return {state: (len(days), int(median(days))) for state, days in stayed.items()}


def share_basis(said: Callable[[object], str] = str) -> str:
    """How a cost is shared, and by which articles: Chinese for papers, in the reader's language with ``said``."""
    known_here = _figure("share")
    return f"{said(known_here.value)}（{said(known_here.article)}）"


def may_still_come(repair: Repair) -> bool:
    """Whether the moment of opening stands: it is fixed, and either still to come or enough quotes have come in."""
    if repair.opens_at is None:
        return False
    return repair.opens_at > now() or repair.quotes.count() >= term("quotes_least")
