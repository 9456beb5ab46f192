"""A scoring standard as a document: read, checked and frozen into plain dataclasses.

Two forms are read by the same code: the strict one of the contract, and the association's own, which adds words for
people (labels, evidence wanted, consequences, benefits) and may leave window and cut-off to the cycle it is used in.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import yaml

from wuxie.kernel.calc import documents as read
from wuxie.kernel.calc.problems import Problem

from .language import Formula, Number, compile_formula, parse_decimal

TRUST = ("self_declared", "counterpart_confirmed", "association_verified", "authority_document")
NO_DATA = ("zero", "full", "skip")
LARGEST = 2_000_000
#: Words for people; they change no score.
STANDARD_WORDS = (
    "label",
    "note",
    "legal_guard",
    "classes",
    "benefits",
    "quota",
    "valid_months",
    "publicity_days",
    "subject",
)
GROUP_WORDS = ("label", "note")
INDICATOR_WORDS = ("label", "text", "evidence", "kind", "note", "class_no_data", "not_for", "wanted")
VETO_WORDS = ("label", "consequence", "cooling_months", "note")
GRADE_WORDS = ("label", "recognition", "note")


@dataclass(frozen=True)
class Indicator:
    id: str
    points: Number
    formula: Formula
    no_data: str
    words: dict[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Group:
    id: str
    points: Number
    indicators: tuple[Indicator, ...]
    words: dict[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Veto:
    id: str
    when: Formula
    max_stars: int
    words: dict[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Grade:
    stars: int
    least: Number
    group_least: Number | None
    floors: tuple[tuple[str, Number], ...]
    words: dict[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Standard:
    name: str
    version: str
    start: datetime.date
    end: datetime.date
    cutoff: datetime.date
    min_trust: int
    groups: tuple[Group, ...]
    vetoes: tuple[Veto, ...]
    grades: tuple[Grade, ...]
    words: dict[str, Any] = field(default_factory=dict, compare=False)

    def formulas(self) -> Iterable[Formula]:
        for group in self.groups:
            yield from (indicator.formula for indicator in group.indicators)
        yield from (veto.when for veto in self.vetoes)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every kind that some formula reads, sorted."""
        return tuple(sorted({kind for formula in self.formulas() for kind in formula.kinds}))

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        return tuple(indicator for group in self.groups for indicator in group.indicators)

    def for_days(self, end: datetime.date, *, cutoff: datetime.date | None = None) -> Standard:
        """The same standard over the window moved so that it ends on a day (the live score, a veto judged today)."""
        return replace(self, start=self.start + (end - self.end), end=end, cutoff=cutoff or max(end, self.cutoff))


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Refuses a key that stands twice, which plain YAML lets win silently."""


def _mapping(loader: Any, node: Any, deep: bool = False) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _value in node.value:
        key = loader.construct_object(key_node, deep=True)
        if isinstance(key, (str, int)) and key in seen:
            raise Problem("duplicate", f"$.{key}", f"第 {key_node.start_mark.line + 1} 行：“{key}”写了两次，请留一处。")
        if isinstance(key, (str, int)):
            seen.add(key)
    result: dict[Any, Any] = yaml.SafeLoader.construct_mapping(loader, node, deep=deep)
    return result


_Loader.add_constructor(
    yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, lambda loader, node: _mapping(loader, node, True)
)


def load_yaml(body: bytes) -> Any:
    """YAML (or JSON) in UTF-8 as plain data."""
    if len(body) > LARGEST:
        raise Problem("range", "$", "标准文件超过 2 MB，请检查是不是选错了文件。")
    try:
        return yaml.load(body.decode("utf-8-sig"), Loader=_Loader)  # noqa: S506  a safe loader that refuses doubles
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError, ValueError) as fault:
        line = getattr(getattr(fault, "problem_mark", None), "line", None)
        where = f"第 {line + 1} 行附近" if line is not None else "文件"
        raise Problem("json", "$", f"{where}不是 UTF-8 编码的 YAML，请检查缩进、冒号和引号。") from None


def load(data: Any) -> Standard:
    """Check a standard document and compile its formulas; ``Problem`` at the first fault."""
    found = read.obj(
        data, "$", required=("standard", "version", "window", "cutoff", "min_trust", "groups"),
        optional=("vetoes", "grades", *STANDARD_WORDS),
    )  # fmt: skip
    window = read.obj(found["window"], "$.window", required=("from", "to"))
    start, end = _date(window["from"], "$.window.from"), _date(window["to"], "$.window.to")
    if end < start:
        raise Problem("range", "$.window.to", f"窗口止日 {end} 早于起日 {start}。请把止日改到起日之后。")
    groups = _groups(found["groups"])
    ids = [group.id for group in groups]
    return Standard(
        name=read.text(found["standard"], "$.standard"),
        version=_word(found["version"], "$.version"),
        start=start,
        end=end,
        cutoff=_date(found["cutoff"], "$.cutoff"),
        min_trust=TRUST.index(read.choice(found["min_trust"], "$.min_trust", TRUST)),
        groups=groups,
        vetoes=_vetoes(found.get("vetoes") or []),
        grades=_grades(found.get("grades") or [], ids),
        words={name: found[name] for name in STANDARD_WORDS if name in found},
    )


def for_cycle(
    data: dict[str, Any], *, start: datetime.date, end: datetime.date, cutoff: datetime.date, klass: str = ""
) -> dict[str, Any]:
    """A standard document as one cycle uses it for one class of estate: its own window, and what is not applicable.

    An indicator that is not for a class gets the formula ``ratio(1, 0)`` and ``skip``: it has no data by its own words,
    so that a stranger's recomputation needs no list beside the document.
    """
    if cutoff < end:
        raise Problem("range", "$.cutoff", f"截止日 {cutoff} 早于取数窗口的止日 {end}。请改成 {end} 或以后。")
    groups = [
        {**group, "indicators": [_for_class(indicator, klass) for indicator in group["indicators"]]}
        for group in data["groups"]
    ]
    return {
        **data, "window": {"from": start.isoformat(), "to": end.isoformat()}, "cutoff": cutoff.isoformat(), "groups": groups,
    }  # fmt: skip


def _for_class(indicator: dict[str, Any], klass: str) -> dict[str, Any]:
    if klass and klass in (indicator.get("not_for") or ()):
        return {**indicator, "formula": "ratio(1, 0)", "no_data": "skip"}
    policy = (indicator.get("class_no_data") or {}).get(klass)
    return {**indicator, "no_data": policy} if policy else indicator


def _date(value: Any, path: str) -> datetime.date:
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    return read.date(value, path)


def _word(value: Any, path: str) -> str:
    """A text; YAML may have read an unquoted version as a number."""
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else read.text(value, path)


def _number(value: Any, path: str, *, least: int = 0) -> Number:
    """A decimal as YAML may give it (text, whole number, or a float whose shortest text is what was typed)."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise Problem("type", path, f"{path} 应是数。")
    plain = value if isinstance(value, str) else format(Decimal(repr(value)), "f")
    read.decimal(plain, path)
    number = parse_decimal(plain)
    if number[0] < least * number[1]:
        raise Problem("range", path, f"{path} 不能小于 {least}。")
    return number


