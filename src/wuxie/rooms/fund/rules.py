"""Who, in this room."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor, Seat
from wuxie.kernel.access.who import Who, only, seated, the_clock
from wuxie.kernel.clock.now import today
from wuxie.rooms.register.models import Project
from wuxie.rooms.register.rules import (
    city,
    committee,
    community,
    district,
    keeper,
    organiser,
    project_of,
    secretariat,
    street,
)

from .models import CENTER

center = seated(
    _("维修资金管理中心"), CENTER, at=lambda case: Seat(CENTER, place_code=project_of(case).estate.place_id[:6])
)
proposer = replace(keeper | organiser, label=_("项目经理、企业管理员、业委会（或社区）"))
reporter = replace(keeper | committee | community, label=_("项目经理、企业管理员、业委会、社区"))


def _yet(party: str, who: Who) -> Who:
    """Those of one party until it has confirmed the emergency on site."""
    return Who(
        who.label,
        lambda actor, case: party not in case.witnessed and who.test(actor, case),
        lambda case: () if party in case.witnessed else who.seats(case),
    )


PARTIES = {"street": street, "center": center, "community": community}
#: Those without whose word nothing is built in an emergency; the community's is kept where it was there.
NEEDED = ("street", "center")
witness = replace(
    _yet("street", street) | _yet("center", center) | _yet("community", community),
    label=_("街道、维修资金管理中心、社区"),
)
opener = replace(
    organiser & ~only(organiser.label, lambda actor, case: case.quotes.filter(received_by=actor.key).exists()),
    label=_("没有收过报价的业委会委员（没有业委会的，没有收过报价的社区工作人员）"),
)
"""Who received a quote does not open it."""
counter = replace(organiser | the_clock, label=organiser.label)
"""The paper of the result is entered by the organiser; a vote held in the system reports by itself."""
authority = replace(district | city, label=_("区县、市主管部门"))
publisher = replace(center | keeper, label=_("维修资金管理中心、项目经理、企业管理员"))
recaller = replace(keeper | organiser | community, label=_("项目经理、企业管理员、业委会、社区"))
inspector = replace(organiser | community, label=_("业委会、社区"))
"""Who looks whether a defect within the warranty was made good: never the side that had it built."""
account_keeper = replace(center | secretariat, label=_("维修资金管理中心、协会秘书处"))
"""Balances are the fund centre's word; the association's office may enter its sheet for it."""


def keeps_accounts(actor: Actor) -> bool:
    """Whether this person enters balances anywhere."""
    return actor.holds(CENTER, "association_secretariat")


def may_report(actor: Actor) -> bool:
    """Whether this person may report something somewhere."""
    return actor.holds("company_admin", "project_manager", "committee_member", "gov_community")


def projects_of(actor: Actor) -> Any:
    """The projects of today about which this person may report something."""
    return (
        Project.objects.on(today())
        .filter(
            Q(company__in=actor.organisations("company_admin"))
            | Q(pk__in=actor.ids("project", "project_manager"))
            | Q(estate__in=actor.ids("estate", "committee_member"))
            | actor.within("estate__place_id", "gov_community")
        )
        .select_related("estate", "company")
        .order_by("estate__name", "pk")
    )
