"""The demo's changes of fees: every kind of end is there on any day, each brought there by somebody who may."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest

from wuxie.config.demo import fees
from wuxie.kernel.clock.now import frozen
from wuxie.kernel.papers.actions import print_later
from wuxie.kernel.parties.actions import appoint
from wuxie.kernel.parties.models import Person
from wuxie.rooms.fees.models import Adjustment, Disclosure, Question
from wuxie.rooms.register.tests import factories as register

pytestmark = pytest.mark.django_db
DAY = datetime.date


@pytest.mark.parametrize("day", [DAY(2026, 11, 29), DAY(2027, 3, 1), DAY(2027, 10, 20)])
def test_a_change_of_every_kind_on_any_day(city, day):
    with print_later():
        with frozen(day - datetime.timedelta(days=900)):
            projects = [
                register.project(register.estate(f"演{n}里"), starts_on=DAY(2020, 1, 1), ends_on=None, fee=13_000)
                for n in range(10)
            ]
            seat = {"by": "test", "starts_on": DAY(2020, 1, 1)}
            for one in projects:
                appoint(Person.objects.create(name="经某"), "project_manager", subject=one.key, **seat)
            appoint(Person.objects.create(name="社某"), "gov_community", place_code="510402001001", **seat)
        made = SimpleNamespace(projects=projects)
        for back in (fees.LAST_YEAR, fees.AUTUMN, fees.NOW):
            end = day - back * datetime.timedelta(days=1)
            with frozen(end):
                fees.tell(made, end, day)
                last = max(Adjustment.objects.values_list("changed_at", flat=True))
            assert last.date() <= end, "told before the evening that seals it"
    assert sorted(Adjustment.objects.values_list("state", flat=True)) == [
        "effective",
        "kept",
        "preparing",
        "published",
        "rolled_back",
    ]
    assert Question.objects.filter(answered_at=None).count() == 1 and Question.objects.count() == 2
    assert Disclosure.objects.count() == 24
