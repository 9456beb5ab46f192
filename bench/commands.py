"""The calculators as a shell starts them, beside an interpreter that does nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from .figures import Figure, Times, timed


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
    areas = [{"id": one["id"], "area": one["area"], "balance": f"{n % 9_000}.00"} for n, one in enumerate(units)]
    cost = folder / "apportion.json"
    cost.write_text(json.dumps({"total": "12345678.90", "units": areas}))
    nothing = timed(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True), 10)
    read, read_areas = (
        timed(
            lambda one=one: subprocess.run(
                [sys.executable, "-c", f"import json; json.load(open({str(one)!r}))"], check=True
            ),
            10,
        )
        for one in (vote, cost)
    )
    for label, arguments, bare, beside in (
        ("calc deadline", ["deadline", str(paper)], nothing, "python -c pass"),
        ("calc vote, 50,000 units", ["vote", str(vote)], read, "an interpreter that only reads the file"),
        (
            "calc apportion, 50,000 units",
            ["apportion", str(cost)],
            read_areas,
            "an interpreter that only reads the file",
        ),
    ):
        command = [sys.executable, "-m", "wuxie.config.cli", "calc", *arguments]
        ours = timed(lambda command=command: subprocess.run(command, check=True, stdout=subprocess.DEVNULL), 10)
        yield Figure("command", label, ours, bare, beside, most=2000)
    yield pack(folder, nothing)


def pack(folder: Path, nothing: Times) -> Figure:
    """The pack of one rating: what its estate hands to whoever wants to reckon it again. Years taken over as history have none."""
    from wuxie.rooms.rating.models import Application

    rated = Application.objects.filter(snapshots__isnull=False).order_by("-pk").values_list("pk", flat=True)[0]
    out = folder / "pack.zip"
    command = [sys.executable, "-m", "wuxie.config.cli", "ledger", "export", "--rating", str(rated), "--out", str(out)]
    ours = timed(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL), 5)
    return Figure(
        "command", f"ledger export: the pack of one rating, {out.stat().st_size / 2**20:.1f} MiB", ours, nothing,
        "python -c pass", most=10_000,
    )  # fmt: skip
