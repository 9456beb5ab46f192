"""Phones over a network that loses, doubles and mixes up; and many of them at once."""

from __future__ import annotations

import pytest

from . import queue_machine as machine

pytestmark = pytest.mark.django_db


def test_what_phones_hold_as_received_is_what_stands_here() -> None:
    shared = machine.world()
    assert sum(machine.run(shared, seed) for seed in range(8)) > 30
