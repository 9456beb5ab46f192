"""Who, about permits, drills, incidents and events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor, Seat
from wuxie.kernel.access.who import Who, the_clock
from wuxie.kernel.clock.now import today
from wuxie.kernel.workflow.table import Rung
from wuxie.rooms.register.models import Holding, Project
from wuxie.rooms.register.rules import city, project_manager
from wuxie.rooms.register.rules import company as company_admin

from . import rules
from .models.hazards import COMPANY_SAFETY
from .rules import AT_WORK, community, director, district, keeper, manager, principal, street

__all__ = ["city", "community", "director", "district", "manager", "principal", "street", "the_clock"]

ladder = (Rung(0, project_manager), Rung(0, director), Rung(1, principal))
"""Who else is told of work that goes on after its hours, or of a step that was not taken in time."""


def _people(pks: Iterable[int | None]) -> list[Seat]:
    return [Seat(role, person_key=f"person:{pk}") for pk in dict.fromkeys(pks) if pk for role in AT_WORK]


def works_at(actor: Actor) -> QuerySet[Project]:
    """The projects of today at which this person works, or for whose company's safety they answer."""
    held = Holding.objects.on(today()).filter(person=actor.person_id or 0).values("post__project")
    own = Q(company__in=actor.organisations("company_admin", *COMPANY_SAFETY))
    rows = Project.objects.on(today()).filter(own | Q(pk__in=actor.ids("project", "project_manager")) | Q(pk__in=held))
    return rows.select_related("estate", "company").order_by("estate__name", "pk")


staff = Who(
    _("项目和企业的人"),
    lambda actor, case: works_at(actor).filter(pk=rules.project_of(case).pk).exists(),
    lambda case: (),
)
"""Whoever works at the estate or answers for the company's safety."""

# Permits.


def _pk(key: str) -> int | None:
    kind, _colon, number = key.partition(":")
    return int(number) if kind == "person" and number.isdecimal() else None


def _in_it(actor: Actor, case: Any) -> bool:
    """Asked for it, does it, or watches it."""
    return actor.key == case.applicant or actor.person_id in (case.worker_id, case.guardian_id)


crew = Who(
    _("申请人、作业人、监护人、项目经理"),
    lambda actor, case: _in_it(actor, case) or project_manager.test(actor, case),
    lambda case: [*_people([case.guardian_id, case.worker_id, _pk(case.applicant)]), *project_manager.seats(case)],
)
"""Those on the spot, and the project manager."""

approver = Who(
    _("项目经理、安全总监（申请、作业、监护的人不能自己批）"),
    lambda actor, case: manager.test(actor, case) and not _in_it(actor, case),
    manager.seats,
)
"""Somebody else than who asked, works or watches (参照 GB 30871)."""

stopper = replace(crew | director, label=_("申请人、作业人、监护人、项目经理、安全总监"))
"""Whoever sees that it is not safe any more."""

checker = Who(
    _("监护人、项目经理、安全总监（作业人不能自己查）"),
    lambda actor, case: (
        (actor.person_id == case.guardian_id or manager.test(actor, case)) and actor.person_id != case.worker_id
    ),
    lambda case: [*_people([case.guardian_id]), *manager.seats(case)],
)
"""Who looks at the place afterwards: never the worker alone."""

closer = Who(
    _("项目经理、安全总监（不是现场复查的那个人，也不是作业人）"),
    lambda actor, case: (
        manager.test(actor, case) and actor.key != case.checked_by and actor.person_id != case.worker_id
    ),
    manager.seats,
)
"""Somebody else than who looked at the place."""

canceller = Who(
    _("申请人、项目经理"),
    lambda actor, case: actor.key == case.applicant or project_manager.test(actor, case),
    lambda case: [*_people([_pk(case.applicant)]), *project_manager.seats(case)],
)

# Drills.

organiser = replace(keeper | director, label=_("项目经理、企业管理员、安全总监"))
"""Who fixes the day and writes down how it went."""

_evaluator = replace(manager | company_admin | community, label=_("项目经理、安全总监、企业管理员、社区"))
evaluator = Who(
    _("项目经理、安全总监、企业管理员、社区（带队的人不能自己评）"),
    lambda actor, case: _evaluator.test(actor, case) and actor.person_id != case.leader_id,
    _evaluator.seats,
)
"""Who says how it went: never who led it."""

drill_closer = Who(
    _("安全总监、企业负责人（评估的人不能自己办结）"),
    lambda actor, case: (director.test(actor, case) or principal.test(actor, case)) and actor.key != case.evaluated_by,
    lambda case: [*director.seats(case), *principal.seats(case)],
)

# Incidents.

grader = manager
teller = replace(principal | manager, label=_("企业负责人、安全总监、项目经理"))
"""Who tells the authority: the principal by law, those on the spot so that the hour is kept."""

investigator = replace(director | principal, label=_("安全总监、企业负责人"))


def _mends(actor: Actor, case: Any) -> bool:
    return actor.person_id is not None and actor.person_id == case.mender_id


mender = Who(
    _("整改责任人、项目经理"),
    lambda actor, case: _mends(actor, case) or project_manager.test(actor, case),
    lambda case: [*_people([case.mender_id]), *project_manager.seats(case)],
)

_verifier = replace(director | principal | street | district, label=_("安全总监、企业负责人、街道、区县主管部门"))
verifier = Who(
    _("安全总监、企业负责人、街道、区县主管部门（整改的人不能自己验证）"),
    lambda actor, case: _verifier.test(actor, case) and not _mends(actor, case) and actor.key != case.done_by,
    _verifier.seats,
)
"""Somebody else than who did it."""

judge = replace(district | city, label=_("区县、市级主管部门"))
"""Who registers the finding about liability: the authority itself, with its paper."""

reads_injured = replace(manager | principal | company_admin | district | city, label=_("处理事故的人和主管部门"))
"""Who may see whom an incident hurt, masked."""

# Events.

declarer = replace(keeper | director | community | street | district, label=_("项目经理、企业、所在社区街道区县"))
