from __future__ import annotations

import copy
import datetime

import pytest

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.papers.actions import print_later

from . import factories

SEPTEMBER = datetime.date(2026, 9, 10)


@pytest.fixture(autouse=True)
def printed_later():
    """Numbers and words of the papers at once, their PDF when somebody asks for it."""
    with print_later():
        yield


@pytest.fixture
def september():
    """Most stories begin on 10 September 2026, in the window for applications."""
    with frozen(SEPTEMBER):
        yield


@pytest.fixture(scope="module")
def built(for_the_module):
    with frozen(SEPTEMBER), print_later():
        return factories.in_september()


@pytest.fixture
def world(built, city, september):
    return copy.deepcopy(built)
