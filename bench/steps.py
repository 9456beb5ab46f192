"""A workflow step over HTTP, from the posted form to the committed state, beside bare inserts of the same rows.

In a home of its own, because steps cannot be taken back: a copy of the small city with benefits that wait to be delivered.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .figures import Figure, Times, spread
from .served import CLIENTS, PORT, running

EACH, BARE = 60, 200
CASES = CLIENTS * EACH
#: Small enough to be copied; another city's steps are taken in a small one.
COPIED = 2**30
TOKEN = "b" * 32
MOVED = "UPDATE rating_benefit SET state = 'delivered', proof = 'x', version = version + 1 WHERE id = %s"
#: What one step writes, by table and the columns that must differ from row to row.
ROWS = {
    "workflow_event": ("id",), "facts_fact": ("id", "source"), "facts_also": ("fact_id",), "facts_unsealed": ("fact_id",),
    "workflow_turn": (), "workflow_deadlinerow": ("name",), "jobs_outgoing": ("key",),
}  # fmt: skip


def figures(folder: Path) -> Iterator[Figure]:
    environment = _home(folder / "step-home")
    made = _run("make", environment)
    before = _run("count", environment)
    with running([sys.executable, "-m", "wuxie.config.cli", "serve"], PORT, "/", environment):
        spent, rate = hammer(made["session"], made["first"])
        after = _run("count", environment)
    written = {name: round((after[name] - before[name]) / CASES) for name in ROWS}
    bare = _run("bare", environment | {"BENCH_ROWS": json.dumps(written)})["ms"]
    rows = ", ".join(f"{number} {name.partition('_')[2]}" for name, number in written.items() if number)
    bound = f"{rate:.0f} a second against {1000 / bare[0]:.0f}; an answer took {spent[0]:.0f} ms, p95 {spent[1]:.0f}"
    yield Figure(
        "step", f"a benefit delivered, {CLIENTS} at once: time for each committed step", (1000 / rate, 1000 / rate),
        (bare[0], bare[1]), f"the same rows in one transaction, one after the other: an update, {rows}", factor=2,
        bound=bound,
    )  # fmt: skip


def _home(home: Path) -> dict[str, str]:
    """A small city to write in, and the environment that leads there."""
    from django.db import connection

    from wuxie.kernel.home import home as here

    home.mkdir()
    rest = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment = rest | {"WUXIE_HOME": str(home), "WUXIE_DEMO": "small"}
    database = here() / "wuxie.sqlite3"
    if connection.vendor != "sqlite" or database.stat().st_size > COPIED:
        command = [sys.executable, "-m", "wuxie.config.cli", "prepare"]
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
        return environment
    shutil.copytree(here() / "keys", home / "keys")
    with (
        contextlib.closing(sqlite3.connect(database)) as ours,
        contextlib.closing(sqlite3.connect(home / database.name)) as copy,
    ):
        ours.backup(copy)
    return environment


def _run(part: str, environment: dict[str, str]) -> Any:
    command = [sys.executable, "-m", "bench.steps", part]
    made = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    return json.loads(made.stdout.splitlines()[-1])


def hammer(session: str, first: int) -> tuple[Times, float]:
    """Milliseconds an answer takes with ``CLIENTS`` posting at once, each to cases of its own, and steps a second."""
    spent: list[float] = []
    wrong: list[str] = []
    body = urllib.parse.urlencode({"csrfmiddlewaretoken": TOKEN, "proof": "https://example.org/proof"})
    headers = {
        "Content-Type": "application/x-www-form-urlencoded", "Cookie": f"sessionid={session}; csrftoken={TOKEN}",
    }  # fmt: skip

    def post(own: range) -> None:
        line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        for case in own:
            started = time.perf_counter()
            line.request("POST", f"/rating/benefits/{case}/deliver/", body, headers)
            answer = line.getresponse()
            answer.read()
            spent.append(1000 * (time.perf_counter() - started))
            if answer.status != 302:
                wrong.append(f"case {case}: {answer.status}")

    started = time.perf_counter()
    threads = [
        threading.Thread(target=post, args=(range(first + number * EACH, first + (number + 1) * EACH),))
        for number in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong or len(spent) != CASES:
        raise RuntimeError(f"steps were not taken: {wrong[:3]}")
    return spread(spent), len(spent) / (time.perf_counter() - started)


# ── in the home of its own ────────────────────────────────────────────────────────────────────────────────────────────


def make() -> dict[str, Any]:
    """Benefits that the association owes and has planned, and a session of its office."""
    from wuxie.kernel.clock.now import now, today
    from wuxie.kernel.parties.models import Organisation
    from wuxie.rooms.rating.models import Award, Benefit

    from .served import session

    award = Award.objects.filter(application__state="awarded").select_related("application").order_by("pk")[0]
    association = Organisation.objects.get(kind="association")
    last = Benefit.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    Benefit.objects.bulk_create(
        Benefit(
            pk=last + 1 + number, application=award.application, award=award, kind=f"bench-{number}", label="基准",
            offer="基准", owner=association, owner_role="association_secretariat", owner_label=association.name,
            due_on=today(), scheduled_for=today(), state="scheduled", opened_at=now(), changed_at=now(),
            place_code=award.application.place_code,
        )
        for number in range(CASES + BARE)
    )  # fmt: skip
    return {"first": last + 1, "session": session()}


def count() -> dict[str, int]:
    from django.db import connection

    with connection.cursor() as cursor:
        found = {}
        for name in ROWS:
            cursor.execute(f"SELECT count(*) FROM {name}")
            found[name] = cursor.fetchone()[0]
    return found


def bare() -> dict[str, Times]:
    """Milliseconds of a transaction that moves a benefit and inserts copies of the newest rows, as many as a step does."""
    from django.db import connection, transaction

    from wuxie.rooms.rating.models import Benefit

    wanted: dict[str, int] = json.loads(os.environ["BENCH_ROWS"])
    cases = list(Benefit.objects.filter(state="scheduled").order_by("-pk").values_list("pk", flat=True)[:BARE])
    statements = [_insert(name, number) for name, number in wanted.items() if number]
    spent = []
    for number, case in enumerate(cases):
        started = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(MOVED, [case])
            for statement, rows in statements:
                for at, row in enumerate(rows):
                    mark = f"{number:08d}{at:02d}"
                    cursor.execute(statement, [f"BENCH{mark}" if value is _MARK else value for value in row])
        spent.append(1000 * (time.perf_counter() - started))
    return {"ms": spread(spent)}


_MARK = object()


def _insert(table: str, number: int) -> tuple[str, list[list[Any]]]:
    """The statement, and the newest rows with marks for what must differ."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY id DESC LIMIT {number}")
        names = [column[0] for column in cursor.description]
        rows = [
            [_MARK if name in ROWS[table] else value for name, value in zip(names, row, strict=True)]
            for row in cursor.fetchall()
        ]
    kept = [at for at, name in enumerate(names) if name != "id" or "id" in ROWS[table]]
    columns = ", ".join(f'"{names[at]}"' for at in kept)
    statement = f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(kept))})"
    return statement, [[row[at] for at in kept] for row in rows]


if __name__ == "__main__":
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "wuxie.config.settings"
    django.setup()
    print(json.dumps({"make": make, "count": count, "bare": bare}[sys.argv[1]]()))
