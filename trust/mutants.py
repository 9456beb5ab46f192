"""What the tests would notice: small faults put into the law, the access rules and the verifier, one at a time.

    python -m trust mutants            # every target
    python -m trust.mutants rating     # one of them; the faults that survive are printed

Each fault changes one operator, number, word, condition or result inside a function. The tests of the target are collected
once; a child process per fault takes the changed function over and runs those tests that call it, until one fails. A fault
that no test notices *survives*. Faults are drawn with a fixed seed, at most ``MOST`` of a target.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .homes import ROOT
from .row import Row

SEED, MOST, WANTED = 20261129, 150, 90


@dataclass(frozen=True)
class Target:
    """Files in which faults are put, and the tests that ought to notice."""

    files: tuple[str, ...]
    tests: tuple[str, ...]


ACCESS = "src/wuxie/kernel/access"
ROOMS = "src/wuxie/rooms"
TARGETS = {
    "rating": Target((f"{ROOMS}/rating/law.py",), (f"{ROOMS}/rating/tests/test_after.py", f"{ROOMS}/rating/tests/test_review.py")),
    "fees": Target((f"{ROOMS}/fees/law.py",), (f"{ROOMS}/fees/tests",)),
    "fund": Target((f"{ROOMS}/fund/law.py",), (f"{ROOMS}/fund/tests",)),
    "conduct": Target((f"{ROOMS}/conduct/law.py", f"{ROOMS}/conduct/credit.py"), (f"{ROOMS}/conduct/tests",)),
    "assembly": Target((f"{ROOMS}/assembly/law.py",), (f"{ROOMS}/assembly/tests",)),
    "inspections": Target((f"{ROOMS}/inspections/law.py",), (f"{ROOMS}/inspections/tests",)),
    "access": Target(
        tuple(f"{ACCESS}/{name}.py" for name in ("who", "actor", "actions", "backends", "middleware", "models")),
        (f"{ACCESS}/tests", "src/wuxie/kernel/workflow/tests/test_engine.py"),
    ),
    "verifier": Target(
        (f"{ROOMS}/rating/verifier/verify.py",), (f"{ROOMS}/rating/tests/test_verifier.py", f"{ROOMS}/rating/tests/test_packs.py")
    ),
}  # fmt: skip


def tried(name: str) -> dict[str, object]:
    """``{"killed": n, "survived": [line: what, …]}`` of one target."""
    target = TARGETS[name]
    with tempfile.TemporaryDirectory(prefix="wuxie-mutants-") as folder:
        report = Path(folder) / "report.json"
        asked = {"files": target.files, "seed": SEED, "most": MOST, "report": str(report)}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "trust.mutating", *target.tests],
            cwd=ROOT, env=os.environ | {"TRUST_MUTANTS": json.dumps(asked)}, stdout=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
        if not report.exists():
            raise RuntimeError(f"the tests of {name} did not run: {done.stdout[-2000:]}")
        return dict(json.loads(report.read_text(encoding="utf-8")))


def rows() -> list[Row]:
    """One row a target."""
    made = []
    for name, target in TARGETS.items():
        if all((ROOT / path).exists() for path in target.files):
            made.append(row(name, tried(name)))
    return made


def row(name: str, found: dict[str, object]) -> Row:
    killed, survived = int(str(found["killed"])), found["survived"]
    assert isinstance(survived, list)
    every = killed + len(survived)
    share = 100 * killed / every if every else 0
    figure = f"{killed} of {every} faults noticed ({share:.0f} %)"
    return Row("G11", f"mutation score of {name} (seed {SEED}, at most {MOST})", figure, share >= WANTED)


if __name__ == "__main__":
    for one in sys.argv[1:] or TARGETS:
        result = tried(one)
        print(row(one, result).figure, one)
        for line in result["survived"]:  # type: ignore[attr-defined]
            print("  survived", line)
