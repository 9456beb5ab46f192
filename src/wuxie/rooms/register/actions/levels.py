"""What the register knows about a project, as levels in the ledger.

A level that changes is superseded by itself with its last day set, and the new one begins on the day of the change: so
the level in force is right on any day. A second change on the same day corrects the day's fact.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.amounts import plain
from wuxie.kernel.clock.now import today
from wuxie.kernel.facts.ledger import announce, supersede
from wuxie.kernel.facts.models import Fact

from .. import facts, queries
from ..models import Estate, Project

DAY = datetime.timedelta(days=1)
#: What the office itself enters; the number of posts is entered by companies and waits for the office's word.
OF_THE_ESTATE = (facts.BASE.code, facts.HOUSEHOLDS.code, facts.AREA.code)


@transaction.atomic
def announce_levels(
    project: Project, *, by: Actor, on: datetime.date | None = None, kinds: Iterable[str] = OF_THE_ESTATE
) -> list[Fact]:
    """Bring the ledger's levels of this project to what the register says, from a day (today) on; the new facts."""
    day = max(on or today(), project.starts_on)
    if project.last_day is not None and project.last_day < day:
        return []
    wanted, open_now = queries.measures(project), queries.levels(project)
    made = []
    for kind in kinds:
        known, quantity = open_now.get(kind), wanted.get(kind)
        if known is not None and known.amount == amount(quantity):
            continue
        if known is not None:
            if quantity is not None and known.occurred_on >= day:
                made.append(supersede(known, by=by.key, reason=gettext_noop("当日更正"), quantity=quantity))
                continue
            _end(known, day - DAY, by=by)
        if quantity is not None:
            made.append(
                announce(
                    kind, project.key, occurred_on=day, quantity=quantity, by=by.key,
                    source=f"register/{project.key}/{day.isoformat()}", also_counts_for=[project.estate.key],
                    details=_details(project) if kind == facts.BASE.code else {},
                )
            )  # fmt: skip
    return made


def confirm_posts(project: Project, *, by: Actor) -> list[Fact]:
    """The office's word that the number of management posts is right; from today it counts."""
    return announce_levels(project, by=by, kinds=(facts.MANAGEMENT_POSTS.code,))


def confirm_all(project: Project, *, by: Actor) -> list[Fact]:
    """All measures at once."""
    return announce_levels(project, by=by, kinds=[kind.code for kind in facts.LEVELS])


def first_rows(project: Project, *, by: str, on: datetime.date) -> list[dict[str, Any]]:
    """What ``confirm_all`` announces about a project of which the ledger knows nothing yet, as rows for a bulk load."""
    return [
        {
            "kind": kind, "subject": project.key, "occurred_on": on, "quantity": quantity, "by": by,
            "source": f"register/{project.key}/{on.isoformat()}", "also_counts_for": [project.estate.key],
            "details": _details(project) if kind == facts.BASE.code else {},
        }
        for kind, quantity in queries.measures(project).items()
    ]  # fmt: skip


@transaction.atomic
def end_levels(project: Project, *, by: Actor, on: datetime.date) -> None:
    """The last day of serving is the last day of every level."""
    for fact in queries.levels(project).values():
        _end(fact, max(on, fact.occurred_on), by=by)


def estate_changed(estate: Estate, *, by: Actor) -> None:
    """Whoever serves the estate today is measured by its new figures."""
    project = queries.serving(estate, today())
    if project is not None:
        announce_levels(project, by=by)


def _end(fact: Fact, last: datetime.date, *, by: Actor) -> None:
    supersede(fact, by=by.key, reason=gettext_noop("到此为止"), valid_until=max(last, fact.occurred_on))


def amount(quantity: str | None) -> str | None:
    """As the ledger writes it: no noughts at the end."""
    if not quantity:
        return None
    if "." not in quantity:
        return quantity
    return quantity.rstrip("0").rstrip(".")


def _details(project: Project) -> dict[str, str]:
    return {
        "households": str(project.estate.households),
        "area": plain(project.estate.area),
        "class": project.estate.klass,
    }
