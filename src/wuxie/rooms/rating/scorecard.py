"""A score as people read it: groups against the floors, each point with its formula and facts, what to do first.

From a reading, today's or a frozen one; nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from wuxie.kernel import labels
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import today
from wuxie.kernel.facts import kinds
from wuxie.kernel.facts.kinds import label_of
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.facts.queries import state_of
from wuxie.kernel.standards import live, sentence
from wuxie.kernel.standards.document import Grade, Standard
from wuxie.kernel.standards.judge import GroupScore, Result, Scored, judge, rounded
from wuxie.kernel.standards.language import Number, Slot
from wuxie.kernel.workflow.models import DeadlineRow
from wuxie.rooms.register.models import Project
from wuxie.web import words

from . import evidence
from .decimals import decimal, signed
from .live import standard_today
from .models import Cycle, FactDispute
from .reading import Now, Reading, relation
from .remembered import Remembered
from .workflow import FACT_DISPUTE

#: Facts listed under an indicator; all of them have a page of their own.
LISTED = 6
FIRST = 3


@dataclass
class Shown:
    """One fact under an indicator; ``origin``: the case it came from, as this reader may know it."""

    fact: Fact
    origin: object = ""

    @property
    def text(self) -> str:
        return f"{label_of(self.fact.kind)} {self.fact.amount} {labels.said(self.fact.unit)}"

    @property
    def trust(self) -> str:
        return str(state_of(self.fact).trust.label)


@dataclass
class Line:
    """One indicator."""

    id: str
    label: str
    says: str
    evidence: str
    points: str
    value: str | None
    judged: bool
    sentence: str
    figures: list[tuple[str, str]]
    counted: int
    """Facts that it counts."""

    @property
    def is_missing(self) -> bool:
        """Whether points are lost here because no fact speaks of it yet."""
        return self.value not in (None, self.points) and not self.counted and not self.judged


@dataclass
class Section:
    """One group with its floors, in per cent of its points."""

    id: str
    label: str
    points: str
    value: str | None
    percent: str
    floors: list[tuple[str, str]]
    tone: str
    verdict: str
    lines: list[Line]


@dataclass
class Step:
    """Something to do first, and what it would add."""

    id: str
    label: str
    gain: str
    says: str


@dataclass
class Contested:
    dispute: FactDispute
    label: str
    effect: str
    then: str
    due: Any


@dataclass
class Card:
    total: str
    stars: int
    vetoes: list[tuple[str, str]]
    grades: list[tuple[str, str]]
    full: str
    maybe: str
    says: str
    gap: str
    sections: list[Section]
    first: list[Step]
    gain: str
    after: str
    nothing: list[Line]
    spread: list[Line]
    facts: int
    contested: list[Contested] = field(default_factory=list)


def card(reading: Reading) -> Card:
    """The whole score; the facts behind an indicator come when it is opened (``newest``)."""
    standard, result, slots = reading.standard, reading.result, reading.slots
    judged = {one.id for one in standard.indicators if any(map(evidence.is_mark, one.formula.kinds))}
    sections = [_section(standard, group, slots, reading.behind, judged) for group in result.groups]
    lines = [line for section in sections for line in section.lines]
    first, gain = _first(standard, result, slots, judged)
    total, full = Fraction(*result.total), sum((Fraction(*group.points) for group in standard.groups), Fraction())
    says, gap = _distance(standard.grades, result.stars, total)
    named = {veto.id: labels.said(veto.words.get("label", "")) for veto in standard.vetoes}
    return Card(
        total=rounded(result.total, 1), stars=result.stars, vetoes=[(one, named[one]) for one in result.vetoes],
        grades=[(text(grade.least), f"{grade.stars}★") for grade in sorted(standard.grades, key=lambda g: g.stars)],
        full=text(_pair(full)), maybe=decimal(total + gain), says=says, gap=gap, sections=sections, first=first,
        gain=decimal(gain, 2), after=decimal(total + gain),
        nothing=_by_points([one for one in lines if one.is_missing]),
        spread=[one for one in lines if one.value is None], facts=reading.behind.every,
    )  # fmt: skip


def _by_points(lines: list[Line]) -> list[Line]:
    """What is worth most first."""
    return sorted(lines, key=lambda line: (-Fraction(line.points), line.id))


def _pair(value: Fraction) -> Number:
    return (value.numerator, value.denominator)


def text(value: Number) -> str:
    """The shortest exact decimal of a figure, two places at most."""
    return rounded(value, 2).rstrip("0").rstrip(".") if value[1] != 1 else str(value[0])


def _section(standard: Any, group: GroupScore, slots: Any, behind: live.Behind, judged: set[str]) -> Section:
    share = Fraction(*group.value) / Fraction(*group.points) if group.value is not None and group.points[0] else None
    floors = _floors(standard.grades, group.group.id)
    tone, verdict = _verdict(share, floors)
    return Section(
        group.group.id, labels.said(group.group.words.get("label", "")), rounded(group.points, 2),
        rounded(group.value, 2) if group.value is not None else None,
        decimal(share * 100, 0) if share is not None else "",
        [(text(_pair(least * 100)), _("%(stars)s门槛") % {"stars": words.stars(stars)}) for stars, least in floors], tone, verdict,
        [_line(one, slots, behind.indicators.get(one.indicator.id, 0), judged) for one in group.indicators],
    )  # fmt: skip


def _floors(grades: Iterable[Grade], group: str) -> list[tuple[int, Fraction]]:
    """The two highest grades that ask something of this group, with the share they ask."""
    found = []
    for grade in sorted(grades, key=lambda one: one.stars):
        asked = [Fraction(*one) for one in (grade.group_least, dict(grade.floors).get(group)) if one is not None]
        if asked:
            found.append((grade.stars, max(asked)))
    return found[-2:]


def _verdict(share: Fraction | None, floors: list[tuple[int, Fraction]]) -> tuple[str, str]:
    if share is None:
        return "", _("不适用")
    passed = [stars for stars, least in floors if share >= least]
    if floors and len(passed) == len(floors):
        return "green", _("过%(stars)s门槛") % {"stars": words.stars(floors[-1][0])}
    if floors:
        stars, least = next((stars, least) for stars, least in floors if share < least)
        gap = decimal((least - share) * 100)
        return "amber", _("差%(stars)s %(gap)s 个百分点") % {"stars": words.stars(stars), "gap": gap}
    return "", ""


def _line(one: Scored, slots: Any, counted: int, judged: set[str]) -> Line:
    said = one.indicator.words
    try:
        explained = sentence.say(one.indicator.formula.text, label_of)
    except Problem:
        explained = one.indicator.formula.text
    return Line(
        one.indicator.id, *(labels.said(said.get(part, "")) for part in ("label", "text", "evidence")),
        rounded(one.points if one.value is not None else one.indicator.points, 2),
        rounded(one.value, 2) if one.value is not None else None, one.indicator.id in judged, explained,
        [(_slot(slot), text(slots[slot])) for slot in one.indicator.formula.slots], counted,
    )  # fmt: skip


def _slot(slot: Slot) -> str:
    label = label_of(slot.kind)
    period = _("近 %(n)s 个月") % {"n": slot.months} if slot.months else ""
    how = {"count": _("条数"), "days": _("天数"), "active": _("期末有效")}.get(slot.measure, "")
    return " ".join(filter(None, [period, label, how]))


def newest(reading: Reading, indicator: str) -> list[Shown]:
    """The newest facts that one indicator counts."""
    wanted = reading.newest(indicator, LISTED)
    found = Fact.objects.select_related("standing", "unsealed").in_bulk(wanted)
    return [Shown(found[pk]) for pk in wanted if pk in found]


def _first(standard: Any, result: Any, slots: Any, judged: set[str]) -> tuple[list[Step], Fraction]:
    """The three indicators that would add most if they were full, reviewers' own left out."""
    chosen = [one for one in live.gains(standard, result, slots) if one.indicator not in judged][:FIRST]
    steps = []
    for one in chosen:
        missing = "、".join(dict.fromkeys(label_of(kind) for kind in one.missing if not _is_bad(kind)))
        says = _("还没有事实：%(what)s") % {"what": missing} if missing else _("已有事实，还没有拿满")
        steps.append(Step(one.indicator, labels.said(one.label), f"+{rounded(one.points, 2)}", says))
    return steps, sum((Fraction(*one.points) for one in chosen), Fraction())


