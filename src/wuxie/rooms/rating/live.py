"""The live score of a project: where it stands today, from which facts, what is missing, what would gain most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from wuxie.kernel.clock.now import today
from wuxie.kernel.facts import kinds
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.standards import document as documents
from wuxie.kernel.standards import live, selection
from wuxie.kernel.standards.actions import published
from wuxie.kernel.standards.document import Standard
from wuxie.kernel.standards.judge import GroupScore, Scored, rounded
from wuxie.rooms.register.models import Project

from . import evidence, facts, queries
from .models import Cycle, FactDispute

#: How many of the largest gains are put first.
FIRST = 3


@dataclass(frozen=True)
class Figure:
    """One figure that a formula reads, in words: ``按时履职且证据有效 1108 次``."""

    kind: str
    label: str
    measure: str
    value: str
    unit: str


@dataclass(frozen=True)
class Line:
    """One indicator. ``value`` is ``None`` where it is not applicable; ``missing`` are kinds no fact speaks of."""

    id: str
    label: str
    points: str
    value: str | None
    text: str
    wanted: str
    judged: bool
    facts: tuple[str, ...]
    figures: tuple[Figure, ...]
    missing: tuple[str, ...]
    gap: str

    @property
    def empty(self) -> bool:
        """Nothing at all is on record for it."""
        return self.value is not None and not self.facts


@dataclass(frozen=True)
class Group:
    """One group with what it must reach for each grade; shares are whole percent, half up, for showing only."""

    id: str
    label: str
    points: str
    value: str | None
    percent: int | None
    floors: Mapping[int, int]
    passed: int
    """The highest grade whose floor this group reaches."""
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Gain:
    indicator: str
    label: str
    points: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Disputed:
    """An open dispute and what hangs on it: the totals if it is upheld (as now) and if it is dismissed."""

    dispute: FactDispute
    label: str
    if_upheld: str
    if_rejected: str
    stars_if_rejected: int
    changes: tuple[tuple[str, str], ...]
    """Indicator → signed points if the fact counted again."""


@dataclass(frozen=True)
class Board:
    """Everything the page of the live score shows."""

    project: Project
    cycle: Cycle
    total: str
    stars: int
    vetoes: tuple[str, ...]
    fact_count: int
    groups: tuple[Group, ...]
    grades: tuple[tuple[int, str], ...]
    above: str
    """How far the total lies above the grade it reaches (empty without one)."""
    to_next: str
    """How far to the next grade's line (empty at the top)."""
    gains: tuple[Gain, ...]
    first_gain: str
    total_after: str
    disputed: tuple[Disputed, ...] = field(default=())

    @property
    def first(self) -> tuple[Gain, ...]:
        return self.gains[:FIRST]

    @property
    def empty(self) -> tuple[Line, ...]:
        return tuple(line for group in self.groups for line in group.lines if line.empty and not line.judged)

    @property
    def not_applicable(self) -> tuple[Line, ...]:
        return tuple(line for group in self.groups for line in group.lines if line.value is None)


@dataclass(frozen=True)
class Live:
    """A project scored as of today, with what it was scored from."""

    project: Project
    cycle: Cycle
    standard: Standard
    run: evidence.Run
    rows: Sequence[evidence.Row]


def live_score(project: Project, *, cycle: Cycle | None = None) -> Live | None:
    """Today's score by the newest cycle's standard, its window moved to end today; ``None`` where none was opened."""
    cycle = cycle or current_cycle(project)
    if cycle is None or published(cycle.standard) is None:
        return None
    document = queries.document_of(cycle, project.estate.klass)
    standard = documents.load(document).for_days(today(), cutoff=today())
    found = evidence.rows(project, window_to=today(), cutoff=today())
    return Live(project, cycle, standard, evidence.run_standard(standard, found, project.key), found)


def current_cycle(project: Project) -> Cycle | None:
    """The newest cycle of the project's city that was ever opened."""
    opened = Cycle.objects.filter(place_code=project.estate.place_id[:4]).exclude(state=Cycle.State.DRAFT)
    return opened.order_by("-year").first()


def board(project: Project) -> Board | None:
    """The page of the live score; a handful of queries, whatever the number of facts."""
    found = live_score(project)
    if found is None:
        return None
    result, standard = found.run.result, found.standard
    ready = evidence.for_selection(found.rows)
    slots = selection.add_up(standard, ready, scale=evidence.MILLION).of(project.key)
    explained = {one["id"]: one for group in found.run.explained["groups"] for one in group["indicators"]}
    gains = live.gains(standard, result, slots)
    first = sum((Fraction(*gain.points) for gain in gains[:FIRST]), Fraction(0))
    lines = sorted((Fraction(*grade.least), grade.stars) for grade in standard.grades)
    total = Fraction(*result.total)
    reached = [least for least, stars in lines if stars <= result.grade and least <= total]
    ahead = [least for least, _stars in lines if least > total]
    return Board(
        project, found.cycle, found.run.total, result.stars, result.vetoes, len(found.rows),
        tuple(_group(one, standard, slots, explained) for one in result.groups),
        tuple((stars, _decimal(least)) for least, stars in lines),
        _decimal(total - max(reached)) if reached else "", _decimal(min(ahead) - total) if ahead else "",
        tuple(Gain(one.indicator, one.label, rounded(one.points, 2), _words(one.missing)) for one in gains),
        _decimal(first, 2), _decimal(total + first), tuple(_disputed(project, found)),
    )  # fmt: skip


