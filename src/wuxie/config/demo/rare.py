"""What a city also sees in a year, though no project in its ratings does: the kinds of fact that nothing else here tells.

Offices, developers, utilities and single people have facts of their own. What bars a star for years is told of projects
and companies that ask for none, so that the ratings of the story stay what they are.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from wuxie.kernel.clock import days
from wuxie.kernel.clock.tables import calendar
from wuxie.kernel.facts import kinds
from wuxie.kernel.parties.models import Organisation
from wuxie.rooms.rating.models import Application
from wuxie.rooms.register.models import Project

from .city import CITY, City, body
from .evidence import Row

DAY = datetime.timedelta(days=1)

OFFICE = {
    "problem.action_due": 4,
    "problem.action_on_time": 3,
    "whistle.responded_on_time": 5,
    "whistle.not_arrived": 1,
}
UTILITY = {"handover.utility_step_overdue": 1}
DEVELOPER = {
    "early.recommendation_adopted": 6, "early.adoption_verified_on_site": 4, "early.rejected_became_problem": 1,
    "acceptance.defect_open_overdue": 2, "acceptance.defect_closed": 17, "developer.quality_score": 84,
}  # fmt: skip
PERSON = {"training.hours_completed": 24, "talent.skill_award": 1}
#: Each happened once, at a project of its own.
PROJECT = (
    "petition.group_event", "safety.accident_liable.fatal", "safety.accident_liable.major", "safety.major_hazard_unreported",
    "fee.unlawful_increase", "fee.utility_cut_to_collect", "power.overcharge_unrefunded", "inspection.overdue.other",
)  # fmt: skip
#: A company's, about one project of it.
ABOUT = ("fund.misuse", "exit.disorderly", "report.false_data")
#: A company's as a whole: they reach every project that it serves.
COMPANY = (
    "tender.collusion_confirmed", "court.judgment_unperformed", "credit.seriously_dishonest", "ip.infringement_confirmed",
    "ip.city_brand_licensed",
)  # fmt: skip


def rows(city: City, last: datetime.date) -> list[Row]:
    """All of it, each on a day of the weeks before ``last``."""
    found = [*_others(city, last), *_projects(city, last), *_companies(city, last)]
    return sorted(found, key=lambda row: (row["occurred_on"], row["kind"]))


def _row(kind: str, subject: str, day: datetime.date, quantity: int = 1, **rest: object) -> Row:
    """One fact; what bars a star lasts as long as its kind says."""
    months = kinds.get(kind).bars_months
    until = days.add(day, months, "month", calendar()).on if months else None
    return {
        "kind": kind, "subject": subject, "occurred_on": day, "quantity": str(quantity), "valid_until": until,
        "source": f"demo/rare/{kind}/{subject}", **rest,
    }  # fmt: skip


def _others(city: City, last: datetime.date) -> Iterator[Row]:
    """Of those who serve no estate: an office, a utility, a developer, a person at a post, the city."""
    office = Organisation.objects.filter(kind=Organisation.Kind.GOVERNMENT).order_by("pk")[0]
    developer = body(Organisation.Kind.DEVELOPER, city.estates[0].developer, city.estates[0].developer)
    utility = body(Organisation.Kind.UTILITY, "演示供电公司（虚构）", "演示供电")
    for of, subject in (
        (OFFICE, f"government_unit:{office.pk}"), (UTILITY, f"utility:{utility.pk}"),
        (DEVELOPER, f"developer:{developer.pk}"), (PERSON, city.people["manager"].key), ({"city.indicator": 87}, f"city:{CITY}"),
    ):  # fmt: skip
        for place, (kind, quantity) in enumerate(of.items()):
            yield _row(kind, subject, last - DAY * (place + 1), quantity)


def _quiet(city: City) -> list[Project]:
    """The projects that ask for no star."""
    asking = set(Application.objects.values_list("project", flat=True))
    return [project for project in city.projects if project.pk not in asking]


def _projects(city: City, last: datetime.date) -> Iterator[Row]:
    quiet = _quiet(city)
    for place, (kind, project) in enumerate(zip(PROJECT, quiet, strict=False)):
        yield _row(kind, project.key, last - DAY * (place + 1))
    for place, (kind, project) in enumerate(zip(ABOUT, reversed(quiet), strict=False)):
        subject = f"company:{project.company_id}"
        yield _row(kind, subject, last - DAY * (place + 3), also_counts_for=(project.key,))


def _companies(city: City, last: datetime.date) -> Iterator[Row]:
    """Of companies none of whose projects asks for a star."""
    asking = set(Application.objects.values_list("project__company", flat=True))
    still = [company for company in city.companies if company.pk not in asking]
    for place, kind in enumerate(COMPANY if still else ()):
        yield _row(kind, still[place % len(still)].key, last - DAY * (place + 2))