def _same(a: Number, b: Number) -> bool:
    return a[0] * b[1] == b[0] * a[1]


def _groups(value: Any) -> tuple[Group, ...]:
    groups: list[Group] = []
    group_ids: set[str] = set()
    indicator_ids: set[str] = set()
    for path, row in read.rows(value, "$.groups", empty=False):
        row = read.obj(row, path, required=("id", "points", "indicators"), optional=GROUP_WORDS)
        name = _word(row["id"], f"{path}.id")
        read.unique(name, group_ids, f"{path}.id", "分组")
        group_ids.add(name)
        points = _number(row["points"], f"{path}.points")
        indicators = tuple(
            _indicator(indicator, where, indicator_ids)
            for where, indicator in read.rows(row["indicators"], f"{path}.indicators", empty=False)
        )
        total: Number = (0, 1)
        for one in indicators:
            total = (total[0] * one.points[1] + one.points[0] * total[1], total[1] * one.points[1])
        if not _same(total, points):
            raise Problem("range", f"{path}.points", f"分组“{name}”写的满分与它各项指标的满分之和不等，请改成一致。")
        groups.append(Group(name, points, indicators, {key: row[key] for key in GROUP_WORDS if key in row}))
    return tuple(groups)


def _indicator(row: Any, path: str, seen: set[str]) -> Indicator:
    row = read.obj(row, path, required=("id", "points", "formula"), optional=("no_data", *INDICATOR_WORDS))
    name = _word(row["id"], f"{path}.id")
    read.unique(name, seen, f"{path}.id", "指标")
    seen.add(name)
    return Indicator(
        name,
        _number(row["points"], f"{path}.points"),
        compile_formula(row["formula"], f"{path}.formula"),
        read.choice(row.get("no_data", "zero"), f"{path}.no_data", NO_DATA),
        {key: row[key] for key in INDICATOR_WORDS if key in row},
    )


def _vetoes(value: Any) -> tuple[Veto, ...]:
    vetoes: list[Veto] = []
    seen: set[str] = set()
    for path, row in read.rows(value, "$.vetoes"):
        row = read.obj(row, path, required=("id", "when", "max_stars"), optional=VETO_WORDS)
        name = _word(row["id"], f"{path}.id")
        read.unique(name, seen, f"{path}.id", "否决项")
        seen.add(name)
        vetoes.append(
            Veto(
                name,
                compile_formula(row["when"], f"{path}.when"),
                read.whole(row["max_stars"], f"{path}.max_stars", least=0, most=100),
                {key: row[key] for key in VETO_WORDS if key in row},
            )  # fmt: skip
        )
    return tuple(vetoes)


def _grades(value: Any, groups: list[str]) -> tuple[Grade, ...]:
    grades: list[Grade] = []
    seen: set[str] = set()
    for path, row in read.rows(value, "$.grades"):
        row = read.obj(row, path, required=("stars", "min"), optional=("group_min", "floors", *GRADE_WORDS))
        stars = read.whole(row["stars"], f"{path}.stars", least=0, most=100)
        read.unique(str(stars), seen, f"{path}.stars", "星级")
        seen.add(str(stars))
        floors = row.get("floors")
        if floors is None:
            floors = {}
        if not isinstance(floors, dict):
            raise Problem("type", f"{path}.floors", "floors 应写成 分组: 得分率。")
        for name in floors:
            if str(name) not in groups:
                raise Problem("reference", f"{path}.floors.{name}", f"没有分组“{name}”。可选：{'、'.join(groups)}。")
        grades.append(
            Grade(
                stars,
                _number(row["min"], f"{path}.min"),
                _number(row["group_min"], f"{path}.group_min") if row.get("group_min") is not None else None,
                tuple((str(name), _number(share, f"{path}.floors.{name}")) for name, share in floors.items()),
                {key: row[key] for key in GRADE_WORDS if key in row},
            )  # fmt: skip
        )
    return tuple(grades)
