"""The demo's discipline and credit: a case of every kind on any day, quickly."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from wuxie.config.demo import conduct
from wuxie.config.demo.city import City, Size
from wuxie.kernel.clock.now import frozen
from wuxie.kernel.papers.actions import print_later
from wuxie.kernel.parties.actions import appoint
from wuxie.kernel.parties.models import Appointment, Person
from wuxie.rooms.conduct.models import PANEL, Proceeding, Record, Score
from wuxie.rooms.conduct.tests import factories
from wuxie.rooms.conduct.tests.factories import DAY, World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", [DAY(2026, 11, 29), DAY(2027, 2, 28)])
def test_the_demo_has_a_case_of_every_kind_on_any_day(city, day):
    with print_later(), frozen(DAY(2026, 1, 5)):
        world = World()
        Appointment.objects.filter(role=PANEL).delete()  # the demo seats its own
        second = Person.objects.create(name="第二某")
        appoint(second, "gov_city", by="test", starts_on=DAY(2020, 1, 1), place_code="5104")
        companies = [world.company, world.rival, *(one.organisation for one in world.council)]
        companies += [factories.company(number) for number in range(20, 22)]
        for number, company in enumerate(companies):
            admin = Person.objects.create(name=f"管理{number}")
            appoint(admin, "company_admin", by="test", starts_on=DAY(2020, 1, 1), organisation=company)
            if not hasattr(company, "membership"):
                factories.member(company, 60 + number)
        size = Size(10, 60, 2, DAY(2021, 3, 1), 2022, 2022, None)
        made = City(
            None,
            size,
            world.association,
            companies=companies,
            projects=[SimpleNamespace(company=companies[0])],
            phones=900_000,
        )
        made.people = {"secretariat": world.people["office"], "president": world.people["president"]}
    with print_later():
        for back in (conduct.LONG_AGO, conduct.LATELY, conduct.NOW):
            conduct.tell(made, day - back * conduct.DAY, day)
        with frozen(day):
            conduct.numbers(made, day)
    assert sorted(Proceeding.objects.values_list("state", "measure")) == [
        ("clue", ""), ("effective", "censure"), ("lifted", "talk"), ("served", "letter"),
    ]  # fmt: skip
    assert sorted(Record.objects.values_list("state", flat=True)) == ["effective", "effective", "notified"]
    assert Score.objects.filter(company=companies[5], dimension="association").get().total == "78.0"
    assert Score.objects.filter(company=companies[5], dimension="statutory").get().total == "76.0"
