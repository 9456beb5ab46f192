"""A company's two numbers as of one day: the rows that standards read, the figures, the lines that say something."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from wuxie.kernel.facts import queries as ledger
from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.standards import document as documents
from wuxie.kernel.standards import selection
from wuxie.kernel.standards.document import Standard
from wuxie.kernel.standards.judge import judge, rounded
from wuxie.kernel.standards.language import Formula, compile_formula
from wuxie.kernel.standards.models import Version
from wuxie.rooms.register.models import Project

from . import credit

DAY = datetime.timedelta(days=1)
Row = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One line that says something: points given (with sign, before any scale) and the facts behind it."""

    id: str
    label: str
    level: str
    points: str
    facts: list[str]


@dataclass(frozen=True)
class Outcome:
    """One number, exact, with what stands behind it."""

    standard: str
    total: Fraction
    grade: str
    vetoes: tuple[str, ...]
    lines: list[Line]
    rows_sha256: str

    @property
    def shown(self) -> str:
        return rounded((self.total.numerator, self.total.denominator), 1)


def version_of(dimension: str) -> Version | None:
    """The newest published standard of a dimension."""
    rows = Version.objects.published().filter(name=credit.NAMES[dimension])
    return rows.order_by("-published_at", "-pk").first()


@lru_cache(maxsize=8)
def _compiled(key: str, sha256: str, text: str, end: datetime.date) -> Standard:
    bound = documents.for_cycle(json.loads(text), start=end - 365 * DAY, end=end, cutoff=end + DAY)
    return documents.load(bound)


def standard_on(version: Version, on: datetime.date) -> Standard:
    """The standard as it scores a day: facts up to the evening before, as far as they were on record that day."""
    return _compiled(version.key, version.sha256, json.dumps(version.document, sort_keys=True), on - DAY)


def rows_of(company: Organisation, on: datetime.date, kinds: Iterable[str]) -> list[Row]:
    """What is on record about a company and the projects that it serves or served; each fact once, as the company's own."""
    projects = Project.objects.filter(company=company).order_by("pk").values_list("pk", flat=True)
    subjects = [company.key, *(f"project:{pk}" for pk in projects)]
    found: dict[str, Row] = {}
    for row in ledger.export_rows(subjects, on=on, known_by=on, sealed_only=False, kinds=kinds):
        found.setdefault(row["id"], {**row, "subject": company.key})
    return sorted(found.values(), key=lambda row: row["id"])


@lru_cache(maxsize=256)
def _formula(text: str) -> Formula:
    return compile_formula(text)


def outcome(version: Version, company: Organisation, on: datetime.date) -> Outcome:
    """One number of one company on one day; the same rows and document give the same answer on every engine."""
    standard = standard_on(version, on)
    rows = rows_of(company, on, standard.kinds)
    ready = selection.from_rows(rows)
    slots = selection.add_up(standard, ready, scale=selection.MILLION).of(company.key)
    result, ids = judge(standard, slots), selection.finder(standard, ready)
    lines = []
    for one in version.document["groups"][0]["indicators"][0]["wanted"]:
        formula = _formula(one["formula"])
        value, facts = formula.number(slots), ids(formula.slots)
        if facts:
            sign = "-" if one["level"] and value[0] else ""
            lines.append(Line(one["id"], one["label"], one["level"], sign + rounded(value, 2), facts))
    text = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return Outcome(
        version.key, Fraction(*result.total), credit.GRADES.get(result.stars, "D"), result.vetoes, lines, hashlib.sha256(text).hexdigest()
    )  # fmt: skip
