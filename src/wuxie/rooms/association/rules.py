"""Who, in the association's own matters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.access.actor import Seat as Chair
from wuxie.kernel.access.who import Who, only, seated, the_clock
from wuxie.kernel.clock.now import today
from wuxie.kernel.parties.models import Person
from wuxie.kernel.parties.roles import ASSOCIATION, COMPANY

from .models import Level, Member, Seat, WorkGroup, units_of
from .models.forwarding import ROLES

office = seated(_("协会秘书处"), "association_secretariat")
president = seated(_("协会会长"), "association_president")
leadership = seated(_("协会秘书处、会长"), *ASSOCIATION)


def _is_oneself(actor: Actor, case: Any) -> bool:
    person = case if isinstance(case, Person) else getattr(case, "person", None)
    return person is not None and person.pk == actor.person_id


oneself = only(_("本人"), _is_oneself)
appoints = office & ~oneself
"""The office gives and ends appointments and accounts; nobody their own."""


def chairs(units: Iterable[int]) -> list[Chair]:
    """The seats of those who speak for these units."""
    return [Chair(role, unit) for unit in units for role in COMPANY]


def speaks_for(actor: Actor, members: Iterable[Member]) -> set[int]:
    """The ids of those of the members for which this person speaks."""
    units = units_of(actor)
    return {one.pk for one in members if one.organisation_id in units}


def _called(case: Any) -> list[int]:
    return list(Seat.objects.filter(meeting=case).values_list("member__organisation", flat=True))


roll = Who(
    _("通知到的会员"),
    lambda actor, case: bool(units_of(actor) & set(_called(case))),
    lambda case: chairs(_called(case)),
)
"""The members that were called to a meeting."""


def _group(case: Any) -> WorkGroup | None:
    """The working group a case is about: itself, its ``group``, or the one whose code it names (a meeting, a resolution)."""
    if case is None or isinstance(case, WorkGroup):
        return case
    named = getattr(case, "group", None) or getattr(case, "doer", "")
    if isinstance(named, WorkGroup):
        return named
    return (
        WorkGroup.objects.select_related("lead", "lead_unit").filter(code=named).first()
        if isinstance(named, str) and named
        else None
    )


def _leads(case: Any) -> list[Chair]:
    group = _group(case)
    if group is None or group.lead is None or group.lead_unit is None or not group.led_on(today()):
        return []
    return [Chair(role, group.lead_unit.organisation_id, person_key=group.lead.key) for role in COMPANY]


lead = seated(_("组长"), at=_leads)
"""Who leads the group: as long as the term runs and the person speaks for the unit."""
convener = replace(leadership | lead, label=_("协会秘书处、会长、组长（本组会议）"))


def may_convene(actor: Actor) -> bool:
    """Whether this person prepares meetings of any kind."""
    return leadership.test(actor, None) or WorkGroup.objects.led_by(actor).exists()


recuser = replace(office | roll, label=_("协会秘书处、会员自己"))
reporter = only(_("办理人"), lambda actor, case: case.reported_by == actor.key)
verifier = replace(leadership & ~reporter, label=_("会长、秘书处（不是办理人）"))
"""Somebody else than who reported it looks at what was done."""
carrier = replace(office | lead, label=_("协会秘书处、承办的组长"))


def _doers(case: Any) -> list[Chair]:
    return chairs([case.doer.organisation_id]) if case.doer_id else []


doer = seated(_("承办会员"), at=_doers)
manager = replace(office | lead, label=_("组长、协会秘书处"))
"""Who gives out a group's work."""
deliverer = only(_("交付人"), lambda actor, case: bool(case.delivered_by) and case.delivered_by == actor.key)
acceptor = replace(manager & ~doer & ~deliverer, label=_("组长、协会秘书处（不是承办方）"))
"""Whoever did it does not accept it: neither the unit nor the person."""


companies = seated(_("企业管理员、联络人"), *COMPANY)
settler = replace(office | the_clock, label=office.label)
payer = seated(_("会员单位"), at=lambda case: chairs([case.member.organisation_id]))
"""Who speaks for the member that a case is about: owes dues, asks, leaves."""
applicant = seated(_("申请单位"), at=lambda case: chairs([case.organisation_id]))
answerer = replace(office | lead, label=_("协会秘书处、承办的组长"))


def level_chair(level: str, place: str) -> Chair:
    """The seat of whoever acts at a level over a place."""
    return Chair(ROLES[Level(level)][0], place_code=place)


holder = seated(_("收件的一级"), at=lambda case: level_chair(case.level, case.place_code))
"""Where the letter lies now."""
sender = seated(_("发起的一级"), at=lambda case: level_chair(case.origin, case.origin_place))
writes = seated(_("协会秘书处、市、区县、街道、社区"), *(role for role, _length in ROLES.values()))
preparer = only(_("编制人"), lambda actor, case: case.prepared_by == actor.key)
checker = replace(leadership & ~preparer, label=_("会长、秘书处（不是编制人）"))
"""Who looks over the accounts did not draw them up."""
