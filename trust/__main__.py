"""``python -m trust [--write] [PART …]``: run the parts, print a row a goal; ``--write`` puts them into ``docs/trust.md``."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass

from .goals import PARTS
from .homes import ROOT, engines, seeds
from .paper import keep
from .row import Row

#: Seconds after which a part is ended and counts as not met.
LONGEST = 900


@dataclass(frozen=True)
class Result:
    part: str
    rows: list[Row]
    seconds: float
    fault: str = ""


def run(part: str) -> Result:
    """Run one part; a part that breaks is a result, never the end of the others."""
    if importlib.util.find_spec(f"trust.{part}") is None:
        return Result(part, [], 0, "not in this checkout")
    environment = {
        **os.environ,
        "TRUST_RUN": os.environ.get("TRUST_RUN", str(os.getpid())),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
    }
    began = time.monotonic()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "trust.one", part], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True,
            timeout=LONGEST, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Result(part, [], time.monotonic() - began, f"ended after {LONGEST} s")
    seconds = time.monotonic() - began
    if done.returncode:
        return Result(part, [], seconds, f"broke off with {done.returncode}")
    return Result(part, [Row(*row) for row in json.loads(done.stdout.splitlines()[-1])], seconds)


def show(result: Result) -> None:
    print(f"\n{result.part}  {result.seconds:.0f} s  {result.fault}")
    for row in result.rows:
        print(f"  {row.goal:<4} {'met' if row.met else 'NOT MET':<8} {row.what}: {row.figure}", flush=True)


def main(arguments: list[str]) -> int:
    """0 if everything that ran was met; a missing part is said but is no failure."""
    wanted, write = [part for part in arguments if part != "--write"], "--write" in arguments
    if unknown := [part for part in wanted if part not in PARTS]:
        print(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    print(f"databases: {', '.join(engines())}")
    results = []
    with seeds():
        for part in wanted or PARTS:
            results.append(run(part))
            show(results[-1])
    if write:
        keep(results)
    broken = [one for one in results if one.fault and one.fault != "not in this checkout"]
    return 1 if broken or not all(row.met for one in results for row in one.rows) else 0


if __name__ == "__main__":
    os.environ["TRUST_RUN"] = str(os.getpid())
    sys.exit(main(sys.argv[1:]))
