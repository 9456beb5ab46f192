"""A million facts announced, sealed and examined in a home of their own, beside hashing them and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from .figures import Figure

FACTS = 1_000_000


def figures(folder: Path) -> Iterator[Figure]:
    """In a process of its own, since a process has one home."""
    home = folder / "ledger-home"
    home.mkdir()
    environment = {key: value for key, value in os.environ.items() if key not in ("WUXIE_DEMO", "DATABASE_URL")}
    made = subprocess.run(
        [sys.executable, "-m", "bench.ledger"],
        env=environment | {"WUXIE_HOME": str(home)},
        check=True,
        capture_output=True,
    )
    spent: dict[str, float] = json.loads(made.stdout.splitlines()[-1])
    for name, what, most in (
        ("announce", "announce_many of 1,000,000 facts", None),
        ("seal", "seal of 1,000,000 facts", 60.0),
        ("verify", "verify of 1,000,000 facts", 60.0),
        ("bulk", "bulk load (announced and sealed) of 1,000,000 facts", None),
    ):
        yield Figure(
            "ledger", what, (spent[name], spent[name]), (spent["hash"], spent["hash"]),
            "SHA-256 of the same documents, json.dumps and nothing else", most=most, unit="s",
        )  # fmt: skip


def main() -> None:
    import datetime
    import hashlib
    import shutil

    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "wuxie.config.settings"
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from wuxie.kernel.facts import audit, bulk, leaves, ledger, sealer
    from wuxie.kernel.home import home

    from .figures import once

    day = datetime.date(2026, 3, 2)
    kinds = ("safety.duty_due", "safety.duty_on_time", "ticket.total", "ticket.closed_on_time")

    def rows() -> Iterator[dict[str, object]]:
        for number in range(FACTS):
            yield {
                "kind": kinds[number % 4], "subject": f"project:{number % 1500}", "occurred_on": day, "by": "bench",
                "quantity": str(number % 19), "source": f"bench/{number:08d}",
            }  # fmt: skip

    def hash_all() -> None:
        for row in rows():
            row = {**row, "occurred_on": day.isoformat()}
            hashlib.sha256(json.dumps(row, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    def empty() -> None:
        connection.close()
        for path in home().glob("wuxie.sqlite3*"):
            path.unlink()
        shutil.rmtree(home() / "ledger", ignore_errors=True)
        call_command("migrate", verbosity=0)

    empty()
    spent = {"hash": once(hash_all)[0]}
    batch = bulk.Batch(datetime.datetime(2026, 6, 30, 12, tzinfo=datetime.UTC), rows)
    spent["bulk"] = once(lambda: bulk.load([batch]))[0]
    empty()
    spent["announce"] = once(lambda: ledger.announce_many(rows()))[0]
    spent["seal"] = once(sealer.seal)[0]
    report = []
    spent["verify"] = once(lambda: report.append(audit.examine(helpers=leaves.useful_helpers())))[0]
    if not report[0].well or report[0].facts != FACTS:
        raise SystemExit("the ledger does not verify")
    print(json.dumps(spent))


if __name__ == "__main__":
    main()
