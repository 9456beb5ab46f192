"""Last year's facts under two versions of a standard: who gains, who loses, and through which indicator.

All projects of the cycle's place are read by the same statements (``reading.measured``), for both versions together: the same
rows, the cycle's own window and cut-off, disputes as they stand today. Nothing is written to the ledger.

What reviewers mark is not marked again. Where the ledger holds marks for the cycle they are kept; a project (or an indicator)
without marks is not asked for it, in neither version, and its points are spread as the standards do. Where both versions ask for
the same marks by the same formula but for different points, the marks keep their share: three of four points become four and a
half of six.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from wuxie.kernel import labels
from wuxie.kernel.places.models import Place
from wuxie.kernel.standards.document import Standard
from wuxie.kernel.standards.judge import Result, judge
from wuxie.kernel.standards.language import Slot, Slots, compile_formula
from wuxie.rooms.register.models import Estate, Project

from . import evidence, queries
from .decimals import decimal, hundredths, signed
from .models import Cycle, WhatIfRow
from .reading import measured

Document = dict[str, Any]
#: The indicators named as the reasons of one project's change.
REASONS = 3
#: The figures by group that the page shows: field of a row → what it groups by.
GROUPED = ("klass", "district", "size")


def adapted(base: Document, draft: Document) -> tuple[Document, Document]:
    """Both documents with judged indicators treated alike (see above)."""
    judged = evidence.judged_indicators(base)
    marked = {one["id"]: one for one in _indicators(base) if one["id"] in judged}
    return _without_marks_not_asked(base, {}), _without_marks_not_asked(draft, marked)


def _indicators(document: Document) -> list[dict[str, Any]]:
    return [one for group in document["groups"] for one in group["indicators"]]


def _without_marks_not_asked(document: Document, before: dict[str, dict[str, Any]]) -> Document:
    judged = evidence.judged_indicators(document)

    def treated(one: dict[str, Any]) -> dict[str, Any]:
        if one["id"] not in judged:
            return one
        made = {**one, "no_data": "skip", "class_no_data": {}}
        old = before.get(one["id"])
        if old and old["formula"] == one["formula"]:
            points, were = Fraction(str(one["points"])), Fraction(str(old["points"]))
            if points != were and were:
                made["formula"] = f"({one['formula']}) * {one['points']} / {old['points']}"
        kinds = compile_formula(one["formula"], "$").kinds
        if all(map(evidence.is_mark, kinds)):  # a sum of no marks would be nought, not "nobody marked"
            made["formula"] = f"({made['formula']}) if count('{kinds[0]}') > 0 else ratio(1, 0)"
        return made

    groups = [{**group, "indicators": [treated(one) for one in group["indicators"]]} for group in document["groups"]]
    return {**document, "groups": groups}


@dataclass(frozen=True)
class Pair:
    """One project under both versions."""

    project: Project
    base: Result
    draft: Result
    judged: bool

    @property
    def change(self) -> Fraction:
        return Fraction(*self.draft.total) - Fraction(*self.base.total)

    def reasons(self) -> list[tuple[str, str, Fraction]]:
        """Every indicator whose earned points differ, the largest difference first; gone or new ones count with all of it."""
        before, after = _earned(self.base), _earned(self.draft)
        moved = [
            (one, (after.get(one) or before[one])[0], after.get(one, ("", Fraction()))[1] - before.get(one, ("", Fraction()))[1])
            for one in {**before, **after}
        ]  # fmt: skip
        return sorted((one for one in moved if one[2]), key=lambda one: (-abs(one[2]), one[0]))


def _earned(result: Result) -> dict[str, tuple[str, Fraction]]:
    return {
        one.indicator.id: (str(one.indicator.words.get("label", "")), Fraction(*one.value))
        for group in result.groups
        for one in group.indicators
        if one.value is not None
    }


class Versions:
    """Two versions as one cycle would use them, compiled once for each class of estates."""

    def __init__(self, cycle: Cycle, base: Document, draft: Document) -> None:
        self.cycle = cycle
        self._documents = adapted(base, draft)
        self._compiled: dict[str, tuple[Standard, Standard]] = {}

    def of(self, klass: str) -> tuple[Standard, Standard]:
        if klass not in self._compiled:
            base, draft = (
                queries.compiled(queries.document_of(self.cycle, klass, document)) for document in self._documents
            )
            self._compiled[klass] = (base, draft)
        return self._compiled[klass]

    @property
    def readers(self) -> list[Standard]:
        """What the statements ask for: one standard with the formulas of both, two where they trust different facts."""
        base, draft = self.of("")
        if base.min_trust != draft.min_trust:
            return [base, draft]
        return [replace(base, groups=base.groups + draft.groups, vetoes=base.vetoes + draft.vetoes)]


def pairs(
    versions: Versions,
    projects: Sequence[Project],
    *,
    as_of: datetime.date,
    report: Callable[[int], None] | None = None,
) -> Iterator[Pair]:
    """Every project under both versions."""
    readers = versions.readers
    marks = {slot for one in readers for slot in _marks(one)}
    done = 0
    for part, read in measured(versions.cycle, projects, readers, as_of=as_of):
        for project in part:
            slots: list[Slots] = [one.of(project.key) for one in read]
            base, draft = versions.of(project.estate.klass)
            marked = any(one[slot][0] for one in slots for slot in marks)
            yield Pair(project, judge(base, slots[0]), judge(draft, slots[-1]), marked)
        done += len(part)
        if report:
            report(done)


def _marks(standard: Standard) -> list[Slot]:
    return [
        slot
        for one in standard.indicators
        for slot in one.formula.slots
        if evidence.is_mark(slot.kind) and slot.measure == "count"
    ]


def sizes(projects: Sequence[Project]) -> dict[int, str]:
    """Company → how large it is, by the projects among these that it serves."""
    counts = Counter(project.company_id for project in projects)
    size = WhatIfRow.Size
    return {company: size.SMALL if n <= 2 else size.MIDDLE if n <= 9 else size.LARGE for company, n in counts.items()}


def row(pair: Pair, size: str) -> WhatIfRow:
    """A pair as it is kept."""
    base, draft = Fraction(*pair.base.total), Fraction(*pair.draft.total)
    return WhatIfRow(
        project=pair.project, district=pair.project.estate.place_id[:6], klass=pair.project.estate.klass, size=size,
        base_hundredths=hundredths(base), draft_hundredths=hundredths(draft), change_hundredths=hundredths(pair.change),
        base_stars=pair.base.stars, draft_stars=pair.draft.stars, change_stars=pair.draft.stars - pair.base.stars,
        base_vetoes=list(pair.base.vetoes), draft_vetoes=list(pair.draft.vetoes), judged=pair.judged,
        reasons=[[one, label, signed(change)] for one, label, change in pair.reasons()[:REASONS]],
    )  # fmt: skip


# ── Summing up ──────────────────────────────────────────────────────────────────────────────────────────────────────


def summary(rows: Sequence[WhatIfRow]) -> dict[str, Any]:
    """What is kept beside the rows: the matrix of stars, and means by class, district and size of company."""
    matrix = Counter((one.base_stars, one.draft_stars) for one in rows)
    return {
        "matrix": [[before, after, n] for (before, after), n in sorted(matrix.items())],
        "all": _means(list(rows)),
        **{name: _grouped(rows, name) for name in GROUPED},
        "judged": sum(one.judged for one in rows),
    }


def _means(rows: list[WhatIfRow]) -> dict[str, Any]:
    """Means of the totals in hundredths: thousands of unrounded ones have no common denominator that a page could wait for."""
    if not rows:
        return {"n": 0, "base": "", "draft": "", "change": "", "up": 0, "down": 0}
    base, draft = (
        Fraction(sum(getattr(one, f"{side}_hundredths") for one in rows), 100 * len(rows)) for side in ("base", "draft")
    )
    return {
        "n": len(rows), "base": decimal(base, 2), "draft": decimal(draft, 2), "change": signed(draft - base),
        "up": sum(one.change_stars > 0 for one in rows), "down": sum(one.change_stars < 0 for one in rows),
    }  # fmt: skip


def _grouped(rows: Sequence[WhatIfRow], name: str) -> list[dict[str, Any]]:
    """The groups by what they lose on average, the heaviest loss first."""
    found: dict[str, list[WhatIfRow]] = defaultdict(list)
    for one in rows:
        found[getattr(one, name)].append(one)
    made = [{"code": code, **_means(group)} for code, group in found.items()]
    return sorted(made, key=lambda one: (Fraction(one["draft"]) - Fraction(one["base"]), one["code"]))


def in_words(name: str, groups: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Kept groups with their ``label`` for whoever reads them now."""
    if name == "district":
        codes = [one["code"] for one in groups]
        named = dict(Place.objects.filter(code__in=codes).values_list("code", "name"))
    else:
        named = dict(Estate.Klass.choices if name == "klass" else WhatIfRow.Size.choices)
    return [{**one, "label": str(named.get(one["code"], one["code"]))} for one in groups]


