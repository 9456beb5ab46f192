"""A score with what stands behind it: today's, read from the ledger by statements that bring only figures, or a frozen one.

Both answer the same questions (``Reading``), so that a page need not know which it shows. Today's never fetches the rows it
is made of: a project may have thousands, and the page lists six.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

from django.db import connection
from django.db.models.expressions import RawSQL

from wuxie.kernel.facts import kinds
from wuxie.kernel.facts import queries as ledger
from wuxie.kernel.standards import live, selection
from wuxie.kernel.standards.document import Standard
from wuxie.kernel.standards.judge import Result, judge
from wuxie.kernel.standards.language import Slots
from wuxie.rooms.register.models import Project

from . import evidence
from .models import Cycle

COLUMNS = ", ".join(selection.COLUMNS)
#: Projects looked at in one statement.
AT_ONCE = 200


class Reading(Protocol):
    """A subject scored, and the facts behind it."""

    standard: Standard
    slots: Slots
    result: Result

    @property
    def behind(self) -> live.Behind:
        """How many facts each indicator counts."""

    def newest(self, indicator: str, most: int) -> list[str]:
        """Ids of the newest facts of one indicator, the newest first."""

    def ids(self, indicator: str) -> Any:
        """The facts of one indicator, for ``pk__in``."""


def relation(
    projects: Iterable[Project], *, day: datetime.date, cutoff: datetime.date, as_of: datetime.date | None = None
) -> str:
    """SQL of the rows that standards may read of some projects, as ``evidence.rows`` has them; in brackets, without alias.

    ``day``: which of them are served, and on which day disputes are looked at (unless ``as_of`` names another).
    """
    wanted = {project.pk: project for project in projects}
    source = ledger.rows_relation(on=as_of or day, known_by=cutoff)
    served = Project.objects.on(day).filter(pk__in=wanted).order_by("pk").values_list("pk", "company__kind", "company")
    events = [code for kind in kinds.all_kinds() if kind.measure == "event" for code in kind.codes()]
    own = _texts(project.key for project in wanted.values())
    parts = [f"SELECT {COLUMNS} FROM {source} WHERE subject IN ({own}) AND kind NOT IN ({_texts(events)})"]  # noqa: S608
    reaching = set(evidence.reaching()) - set(events)
    pairs = [(f"{kind}:{company}", wanted[pk].key) for pk, kind, company in served]
    if reaching and pairs:
        columns = COLUMNS.replace("subject", "served.project AS subject")
        parts.append(
            f"SELECT {columns} FROM (SELECT {COLUMNS} FROM {source}"  # noqa: S608
            f" WHERE subject IN ({_texts({company for company, _project in pairs})}) AND kind IN ({_texts(reaching)})) AS theirs"
            f" JOIN ({_pairs(pairs)}) AS served ON served.company = theirs.subject"
            " WHERE NOT EXISTS (SELECT 1 FROM facts_also a WHERE a.fact_id = theirs.id AND a.subject = served.project)"
        )
    return f"({' UNION ALL '.join(parts)})"


def _texts(values: Iterable[str]) -> str:
    return ", ".join(f"'{value}'" for value in sorted(values)) or "''"


def _pairs(pairs: Sequence[tuple[str, str]]) -> str:
    return " UNION ALL ".join(f"SELECT '{company}' AS company, '{project}' AS project" for company, project in pairs)


def measured(
    cycle: Cycle, projects: Sequence[Project], readers: Sequence[Standard], *, as_of: datetime.date
) -> Iterator[tuple[Sequence[Project], list[selection.Measures]]]:
    """Projects by ``AT_ONCE``, with the figures that each of the standards reads of them in the cycle's window.

    As many statements for two hundred as for one.
    """
    for start in range(0, len(projects), AT_ONCE):
        part = projects[start : start + AT_ONCE]
        source = relation(part, day=cycle.window_to, cutoff=cycle.cutoff, as_of=as_of)
        yield part, [live.measures(one, source) for one in readers]


def vetoes_holding(standard: Standard, projects: Sequence[Project], *, on: datetime.date) -> dict[int, list[str]]:
    """Project → the vetoes that end a star and hold on a day, whenever they were recorded (rule 9 of the way to a score)."""
    ending = tuple(veto for veto in standard.vetoes if veto.max_stars == 0)
    moved = replace(standard, groups=(), vetoes=ending).for_days(on, cutoff=datetime.date.max)
    measures = live.measures(moved, relation(projects, day=on, cutoff=datetime.date.max))
    return {
        project.pk: [veto.id for veto in ending if veto.when.truth(measures.of(project.key))] for project in projects
    }


class Now:
    """A project by what the ledger holds on a day; of a past window with its own ``cutoff``, disputes as of ``as_of``."""

    def __init__(
        self,
        standard: Standard,
        project: Project,
        day: datetime.date,
        *,
        cutoff: datetime.date | None = None,
        as_of: datetime.date | None = None,
    ) -> None:
        self.standard, self.project = standard, project
        self.source = relation([project], day=day, cutoff=cutoff or day, as_of=as_of)
        self.slots = live.measures(standard, self.source).of(project.key)
        self.result = judge(standard, self.slots)

    @cached_property
    def behind(self) -> live.Behind:
        return live.behind(self.standard, self.source).get(self.project.key, live.NOTHING)

    def newest(self, indicator: str, most: int) -> list[str]:
        chosen = live.selecting(self.standard, self.source, indicator)
        with connection.cursor() as cursor:
            cursor.execute(f"{chosen} ORDER BY occurred_on DESC, id DESC LIMIT %s", [most])
            return [row[0] for row in cursor.fetchall()]

    def ids(self, indicator: str) -> Any:
        return RawSQL(live.selecting(self.standard, self.source, indicator), [])  # noqa: S611 (codes and dates only)

    def if_counted(self, facts: dict[str, str]) -> dict[str, Result]:
        """Fact id → the result if that fact were not disputed; ``facts`` are ids with their kinds. One statement."""
        if not facts:
            return {}
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {COLUMNS} FROM {self.source} AS chosen WHERE kind IN ({_texts(set(facts.values()))})"  # noqa: S608
            )
            rows = [dict(zip(selection.COLUMNS, row, strict=True)) for row in cursor.fetchall()]
        found = {}
        for fact, kind in facts.items():
            changed = [{**row, "disputed": 0} if row["id"] == fact else row for row in rows if row["kind"] == kind]
            others = {slot: value for slot, value in self.slots.items() if slot.kind != kind}
            figures = selection.add_up(self.standard, changed, scale=selection.MILLION).of(self.project.key)
            found[fact] = judge(self.standard, selection.Filled({**others, **figures}))
        return found


@dataclass(frozen=True)
class Frozen:
    """A project by the rows of a snapshot."""

    standard: Standard
    rows: list[evidence.Row]
    subject: str

    @cached_property
    def run(self) -> evidence.Run:
        return evidence.run_standard(self.standard, self.rows, self.subject)

    @property
    def result(self) -> Result:
        return self.run.result

    @cached_property
    def slots(self) -> Slots:
        ready = selection.from_rows(self.rows)
        return selection.add_up(self.standard, ready, scale=selection.MILLION).of(self.subject)

    @cached_property
    def _ids(self) -> dict[str, list[str]]:
        groups = self.run.explained["groups"]
        return {one["id"]: one["facts"] for group in groups for one in group["indicators"]}

    @property
    def behind(self) -> live.Behind:
        every = {pk for ids in self._ids.values() for pk in ids}
        return live.Behind({name: len(ids) for name, ids in self._ids.items()}, len(every))

    def newest(self, indicator: str, most: int) -> list[str]:
        days = {row["id"]: row["occurred_on"] for row in self.rows}
        return sorted(self.ids(indicator), key=lambda pk: (days[pk], pk), reverse=True)[:most]

    def ids(self, indicator: str) -> list[str]:
        return self._ids.get(indicator, [])
