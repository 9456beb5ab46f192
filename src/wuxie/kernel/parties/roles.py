"""The roles that an appointment can give, and what kind of seat each is held at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Seating(StrEnum):
    """Where a role is held: at an organisation, over a place and all below it, or at one subject (a project, an estate)."""

    ORGANISATION = "organisation"
    PLACE = "place"
    SUBJECT = "subject"


@dataclass(frozen=True)
class Role:
    code: str
    label: str | Promise
    seating: Seating
    staff: bool = False
    """Whether a second factor is asked for at sign-in."""


ROLES: dict[str, Role] = {}


def register(*roles: Role) -> None:
    """Make roles known; a second one of the same code is a programming error."""
    for role in roles:
        if role.code in ROLES:
            raise ValueError(f"role {role.code} is registered twice")
        ROLES[role.code] = role


def label(code: str) -> str:
    return str(ROLES[code].label) if code in ROLES else code


O, P, S = Seating.ORGANISATION, Seating.PLACE, Seating.SUBJECT
register(
    Role("association_secretariat", _("协会秘书处"), O, staff=True),
    Role("association_president", _("协会会长"), O, staff=True),
    Role("reviewer", _("评审专家"), O),
    Role("company_admin", _("企业管理员"), O),
    Role("company_contact", _("企业联络人"), O),
    Role("project_manager", _("项目经理"), S),
    Role("post_holder", _("岗位人员"), S),
    Role("owner", _("业主"), S),
    Role("committee_member", _("业委会委员"), S),
    Role("gov_city", _("市级主管部门"), P, staff=True),
    Role("gov_district", _("区县主管部门"), P, staff=True),
    Role("gov_street", _("街道办事处"), P, staff=True),
    Role("gov_community", _("社区居委会"), P, staff=True),
)
