"""The demo's inspections: most valid, some due, one overdue, one failed and standing still, and nothing counted twice."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from wuxie.config.demo import inspections
from wuxie.kernel.clock.now import frozen, today
from wuxie.kernel.facts import ledger
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.papers.actions import print_later
from wuxie.kernel.parties.actions import appoint
from wuxie.kernel.parties.models import Appointment, Organisation, Person
from wuxie.kernel.workflow import clock
from wuxie.rooms.inspections.models import Asset, Inspection, Pool
from wuxie.rooms.inspections.tests.factories import DAY, World
from wuxie.rooms.inspections.tests.test_assets import level
from wuxie.rooms.register.tests import factories as register
from wuxie.rooms.safety.actions.lists import keep_profile

pytestmark = pytest.mark.django_db
EQUIPMENT = {"lift": 4, "transformer": 1, "fire_pump": 2, "car_park": 1}


@pytest.mark.parametrize("day", [DAY(2026, 11, 29), DAY(2027, 2, 28), DAY(2027, 8, 31)])
def test_the_demo_has_an_inspection_of_every_kind_on_any_day(city, day):
    with print_later():
        with frozen(DAY(2026, 1, 5)):
            world = World()
            Appointment.objects.filter(role__in=("safety_director", "company_principal")).delete()
            other = register.project(register.estate("又一里"), register.company("乙物业", 2))
            for kind in ("inspection.due", "inspection.valid"):
                ledger.announce(
                    kind,
                    world.project.key,
                    occurred_on=DAY(2026, 1, 5),
                    quantity="10",
                    source=f"demo/{kind}",
                    by="clock",
                )
            admin = Person.objects.create(name="乙管理")
            appoint(admin, "company_admin", by="test", organisation=other.company, starts_on=DAY(2020, 1, 1))
        made = SimpleNamespace(
            projects=[world.project, other], association=Organisation.objects.get(kind="association")
        )
        with frozen(day):
            inspections.build(made, today())
            keep_profile(world.project, by=world["admin"], equipment=EQUIPMENT)
            inspections.tonight(made, today())
            clock.take_due()
            states = set(Inspection.objects.values_list("state", flat=True))
            assert {"passed", "due", "failed", "overdue", "booked"} <= states
            assert Asset.objects.filter(stopped_on__isnull=False).count() == 2, "one failed, one past its day"
            assert Pool.objects.get().state == "rfq"
            due, valid = level(world, "inspection.due"), level(world, "inspection.valid")
            assert 10 < valid < due < 30
            assert level(world, "inspection.overdue.special_equipment") == 1
        assert Fact.objects.filter(source__startswith="demo/", subject=world.project.key).count() == 4, "and their ends"
