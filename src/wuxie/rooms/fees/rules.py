"""Who, in this room."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.access.who import the_clock
from wuxie.kernel.clock.now import today
from wuxie.rooms.register.models import Project
from wuxie.rooms.register.rules import city, community, district, keeper, neighbour, organiser

__all__ = ["authority", "counter", "hearer", "keeper", "neighbour", "organiser", "the_clock"]

counter = replace(organiser | the_clock, label=organiser.label)
"""The paper of a result is entered by the organiser; a vote held in the system reports by itself."""
hearer = replace(keeper | organiser | community, label=_("项目经理、企业管理员、业委会、社区"))
"""Who writes down what owners ask on paper or at the open day."""
authority = replace(district | city, label=_("区县、市主管部门"))


def keeps(actor: Actor) -> bool:
    """Whether this person serves anywhere."""
    return actor.holds("company_admin", "project_manager")


def finds(actor: Actor) -> bool:
    """Whether this person may enter what an authority found."""
    return actor.holds("gov_district", "gov_city")


def own_projects(actor: Actor) -> Any:
    """The projects of today that this person serves."""
    served = Q(company__in=actor.organisations("company_admin")) | Q(pk__in=actor.ids("project", "project_manager"))
    return _today().filter(served)


def projects_in_area(actor: Actor) -> Any:
    """The projects of today in the area for which this person may enter findings."""
    return _today().filter(actor.within("estate__place_id", "gov_district", "gov_city"))


def _today() -> Any:
    return Project.objects.on(today()).select_related("estate", "company").order_by("estate__name", "pk")
