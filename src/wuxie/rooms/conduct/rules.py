"""Who, in this room: office and president, investigators, the panel without an interest, the company, the city's authority."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor, Seat
from wuxie.kernel.access.who import Who, only, seated, the_clock
from wuxie.kernel.parties.models import Organisation

from . import queries
from .models import PANEL, Proceeding

__all__ = ["the_clock"]

secretariat = seated(_("协会秘书处"), "association_secretariat")
president = seated(_("协会会长"), "association_president")
authority = seated(_("市级主管部门"), "gov_city", at=lambda case: Seat("gov_city", place_code=case.place_code))
company = seated(_("当事企业"), "company_admin", at=lambda case: Seat("company_admin", case.respondent_id))
#: Seats from which somebody may be named to investigate.
INVESTIGATING = ("association_secretariat", PANEL)


def _unconcerned(actor: Actor, case: Any) -> bool:
    return actor.person_id is not None and actor.person_id not in queries.interested(case)


unconcerned = only(_("与本案没有利害关系的人"), _unconcerned)
office = replace(secretariat & unconcerned, label=_("协会秘书处（与本案无利害关系的）"))
panel = replace(seated(_("惩戒委员会委员"), PANEL) & unconcerned, label=_("惩戒委员会委员（没有回避的）"))


def _yet_to_vote(case: Any) -> list[Seat]:
    voted = set(case.ballots.values_list("person", flat=True))
    return [Seat(PANEL, person_key=f"person:{pk}") for pk in sorted(queries.panel_of(case) - voted)]


voter = Who(
    _("惩戒委员会委员（没有参加调查、没有回避的）"), lambda actor, case: actor.person_id in queries.panel_of(case), _yet_to_vote
)  # fmt: skip
"""Who investigated does not judge; who has voted finds it no more on the desk."""
chair = replace(president & unconcerned, label=_("协会会长（与本案无利害关系的）"))
investigator = Who(
    _("本案调查人"),
    lambda actor, case: actor.person_id in queries.investigators(case),
    lambda case: [
        Seat(role, person_key=f"person:{pk}") for pk in queries.investigators(case) for role in INVESTIGATING
    ],
)
registrar = seated(_("协会秘书处、市级主管部门"), "association_secretariat", "gov_city")
"""Who brings in a clue."""


def may_register(actor: Actor) -> bool:
    return actor.holds("association_secretariat", "gov_city")


def is_inside(actor: Actor, case: Proceeding) -> bool:
    """Whether this person reads what the company does not: where the clue came from, like cases, who voted how."""
    return actor.holds("association_secretariat", "association_president") or panel.test(actor, case)


# Credit records: the authority's, and nobody else's.

recorder = authority
"""Who finds, tells, answers: the city's authority."""
confirmer = replace(
    authority & only("", lambda actor, case: actor.key != case.collected_by), label=_("市级主管部门（采集人以外的人）")
)  # fmt: skip
company_of_record = seated(_("当事企业"), "company_admin", at=lambda case: Seat("company_admin", case.company_id))


def may_record(actor: Actor, company: Organisation | None = None) -> bool:
    """Whether somebody is the authority of any city, or of the city in which a company is."""
    return actor.holds("gov_city", place=queries.place_of(company) if company else "")
