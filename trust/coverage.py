"""How much of the program the tests run through, branch by branch: the suite on SQLite and on PostgreSQL, put together.

    make coverage      # python -m trust.coverage: the report, and exit 1 below a limit
    python -m trust coverage --write

What must be complete is the kernel, every ``law.py`` and ``actions``, and the verifier; of the rest 95 in a hundred.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from .homes import ROOT, has_postgres
from .row import Row

SUITE = ("-m", "pytest", "-q", "-n", "2", "--dist", "worksteal", "-m", "not browser", "-p", "no:cacheprovider")
#: Tests whose code has branches for PostgreSQL only.
POSTGRES = (
    "src/wuxie/kernel",
    "src/wuxie/config",
    "src/wuxie/rooms/register",
    "src/wuxie/rooms/mediation/tests/test_grams.py",
    "src/wuxie/rooms/rating/tests/test_live.py",
)
#: What is measured → (which files, the share that is wanted).
LIMITS = {
    "kernel": (r"src/wuxie/kernel/", 100),
    "law": (r"/law\.py$", 100),
    "actions": (r"/actions(\.py$|/)", 100),
    "verify.py": (r"/verify\.py$", 100),
    "all": (r"", 95),
}


def measure(folder: Path) -> dict[str, object]:
    """Run the tests under ``coverage`` and return its report."""
    inside = {name: value for name, value in os.environ.items() if not name.startswith("WUXIE_")}
    inside |= {"COVERAGE_FILE": str(folder / "data"), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    inside.pop("DATABASE_URL", None)
    run = [sys.executable, "-m", "coverage"]
    subprocess.run([*run, "run", *SUITE], cwd=ROOT, env=inside, check=True)
    if has_postgres():
        there = [sys.executable, "scripts/with_postgres.py", *run, "run", *SUITE, *POSTGRES]
        subprocess.run(there, cwd=ROOT, env=inside, check=True)
    subprocess.run([*run, "combine", "-q"], cwd=ROOT, env=inside, check=True)
    report = folder / "report.json"
    subprocess.run([*run, "json", "-q", "-o", str(report)], cwd=ROOT, env=inside, check=True)
    return dict(json.loads(report.read_text(encoding="utf-8")))


def shares(report: dict[str, object]) -> dict[str, tuple[int, int, list[str]]]:
    """What is measured → (lines and branches run, all of them, files that are not complete)."""
    found = {}
    for name, (pattern, _wanted) in LIMITS.items():
        run = every = 0
        gaps = []
        for path, said in report["files"].items():  # type: ignore[attr-defined]
            if not re.search(pattern, path):
                continue
            total = said["summary"]
            done = total["covered_lines"] + total["covered_branches"]
            whole = total["num_statements"] + total["num_branches"]
            run, every = run + done, every + whole
            if done < whole:
                gaps.append(f"{path} {done}/{whole}")
        found[name] = (run, every, gaps)
    return found


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="wuxie-coverage-") as name:
        return rows_of(measure(Path(name)))


def rows_of(report: dict[str, object]) -> list[Row]:
    made = []
    for name, (run, every, gaps) in shares(report).items():
        wanted = LIMITS[name][1]
        figure = f"{run} of {every} lines and branches ({100 * run / every:.2f} %)"
        figure += f"; {len(gaps)} files incomplete" if gaps else ""
        made.append(Row("G11", f"branch coverage, {name}", figure, 100 * run >= wanted * every))
    return made


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="wuxie-coverage-") as name:
        report = measure(Path(name))
    for what, (_run, _every, gaps) in shares(report).items():
        if what != "all":
            print(*(f"  {what}: {gap}" for gap in gaps), sep="\n")
    made = rows_of(report)
    for row in made:
        print(f"{'met' if row.met else 'NOT MET':<8} {row.what}: {row.figure}")
    return 0 if all(row.met for row in made) else 1


if __name__ == "__main__":
    sys.exit(main())
