"""Who, at an estate and at a project: predicates that every room's table may use."""

from __future__ import annotations

from typing import Any

from wuxie.kernel.access.actor import Seat
from wuxie.kernel.access.who import seated

from .models import Project


def project_of(case: Any) -> Project:
    """The project a case is about: the case itself or its ``project``."""
    return case if isinstance(case, Project) else case.project


secretariat = seated("协会秘书处", "association_secretariat")
president = seated("协会会长", "association_president")
company = seated("申报企业", "company_admin", at=lambda case: Seat("company_admin", project_of(case).company_id))
project_manager = seated(
    "项目经理", "project_manager", at=lambda case: Seat("project_manager", subject=project_of(case).key)
)
community = seated(
    "所在社区", "gov_community", at=lambda case: Seat("gov_community", place_code=project_of(case).estate.place_id)
)
street = seated(
    "所在街道", "gov_street", at=lambda case: Seat("gov_street", place_code=project_of(case).estate.place_id[:9])
)
district = seated(
    "区县主管部门",
    "gov_district",
    at=lambda case: Seat("gov_district", place_code=project_of(case).estate.place_id[:6]),
)
city = seated(
    "市级主管部门", "gov_city", at=lambda case: Seat("gov_city", place_code=project_of(case).estate.place_id[:4])
)
estate_owner = seated("本小区业主", "owner", at=lambda case: Seat("owner", subject=project_of(case).estate.key))
