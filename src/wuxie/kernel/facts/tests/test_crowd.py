"""Eight writers while the sealer works, on a real database of their own: nothing lost, doubled, locked or out of place."""

import json
import os
import subprocess
import sys
from pathlib import Path

from .crowd import RACES, WRITERS

STEPS = 25
SOURCES = str(Path(__file__).resolve().parents[4])


def test_eight_writers_and_the_sealer(empty_database: str, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": empty_database,
        "WUXIE_HOME": str(tmp_path / "home"),
        "PYTHONPATH": os.pathsep.join([SOURCES, *sys.path]),
    }
    done = subprocess.run(
        [sys.executable, "-m", "wuxie.kernel.facts.tests.crowd", str(STEPS)],
        env=environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "faults": [],
        "broken": [],
        "facts": WRITERS * STEPS * 2 + RACES,
        "links": WRITERS * STEPS * 4 + RACES,
        "races_won": RACES,
        "races_lost": (WRITERS - 1) * RACES,
        "codes": ["duplicate"],
        "waiting": 0,
        "several_seals": True,
    }
