"""Who, in this room."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Seat
from wuxie.kernel.access.who import Who, the_clock
from wuxie.kernel.parties.models import Appointment
from wuxie.kernel.workflow.table import Rung
from wuxie.rooms.register.rules import company, manages_any, project_manager, project_of, projects_of, secretariat

__all__ = ["keeper", "ladder", "manages_any", "principal", "projects_of", "secretariat", "the_clock"]

keeper = replace(company | project_manager, label=_("项目经理、企业管理员"))
"""Who keeps the accounts and meters of a project, reports its months and gives money back."""


def _principal_seats(case: Any) -> list[Seat]:
    at = project_of(case).company_id
    held = Appointment.objects.now().filter(role="company_principal", organisation=at).exists()
    return [Seat("company_principal" if held else "company_admin", at)]


principal = Who(
    _("企业负责人（没有任命时由企业管理员代）"),
    lambda actor, case: any(seat.answers(wanted) for wanted in _principal_seats(case) for seat in actor.seats),
    _principal_seats,
)
ladder = (Rung(1, principal), Rung(5, secretariat))
"""Who else is told while something is overdue, in working days."""
