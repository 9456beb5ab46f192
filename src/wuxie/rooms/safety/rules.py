"""Who, in this room."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor, Seat
from wuxie.kernel.access.who import Who, only, the_clock
from wuxie.kernel.parties.roles import GOVERNMENT
from wuxie.kernel.workflow.table import Rung
from wuxie.rooms.register.rules import community, company, district, project_manager, project_of, street

from .queries import has_seat, holders, holding_of

__all__ = [
    "community", "director", "district", "fixer", "keeper", "ladder", "holder", "manager", "overseer", "principal", "reporter", "street", "the_clock",
    "verifier",
]  # fmt: skip

keeper = replace(company | project_manager, label=_("企业管理员、项目经理"))
"""A project's profile and lists: the company itself and its project manager."""
company_of = replace(company, label=_("企业管理员"))
"""What the project's own people must not settle among themselves."""


def _holds(actor: Actor, case: Any) -> bool:
    return holding_of(actor, case) is not None


holder = only(_("任岗人、替岗人"), _holds)
"""Whoever holds the post of a list today, or stands in."""

# Hazards.

#: A person's rows appear on the desk under whichever of these offices they hold.
AT_WORK = ("post_holder", "project_manager", "safety_director", "company_admin")


def _named(label: str | Promise, seats: Callable[[Any], Iterable[Seat]]) -> Who:
    """Whoever sits on one of the seats that a function reads from the case."""
    return Who(
        label,
        lambda actor, case: any(seat.answers(wanted) for wanted in seats(case) for seat in actor.seats),
        seats,
    )


def _people(pks: Iterable[int]) -> list[Seat]:
    return [Seat(role, person_key=f"person:{pk}") for pk in pks for role in AT_WORK]


def _at_company(role: str) -> Callable[[Any], list[Seat]]:
    """The seat of this role at the company; its administrator while nobody has been appointed to it."""

    def seats(case: Any) -> list[Seat]:
        at = project_of(case).company_id
        return [Seat(role if has_seat(role, at) else "company_admin", at)]

    return seats


director = _named(_("安全总监（没有任命时由企业管理员代）"), _at_company("safety_director"))
principal = _named(_("企业负责人（没有任命时由企业管理员代）"), _at_company("company_principal"))
manager = replace(project_manager | director, label=_("项目经理、安全总监"))
"""Who hands a hazard out: the project manager, the safety director for them."""


def _is_fixer(actor: Actor, case: Any) -> bool:
    return actor.person_id is not None and actor.person_id == case.fixer_id


fixer = Who(
    _("整改责任人、项目经理"),
    lambda actor, case: _is_fixer(actor, case) or project_manager.test(actor, case),
    lambda case: [*(_people([case.fixer_id]) if case.fixer_id else []), *project_manager.seats(case)],
)
"""Whom the order names, or the project manager for them."""


def _seats_to_check(case: Any) -> list[Seat]:
    """The seats that the library names for this hazard, and always the safety director."""
    found = list(director.seats(case))
    for one in case.verifiers:
        found += _seats_of(one, case)
    return list(dict.fromkeys(found))


def _seats_of(wanted: str, case: Any) -> list[Seat]:
    way, colon, kind = wanted.partition(":")
    if colon:
        return _people(holders(case.project_id, kind, leading=way == "lead"))
    if wanted == "project_manager":
        return list(project_manager.seats(case))
    return list(community.seats(case)) if wanted == "gov_community" else []


def _holds_checking_post(actor: Actor, case: Any) -> bool:
    """Somebody who holds the post, whatever office the account has."""
    posts = [one.partition(":") for one in case.verifiers if ":" in one]
    return any(actor.person_id in holders(case.project_id, kind, leading=way == "lead") for way, _colon, kind in posts)


def _not_the_fixer(actor: Actor, case: Any) -> bool:
    return not _is_fixer(actor, case) and actor.key != case.fixed_by


_checker = _named(_("复核人（整改的人不能自己复核）"), _seats_to_check)
verifier = Who(
    _checker.label,
    lambda actor, case: (_checker.test(actor, case) or _holds_checking_post(actor, case)) and _not_the_fixer(actor, case),
    lambda case: [
        seat for seat in _checker.seats(case)
        if seat.person_key not in {f"person:{case.fixer_id}", case.fixed_by}
    ],
)  # fmt: skip
"""Somebody else than who mended it: those whom the library names, or the safety director (安全生产法第41条)."""

overseer = replace(community | street | district | director, label=_("社区、街道、区县主管部门、安全总监"))
"""Who sends a closed hazard back when it is there again."""


def _works_here(actor: Actor, project: Any) -> bool:
    return actor.person_id is not None and actor.person_id in holders(project_of(project).pk)


def _governs(actor: Actor, project: Any) -> bool:
    place = project_of(project).estate.place_id
    return any(actor.holds(role, place=place) for role in GOVERNMENT)


reporter = replace(
    keeper | director | principal | only("", _works_here) | only("", _governs),
    label=_("项目和企业的人、辖区的社区街道和主管部门"),
)
"""Who reports under their own name; anybody else by the code on the wall."""

# The ladder: who else is told when the day is over, after so many working days.


def _while(test: Callable[[Any], bool], who: Who) -> Who:
    """The seats of ``who``, for cases of which the test holds."""
    return replace(who, seats=lambda case: who.seats(case) if test(case) else ())


def _major(case: Any) -> bool:
    return bool(case.is_major)


def _general(case: Any) -> bool:
    return not case.is_major


team_lead = _named(_("班组长"), lambda case: _people(holders(case.project_id, leading=True)))
ladder = (
    Rung(0, team_lead), Rung(1, project_manager), Rung(2, director), Rung(3, principal),
    Rung(3, _while(_major, community)), Rung(4, _while(_major, street)), Rung(5, _while(_major, district)),
    Rung(10, _while(_general, community)), Rung(15, _while(_general, street)), Rung(20, _while(_general, district)),
)  # fmt: skip
