"""A scoring standard as a document: read, checked and frozen into plain dataclasses.

Two forms are read by the same code: the strict one of the contract (``strict=True``: what a stranger hands in, every other
key refused), and the association's own, which adds words for people (labels, evidence wanted, consequences, benefits) and
may leave window and cut-off to the cycle it is used in.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from wuxie.kernel.calc import documents as read
from wuxie.kernel.calc.problems import Problem

from .language import LONGEST_NUMBER, Formula, Number, compile_formula, parse_decimal

TRUST = ("self_declared", "counterpart_confirmed", "association_verified", "authority_document")
NO_DATA = ("zero", "full", "skip")
LARGEST, MOST_NODES, DEEPEST = 2_000_000, 100_000, 20
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
    """Plain texts and numbers only: no dates, no yes and no, no octal or sexagesimal numbers, no key given twice."""


_Loader.yaml_implicit_resolvers = {
    first: [one for one in resolvers if one[0].rpartition(":")[2] not in ("timestamp", "bool", "int", "float")]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}


def _mapping(loader: Any, node: Any, deep: bool = False) -> dict[Any, Any]:
    seen: set[str] = set()
    for key_node, _value in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise Problem("type", "$", f"第 {line} 行：键应是一个词。")
        key = str(key_node.value)
        if key in seen and not key_node.tag.endswith(":merge"):
            raise Problem("duplicate", f"$.{key[:40]}", f"第 {line} 行：“{key[:40]}”写了两次，请留一处。")
        seen.add(key)
    result: dict[Any, Any] = yaml.SafeLoader.construct_mapping(loader, node, deep=deep)
    return result


def _plain(loader: Any, node: Any) -> int | float | str:
    """A number if its shortest text is what was written; else the text itself (``2026.10`` stays ``2026.10``)."""
    text = str(node.value)
    number = float(text) if set(text) & set(".eE") else int(text)
    return number if repr(number) == text else text


_Loader.add_constructor(
    yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, lambda loader, node: _mapping(loader, node, True)
)
_Loader.add_implicit_resolver(
    "!plain",
    re.compile(r"-?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][-+]?[0-9]{1,3})?$", re.ASCII),
    list("-.0123456789"),
)
_Loader.add_constructor("!plain", _plain)
_Loader.add_implicit_resolver("!flag", re.compile(r"(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))
_Loader.add_constructor("!flag", lambda loader, node: node.value.lower() == "true")


def load_yaml(body: bytes) -> Any:
    """YAML (or JSON) in UTF-8 as plain data."""
    if len(body) > LARGEST:
        raise Problem("range", "$", "标准文件超过 2 MB，请检查是不是选错了文件。")
    try:
        source = body.decode("utf-8-sig")
        _measure(source)
        return yaml.load(source, Loader=_Loader)  # noqa: S506  a safe loader that takes less than SafeLoader
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError, ValueError) as fault:
        line = getattr(getattr(fault, "problem_mark", None), "line", None)
        where = f"第 {line + 1} 行附近" if line is not None else "文件"
        raise Problem("json", "$", f"{where}不是 UTF-8 编码的 YAML，请检查缩进、冒号和引号。") from None


def _measure(source: str) -> None:
    """Count what aliases would unfold to, event by event, before anything is built."""
    sizes: dict[str, int] = {}
    unfinished: list[tuple[str | None, int]] = []
    total = 0
    for event in yaml.parse(source, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in sizes:
                raise Problem("reference", "$", f"引用 *{str(event.anchor)[:40]} 时它还没有写完。")
            total += sizes[event.anchor]
        elif isinstance(event, yaml.ScalarEvent):
            total += 1
            if event.anchor:
                sizes[event.anchor] = 1
        elif isinstance(event, yaml.CollectionStartEvent):
            unfinished.append((event.anchor, total))
            total += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = unfinished.pop()
            if anchor:
                sizes[anchor] = total - before
        if total > MOST_NODES or len(unfinished) > DEEPEST:
            raise Problem("range", "$", "标准文件展开后太大或嵌套太深，请去掉重复的引用。")


def load(data: Any, *, strict: bool = False) -> Standard:
    """Check a standard document and compile its formulas; ``Problem`` at the first fault."""
    found = read.obj(
        data, "$", required=("standard", "version", "window", "cutoff", "min_trust", "groups"),
        optional=("vetoes", "grades", *(() if strict else STANDARD_WORDS)),
    )  # fmt: skip
    window = read.obj(found["window"], "$.window", required=("from", "to"))
    start, end = _date(window["from"], "$.window.from"), _date(window["to"], "$.window.to")
    if end < start:
        raise Problem("range", "$.window.to", f"窗口止日 {end} 早于起日 {start}。请把止日改到起日之后。")
    cutoff = _date(found["cutoff"], "$.cutoff")
    if cutoff < start:
        raise Problem(
            "range", "$.cutoff", f"截止日 {cutoff} 早于取数窗口的起日 {start}，什么也取不到。请改到窗口之后。"
        )
    groups = _groups(found["groups"], strict)
    ids = [group.id for group in groups]
    return Standard(
        name=read.text(found["standard"], "$.standard"),
        version=_word(found["version"], "$.version", False),
        start=start,
        end=end,
        cutoff=cutoff,
        min_trust=TRUST.index(read.choice(found["min_trust"], "$.min_trust", TRUST)),
        groups=groups,
        vetoes=_vetoes(found.get("vetoes", []), strict),
        grades=_grades(found.get("grades", []), ids, strict),
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


def contract_form(data: dict[str, Any]) -> dict[str, Any]:
    """The document without the words for people: what ``calc score`` takes, and what a stranger recomputes from."""
    bare = {name: value for name, value in data.items() if name not in STANDARD_WORDS}
    bare["groups"] = [
        {**_without(group, GROUP_WORDS), "indicators": [_without(one, INDICATOR_WORDS) for one in group["indicators"]]}
        for group in data["groups"]
    ]
    for name, words in (("vetoes", VETO_WORDS), ("grades", GRADE_WORDS)):
        if name in data:
            bare[name] = [_without(one, words) for one in data[name]]
    return bare


def _without(row: dict[str, Any], words: Iterable[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in words}


def _for_class(indicator: dict[str, Any], klass: str) -> dict[str, Any]:
    if klass and klass in (indicator.get("not_for") or ()):
        return {**indicator, "formula": "ratio(1, 0)", "no_data": "skip"}
    policy = (indicator.get("class_no_data") or {}).get(klass)
    return {**indicator, "no_data": policy} if policy else indicator


def _date(value: Any, path: str) -> datetime.date:
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    return read.date(value, path)


def _word(value: Any, path: str, strict: bool) -> str:
    """A text; in the association's own form also a number that was written without quotes."""
    lenient = not strict and isinstance(value, (int, float)) and not isinstance(value, bool)
    return str(value) if lenient else read.text(value, path)


