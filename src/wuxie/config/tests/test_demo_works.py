"""The demo's permits, drills and incidents: every state is there, and each was brought there by somebody who may."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from wuxie.config.demo import works
from wuxie.kernel.clock.now import frozen, today
from wuxie.kernel.papers.actions import print_later
from wuxie.kernel.parties.models import Appointment
from wuxie.kernel.workflow import clock
from wuxie.rooms.safety.models import Drill, Incident, Permit
from wuxie.rooms.safety.models.hazards import COMPANY_SAFETY
from wuxie.rooms.safety.tests.hazards import DAY
from wuxie.rooms.safety.tests.work import Work

pytestmark = pytest.mark.django_db


def test_every_state_is_there(city):
    with frozen(DAY(2026, 11, 29)), print_later():
        world = Work()
        for n in range(24):  # as many people as a demo's project has
            person = type(world.people["guard"]).objects.create(name=f"样{n}")
            world.people[f"more{n}"] = person
            world.holds(f"more{n}", "guard", f"秩序岗{n}")
        Appointment.objects.filter(role__in=COMPANY_SAFETY).delete()  # in the demo the administrator acts for them
        works.build(SimpleNamespace(projects=[world.project]), today())
        clock.take_due()
        for model in (Permit, Drill, Incident):
            assert set(model.objects.values_list("state", flat=True)) == set(model.State.values), model
        assert Incident.objects.filter(report_missed=True).exists()
