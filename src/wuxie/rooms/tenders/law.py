"""What to look at again after bids were opened: prices that ask for an explanation, and signs of bids made together.

Sources: 招标投标法实施条例 arts. 27 (no lowest price may be set), 39–41 (signs of collusion), 51; 财办库〔2024〕265号 (hints for
abnormally low prices). The program rejects nothing: it says which bids the panel asks, and why. A lowest price cannot
even be written: a key that looks like one is refused.
"""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from wuxie.kernel.calc import documents as read
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import today
from wuxie.kernel.statutes.figures import figure

TRIGGERS = ("of_mean", "of_next", "of_ceiling")
FORBIDDEN = ("min", "floor", "lowest")
#: Steps count as equal when the largest is at most so many times the smallest; a run has at least three bids.
EQUAL = Fraction("1.005")
RUN = 3
MONTHS = 1_200
HEADS = 1_000_000


@dataclass(frozen=True)
class Bid:
    """One bid. Money in yuan; ``legal`` is what the offered posts cost at the lawful minimum wage over the term."""

    id: str
    price: Fraction
    labour: Fraction | None
    legal: Fraction
    contacts: tuple[str, ...]
    bank: str
    author: str


@dataclass(frozen=True)
class Triggers:
    """Shares below which a price asks for an explanation: of the mean, of the next higher price, of the ceiling."""

    of_mean: Fraction
    of_next: Fraction
    of_ceiling: Fraction

    @classmethod
    def on(cls, day: datetime.date) -> Triggers:
        return cls(*(figure(f"tender.low_{name}", on=day).fraction for name in TRIGGERS))


def tender(document: Any) -> dict[str, Any]:
    """Review the bids of one tender (contract ``tender``)."""
    found = _obj(document, "$", required=("ceiling", "bids"), optional=("triggers",))
    ceiling = Fraction(read.decimal(found["ceiling"], "$.ceiling"))
    bids = _bids(found["bids"])
    triggers = _triggers(found["triggers"]) if "triggers" in found else Triggers.on(today())
    market = Market.of(bids, ceiling)
    flags = {bid.id: list(flags_of(bid, market, triggers)) for bid in bids}
    return {
        "reviews": [{"id": name, "flags": raised} for name, raised in flags.items() if raised],
        "signals": [{"kind": kind, "bids": [bid.id for bid in those]} for kind, those in signals(bids)],
    }


@dataclass(frozen=True)
class Market:
    """The prices that are compared: those not above the ceiling, ascending, and their mean."""

    ceiling: Fraction
    prices: Sequence[Fraction]
    mean: Fraction

    @classmethod
    def of(cls, bids: Iterable[Bid], ceiling: Fraction) -> Market:
        prices = sorted(bid.price for bid in bids if bid.price <= ceiling)
        return cls(ceiling, prices, sum(prices, Fraction(0)) / (len(prices) or 1))

    def above(self, price: Fraction) -> Fraction | None:
        """The next higher price."""
        place = bisect_right(self.prices, price)
        return self.prices[place] if place < len(self.prices) else None


def flags_of(bid: Bid, market: Market, triggers: Triggers) -> Iterator[str]:
    """Why this bid is looked at again."""
    above = market.above(bid.price)
    if bid.price > market.ceiling:
        yield "above_ceiling"
    if bid.price < triggers.of_mean * market.mean:
        yield "below_of_mean"
    if above is not None and bid.price < triggers.of_next * above:
        yield "below_of_next"
    if bid.price < triggers.of_ceiling * market.ceiling:
        yield "below_of_ceiling"
    if bid.labour is not None and bid.labour < bid.legal:
        yield "labour_below_legal_floor"


def signals(bids: Sequence[Bid]) -> Iterator[tuple[str, Sequence[Bid]]]:
    """What several bids have in common, with those bids in the order of the input."""
    shared: tuple[tuple[str, Callable[[Bid], Iterable[str]]], ...] = (
        ("same_contact", lambda bid: bid.contacts),
        ("same_bank", lambda bid: (bid.bank,)),
        ("same_author", lambda bid: (bid.author,)),
    )
    for kind, values in shared:
        for those in sharing(bids, values):
            yield kind, those
    by_price = sorted(bids, key=lambda bid: bid.price)
    prices = [bid.price for bid in by_price]
    pairs = list(zip(prices, prices[1:], strict=False))
    steps: list[Fraction | None] = [high - low or None for low, high in pairs]
    ratios = [high / low if high > low > 0 else None for low, high in pairs]
    for kind, gaps in (("equal_steps", steps), ("equal_ratio", ratios)):
        for first, last in runs(gaps):
            run = {bid.id for bid in by_price[first : last + 1]}
            yield kind, [bid for bid in bids if bid.id in run]