def _share(value: Any, path: str) -> Number:
    """A share of points, 0 to 1."""
    share = _number(value, path)
    if share[0] > share[1]:
        raise Problem("range", path, f"{path} 是得分率，应在 0 到 1 之间，例如 0.6。")
    return share


def _number(value: Any, path: str) -> Number:
    """A decimal, never below nought, as YAML may give it (text, whole number, or a float whose shortest text is what was typed)."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise Problem("type", path, f"{path} 应是数。")
    plain = value if isinstance(value, str) else repr(value)
    if len(plain) > LONGEST_NUMBER:
        raise Problem("range", path, f"{path} 最多 {LONGEST_NUMBER} 位。")
    read.decimal(plain, path)
    return parse_decimal(plain)


def _same(a: Number, b: Number) -> bool:
    return a[0] * b[1] == b[0] * a[1]


def _groups(value: Any, strict: bool) -> tuple[Group, ...]:
    groups: list[Group] = []
    group_ids: set[str] = set()
    indicator_ids: set[str] = set()
    for path, row in read.rows(value, "$.groups", empty=False):
        row = read.obj(row, path, required=("id", "points", "indicators"), optional=() if strict else GROUP_WORDS)
        name = _word(row["id"], f"{path}.id", strict)
        read.unique(name, group_ids, f"{path}.id", "分组")
        group_ids.add(name)
        points = _number(row["points"], f"{path}.points")
        indicators = tuple(
            _indicator(indicator, where, indicator_ids, strict)
            for where, indicator in read.rows(row["indicators"], f"{path}.indicators", empty=False)
        )
        total: Number = (0, 1)
        for one in indicators:
            total = (total[0] * one.points[1] + one.points[0] * total[1], total[1] * one.points[1])
        if not _same(total, points):
            raise Problem("range", f"{path}.points", f"分组“{name}”写的满分与它各项指标的满分之和不等，请改成一致。")
        groups.append(Group(name, points, indicators, {key: row[key] for key in GROUP_WORDS if key in row}))
    return tuple(groups)


def _indicator(row: Any, path: str, seen: set[str], strict: bool) -> Indicator:
    row = read.obj(
        row, path, required=("id", "points", "formula"), optional=("no_data", *(() if strict else INDICATOR_WORDS))
    )
    name = _word(row["id"], f"{path}.id", strict)
    read.unique(name, seen, f"{path}.id", "指标")
    seen.add(name)
    return Indicator(
        name,
        _number(row["points"], f"{path}.points"),
        compile_formula(row["formula"], f"{path}.formula"),
        read.choice(row.get("no_data", "zero"), f"{path}.no_data", NO_DATA),
        {key: row[key] for key in INDICATOR_WORDS if key in row},
    )


def _vetoes(value: Any, strict: bool) -> tuple[Veto, ...]:
    vetoes: list[Veto] = []
    seen: set[str] = set()
    for path, row in read.rows(value, "$.vetoes"):
        row = read.obj(row, path, required=("id", "when", "max_stars"), optional=() if strict else VETO_WORDS)
        name = _word(row["id"], f"{path}.id", strict)
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


def _grades(value: Any, groups: list[str], strict: bool) -> tuple[Grade, ...]:
    grades: list[Grade] = []
    seen: set[str] = set()
    for path, row in read.rows(value, "$.grades"):
        row = read.obj(
            row, path, required=("stars", "min"), optional=("group_min", "floors", *(() if strict else GRADE_WORDS))
        )
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
                _share(row["group_min"], f"{path}.group_min") if row.get("group_min") is not None else None,
                tuple((str(name), _share(share, f"{path}.floors.{name}")) for name, share in floors.items()),
                {key: row[key] for key in GRADE_WORDS if key in row},
            )  # fmt: skip
        )
    return tuple(grades)
