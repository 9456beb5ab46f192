"""Tiny predicates that say who may do something, joined with ``&``, ``|`` and ``~``.

A predicate both *tests* a person on a case and *names the seats* that could act, so that one rule gives the refusal,
the button, and the row on the right desk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .actor import THE_CLOCK, Actor, Seat, people_on


@dataclass(frozen=True)
class Who:
    label: str | Promise
    test: Callable[[Actor, Any], bool]
    seats: Callable[[Any], Iterable[Seat]]

    def people(self, case: Any) -> list[int]:
        """The ids of those who could act today."""
        return sorted({pk for seat in self.seats(case) for pk in people_on(seat)})

    def __and__(self, other: Who) -> Who:
        return Who(
            self.label if self.seats is not nowhere else other.label,
            lambda actor, case: self.test(actor, case) and other.test(actor, case),
            self.seats if self.seats is not nowhere else other.seats,
        )

    def __or__(self, other: Who) -> Who:
        return Who(
            format_lazy(_("{first}、{second}"), first=self.label, second=other.label),
            lambda actor, case: self.test(actor, case) or other.test(actor, case),
            lambda case: [*self.seats(case), *other.seats(case)],
        )

    def __invert__(self) -> Who:
        return Who(format_lazy(_("非{who}"), who=self.label), lambda actor, case: not self.test(actor, case), nowhere)


def nowhere(case: Any) -> Iterable[Seat]:
    """No seat: a predicate that only narrows another one."""
    return ()


def seated(label: str | Promise, *roles: str, at: Callable[[Any], Seat | Iterable[Seat]] | None = None) -> Who:
    """People who hold one of the roles at the seat that ``at`` reads from the case (anywhere without it)."""

    def patterns(case: Any) -> list[Seat]:
        if at is None:
            return [Seat(role) for role in roles]
        found = at(case)
        return [found] if isinstance(found, Seat) else list(found)

    def test(actor: Actor, case: Any) -> bool:
        return any(seat.answers(wanted) for wanted in patterns(case) for seat in actor.seats)

    return Who(label, test, patterns)


def only(label: str | Promise, test: Callable[[Actor, Any], bool]) -> Who:
    """A condition on the person that names no seat of its own (``~author``, ``unrelated``)."""
    return Who(label, test, nowhere)


the_clock = Who(_("系统"), lambda actor, case: actor is THE_CLOCK, nowhere)
anyone = Who(_("任何人"), lambda actor, case: actor is not THE_CLOCK, nowhere)
