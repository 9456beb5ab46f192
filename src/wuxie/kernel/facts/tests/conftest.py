from __future__ import annotations

from collections.abc import Iterator

import pytest

from wuxie.kernel.facts.testing import declared, unguarded

from .factories import KINDS

__all__ = ["unguarded"]


@pytest.fixture(autouse=True)
def kinds_of_the_test() -> Iterator[None]:
    with declared(*KINDS):
        yield
