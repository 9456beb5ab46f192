"""``make bench``: how fast the parts are, each beside the barest thing that does the same work on this machine.

Median and 95th percentile over repeated runs; the factor is ours over the bare one. The demo city is loaded into a folder
of its own when ``WUXIE_HOME`` does not hold one.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path


def timed(run: Callable[[], object], times: int) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds; one run before is not counted."""
    run()
    spent = []
    for _ in range(times):
        started = time.perf_counter()
        run()
        spent.append(1000 * (time.perf_counter() - started))
    spent.sort()
    return statistics.median(spent), spent[min(len(spent) - 1, int(0.95 * len(spent)))]


def line(what: str, ours: tuple[float, float], bare: tuple[float, float], beside: str) -> None:
    print(f"{what:<46} {ours[0]:9.1f} {ours[1]:9.1f} {bare[0]:9.1f} {ours[0] / bare[0]:7.1f}×  {beside}")


def commands(folder: Path) -> None:
    """The calculators as a shell starts them, beside an interpreter that does nothing."""
    paper = folder / "deadline.json"
    paper.write_text('{"rule": "petition.conclude", "from": "2026-09-25"}', encoding="utf-8")
    units = [
        {"id": str(n), "area": f"{50 + n % 90}.{n % 100:02d}", "owner": str(n // 2), "status": "delivered"}
        for n in range(50_000)
    ]
    vote = folder / "vote.json"
    vote.write_text(
        json.dumps(
            {"matter": "fund_use", "units": units, "ballots": [{"unit": one["id"], "choice": "for"} for one in units]}
        )
    )
    nothing = timed(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True), 10)
    for label, arguments in (
        ("calc deadline", ["deadline", str(paper)]),
        ("calc vote, 50,000 units", ["vote", str(vote)]),
    ):
        command = [sys.executable, "-m", "wuxie.config.cli", "calc", *arguments]
        ours = timed(lambda command=command: subprocess.run(command, check=True, stdout=subprocess.DEVNULL), 10)
        line(label, ours, nothing, "python -c pass")


def scoring(folder: Path) -> None:
    """A million facts scored, beside a bare scan and group-by of the same file."""
    import duckdb

    from wuxie.kernel.standards import calc

    facts, standard = folder / "facts.csv", folder / "standard.yaml"
    rng = random.Random(1)
    with facts.open("w", encoding="utf-8") as out:
        out.write("id,kind,subject,quantity,occurred_on,recorded_on,valid_until,trust,superseded_by,disputed\n")
        for n in range(1_000_000):
            kind = "m.done" if rng.random() < 0.8 else "m.due"
            out.write(
                f"f{n},{kind},p{n % 1500},{n % 9}.25,2026-0{1 + n % 8}-1{n % 9},2026-09-01,,association_verified,,false\n"
            )
    standard.write_text(
        'standard: bench\nversion: "1"\nwindow: {from: 2025-09-01, to: 2026-08-31}\ncutoff: 2026-09-30\n'
        "min_trust: counterpart_confirmed\ngroups:\n  - {id: A, points: 10, indicators: [{id: A1, points: 10, formula: "
        "\"10 * ratio(sum('m.done'), sum('m.due'))\"}]}\n"
    )
    arguments = ["--standard", str(standard), "--facts", str(facts)]
    stdout, sys.stdout = sys.stdout, open(os.devnull, "w")  # noqa: SIM115, PTH123
    try:
        ours = timed(lambda: calc.main(arguments), 3)
    finally:
        sys.stdout.close()
        sys.stdout = stdout
    scan = f"SELECT subject, kind, count(*), sum(quantity) FROM read_csv('{facts}', header=true) GROUP BY ALL"
    bare = timed(lambda: duckdb.sql(scan).fetchall(), 3)
    line("calc score, 1,000,000 facts, 1,500 subjects", ours, bare, "DuckDB scan and group-by")


def pages() -> None:
    """Server time of pages on the demo city, beside the health answer (one query, no template)."""
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    from wuxie.kernel.access.models import Account

    settings.ALLOWED_HOSTS.append("testserver")
    visitor, office = Client(), Client()
    office.force_login(Account.objects.get(username="mishuchu"), backend="wuxie.kernel.access.backends.SignInBackend")
    bare = timed(lambda: visitor.get("/healthz"), 100)
    for path in ("/", "/estates/", "/estates/XQ00001/", "/notices/", "/standards/"):
        line(f"visitor {path}", timed(lambda path=path: visitor.get(path), 40), bare, "/healthz")
    for path in (
        "/desk/",
        "/rating/",
        "/rating/applications/19/",
        "/rating/projects/1/score/",
        "/register/estates/",
        "/ledger/",
        "/statutes/",
    ):
        line(f"secretariat {path}", timed(lambda path=path: office.get(path), 40), bare, "/healthz")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuxie.config.settings")
    os.environ["WUXIE_DEMO"] = "small"
    print(f"{'what':<46} {'median ms':>9} {'p95 ms':>9} {'bare ms':>9} {'factor':>8}  beside")
    with tempfile.TemporaryDirectory() as name:
        commands(Path(name))
        scoring(Path(name))
    subprocess.run([sys.executable, "-m", "wuxie.config.cli", "prepare"], check=True, stdout=subprocess.DEVNULL)
    pages()


if __name__ == "__main__":
    main()
