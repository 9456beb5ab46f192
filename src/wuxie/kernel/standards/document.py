"""Reading a standard: from YAML or JSON to ``Standard``, refusing whatever does not fit with the path of the fault.

The contract form (interface, section 2.7) is strict. The *room form* is the same with descriptions: ``descriptive=True``
allows the keys in ``DESCRIPTIVE`` beside it, and ``described.py`` turns it into the contract form for one cycle.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from wuxie.kernel.calc.documents import choice, obj, rows, text, unique, whole
from wuxie.kernel.calc.documents import date as read_date
from wuxie.kernel.calc.problems import Problem

from .exact import ONE, ZERO, Pair, below, fraction, pair, plus
from .language import parse
from .model import NO_DATA, TRUST, Formula, Grade, Group, Indicator, Standard, Veto
from .yamltext import Written
from .yamltext import load as load_yaml

DECIMAL = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,40})?", re.ASCII)
#: What a description may add, by the place where it stands.
DESCRIPTIVE: dict[str, tuple[str, ...]] = {
    "standard": ("label", "note", "classes", "benefits"),
    "group": ("label", "note"),
    "indicator": ("label", "note", "evidence", "kind"),
    "veto": ("label", "note", "consequence", "cooling_months"),
    "grade": ("label", "note", "recognition_level"),
}
MOST_STARS = 1_000


def read_yaml(source: bytes) -> Standard:
    """A standard in the contract form, from the bytes of a YAML file."""
    return read(load_yaml(source))


def read(document: Any, path: str = "$", *, descriptive: bool = False) -> Standard:
    """A standard from a parsed document; ``Problem`` names the first fault."""
    return _Reader(descriptive).standard(document, path)


class _Reader:
    def __init__(self, descriptive: bool) -> None:
        self.descriptive = descriptive
        self.ids: dict[str, set[str]] = {"group": set(), "indicator": set(), "veto": set()}

    def obj(self, value: Any, path: str, place: str, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> dict:
        return obj(value, path, required=required, optional=optional + (DESCRIPTIVE[place] if self.descriptive else ()))

    def id(self, row: dict[str, Any], path: str, place: str) -> str:
        value = text(row["id"], f"{path}.id")
        if isinstance(value, Written) or not value.isprintable() or set(value) & set(";,\"'"):
            raise Problem("type", f"{path}.id", "编号是一个词，数字要加引号，里面不用引号、逗号和分号。")
        unique(value, self.ids[place], f"{path}.id", "编号")
        self.ids[place].add(value)
        return value

    def standard(self, value: Any, path: str) -> Standard:
        row = self.obj(
            value, path, "standard",
            ("standard", "version", "window", "cutoff", "min_trust", "groups"), ("vetoes", "grades"),
        )  # fmt: skip
        window = obj(row["window"], f"{path}.window", required=("from", "to"))
        starts_on = day(window["from"], f"{path}.window.from")
        ends_on = day(window["to"], f"{path}.window.to")
        if ends_on < starts_on:
            raise Problem("range", f"{path}.window.to", "取数期的末日早于首日，请对调或改正。")
        cutoff = day(row["cutoff"], f"{path}.cutoff")
        if cutoff < starts_on:
            raise Problem(
                "range",
                f"{path}.cutoff",
                f"录入截止日早于取数期首日 {starts_on}，什么也取不到；请把截止日改到取数期之后。",
            )
        groups = tuple(self.group(*item) for item in _rows(row["groups"], f"{path}.groups", empty=False))
        vetoes = tuple(self.veto(*item) for item in _rows(row.get("vetoes", []), f"{path}.vetoes"))
        known = {group.id for group in groups}
        grades = tuple(self.grade(*item, known) for item in _rows(row.get("grades", []), f"{path}.grades"))
        return Standard(
            code=_word(row["standard"], f"{path}.standard"), version=_word(row["version"], f"{path}.version"),
            starts_on=starts_on, ends_on=ends_on, cutoff=cutoff,
            min_trust=choice(row["min_trust"], f"{path}.min_trust", TRUST), groups=groups, vetoes=vetoes, grades=grades,
        )  # fmt: skip

    def group(self, path: str, value: Any) -> Group:
        row = self.obj(value, path, "group", ("id", "points", "indicators"))
        code = self.id(row, path, "group")
        points = number(row["points"], f"{path}.points")
        indicators = tuple(
            self.indicator(*item) for item in _rows(row["indicators"], f"{path}.indicators", empty=False)
        )
        total = ZERO
        for indicator in indicators:
            total = plus(total, indicator.points)
        if fraction(total) != fraction(points):
            raise Problem(
                "range",
                f"{path}.points",
                f"这一组写的是 {_plain(points)} 分，各指标合计 {_plain(total)} 分，两者应相等。",
            )
        return Group(code, points, indicators)

    def indicator(self, path: str, value: Any) -> Indicator:
        row = self.obj(value, path, "indicator", ("id", "points", "formula"), ("no_data",))
        code = self.id(row, path, "indicator")
        points = number(row["points"], f"{path}.points")
        no_data = choice(row.get("no_data", "zero"), f"{path}.no_data", NO_DATA)
        return Indicator(code, points, formula(row["formula"], f"{path}.formula"), no_data)

    def veto(self, path: str, value: Any) -> Veto:
        row = self.obj(value, path, "veto", ("id", "when", "max_stars"))
        code = self.id(row, path, "veto")
        return Veto(code, formula(row["when"], f"{path}.when"), _stars(row["max_stars"], f"{path}.max_stars"))

    def grade(self, path: str, value: Any, known: set[str]) -> Grade:
        row = self.obj(value, path, "grade", ("stars", "min"), ("group_min", "floors"))
        floors = row.get("floors", {})
        obj(floors, f"{path}.floors", required=(), optional=tuple(floors) if isinstance(floors, Mapping) else ())
        for group in floors:
            if group not in known:
                raise Problem("reference", f"{path}.floors.{group}", f"没有编号为“{str(group)[:40]}”的组，请核对。")
        return Grade(
            stars=_stars(row["stars"], f"{path}.stars"),
            least=number(row["min"], f"{path}.min"),
            group_min=share(row["group_min"], f"{path}.group_min") if "group_min" in row else None,
            floors={group: share(least, f"{path}.floors.{group}") for group, least in floors.items()},
        )


# ── single values ───────────────────────────────────────────────────────────────────────────────────────────────────────


def formula(value: Any, path: str) -> Formula:
    """A formula; a bare number (``formula: 3``) is one too."""
    return Formula(
        str(value), parse(str(value) if isinstance(value, int) and not isinstance(value, bool) else value, path)
    )


def number(value: Any, path: str) -> Pair:
    """A decimal that is not negative, as number or text: at most 15 digits before the point, no exponent."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise Problem("type", path, f'{path} 应是数，例如 4 或 "0.75"。')
    words = repr(value) if isinstance(value, float) else str(value)
    if not DECIMAL.fullmatch(words):
        whole_part = words.lstrip("-").partition(".")[0]
        if whole_part.isdecimal() and whole_part.isascii() and len(whole_part) > 15:
            raise Problem("range", path, f"{path} 的整数部分最多 15 位。")
        raise Problem("type", path, f"{path} 应写成 4 或 0.75 这样的数，不用指数、空格和分隔号。")
    result = pair(words)
    if result[0] < 0:
        raise Problem("range", path, f"{path} 不能是负数。")
    return result


def share(value: Any, path: str) -> Pair:
    """A share between 0 and 1."""
    result = number(value, path)
    if below(ONE, result):
        raise Problem("range", path, f"{path} 是得分率，应在 0 到 1 之间，例如 0.6。")
    return result


def day(value: Any, path: str) -> str:
    """A day as ISO text."""
    if type(value) is datetime.date:
        return value.isoformat()
    return read_date(str(value) if isinstance(value, Written) else value, path).isoformat()


def _stars(value: Any, path: str) -> int:
    if isinstance(value, Written) and value.isdecimal():
        value = int(value) if len(value) < 10 else MOST_STARS + 1
    if isinstance(value, Written) and value.lstrip("-+").isdecimal():
        value = -1
    return whole(value, path, least=0, most=MOST_STARS)


def _word(value: Any, path: str) -> str:
    if isinstance(value, Written):
        raise Problem("type", path, f'{path} 应是文字，请加引号，例如 "{value}"。')
    return text(value, path)


def _rows(value: Any, path: str, *, empty: bool = True) -> list[tuple[str, Any]]:
    return list(rows(value, path, empty=empty))


def _plain(value: Pair) -> str:
    reduced = fraction(value)
    return str(Decimal(reduced.numerator) / Decimal(reduced.denominator))