def _is_bad(code: str) -> bool:
    """Whether it is well that there is no such fact: nobody gains by a breach that has not happened."""
    kind = kinds.find(code)
    return kind is not None and kind.polarity == "bad"


def _distance(grades: Sequence[Grade], stars: int, total: Fraction) -> tuple[str, str]:
    """How far the total lies above its own line, and below the next."""
    lines = {grade.stars: Fraction(*grade.least) for grade in grades}
    own = lines.get(stars)
    above = next((n for n in sorted(lines) if n > stars), None)
    says = ""
    if own is not None:
        says = _("守住%(stars)s：高出%(stars)s线 %(spare)s 分。") % {
            "stars": words.stars(stars), "spare": decimal(total - own)}  # fmt: skip
    if above is None:
        return says, ""
    if total >= lines[above]:
        return says, _("总分已过%(stars)s线，还有分组门槛或否决项没过") % {"stars": words.stars(above)}
    return says, _("距%(stars)s还差 %(gap)s 分") % {
        "stars": words.stars(above), "gap": decimal(lines[above] - total)}  # fmt: skip


def contested(reading: Now, disputes: Sequence[FactDispute]) -> list[Contested]:
    """What each open dispute holds in the balance: the score if the fact counted again."""
    due = {row.case_pk: row for row in DeadlineRow.objects.filter(
        workflow=FACT_DISPUTE.name, case_pk__in=[one.pk for one in disputes], name="ruling", state="open")}  # fmt: skip
    others = reading.if_counted({one.fact_id: one.fact_kind for one in disputes})
    return [
        Contested(one, label_of(one.fact_kind), _effect(reading.result, others[one.fact_id]),
                  _then(reading.result, others[one.fact_id]), due.get(one.pk))
        for one in disputes
    ]  # fmt: skip


