"""What every test of this room starts from."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from wuxie.kernel.clock.now import frozen

from .hazards import TEN, World
from .work import Work


@pytest.fixture(autouse=True)
def places(city: Any) -> Any:
    return city


@pytest.fixture(scope="module")
def built(for_the_module: None) -> World:
    with frozen(TEN):
        return Work()


@pytest.fixture
def world(built: World, city: Any) -> Iterator[World]:
    """A project with everybody whom hazards, permits, drills and incidents concern, on a Monday morning."""
    with frozen(TEN):
        yield copy.deepcopy(built)


@pytest.fixture
def browser(world: World, enter: Callable[..., Any]) -> Callable[[str], Any]:
    """``browser("manager")``: one of the people of this test's world, signed in."""
    return lambda name: enter(person=world.people[name])
