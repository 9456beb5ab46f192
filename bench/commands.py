"""The calculators as a shell starts them, beside an interpreter that does nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from .figures import Figure, timed


def figures(folder: Path) -> Iterator[Figure]:
    paper = folder / "deadline.json"
    paper.write_text('{"rule": "petition.conclude", "from": "2026-09-25"}', encoding="utf-8")
    units = [
        {"id": str(n), "area": f"{50 + n % 90}.{n % 100:02d}", "owner": str(n // 2), "status": "delivered"}
        for n in range(50_000)
    ]
    ballots = [{"unit": one["id"], "choice": "for"} for one in units]
    vote = folder / "vote.json"
    vote.write_text(json.dumps({"matter": "fund_use", "units": units, "ballots": ballots}))
    nothing = timed(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True), 10)
    reads = f"import json; json.load(open({str(vote)!r}))"
    read = timed(lambda: subprocess.run([sys.executable, "-c", reads], check=True), 10)
    for label, arguments, bare, beside in (
        ("calc deadline", ["deadline", str(paper)], nothing, "python -c pass"),
        ("calc vote, 50,000 units", ["vote", str(vote)], read, "an interpreter that only reads the file"),
    ):
        command = [sys.executable, "-m", "wuxie.config.cli", "calc", *arguments]
        ours = timed(lambda command=command: subprocess.run(command, check=True, stdout=subprocess.DEVNULL), 10)
        yield Figure("command", label, ours, bare, beside, most=2000)
