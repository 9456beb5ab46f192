"""The document of a whole run: ``docs/trust.md``."""

from __future__ import annotations

import datetime
import os
import platform
from pathlib import Path
from typing import Any

from .goals import GOALS, OPEN
from .homes import ROOT, engines

HEAD = """# What was attacked, and what held

Written by `{command}` on {day}. Machine: {machine}. Databases: {databases}. Time of the whole: {minutes}.

Every line below was counted in that run; nothing is copied from elsewhere. Random choices come from seeds that stand in the
sources of `trust/`, so a run can be repeated. One part alone: `python -m trust PART` (it leaves this document as it is).

**What no run can prove:** that a fact was true when it was typed, that nobody was bought, that a keeper of the root outside is
honest, that an owner chose freely. A seal makes a lie permanent and attributable, not impossible. A power cut is simulated as
“everything that was not synced is gone”; disks that lie about syncing are outside.

## Figures

| goal | part | tried | figure goal | reached | met |
| --- | --- | --- | --- | --- | --- |
"""


def write(results: list[Any], command: str, where: Path = ROOT / "docs" / "trust.md") -> None:
    """Write rows, times and what is open; ``results`` are those of all parts."""
    total = sum(one.seconds for one in results)
    text = HEAD.format(
        command=command, day=datetime.datetime.now(datetime.UTC).date().isoformat(), machine=_machine(),
        databases=" and ".join(engines()), minutes=f"{total / 60:.1f} minutes",
    )  # fmt: skip
    rows = [(one.part, row) for one in results for row in one.rows]
    for part, row in sorted(rows, key=lambda pair: _order(pair[1].goal)):
        cells = (row.goal, part, row.what, GOALS.get(row.goal, ("", ""))[1], row.figure, "yes" if row.met else "**no**")
        text += "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |\n"
    longest = max((one.seconds for one in results), default=0)
    met = total <= 30 * 60 and longest <= 10 * 60
    text += f"| G20 | all | {GOALS['G20'][0]} | {GOALS['G20'][1]} | {total / 60:.1f} min, longest part {longest / 60:.1f} | "
    text += ("yes" if met else "**no**") + " |\n"
    text += "\n## Parts\n\n| part | seconds | remark |\n| --- | --- | --- |\n"
    text += "".join(f"| {one.part} | {one.seconds:.0f} | {one.fault} |\n" for one in results)
    text += "\n## Not proved yet\n\n"
    seen = {row.goal for _part, row in rows} | {"G20"}
    for goal, (measure, _figure) in GOALS.items():
        if goal in OPEN:
            text += f"- **{goal}** ({measure}): {OPEN[goal]}\n"
        elif goal not in seen:
            text += f"- **{goal}** ({measure}): no part of this run tried it.\n"
    where.write_text(text, encoding="utf-8")


def _order(goal: str) -> tuple[int, int]:
    return ("GRA".index(goal[0]), int(goal[1:])) if goal[0] in "GRA" and goal[1:].isdigit() else (9, 0)


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
