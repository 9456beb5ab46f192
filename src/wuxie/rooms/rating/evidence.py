"""From ledger to score: the rows that a run reads for one project, and the run itself.

Rows are as in the contract for ``score``: one project, one row a fact. The rules are those of ``design.md``, which the
verifier of a pack repeats from the raw facts:

- a fact counts for its subject and for each of ``also_counts_for``; a level of the company whose kind reaches its
  projects counts for every project the company serves on the window's last day;
- trust is the raised one, and a fact below its kind's own minimum gives no row;
- ``recorded_on`` is the day of receipt, or the cut-off where the panel admitted a late fact; results of the rating
  itself (judged points, the five-star rule) are admitted in the same way;
- ``superseded_by`` is what was known at the cut-off or admitted since; ``disputed`` is what holds today.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from wuxie.kernel.clock.now import today
from wuxie.kernel.facts import kinds
from wuxie.kernel.facts import queries as ledger
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.facts.trust import Trust
from wuxie.kernel.standards import document as documents
from wuxie.kernel.standards import selection
from wuxie.kernel.standards.document import Standard
from wuxie.kernel.standards.judge import Result, judge, rounded, tree
from wuxie.kernel.standards.language import Slot
from wuxie.rooms.register.models import Project

from . import facts
from .models import Application

Row = dict[str, Any]
#: What residents said of a project, for the figures that set it beside the stars.
SATISFACTION = Slot("sum", "satisfaction.score", None)
#: What the kinds of reviewers' marks begin with; the indicator that was marked follows.
MARKS = f"{facts.JUDGED.code}."
JUDGED = re.compile(rf"'{re.escape(MARKS)}([A-Za-z0-9_]+)'")


def reaching() -> list[str]:
    """Written codes of the kinds that reach from a company to all its projects."""
    return [code for kind in kinds.all_kinds() if kind.reach == "projects" for code in kind.codes()]


def rows(
    project: Project,
    *,
    window_to: datetime.date,
    cutoff: datetime.date,
    as_of: datetime.date | None = None,
    only: Iterable[str] | None = None,
) -> list[Row]:
    """The rows of a run for one project (of ``only`` these kinds), by kind, day and id.

    ``as_of`` is the day on which disputes are looked at.
    """
    found = {row["id"]: row for row in counted([project.key], cutoff, as_of, only)}
    reach = set(reaching()) if only is None else set(reaching()) & set(only)
    if reach and _serves(project, window_to):
        for row in counted([project.company.key], cutoff, as_of, reach):
            found.setdefault(row["id"], {**row, "subject": project.key})
    return sorted(found.values(), key=lambda row: (row["kind"], row["occurred_on"], row["id"]))


def counted(
    subjects: list[str], cutoff: datetime.date, as_of: datetime.date | None = None, only: Iterable[str] | None = None
) -> Iterator[Row]:
    """Rows of some subjects that standards may read: not the procedures' own events."""
    measures: dict[str, bool] = {}
    for row in ledger.export_rows(subjects, on=as_of, known_by=cutoff, sealed_only=False, kinds=only):
        if row["kind"] not in measures:
            kind = kinds.find(row["kind"])
            measures[row["kind"]] = kind is not None and kind.measure != "event"
        if measures[row["kind"]]:
            yield row


def _serves(project: Project, day: datetime.date) -> bool:
    return Project.objects.on(day).filter(pk=project.pk).exists()


def basis(application: Application, standard: Standard) -> dict[str, Any]:
    """What the rows of a run depend on beside the facts: whose they are, the rules of their kinds, the day of disputes.

    Its hash stands in the fact of the snapshot, and the verifier of a pack applies it to the raw facts.
    """
    project, cycle = application.project, application.cycle
    found = {code: kinds.find(code) for code in standard.kinds}
    return {
        "application": application.key, "title": f"{project.estate.name} {cycle.name} {application.number}".strip(),
        "subject": project.key, "company": project.company.key if _serves(project, cycle.window_to) else None,
        "as_of": today().isoformat(), "admitting": kinds.codes_with_effect("admitted"),
        "kinds": {
            code: {
                "counts": kind is not None and kind.measure != "event",
                "reaches": kind is not None and kind.reach == "projects",
                "min_trust": (kind.minimum if kind else Trust.SELF_DECLARED).word,
            }
            for code, kind in found.items()
        },
    }  # fmt: skip


def pack(found: list[Row]) -> tuple[bytes, str]:
    """Rows as compressed JSON, and the SHA-256 of the JSON itself."""
    text = json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return zlib.compress(text, 9), hashlib.sha256(text).hexdigest()


@dataclass(frozen=True)
class Run:
    """One project scored: the exact result, and the tree that explains it."""

    standard: Standard
    result: Result
    explained: dict[str, Any]
    #: Mean satisfaction of the surveys that count; ``None`` without one.
    satisfaction: Fraction | None = None

    @property
    def total(self) -> str:
        return rounded(self.result.total, 1)

    @property
    def exact(self) -> dict[str, Any]:
        """Unrounded figures as ``n/d``: the total, each applicable group's share of its points, points and value of each
        applicable indicator, and the mean satisfaction (empty without a survey)."""
        shares = {
            one.group.id: _text(Fraction(*one.value) / Fraction(*one.points))
            for one in self.result.groups
            if one.value is not None and one.points[0]
        }
        indicators = {
            one.indicator.id: [_text(Fraction(*one.points)), _text(Fraction(*one.value))]
            for group in self.result.groups
            for one in group.indicators
            if one.value is not None
        }
        satisfaction = "" if self.satisfaction is None else _text(self.satisfaction)
        return {
            "total": _text(Fraction(*self.result.total)), "groups": shares, "indicators": indicators,
            "satisfaction": satisfaction,
        }  # fmt: skip


def _text(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


def run(document: dict[str, Any], found: list[Row], subject: str) -> Run:
    """Score one subject from its rows; the same rows and document give the same answer on every engine."""
    return run_standard(documents.load(document), found, subject)


def run_standard(standard: Standard, found: list[Row], subject: str) -> Run:
    ready = selection.from_rows(found)
    result = judge(standard, selection.add_up(standard, ready, scale=selection.MILLION).of(subject))
    said = [row["quantity"] for row in ready if selection.selected(standard, SATISFACTION, row)]
    return Run(
        standard, result, tree(subject, result, selection.finder(standard, ready)),
        Fraction(sum(said), len(said) * selection.MILLION) if said else None,
    )  # fmt: skip


def is_mark(kind: str) -> bool:
    """Whether facts of this kind are what reviewers settled."""
    return kind.startswith(MARKS)


def judged_indicators(document: Mapping[str, Any]) -> dict[str, int]:
    """The indicators that reviewers mark, with their points in hundredths: those whose formula reads judged points."""
    found = {}
    for group in document["groups"]:
        for indicator in group["indicators"]:
            if indicator["id"] in JUDGED.findall(indicator["formula"]):
                found[indicator["id"]] = int(Fraction(str(indicator["points"])) * 100)
    return found


def concerns(fact: Fact, project: Project, *, on: datetime.date) -> bool:
    """Whether a fact counts for a project at all: as its own, by naming it, or from its company."""
    if project.key in fact.subjects:
        return True
    kind = kinds.find(fact.kind)
    return bool(kind and kind.reach == "projects" and fact.subject == project.company.key and _serves(project, on))