def sharing(bids: Sequence[Bid], values: Callable[[Bid], Iterable[str]]) -> list[tuple[Bid, ...]]:
    """Each set of two or more bids that have a value in common, once; empty values are nobody's."""
    holders: dict[str, list[Bid]] = {}
    for bid in bids:
        for value in dict.fromkeys(values(bid)):
            if value:
                holders.setdefault(value, []).append(bid)
    return list(dict.fromkeys(tuple(those) for those in holders.values() if len(those) > 1))


def runs(gaps: Sequence[Fraction | None]) -> Iterator[tuple[int, int]]:
    """First and last place of each longest run of neighbours whose gaps are equal (``None``: no gap to count)."""
    reached = 0
    for first in range(len(gaps)):
        if reached == len(gaps):
            return
        last = _end(gaps, first)
        if last - first + 1 >= RUN and last > reached:
            yield first, last
            reached = last


def _end(gaps: Sequence[Fraction | None], first: int) -> int:
    """The last place that a run from ``first`` reaches."""
    least = most = gaps[first]
    place = first
    while place < len(gaps) and (gap := gaps[place]) is not None:
        assert least is not None and most is not None
        least, most = min(least, gap), max(most, gap)
        if most > EQUAL * least:
            break
        place += 1
    return place


def _obj(value: Any, path: str, *, required: Sequence[str], optional: Sequence[str] = ()) -> dict[str, Any]:
    """An object; a key that would set a lowest price is refused by its own word."""
    if isinstance(value, dict):
        for name in value:
            if name not in required and name not in optional and any(word in str(name).lower() for word in FORBIDDEN):
                raise Problem(
                    "forbidden_minimum_price", f"{path}.{name}",
                    f"“{str(name)[: read.SHOWN]}”像是最低限价。招标不得规定最低投标限价（招标投标法实施条例第27条），请删去。",
                )  # fmt: skip
    return read.obj(value, path, required=required, optional=optional)


def _triggers(value: Any) -> Triggers:
    found = _obj(value, "$.triggers", required=TRIGGERS)
    return Triggers(*(Fraction(read.decimal(found[name], f"$.triggers.{name}")) for name in TRIGGERS))


def _bids(value: Any) -> list[Bid]:
    bids: list[Bid] = []
    seen: set[str] = set()
    for path, row in read.rows(value, "$.bids", empty=False):
        bid = _bid(row, path)
        read.unique(bid.id, seen, f"{path}.id", "投标")
        seen.add(bid.id)
        bids.append(bid)
    return bids


def _bid(value: Any, path: str) -> Bid:
    optional = ("labour", "posts", "months", "contacts", "bank", "author")
    row = _obj(value, path, required=("id", "price"), optional=optional)
    months = read.whole(row["months"], f"{path}.months", least=1, most=MONTHS) if "months" in row else 0
    posts = [_post(post, at) for at, post in read.rows(row.get("posts", []), f"{path}.posts")]
    if posts and not months:
        raise Problem("missing", f"{path}.months", "写了岗位就要写服务多少个月（months），才能算法定人工费。")
    return Bid(
        read.text(row["id"], f"{path}.id"),
        Fraction(read.decimal(row["price"], f"{path}.price")),
        Fraction(read.decimal(row["labour"], f"{path}.labour", places=2)) if "labour" in row else None,
        sum(posts, Fraction(0)) * months,
        tuple(_words(one, at) for at, one in read.rows(row.get("contacts", []), f"{path}.contacts")),
        _words(row.get("bank", ""), f"{path}.bank"),
        _words(row.get("author", ""), f"{path}.author"),
    )


def _post(value: Any, path: str) -> Fraction:
    """What the posts of one kind cost a month at the lawful minimum."""
    row = _obj(value, path, required=("count", "monthly_floor"))
    count = read.whole(row["count"], f"{path}.count", least=0, most=HEADS)
    return count * Fraction(read.decimal(row["monthly_floor"], f"{path}.monthly_floor", places=2))


def _words(value: Any, path: str) -> str:
    """A text that may be empty."""
    return read.text(value, path) if value != "" else ""
