"""Spreadsheets in: any file a person may send becomes rows of text, or a problem that names the place and the mend."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wuxie.kernel.calc.problems import Problem

WALL_SECONDS = 20


@dataclass
class Grid:
    """One sheet: its name and its cells as text; ``rows[0]`` is row 1."""

    name: str
    rows: list[list[str]]
    #: Merged ranges: first row, first column, last row, last column, all from 0.
    merges: list[list[int]] = field(default_factory=list)
    #: Addresses of cells that show something but hold nothing: ``error`` or ``unsaved`` formulas.
    hollow: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {"name": self.name, "rows": self.rows, "merges": self.merges, "hollow": self.hollow}


def read(path: Path) -> list[Grid]:
    """The visible sheets of a file, read by a child process under limits (1 GiB, 10 s).

    Raises ``Problem`` in Chinese for whatever is no readable sheet; the caller's process is safe in every case.
    """
    with tempfile.TemporaryDirectory(prefix="wuxie-sheet-") as folder:
        answer = Path(folder) / "answer.json"
        command = [sys.executable, "-m", "wuxie.kernel.tabular.child", str(path), str(answer)]
        try:
            child = subprocess.run(  # noqa: S603
                command, env=_environment(), capture_output=True, timeout=WALL_SECONDS, check=False
            )
        except subprocess.TimeoutExpired as late:
            raise _too_much() from late
        if child.returncode or not answer.exists():
            raise _too_much()
        made = json.loads(answer.read_text(encoding="utf-8"))
    return grids_of(made)


def grids_of(made: dict[str, Any]) -> list[Grid]:
    """The sheets that hold something, from what the child answered; its problem is raised."""
    if "problem" in made:
        raise Problem(**made["problem"])
    grids = [Grid(**sheet) for sheet in made["sheets"] if sheet["rows"]]
    if not grids:
        raise Problem("empty", "$", "表格里没有内容。请确认数据在可见的工作表里。")
    return grids


def _too_much() -> Problem:
    return Problem(
        "range", "$", "文件内容过大或已损坏，读不下去。请删去多余的行列和格式，另存为新的 xlsx，或分成几份上传。"
    )


def _environment() -> dict[str, str]:
    """What the child may know: where Python finds this package, no address of a database, no key."""
    return {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
