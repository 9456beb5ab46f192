"""What every test of this room starts from."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.papers.actions import print_later

from .factories import World

TODAY = datetime.date(2027, 3, 10)


@pytest.fixture
def world(city: Any) -> Any:
    with frozen(TODAY), print_later():
        yield World()


@pytest.fixture
def browser(world: Any, enter: Any) -> Any:
    return lambda name: enter(person=world.people[name])