def _effect(before: Result, after: Result) -> str:
    """``F2 −1.00`` for each indicator that would move."""
    moved = []
    for old, new in zip(before.groups, after.groups, strict=True):
        for a, b in zip(old.indicators, new.indicators, strict=True):
            difference = (Fraction(*b.value) if b.value else Fraction()) - (
                Fraction(*a.value) if a.value else Fraction()
            )
            if difference:
                moved.append(f"{a.indicator.id} {signed(difference)}")
    return "，".join(moved)


def _then(before: Result, after: Result) -> str:
    total = rounded(after.total, 1)
    if after.stars == before.stars:
        return _("总分 %(total)s，星级不变") % {"total": total}
    return _("总分 %(total)s，%(stars)s") % {"total": total, "stars": words.stars(after.stars)}


@dataclass(frozen=True)
class Total:
    """Today's score of one project among many."""

    total: str
    stars: int
    missing: int
    """Indicators that ask for facts and have none."""


_remembered: Remembered[Total] = Remembered()


def totals(projects: Iterable[Project]) -> dict[int, Total]:
    """Today's scores of many projects, by id; as many statements for fifty as for one.

    The newest cycle of a project's city says by which standard, as for one project alone.
    """
    wanted = list(projects)
    cycles: dict[str, Cycle] = {}
    places = {project.estate.place_id[:4] for project in wanted}
    for cycle in Cycle.objects.filter(place_code__in=places).exclude(state=Cycle.State.DRAFT).order_by("year"):
        cycles[cycle.place_code] = cycle

    def rules(project: Project) -> tuple[Any, ...] | None:
        cycle = cycles.get(project.estate.place_id[:4])
        if cycle is None or not cycle.standard:
            return None
        window = (cycle.window_from, cycle.window_to, cycle.cutoff, repr(cycle.not_applicable))
        return (cycle.pk, cycle.standard, *window, project.estate.klass)

    def count(some: list[Project]) -> dict[int, Total]:
        alike: dict[str, list[Project]] = {}
        for project in some:
            alike.setdefault(project.estate.klass + project.estate.place_id[:4], []).append(project)
        found = {}
        for group in alike.values():
            estate = group[0].estate
            found.update(_totals(standard_today(cycles[estate.place_id[:4]], estate.klass), group))
        return found

    return _remembered.of([project for project in wanted if rules(project)], rules, count)


def _totals(standard: Standard, projects: list[Project]) -> dict[int, Total]:
    source = relation(projects, day=today(), cutoff=today())
    measures, behind = live.measures(standard, source), live.behind(standard, source)
    found = {}
    for project in projects:
        result = judge(standard, measures.of(project.key))
        counted = behind.get(project.key, live.NOTHING).indicators
        missing = sum(
            one.value is not None and not counted.get(one.indicator.id)
            for group in result.groups
            for one in group.indicators
        )
        found[project.pk] = Total(rounded(result.total, 1), result.stars, missing)
    return found
