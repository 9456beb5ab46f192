"""The catalogue of inspections as it ships: read strictly, so that a slip in the file stops the program and not a lift."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from wuxie.kernel.statutes.figures import figure
from wuxie.kernel.statutes.queries import HOME_CITY

from .law import INSPECTION, TESTING, Cycle
from .words import Agency, AssetKind, Keeper, Level, Payer, Per

MONTHS_A_YEAR, DAYS_A_YEAR = 12, 365
FILE = Path(__file__).parent / "data" / "items.yaml"
KEYS = {"code", "label", "kind", "needs", "cycle", "last", "lead", "level", "special", "agency", "cost", "per", "payer", "basis",
        "hazard", "judge", "counts", "kept"}  # fmt: skip
CYCLE_KEYS = {"lift", "figure", "first", "old", "old_after", "months", "days"}


@dataclass(frozen=True)
class Item:
    """One thing that is looked at again and again.

    ``kind``: the asset it hangs on, empty for the estate as a whole; ``needs``: the equipment of the estate's profile of
    which any makes it apply there. ``follows_last``: whether the asset's own last date is a date of this item. ``lead``:
    days before the due date on which the case opens. ``least``, ``most``: cents for one of ``per``. ``special``: the asset must not
    be used without it. ``judged``: it applies until the safety director finds that this estate is not of the class.
    ``counts``: whether it is an inspection or a test that the enterprise itself owes; a contract or somebody else's visit is none, however binding.
    ``kept``: which other list keeps its dates; then it is shown and paid for here, and no case is opened.
    """

    code: str
    label: str
    kind: str
    needs: tuple[str, ...]
    spec: tuple[tuple[str, Any], ...]
    follows_last: bool
    lead: int
    level: str
    special: bool
    agency: str
    least: int
    most: int
    per: str
    payer: str
    basis: str
    hazard: str
    judged: bool
    counts: bool = True
    kept: str = ""

    @property
    def is_statutory(self) -> bool:
        return self.level == Level.STATUTORY

    @property
    def variant(self) -> str:
        """Of the fact that it is overdue."""
        return "special_equipment" if self.special else "other"

    def cycle(self, on: datetime.date) -> Cycle:
        """How often, with the figures in force on a day."""
        spec = dict(self.spec)
        if "lift" in spec:
            years = tuple(int(year) for year in figure("inspection.lift", on=on, region=HOME_CITY).value.split("、"))
            return Cycle(12, lift=spec["lift"], years=years)

        def number(key: str) -> int:
            found = figure(spec[key], on=on, region=HOME_CITY) if key in spec else None
            return found.number * (MONTHS_A_YEAR if found.unit == "year" else 1) if found else 0

        months = number("figure") or spec["months"]
        first = number("first") or months
        return Cycle(months, first=first, old_months=number("old"), old_after=number("old_after"))

    def a_year(self, on: datetime.date) -> Fraction:
        """How often a year by the cycle alone; of one that is counted in days, the days of a year by its days."""
        spec = dict(self.spec)
        if "days" in spec:
            return Fraction(DAYS_A_YEAR, figure(spec["days"], on=on, region=HOME_CITY).number)
        return Fraction(MONTHS_A_YEAR, self.cycle(on).months)


def _item(row: dict[str, Any]) -> Item:
    unknown = set(row) - KEYS | set(row["cycle"]) - CYCLE_KEYS
    if unknown:
        raise ValueError(f"{row.get('code')}: unknown {sorted(unknown)}")
    if ("kind" in row) == ("needs" in row):
        raise ValueError(f"{row['code']}: either an asset or the equipment of the estate")
    if row["cycle"].get("lift") not in (None, INSPECTION, TESTING):
        raise ValueError(f"{row['code']}: no such kind of lift cycle")
    if "days" in row["cycle"] and "kept" not in row:
        raise ValueError(f"{row['code']}: what is counted in days is kept by another list")
    if "months" in row["cycle"] and row["level"] != Level.INTERNAL:
        raise ValueError(f"{row['code']}: a rule from outside sets its months: they belong to statutes")
    least, most = row["cost"]
    if not 0 <= least <= most:
        raise ValueError(f"{row['code']}: the range of costs")
    return Item(
        code=row["code"], label=row["label"], kind=str(AssetKind(row["kind"])) if "kind" in row else "",
        needs=tuple(row.get("needs", ())), spec=tuple(row["cycle"].items()), follows_last=row.get("last", "kind" not in row),
        lead=row["lead"], level=str(Level(row["level"])), special=row.get("special", False), agency=str(Agency(row["agency"])),
        least=least, most=most, per=str(Per(row["per"])), payer=str(Payer(row["payer"])), basis=row["basis"],
        hazard=row.get("hazard", ""), judged=row.get("judge", False),
        counts=row.get("counts", True), kept=str(Keeper(row["kept"])) if "kept" in row else "",
    )  # fmt: skip


@cache
def items() -> dict[str, Item]:
    """Every item by its code, in the order of the file."""
    document = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    found = {row["code"]: _item(row) for row in document["items"]}
    if len(found) != len(document["items"]):
        raise ValueError("an item stands twice in the catalogue")
    return found


@cache
def of_kind(kind: str) -> tuple[Item, ...]:
    """The items of one kind of asset that a case is opened for; of the estate as a whole for an empty one."""
    return tuple(item for item in items().values() if item.kind == kind and not item.kept)