# ── What the two versions differ in ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Change:
    """One place in which the versions differ; ``before`` and ``after`` are empty where there is none."""

    id: str
    label: str
    before: str
    after: str
    formula: bool = False
    """Whether the rule itself was changed, not only its points."""


def changes(base: Document, draft: Document) -> list[Change]:
    """Indicators, vetoes and grades that are not the same in both versions, in the order of the second."""
    return [
        *_changed(base, draft, _indicators, "points", ("formula", "no_data", "class_no_data", "not_for")),
        *_changed(base, draft, lambda one: one.get("vetoes") or [], "max_stars", ("when",)),
        *_changed(
            base, draft, lambda one: [{**grade, "id": f"{grade['stars']}★"} for grade in one.get("grades") or []],
            "min", ("group_min", "floors"),
        ),
    ]  # fmt: skip


def _changed(
    base: Document, draft: Document, rows: Callable[[Document], list[dict[str, Any]]], figure: str, rules: Sequence[str]
) -> Iterator[Change]:
    before, after = ({str(one["id"]): one for one in rows(document)} for document in (base, draft))
    for one in {**after, **before}:
        old, new = before.get(one), after.get(one)
        figures = tuple(str(side[figure]) if side else "" for side in (old, new))
        rule = bool(old and new and any(_plain(old.get(name)) != _plain(new.get(name)) for name in rules))
        same = old and new and Fraction(figures[0]) == Fraction(figures[1])
        if not same or rule:
            yield Change(one, labels.said((new or old or {}).get("label", "")), *figures, formula=rule)


def _plain(value: Any) -> Any:
    """Texts and numbers alike, so that 0.6 and "0.6" are the same rule; blank is the same as not said."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return "" if value in (None, "") else " ".join(str(value).split())
