"""The demo's hazards: every state is there, and each was brought there by somebody who may."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from wuxie.config.demo import hazards
from wuxie.kernel.clock.now import frozen, today
from wuxie.kernel.papers.actions import print_later
from wuxie.kernel.parties.models import Appointment
from wuxie.kernel.workflow import clock
from wuxie.rooms.safety.models import Hazard, RiskPoint
from wuxie.rooms.safety.models.hazards import COMPANY_SAFETY
from wuxie.rooms.safety.tests.hazards import DAY, World

pytestmark = pytest.mark.django_db


def test_every_state_is_there_and_none_came_by_itself(city):
    with frozen(DAY(2026, 11, 29)), print_later():
        world = World()
        Appointment.objects.filter(role__in=COMPANY_SAFETY).delete()  # in the demo the administrator acts for them
        hazards.build(SimpleNamespace(projects=[world.project]), today())
        clock.take_due()
        found = Hazard.objects.all()
        assert found.count() == len(hazards.ROWS)
        assert set(found.values_list("state", flat=True)) == set(Hazard.State.values)
        assert set(world.project.risk_points.values_list("colour", flat=True)) == set(RiskPoint.Colour.values)
        assert found.filter(level="major").count() >= 5 and found.exclude(repeats=None).count() == 1
        assert found.filter(why_level__contains="逾期 3 日").exists() and found.overdue(today()).exists()
