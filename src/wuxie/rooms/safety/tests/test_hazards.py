"""A hazard from the moment it is seen to the moment somebody else says that it is gone."""

from __future__ import annotations

import pytest

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.papers.models import Document
from wuxie.rooms.safety.models import Hazard

from .hazards import DAY, World

pytestmark = pytest.mark.django_db
MONDAY = DAY(2026, 11, 16)


@pytest.fixture
def world(city):
    with frozen(MONDAY):
        yield World()


def facts_of(world, kind):
    return Fact.objects.filter(subject=world.project.key, kind=f"safety.{kind}").count()


def test_found_named_mended_checked_closed(world):
    hazard = world.closed()
    hazard.refresh_from_db()
    assert hazard.state == Hazard.State.CLOSED and hazard.closed_on == MONDAY and not hazard.is_late
    assert (facts_of(world, "hazard_found"), facts_of(world, "hazard_closed_on_time")) == (1, 1)
    assert facts_of(world, "hazard_overdue") == 0
    labels = set(Document.objects.filter(case=f"hazard:{hazard.pk}").values_list("label", flat=True))
    assert labels == {"隐患整改通知书", "复核单", "隐患销号单"}
