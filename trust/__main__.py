"""``python -m trust [--write] [PART …]``: run the parts, print a row a goal; ``--write`` puts them into ``docs/trust.md``.

Two parts run at the same time, the long ones first; each has installations and databases of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from .goals import PARTS
from .homes import SEARCHED, ask, engines, seeds
from .paper import keep
from .row import Row

#: Seconds after which a part is ended and counts as not met.
LONGEST = int(os.environ.get("TRUST_LONGEST", "900"))
LANES = int(os.environ.get("TRUST_LANES", "2"))


@dataclass(frozen=True)
class Result:
    part: str
    rows: list[Row]
    seconds: float
    fault: str = ""


def run(part: str) -> Result:
    """Run one part; a part that breaks is a result, never the end of the others."""
    began, rows, fault = time.monotonic(), [], ""
    try:
        rows = [Row(*row) for row in ask(os.environ | {"PYTHONPATH": SEARCHED}, "one", part, timeout=LONGEST)]
    except subprocess.TimeoutExpired:
        fault = f"ended after {LONGEST} s"
    except RuntimeError as error:
        fault = str(error)
    return Result(part, rows, time.monotonic() - began, fault)


def show(result: Result) -> None:
    print(f"\n{result.part}  {result.seconds:.0f} s  {result.fault}")
    for row in result.rows:
        print(f"  {row.goal:<4} {'met' if row.met else 'NOT MET':<8} {row.what}: {row.figure}", flush=True)


def main(arguments: list[str]) -> int:
    """0 if every part ran to its end and all was met."""
    wanted, write = [part for part in arguments if part != "--write"], "--write" in arguments
    if unknown := [part for part in wanted if part not in PARTS]:
        print(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    print(f"databases: {', '.join(engines())}")
    began, results = time.monotonic(), []
    with seeds(), ThreadPoolExecutor(LANES) as lanes:
        for done in as_completed([lanes.submit(run, part) for part in wanted or PARTS]):
            results.append(done.result())
            show(results[-1])
    spent = time.monotonic() - began
    print(f"\n{len(results)} parts in {spent / 60:.1f} min")
    if write:
        keep(results, spent)
    return 0 if all(not one.fault and all(row.met for row in one.rows) for one in results) else 1


if __name__ == "__main__":
    os.environ["TRUST_RUN"] = str(os.getpid())
    sys.exit(main(sys.argv[1:]))
