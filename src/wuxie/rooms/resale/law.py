"""Whether users behind a master meter are charged more for power than is lawful, and what each gets back.

Sources: 电力法 arts. 44, 66 (no charge on top of the price of power); 国家发展改革委's notices on clearing up charges of re-supply.
Two lawful ways: everybody shares the grid's bill by sub-metered energy (``share``), or each pays the published price of
its class (``class``). All figures are fractions until they are shown; a verdict never hangs on a rounded one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from wuxie.kernel.calc import documents as read
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.calc.shares import largest_remainder
from wuxie.kernel.clock.now import today
from wuxie.kernel.statutes.figures import figure

MODES = ("share", "class")


@dataclass(frozen=True)
class Meter:
    """One end user's meter in one period: kWh, yuan per kWh charged, and (way ``class``) yuan per kWh allowed."""

    id: str
    kwh: Fraction
    price: Fraction
    klass: str
    allowed: Fraction | None = None

    def excess(self, cap: Fraction) -> Fraction:
        """What was charged above the class price with its tolerated mark-up, in yuan."""
        assert self.allowed is not None
        return self.kwh * max(self.price - self.allowed * (1 + cap), Fraction(0))


def half_up(value: Fraction, places: int) -> str:
    """A value not below nought with so many decimals, halves rounded up."""
    scaled = math.floor(value * 10**places + Fraction(1, 2))
    return f"{scaled // 10**places}.{scaled % 10**places:0{places}d}"


def whole_weights(values: Sequence[Fraction]) -> list[int]:
    """Whole numbers in the same proportion."""
    common = math.lcm(*(value.denominator for value in values))
    return [int(value * common) for value in values]


def resale(document: Any) -> dict[str, Any]:
    """Judge one billing period (contract ``resale``)."""
    found = read.obj(document, "$", required=("mode", "grid", "meters"), optional=("loss_cap", "amber_loss"))
    mode = read.choice(found["mode"], "$.mode", MODES)
    grid = read.obj(found["grid"], "$.grid", required=("kwh", "bill"))
    kwh = Fraction(read.decimal(grid["kwh"], "$.grid.kwh", positive=True))
    bill = Fraction(read.decimal(grid["bill"], "$.grid.bill", places=2))
    cap, amber = (_share(found, name) for name in ("loss_cap", "amber_loss"))
    meters = _meters(found["meters"], mode)
    used = sum((meter.kwh for meter in meters), Fraction(0))
    if used > kwh:
        raise Problem("range", "$.grid.kwh", "分表电量之和大于总表电量，损耗成了负数。请核对抄表日期和倍率。")
    if mode == "share" and not used:
        raise Problem("range", "$.meters", "分表电量都是 0，摊不出单价。请核对读数。")

    charged = sum((meter.kwh * meter.price for meter in meters), Fraction(0))
    excess = [meter.kwh if mode == "share" else meter.excess(cap) for meter in meters]
    over = max(charged - bill if mode == "share" else sum(excess, Fraction(0)), Fraction(0))
    loss = (kwh - used) / kwh
    mixed = len({meter.klass for meter in meters}) > 1
    return {
        "verdict": "red" if over else "amber" if loss > amber or mixed else "green",
        "allowed_price": half_up(bill / used, 4) if mode == "share" else None,
        "charged": half_up(charged, 2),
        "over": half_up(over, 2),
        "loss": half_up(loss, 4),
        "refunds": _refunds(meters, half_up(over, 2), excess) if over else [],
    }


def _share(found: dict[str, Any], name: str) -> Fraction:
    """A share from the document, or the figure that is in force."""
    if name in found:
        return Fraction(read.decimal(found[name], f"$.{name}"))
    return figure(f"resale.{name}", on=today()).fraction


def _meters(value: Any, mode: str) -> list[Meter]:
    required = ("id", "kwh", "price", "class", *(("allowed",) if mode == "class" else ()))
    meters: list[Meter] = []
    seen: set[str] = set()
    for path, row in read.rows(value, "$.meters", empty=False):
        row = read.obj(row, path, required=required, optional=("allowed",))
        name = read.text(row["id"], f"{path}.id")
        read.unique(name, seen, f"{path}.id", "表号")
        seen.add(name)
        kwh, price = (Fraction(read.decimal(row[key], f"{path}.{key}")) for key in ("kwh", "price"))
        klass = read.text(row["class"], f"{path}.class")
        allowed = Fraction(read.decimal(row["allowed"], f"{path}.allowed")) if "allowed" in row else None
        meters.append(Meter(name, kwh, price, klass, allowed))
    return meters


def _refunds(meters: Sequence[Meter], over: str, weights: Sequence[Fraction]) -> list[dict[str, str]]:
    """What was charged too much, back to those who paid it; who gets nothing has no row."""
    cents = int(over.replace(".", ""))
    parts = largest_remainder(cents, whole_weights(weights))
    return [
        {"id": meter.id, "amount": read.two_places(part)} for meter, part in zip(meters, parts, strict=True) if part
    ]
