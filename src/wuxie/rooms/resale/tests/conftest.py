"""What every test of this room starts from."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from wuxie.kernel.clock.now import frozen

from .factories import TODAY, World


@pytest.fixture(scope="module")
def built(for_the_module: None) -> World:
    with frozen(TODAY):
        return World()


@pytest.fixture
def world(built: World, city: Any) -> Iterator[World]:
    with frozen(TODAY):
        yield copy.deepcopy(built)
