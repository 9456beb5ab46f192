"""The demo's power passed on: a month of every kind on any day, quickly."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from wuxie.config.demo import power
from wuxie.kernel.clock.now import frozen
from wuxie.kernel.papers.actions import print_later
from wuxie.rooms.register.tests import factories as register
from wuxie.rooms.resale.models import Account, Month, Refund
from wuxie.rooms.resale.tests.factories import DAY, World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", [DAY(2026, 11, 29), DAY(2027, 2, 28), DAY(2027, 9, 5)])
def test_the_demo_has_a_month_of_every_kind_on_any_day(city, day):
    with print_later():
        with frozen(DAY(2026, 1, 5)):
            world = World()
            more = [register.project(register.estate(name), world.project.company) for name in ("又一里", "再一里")]
        made = SimpleNamespace(projects=[world.project, *more], people={"company": world.people["admin"]})
        with frozen(day):
            power.build(made, day)
    shown = sorted(Month.objects.values_list("state", flat=True))
    assert shown == ["compliant", "compliant", "needs_review", "self_corrected", "suspected"]
    assert Account.objects.filter(state="converting").count() == 1
    assert set(Refund.objects.filter(month__state="suspected").values_list("state", flat=True)) == {"due", "paid"}
