"""Who may do what with an application, a benefit, an objection, a disputed fact."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor, Seat
from wuxie.kernel.access.who import Who, anyone, only, the_clock
from wuxie.kernel.parties.roles import ASSOCIATION
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.table import Rung
from wuxie.rooms.register.rules import (
    city,
    community,
    company,
    district,
    president,
    project_manager,
    secretariat,
    street,
)

from .models import Cycle

__all__ = [
    "anyone", "city", "city_reader", "community", "company", "company_side", "district", "filer", "leading_group", "no_interest", "not_the_opener",
    "opinion_giver", "owes_it", "panel", "president", "project_manager", "secretariat", "street", "the_clock",
]  # fmt: skip

#: Who is told when something that is due stays undone, level after level, in working days after the day.
leading_group = (Rung(1, president), Rung(2, community), Rung(3, street), Rung(4, district), Rung(5, city))

company_side = company | project_manager
filer = company_side | secretariat
"""Who brings papers and late facts into an application."""


def _reads_city(actor: Actor, cycle: Cycle | None) -> bool:
    return actor.holds(*ASSOCIATION) or actor.holds("gov_city", place=cycle.place_code if cycle else "")


city_reader = only(_("协会秘书处、会长和周期所在市"), _reads_city)
"""Who reads what tells of a cycle's whole city: its figures, drafts over its facts; without a cycle, of any city."""


def _waited_for(case: Any) -> list[Seat]:
    """The seats of the levels that have not said anything yet."""
    return list(_silent(case).values())


def _silent(case: Any) -> dict[str, Seat]:
    said = set(case.opinions.values_list("level", flat=True))
    place = case.project.estate.place_id
    seats = {"community": Seat("gov_community", place_code=place), "street": Seat("gov_street", place_code=place[:9])}
    return {level: seat for level, seat in seats.items() if level not in said}


def speaks_for(case: Any, actor: Actor) -> str:
    """The level (``community``, ``street``) whose opinion this person gives."""
    return next(level for level, wanted in _silent(case).items() if any(seat.answers(wanted) for seat in actor.seats))


def _named(label: str | Promise, seats: Callable[[Any], Iterable[Seat]]) -> Who:
    """Whoever sits on one of the seats that a function reads from the case."""
    return Who(
        label,
        lambda actor, case: any(seat.answers(wanted) for wanted in seats(case) for seat in actor.seats),
        seats,
    )


opinion_giver = _named(_("所在社区、街道"), _waited_for)


def _panel(case: Any) -> list[Seat]:
    drawn = case.assignments.current().values_list("reviewer_id", flat=True)
    return [Seat("reviewer", person_key=f"person:{pk}") for pk in drawn]


panel = _named(_("抽中的评审"), _panel)


def _has_no_interest(actor: Actor, case: Any) -> bool:
    """Neither of the company, nor the one who objected, nor one who marked the application."""
    application = getattr(case, "application", None)
    if case.project.company_id in actor.organisations() or getattr(case, "by", "") == actor.key:
        return False
    return application is None or not application.assignments.filter(reviewer=actor.person_id or 0).exists()


no_interest = only(_("与申报企业、异议人、打分人无关的人"), _has_no_interest)


def _did_not_decide(actor: Actor, case: Any) -> bool:
    """The decision that is appealed against is the last step into the state it was appealed from."""
    rows = Event.objects.filter(workflow="star_application", case_pk=case.pk, target=case.appealed_from, by=actor.key)
    return not rows.exclude(source=case.appealed_from).exists()


appeal_judge = replace(
    city & only(_("不是作出原决定的人"), _did_not_decide), label=_("市级主管部门（作出原决定的人不能自己审申诉）")
)
not_the_opener = only(_("不是提出争议的人"), lambda actor, case: case.opened_by != actor.key)


def _owner_seats(case: Any) -> Iterable[Seat]:
    return [Seat(case.owner_role, organisation_id=case.owner_id, place_code=case.owner_place)]


owes_it = _named(_("兑现单位"), _owner_seats)
