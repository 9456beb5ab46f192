"""For tests only: kinds for a while, and the guards lifted where a test has to flush or to tamper."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from . import guards, kinds
from .kinds import Kind


@contextmanager
def declared(*wanted: Kind) -> Iterator[tuple[Kind, ...]]:
    """Declare kinds inside the block."""
    kinds.register(*wanted)
    try:
        yield wanted
    finally:
        kinds.forget(*wanted)


@pytest.fixture
def unguarded(transactional_db: None) -> Iterator[None]:
    """Let Django empty the tables after a test with real transactions; the guards come back with the flush."""
    yield
    guards.lift()
