"""What every test of this room starts from."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Iterator
from typing import Any

import pytest

from wuxie.kernel.clock.now import frozen

from .factories import World


@pytest.fixture(autouse=True)
def places(city: Any) -> Any:
    return city


@pytest.fixture(scope="module")
def day(request: pytest.FixtureRequest) -> datetime.date:
    """The day of the module: its ``TODAY``, or a Monday in November."""
    return getattr(request.module, "TODAY", datetime.date(2026, 11, 16))


@pytest.fixture(scope="module")
def built(for_the_module: None, day: datetime.date) -> World:
    with frozen(day):
        return World()


@pytest.fixture
def world(built: World, city: Any, day: datetime.date) -> Iterator[World]:
    with frozen(day):
        yield copy.deepcopy(built)
