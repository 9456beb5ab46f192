"""Who, in this room."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor, Seat
from wuxie.kernel.access.who import only, seated, the_clock
from wuxie.kernel.parties.roles import ASSOCIATION, AT_COMPANY
from wuxie.rooms.register.models import Estate
from wuxie.rooms.register.rules import estate_of

from .words import Duty, Organiser

__all__ = ["organiser", "the_clock"]

#: Which offices act for a body that organises: groups that only exist for the vote are led by street and community.
BODIES: dict[str, tuple[str, ...]] = {
    Organiser.COMMITTEE: ("committee_member",),
    Organiser.MANAGEMENT: ("committee_member", "gov_community"),
    Organiser.PREPARATORY: ("gov_street", "gov_community"),
    Organiser.REELECTION: ("gov_street", "gov_community"),
    Organiser.RESIDENTS: ("gov_community",),
    Organiser.STREET: ("gov_street",),
}
#: Who may never organise, collect or count: whoever works for a management company, and the association.
NEVER = (*ASSOCIATION, *AT_COMPANY, "company_principal", "safety_director")


def seat_at(role: str, estate: Estate) -> Seat:
    """The seat of a role at an estate, its community or its street."""
    if role == "committee_member":
        return Seat(role, subject=estate.key)
    return Seat(role, place_code=estate.place_id if role == "gov_community" else estate.place_id[:9])


def _seats(case: Any) -> list[Seat]:
    body = getattr(case, "organiser", "")
    roles = BODIES[body] if body else ("committee_member", "gov_community", "gov_street")
    return [seat_at(role, estate_of(case)) for role in roles]


organiser = seated(_("组织人（业委会、物管会、居委会、街道，或他们牵头的筹备组、换届小组）"), at=_seats) & only(
    _("不是物业企业和协会的人"), lambda actor, _case: not actor.holds(*NEVER)
)
"""Whoever acts for the body that organises this vote; before one is named, any that may."""
overseer = seated(_("街道办事处、乡镇人民政府"), at=lambda case: seat_at("gov_street", estate_of(case)))
"""Who may enter that a court or the office annulled a decision (物业管理条例第19条, 民法典第280条)."""
owner = seated(_("本小区业主"), at=lambda case: [Seat("owner", subject=estate_of(case).key)])


def _helping(duty: str) -> Any:
    def test(actor: Actor, case: Any) -> bool:
        rows = case.helpers.active().filter(duty=duty)
        return bool(actor.person_id) and rows.filter(person=actor.person_id).exists()

    return only(Duty(duty).label, test)


collector, counter, supervisor = (_helping(duty) for duty in (Duty.COLLECTOR, Duty.COUNTER, Duty.SUPERVISOR))


def insider(actor: Actor, decision: Any) -> bool:
    """Whether this person may read the roll and the doors."""
    return type(decision).objects.inside(actor).filter(pk=decision.pk).exists()


def may_begin(actor: Actor) -> bool:
    """Whether there is any estate at which this person could organise a vote."""
    return actor.holds("committee_member", "gov_community", "gov_street") and not actor.holds(*NEVER)
