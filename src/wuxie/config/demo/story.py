"""How the demo city is told: who acts, and on which day.

Every date is set relative to the day of loading, so that the city is alive on any day; the clock is moved along as the
story goes, and what time does by itself is done by the clock. Each room has its chapter: ``ratings``, ``repairs``, ``votes``, ``fees``, ...
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from wuxie.kernel.access.actor import Actor, actor_of
from wuxie.kernel.clock.now import SHANGHAI, frozen
from wuxie.kernel.facts import sealer
from wuxie.kernel.jobs import outbox
from wuxie.kernel.parties.models import Appointment, Person
from wuxie.kernel.workflow import clock
from wuxie.rooms.rating.models import Application

from .city import CITY, City

DAY = datetime.timedelta(days=1)


@dataclass
class Teller:
    """Who acts, on which day: actors are asked for anew on each day, as a request would."""

    city: City
    today: datetime.date
    standard: str = ""
    people: dict[tuple[str, object], int] = field(default_factory=dict)

    def load_people(self) -> None:
        rows = Appointment.objects.values_list("role", "organisation_id", "place_id", "subject", "person_id").order_by(
            "pk"
        )
        for role, organisation, place, subject, person in rows:
            for where in (organisation, place, subject):
                if where:
                    self.people.setdefault((role, where), person)

    def who(self, role: str, where: object) -> Actor:
        return actor_of(Person.objects.get(pk=self.people[(role, where)]))

    @property
    def secretary(self) -> Actor:
        return self.who("association_secretariat", self.city.association.pk)

    @property
    def authority(self) -> Actor:
        return self.who("gov_city", CITY)

    def company(self, case: Application) -> Actor:
        return self.who("company_admin", case.project.company_id)

    def day(self, back: int) -> datetime.date:
        """So many days before the day of loading."""
        return self.today - back * DAY


def on(day: datetime.date, hour: int = 10) -> object:
    """The clock stands at an hour of a day."""
    return frozen(datetime.datetime.combine(day, datetime.time(hour), SHANGHAI))


def tick(day: datetime.date) -> None:
    """An ordinary minute of the worker on a day."""
    with on(day, 9):
        outbox.drain_all()
        clock.take_due()
        sealer.seal()
