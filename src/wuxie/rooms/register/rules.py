"""Who, at an estate and at a project: predicates that every room's table may use."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor, Seat
from wuxie.kernel.access.who import Who, seated
from wuxie.kernel.clock.now import today
from wuxie.kernel.parties.models import Appointment

from . import queries
from .models import Estate, Project, ProjectQuerySet


def project_of(case: Any) -> Project:
    """The project a case is about: the case itself or its ``project``."""
    return case if isinstance(case, Project) else case.project


secretariat = seated(_("协会秘书处"), "association_secretariat")
president = seated(_("协会会长"), "association_president")
company = seated(_("申报企业"), "company_admin", at=lambda case: Seat("company_admin", project_of(case).company_id))
project_manager = seated(
    _("项目经理"), "project_manager", at=lambda case: Seat("project_manager", subject=project_of(case).key)
)
community = seated(
    _("所在社区"), "gov_community", at=lambda case: Seat("gov_community", place_code=project_of(case).estate.place_id)
)
street = seated(
    _("所在街道"), "gov_street", at=lambda case: Seat("gov_street", place_code=project_of(case).estate.place_id[:9])
)
district = seated(
    _("区县主管部门"),
    "gov_district",
    at=lambda case: Seat("gov_district", place_code=project_of(case).estate.place_id[:6]),
)
city = seated(
    _("市级主管部门"), "gov_city", at=lambda case: Seat("gov_city", place_code=project_of(case).estate.place_id[:4])
)
estate_owner = seated(_("本小区业主"), "owner", at=lambda case: Seat("owner", subject=project_of(case).estate.key))


# Who serves an estate and who acts for its owners, as several rooms ask.

keeper = replace(company | project_manager, label=_("项目经理、企业管理员"))
"""Who serves the estate: guards, has it surveyed, gathers quotes, has it built."""

committee = seated(
    _("业委会"), "committee_member", at=lambda case: Seat("committee_member", subject=project_of(case).estate.key)
)


def has_committee(estate: str) -> bool:
    """Whether anybody sits on the owners' committee of an estate (``estate:5``) today."""
    return Appointment.objects.now().filter(role="committee_member", subject=estate).exists()


def _organisers(case: Any) -> list[Seat]:
    estate = project_of(case).estate
    if has_committee(estate.key):
        return [Seat("committee_member", subject=estate.key)]
    return [Seat("gov_community", place_code=estate.place_id)]


organiser = Who(
    _("业委会（没有业委会的，由社区组织）"),
    lambda actor, case: any(seat.answers(wanted) for wanted in _organisers(case) for seat in actor.seats),
    _organisers,
)
"""Who acts for the owners: opens quotes, publishes, has them vote, accepts the works; never the company that serves."""
neighbour = replace(organiser | community, label=_("业委会、所在社区"))
"""Who looks at what the company did: not the company."""


# Keeping the register itself.


def estate_of(case: Any) -> Estate:
    """The estate a row is about: the row itself or its ``estate``."""
    return case if isinstance(case, Estate) else case.estate


def _serving_seats(case: Any) -> list[Seat]:
    project = queries.serving(estate_of(case), today())
    if project is None:
        return []
    return [Seat("company_admin", project.company_id), Seat("project_manager", subject=project.key)]


serving_company = seated(_("在管企业"), "company_admin", "project_manager", at=_serving_seats)
"""Whoever serves the estate today, its company or its project manager."""

office = secretariat
"""Estates, companies and contracts are kept by the association's office."""
unit_keeper = secretariat | serving_company
"""Units and owners: the office, and who serves the estate today."""
post_keeper = secretariat | company | project_manager
"""Posts and their holders: the company itself, its project manager, or the office."""


def may_keep_units(actor: Actor) -> bool:
    """Whether there is any estate whose units this person keeps."""
    if actor.holds("association_secretariat"):
        return True
    serving = Project.objects.on(today())
    return serving.filter(
        Q(company__in=actor.organisations("company_admin")) | Q(pk__in=actor.ids("project", "project_manager"))
    ).exists()


def may_keep_units_of(actor: Actor, estate: Estate) -> bool:
    return unit_keeper.test(actor, estate)


def projects_of(actor: Actor) -> ProjectQuerySet:
    """The projects served today whose records this person keeps: an administrator the company's, a manager their own."""
    own = Q(company__in=actor.organisations("company_admin")) | Q(pk__in=actor.ids("project", "project_manager"))
    return Project.objects.on(today()).filter(own).select_related("estate", "company")


def manages_any(actor: Actor) -> bool:
    """Whether there is any such project."""
    return actor.holds("company_admin", "project_manager") and projects_of(actor).exists()
