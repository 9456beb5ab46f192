from __future__ import annotations

import datetime

import pytest

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.papers.actions import print_later

from . import factories


@pytest.fixture(autouse=True)
def printed_later():
    """Numbers and words of the papers at once, their PDF when somebody asks for it."""
    with print_later():
        yield


@pytest.fixture
def september():
    """Most stories begin on 10 September 2026, in the window for applications."""
    with frozen(datetime.date(2026, 9, 10)):
        yield


@pytest.fixture
def world(city, september):
    """The city with its people, a cycle that is open, and a year of evidence for 翠屏花园."""
    made = factories.world()
    factories.a_year(made.project)
    factories.open_cycle(made)
    return made
