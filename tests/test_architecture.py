"""The layers of the house hold: imports go down only."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]
LINT = "import sys; from importlinter.cli import lint_imports_command as lint; sys.exit(lint())"


def test_imports_go_down_only() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", LINT, "--config", ".importlinter", "--no-logo", "--no-cache"],
        cwd=HOUSE, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(HOUSE / "src"), "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
