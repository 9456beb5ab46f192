"""The roles that an appointment can give, and what kind of seat each is held at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Seating(StrEnum):
    """Where a role is held: at an organisation, over a place and all below it, or at one project or estate."""

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


#: Groups of roles that rules name together.
ASSOCIATION = ("association_secretariat", "association_president")
COMPANY = ("company_admin", "company_contact")
AT_COMPANY = (*COMPANY, "project_manager")
GOVERNMENT = ("gov_city", "gov_district", "gov_street", "gov_community")

ROLES: dict[str, Role] = {}


def register(*roles: Role) -> None:
    """Make roles known; a second one of the same code is a programming error."""
    for role in roles:
        if role.code in ROLES:
            raise ValueError(f"role {role.code} is registered twice")
        ROLES[role.code] = role


def label(code: str) -> str:
    return str(ROLES[code].label) if code in ROLES else code


register(
    Role("association_secretariat", _("协会秘书处"), Seating.ORGANISATION, staff=True),
    Role("association_president", _("协会会长"), Seating.ORGANISATION, staff=True),
    Role("reviewer", _("评审专家"), Seating.ORGANISATION),
    Role("mediator", _("调解专家"), Seating.ORGANISATION),
    Role("company_admin", _("企业管理员"), Seating.ORGANISATION),
    Role("company_contact", _("企业联络人"), Seating.ORGANISATION),
    Role("company_principal", _("企业负责人"), Seating.ORGANISATION),
    Role("safety_director", _("安全总监"), Seating.ORGANISATION),
    Role("project_manager", _("项目经理"), Seating.SUBJECT),
    Role("post_holder", _("岗位人员"), Seating.SUBJECT),
    Role("owner", _("业主"), Seating.SUBJECT),
    Role("committee_member", _("业委会委员"), Seating.SUBJECT),
    Role("gov_city", _("市级主管部门"), Seating.PLACE, staff=True),
    Role("gov_district", _("区县主管部门"), Seating.PLACE, staff=True),
    Role("gov_street", _("街道办事处"), Seating.PLACE, staff=True),
    Role("gov_community", _("社区居委会"), Seating.PLACE, staff=True),
    Role("maintenance_fund_center", _("维修资金管理中心"), Seating.PLACE, staff=True),
)
