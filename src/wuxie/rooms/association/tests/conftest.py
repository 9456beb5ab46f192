"""A rehearsal day, and the association's office."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from wuxie.kernel.clock.now import frozen

TODAY = datetime.date(2026, 11, 25)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with frozen(TODAY):
        yield


@pytest.fixture
def association(db: None) -> Any:
    from wuxie.kernel.parties.models import Organisation

    return Organisation.objects.get_or_create(kind="association", name="某市物业管理协会")[0]


@pytest.fixture
def office(actor: Callable[..., Any], association: Any) -> Any:
    return actor("陈办", "association_secretariat", organisation=association)


@pytest.fixture
def desk(enter: Callable[..., Any], association: Any) -> Any:
    return enter("陈办", "association_secretariat", organisation=association)


@pytest.fixture(scope="module")
def built(for_the_module: None) -> Any:
    from .factories import World

    with frozen(TODAY):
        return World()


@pytest.fixture
def world(built: Any, db: None) -> Any:
    return copy.deepcopy(built)