def _decimal(value: Fraction, places: int = 1) -> str:
    return rounded((value.numerator, value.denominator), places)


def _words(codes: Sequence[str]) -> tuple[str, ...]:
    return tuple(label(code) for code in codes)


def label(code: str) -> str:
    """A written kind in words, its variant too."""
    kind = kinds.find(code)
    if kind is None:
        return code
    variant = facts.variant_labels().get(code)
    return f"{kind.label}（{variant}）" if variant else str(kinds.label_of(code))


def _group(found: GroupScore, standard: Standard, slots: selection.Slots, explained: Mapping[str, Any]) -> Group:
    share = Fraction(*found.value) / Fraction(*found.points) if found.value is not None and found.points[0] else None
    floors = {grade.stars: floor for grade in standard.grades if (floor := _floor(grade, found.group.id)) is not None}
    passed = max((stars for stars, floor in floors.items() if share is not None and share >= floor), default=0)
    return Group(
        found.group.id, str(found.group.words.get("label", found.group.id)), rounded(found.points, 2),
        rounded(found.value, 2) if found.value is not None else None,
        int(share * 100 + Fraction(1, 2)) if share is not None else None,
        {stars: int(floor * 100 + Fraction(1, 2)) for stars, floor in floors.items()}, passed,
        tuple(_line(one, slots, explained[one.indicator.id]) for one in found.indicators),
    )  # fmt: skip


def _floor(grade: documents.Grade, group: str) -> Fraction | None:
    """What a grade asks of one group: the stricter of the floor for all and its own."""
    named = [Fraction(*floor) for name, floor in grade.floors if name == group]
    common = [Fraction(*grade.group_least)] if grade.group_least is not None else []
    return max(named + common, default=None)


def _line(one: Scored, slots: selection.Slots, explained: Mapping[str, Any]) -> Line:
    words = one.indicator.words
    gap = Fraction(*one.points) - Fraction(*one.value) if one.value is not None else Fraction(0)
    wanted = one.indicator.formula.slots
    return Line(
        one.indicator.id, str(words.get("label", one.indicator.id)), explained["points"], explained["value"],
        str(words.get("text", "")), str(words.get("evidence", "")),
        any(slot.kind.startswith(f"{facts.JUDGED.code}.") for slot in wanted), tuple(explained["facts"]),
        tuple(_figure(slot, slots) for slot in wanted), _words(live.missing(wanted, slots)), _decimal(gap, 2),
    )  # fmt: skip


def _figure(slot: selection.Slot, slots: selection.Slots) -> Figure:
    value = Fraction(*slots[slot])
    kind = kinds.find(slot.kind)
    text = _plain(value)
    return Figure(
        slot.kind, label(slot.kind), slot.measure, text, kind.unit if kind and slot.measure != "count" else "条"
    )


def _plain(value: Fraction) -> str:
    """A whole number as such, anything else with up to two decimals."""
    return str(value.numerator) if value.denominator == 1 else _decimal(value, 2)


def _disputed(project: Project, found: Live) -> list[Disputed]:
    """What hangs on each open dispute about this project's facts."""
    made = []
    now = {one.indicator.id: one for group in found.run.result.groups for one in group.indicators}
    for dispute in FactDispute.objects.filter(project=project, state=FactDispute.State.OPENED):
        rows = [{**row, "disputed": "false"} if row["id"] == dispute.fact_id else row for row in found.rows]
        other = evidence.run_standard(found.standard, rows, project.key)
        changes = [
            (one.indicator.id, _signed(Fraction(*one.value) - Fraction(*now[one.indicator.id].value)))
            for group in other.result.groups
            for one in group.indicators
            if one.value is not None and now[one.indicator.id].value is not None
            and one.value != now[one.indicator.id].value
        ]  # fmt: skip
        made.append(
            Disputed(
                dispute, label(dispute.fact_kind), found.run.total, other.total, other.result.stars, tuple(changes)
            )
        )
    return made


def _signed(value: Fraction) -> str:
    text = _decimal(abs(value), 2)
    return f"−{text}" if value < 0 else f"+{text}"


def facts_behind(ids: Sequence[str]) -> list[Fact]:
    """The facts under a figure, newest first, with how each of them counts today."""
    rows = Fact.objects.filter(pk__in=ids).select_related("standing", "unsealed")
    return list(rows.order_by("-occurred_on", "-pk"))
