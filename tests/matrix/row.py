"""What a row of the matrix is, and the circles of people that rows name."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from ..world import ROLES

ALL = frozenset(ROLES)
SIGNED = ALL - {"visitor"}
OFFICE = frozenset({"secretariat"})
LEADERS = OFFICE | {"president"}
COMPANY = frozenset({"company", "manager"})
COMPANIES = COMPANY | {"company_other", "manager_other"}
REVIEWERS = frozenset({"reviewer", "reviewer_other"})
HIGHER = frozenset({"city", "district"})
AREA = HIGHER | {"street", "community"}
CITIES = frozenset({"city", "city_other"})
BOTH_HIGHER = CITIES | {"district", "district_other"}
GOVERNMENT = AREA | {f"{role}_other" for role in AREA}
STAFF = LEADERS | GOVERNMENT | COMPANIES
HOLDERS = SIGNED - {"signed_in"}
NOBODY: frozenset[str] = frozenset()

#: Who sees a project of the register, and who sees the doors and the star of it.
PROJECT = LEADERS | COMPANY | AREA | {"owner"}
DOORS = LEADERS | COMPANY | AREA
CASE = LEADERS | COMPANY | AREA


@dataclass(frozen=True)
class Row:
    """Whom one address is for, and how it is filled in."""

    who: frozenset[str]
    fill: dict[str, str] = field(default_factory=dict)
    method: str = "get"
    query: str = ""
    token: bool = False
    """Asked for with the token of the role, not with its session."""
    sign_in: bool = False
    """The address belongs to signing in itself: it may lead there for everybody."""

    def kwargs(self, side: Any) -> dict[str, Any]:
        return {name: path[1:] if path.startswith("=") else attrgetter(path)(side) for name, path in self.fill.items()}


def of(path: str, who: frozenset[str], **rest: Any) -> Row:
    """A page of one thing: ``of("estate", …)`` fills in ``pk`` with its id."""
    return Row(who, {"pk": f"{path}.pk"} | rest.pop("fill", {}), **rest)


def for_(who: frozenset[str], **rest: Any) -> Row:
    return Row(who, **rest)
