"""Who may open what: a row for every address of the URL conf, read by ``test_matrix``.

A row says how the address is filled in (a dotted path into ``City.own`` or ``City.foreign``, or a literal after ``=``)
and who is let through on the own side. For the foreign side the offices change places; the city's is one and the same.
An address without a row fails the test, so a new page must say in the file of its room whom it is for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from . import (
    assembly,
    association,
    conduct,
    door,
    fees,
    fund,
    inspections,
    kernel,
    mediation,
    office,
    openapi,
    pages,
    portal,
    rating,
    register,
    resale,
    safety,
)
from .row import REVIEWERS, SIGNED, Row

ROOMS: dict[str, dict[str, Row]] = {
    "door": door.ROWS,
    "kernel": kernel.ROWS,
    "rating": rating.ROWS,
    "pages": pages.ROWS,
    "register": register.ROWS,
    "safety": safety.ROWS,
    "inspections": inspections.ROWS,
    "resale": resale.ROWS,
    "fees": fees.ROWS,
    "fund": fund.ROWS,
    "mediation": mediation.ROWS,
    "assembly": assembly.ROWS,
    "association": association.ROWS,
    "office": office.ROWS,
    "conduct": conduct.ROWS,
    "openapi": openapi.ROWS,
    "portal": portal.ROWS,
}
ROWS: dict[str, Row] = {name: row for rows in ROOMS.values() for name, row in rows.items()}

#: Of these the row on the foreign side is the same thing: there is one for the whole city.
SHARED = (
    "cycle", "draft_cycle", "version", "draft_version", "proposal", "report", "whatif", "library", "pool", "work_group",
    "task", "activity", "budget_line", "disclosure",
)  # fmt: skip


def has_sides(row: Row) -> bool:
    """Whether the address of the foreign side is another one."""
    paths = [path for path in row.fill.values() if not path.startswith("=")]
    return any(path.split(".")[0] not in SHARED for path in paths)


def on_the_other_side(who: frozenset[str]) -> frozenset[str]:
    """The same offices beyond the river; a city is responsible for both banks, and no panel is drawn over there."""
    if who >= SIGNED:
        return who
    paired = ("company", "manager", "community", "street", "district", "owner")
    swap = {**{role: f"{role}_other" for role in paired}, **{f"{role}_other": role for role in paired}}
    return frozenset(swap.get(role, role) for role in who) - REVIEWERS


def addresses() -> Iterator[tuple[str, str]]:
    """``(name, route)`` of every address, includes and namespaces followed; without a name the route stands for it."""
    yield from _walk(get_resolver(), (), "")


def _walk(resolver: Any, spaces: tuple[str, ...], before: str) -> Iterator[tuple[str, str]]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one, (*spaces, one.namespace) if one.namespace else spaces, route)
        elif isinstance(one, URLPattern):
            yield ":".join((*spaces, one.name)) if one.name else route, route
