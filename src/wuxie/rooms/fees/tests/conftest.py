"""What every test of this room starts from."""

from __future__ import annotations

import copy
import datetime
from typing import Any

import pytest

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.papers.actions import print_later

from .factories import World

TODAY = datetime.date(2027, 3, 10)


@pytest.fixture(scope="module")
def built(for_the_module: None) -> World:
    with frozen(TODAY), print_later():
        return World()


@pytest.fixture
def world(built: World, city: Any) -> Any:
    with frozen(TODAY), print_later():
        yield copy.deepcopy(built)


@pytest.fixture
def browser(world: Any, enter: Any) -> Any:
    return lambda name: enter(person=world.people[name])
