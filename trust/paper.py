"""The document of a whole run: ``docs/trust.md``."""

from __future__ import annotations

import datetime
import json
import os
import platform
from typing import Any

from .goals import GOALS, OPEN, PARTS
from .homes import ROOT, engines
from .row import Row

#: The last result of each part, from which the document is written.
KEPT = ROOT / "docs" / "trust.json"
HEAD = """# What was attacked, and what held

Written by `trust.paper` from `docs/trust.json`: every part with the command, day and machine of its last run on this code or
an earlier state of it; the remark says where a part was run in pieces.
Random choices come from seeds that stand in the sources of `trust/`, so a run can be repeated:
`python -m trust PART` runs one part, with `--write` it also brings its rows in this document up to date.

**What no run can prove:** that a fact was true when it was typed, that nobody was bought, that a keeper of the root outside is
honest, that an owner chose freely. A seal makes a lie permanent and attributable, not impossible. A power cut is simulated as
“everything that was not synced is gone”; disks that lie about syncing are outside.

## Figures

| goal | part | tried | goal figure | reached | met |
| --- | --- | --- | --- | --- | --- |
"""


#: Beside the parts: how long the last run of all of them took.
WHOLE = "whole"


def keep(results: list[Any], spent: float) -> None:
    """Bring the parts that ran up to date, then write the document from all that are known."""
    known = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    for one in results:
        known[one.part] = {
            "rows": [list(row) for row in one.rows], "seconds": round(one.seconds), "fault": one.fault,
            "day": datetime.datetime.now(datetime.UTC).date().isoformat(), "command": f"python -m trust {one.part}",
            "machine": _machine(), "databases": " and ".join(engines()),
        }  # fmt: skip
    if {one.part for one in results} == set(PARTS):
        known[WHOLE] = {"seconds": round(spent), "day": datetime.datetime.now(datetime.UTC).date().isoformat()}
    KEPT.write_text(json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    (ROOT / "docs" / "trust.md").write_text(text_of(known), encoding="utf-8")


def text_of(known: dict[str, Any]) -> str:
    """The document; ``known`` is what ``keep`` wrote."""
    whole, known = known.get(WHOLE), {part: one for part, one in known.items() if part != WHOLE}
    rows = [(part, Row(*row)) for part, one in known.items() for row in one["rows"]]
    text = HEAD
    for part, row in sorted(rows, key=lambda pair: _order(pair[1].goal)):
        cells = (row.goal, part, row.what, GOALS.get(row.goal, ("", ""))[1], row.figure, "yes" if row.met else "**no**")
        text += "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |\n"
    longest = max((one["seconds"] for one in known.values()), default=0)
    wanting = [part for part in PARTS if part not in known or known[part]["fault"]]
    met = whole is not None and whole["seconds"] <= 30 * 60 and longest <= 10 * 60 and not wanting
    reached = f"{whole['seconds'] / 60:.1f} min, two parts at a time" if whole else "not run in one command yet"
    reached += f"; longest part {longest / 60:.1f} min"
    reached += f"; not run to the end: {', '.join(wanting)}" if wanting else ""
    text += f"| G20 | all | {GOALS['G20'][0]} | {GOALS['G20'][1]} | {reached} | {'yes' if met else '**no**'} |\n"
    text += "\n## Parts\n\n| part | seconds | command | day | machine | databases | remark |\n"
    text += "| --- | --- | --- | --- | --- | --- | --- |\n"
    for part, one in known.items():
        cells = (
            part,
            str(one["seconds"]),
            f"`{one['command']}`",
            *(one[name] for name in ("day", "machine", "databases", "fault")),
        )
        text += "| " + " | ".join(cells) + " |\n"
    text += "\n## Not proved yet\n\n"
    seen = {row.goal for _part, row in rows} | {"G20"}
    for goal, (measure, _figure) in GOALS.items():
        said = [
            *(["No run is written down here."] if goal not in seen else []),
            *([OPEN[goal]] if goal in OPEN else []),
        ]
        if said:
            text += f"- **{goal}** ({measure}): {' '.join(said)}\n"
    return text


def _order(goal: str) -> tuple[int, int]:
    return ("GRA".index(goal[0]), int(goal[1:])) if goal[0] in "GRA" and goal[1:].isdigit() else (9, 0)


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
