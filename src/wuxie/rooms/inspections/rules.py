"""Who, in this room."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Seat
from wuxie.kernel.access.who import Who, the_clock
from wuxie.kernel.parties.models import Appointment
from wuxie.kernel.workflow.table import Rung
from wuxie.rooms.register.rules import company, manages_any, project_manager, project_of, projects_of

__all__ = ["director", "keeper", "ladder", "manages_any", "principal", "project_manager", "projects_of", "the_clock"]

keeper = replace(company | project_manager, label=_("项目经理、企业管理员"))
"""Who keeps the register of assets, books and enters reports: the project manager, the company for them."""


def has_seat(role: str, organisation: int) -> bool:
    """Whether anybody holds this office at an organisation today."""
    return Appointment.objects.now().filter(role=role, organisation=organisation).exists()


def _named(label: Any, role: str) -> Who:
    """The seat of this role at the company; its administrator while nobody has been appointed to it."""

    def seats(case: Any) -> list[Seat]:
        at = project_of(case).company_id
        return [Seat(role if has_seat(role, at) else "company_admin", at)]

    return Who(
        label, lambda actor, case: any(seat.answers(wanted) for wanted in seats(case) for seat in actor.seats), seats
    )


director = _named(_("安全总监（没有任命时由企业管理员代）"), "safety_director")
principal = _named(_("企业负责人（没有任命时由企业管理员代）"), "company_principal")
ladder = (Rung(0, project_manager), Rung(1, director), Rung(3, principal))
"""Who else is told while something is overdue: the project manager at once, the safety director, the principal; in working days."""
