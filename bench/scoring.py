"""Scoring: a file of a million facts, the laid-down ledger against every indicator, and one project after a new fact."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from .figures import Figure, once, timed

STANDARD = (
    'standard: bench\nversion: "1"\nwindow: {from: 2025-09-01, to: 2026-08-31}\ncutoff: 2026-09-30\n'
    "min_trust: counterpart_confirmed\ngroups:\n  - {id: A, points: 10, indicators: [{id: A1, points: 10, formula: "
    "\"10 * ratio(sum('m.done'), sum('m.due'))\"}]}\n"
)


def of_a_file(folder: Path) -> Iterator[Figure]:
    """``calc score`` beside a bare scan and group-by of the same file."""
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
    standard.write_text(STANDARD)
    arguments = ["--standard", str(standard), "--facts", str(facts)]
    stdout, sys.stdout = sys.stdout, open(os.devnull, "w")  # noqa: SIM115, PTH123
    try:
        ours = timed(lambda: calc.main(arguments), 3)
    finally:
        sys.stdout.close()
        sys.stdout = stdout
    scan = f"SELECT subject, kind, count(*), sum(quantity) FROM read_csv('{facts}', header=true) GROUP BY ALL"
    bare = timed(lambda: duckdb.sql(scan).fetchall(), 3)
    yield Figure(
        "scoring", "calc score, CSV of 1,000,000 facts, 1,500 subjects", ours, bare, "DuckDB scan and group-by"
    )


def _whole(files: str) -> tuple[Callable[[], None], Callable[[], None], int, str]:
    """Scoring of all rows of these Parquet files by every indicator for every project; the bare scan; the rows; in words."""
    import duckdb

    from wuxie.kernel.standards import document, selection
    from wuxie.kernel.standards.judge import judge
    from wuxie.kernel.standards.live import MILLION
    from wuxie.rooms.rating import queries
    from wuxie.rooms.rating.models import Cycle
    from wuxie.rooms.register.models import Project

    cycle = Cycle.objects.filter(place_code="5104").exclude(state="draft").order_by("-year")[0]
    standard = document.load(queries.document_of(cycle, "new_residential")).for_days(
        cycle.window_to, cutoff=cycle.cutoff
    )
    subjects = [project.key for project in Project.objects.all()]
    relation = (
        "(SELECT id, kind, subject, quantity, occurred_on, recorded_on, valid_until, trust, 0 AS superseded,"
        f" 0 AS disputed FROM {files}) AS rows"
    )

    def run() -> None:
        with duckdb.connect(config={"threads": "2"}) as engine:
            found = selection.Measures(MILLION)
            for wanted, asked in selection.plans(standard):
                rows = engine.execute(selection.statement(standard, relation, wanted, asked)).fetchall()
                selection.read_rows(found, rows, wanted, asked)
        for subject in subjects:
            judge(standard, found.of(subject))

    def bare() -> None:
        with duckdb.connect(config={"threads": "2"}) as engine:
            engine.execute(f"SELECT subject, kind, count(*), sum(quantity) FROM {files} GROUP BY ALL").fetchall()

    with duckdb.connect() as engine:
        count = (engine.execute(f"SELECT count(*) FROM {files}").fetchone() or (0,))[0]
    return (
        run,
        bare,
        count,
        f"{count:,} laid-down rows × {len(list(standard.indicators))} indicators × {len(subjects):,} projects",
    )


def of_the_ledger() -> Iterator[Figure]:
    """The whole laid-down ledger, every indicator, every project, beside a bare scan and group-by of the same columns."""
    from wuxie.kernel.facts import laid_down

    run, bare, _count, what = _whole(f"read_parquet('{laid_down.folder()}/seal-*.parquet')")
    ours, beside = timed(run, 5), timed(bare, 5)
    yield Figure(
        "scoring", what, ours, beside, "DuckDB scan and group-by of the same files; the aim is 1.2 of it, and 0.4 s",
        most=round(1.2 * beside[0] + 400),
    )  # fmt: skip


HUNDRED = 100_000_000


def of_hundred_million(folder: Path) -> Iterator[Figure]:
    """The laid-down rows over and over until there are a hundred million, scored once from Parquet in a process of its own."""
    import duckdb

    from wuxie.kernel.facts import laid_down

    ours, many = f"read_parquet('{laid_down.folder()}/seal-*.parquet')", folder / "many"
    many.mkdir()
    with duckdb.connect(config={"threads": "2"}) as engine:
        count = (engine.execute(f"SELECT count(*) FROM {ours}").fetchone() or (0,))[0]
        for number in range(-(-HUNDRED // count)):
            engine.execute(f"COPY (SELECT * FROM {ours}) TO '{many}/{number:05d}.parquet' (FORMAT parquet)")
    command = [sys.executable, "-m", "bench.scoring", str(many)]
    told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.splitlines()[-1])
    yield Figure(
        "scoring", told["what"], (told["ours"],) * 2, (told["bare"],) * 2, "DuckDB scan and group-by of the same files",
        most=60, unit="s", bound=f"highest memory {told['memory']:,.0f} MiB",
    )  # fmt: skip


def main(folder: str) -> None:
    import resource

    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "wuxie.config.settings"
    django.setup()
    run, bare, _count, what = _whole(f"read_parquet('{folder}/*.parquet')")
    ours = once(run)[0]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"ours": ours, "bare": once(bare)[0], "memory": memory, "what": what}))


def live() -> Iterator[Figure]:
    """One project's score of this moment, after a fact that arrived just now; the fact is rolled back."""
    from django.db import connection, transaction

    from wuxie.kernel.clock.now import today
    from wuxie.kernel.facts import ledger
    from wuxie.rooms.rating.live import live_score
    from wuxie.rooms.register.models import Project

    project = Project.objects.select_related("estate", "company").order_by("pk")[0]
    year = f"{today().year - 1}-{today():%m-%d}"

    def run() -> None:
        with transaction.atomic():
            ledger.announce(
                "safety.duty_due", project.key, occurred_on=today(), quantity="12", source="bench", by="bench"
            )
            live_score(project)
            transaction.set_rollback(True)

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT kind, count(*), sum(quantity) FROM facts_fact WHERE subject = %s AND occurred_on >= %s GROUP BY kind",
                [project.key, year],
            )
            cursor.fetchall()

    yield Figure(
        "scoring",
        "live score of one project after a new fact",
        timed(run, 15),
        timed(bare, 15),
        "one GROUP BY of its facts",
        most=100,
    )


if __name__ == "__main__":
    main(sys.argv[1])
