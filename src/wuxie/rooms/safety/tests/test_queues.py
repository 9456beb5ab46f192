"""Phones over a network that loses, doubles and mixes up; and many of them at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from . import crowd
from . import queue_machine as machine


@pytest.mark.django_db
def test_what_phones_hold_as_received_is_what_stands_here() -> None:
    shared = machine.world()
    assert sum(machine.run(shared, seed) for seed in range(8)) > 30


def test_two_hundred_checks_of_twenty_phones_at_once(empty_database: str, tmp_path: Path) -> None:
    """On a real database of their own: none lost, none doubled, and nobody is told anything but "taken" or "come again"."""
    environment = {
        **os.environ,
        "DATABASE_URL": empty_database,
        "WUXIE_HOME": str(tmp_path / "home"),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    done = subprocess.run(
        [sys.executable, "-m", "wuxie.rooms.safety.tests.crowd"],
        env=environment,
        capture_output=True,
        timeout=300,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {"receipts": crowd.PHONES * crowd.EACH, "wrong": {}, "other": []}
