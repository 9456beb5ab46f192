"""A program of its own: eight writers and the sealer at the same time on one database; prints what came of it.

``python crowd.py STEPS`` with ``DATABASE_URL`` at an empty database. Each step announces two facts about busy subjects
in either order; all writers also race for the same sources.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time

import django

WRITERS = 8
RACES = 12


def main(steps: int) -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import close_old_connections, connections, transaction

    from wuxie.kernel.facts import audit, ledger, sealer
    from wuxie.kernel.facts.models import Fact, Link, Seal
    from wuxie.kernel.facts.refusal import Refused
    from wuxie.kernel.facts.testing import declared
    from wuxie.kernel.facts.tests.factories import DAY, KINDS

    for app in ("jobs", "facts"):
        call_command("migrate", app, verbosity=0)
    faults: list[str] = []
    refused: list[str] = []
    done = threading.Event()
    # Nobody goes on past these steps before that many seals were made, so that sealing falls among the writing.
    sealed_before = {steps // 4: threading.Event(), steps // 2: threading.Event()}

    def write(writer: int) -> None:
        rng = random.Random(writer)
        try:
            for step in range(steps):
                if step in sealed_before:
                    sealed_before[step].wait()
                busy = rng.sample(["project:1", "project:2", "project:3", "project:4", "project:5"], 2)
                with transaction.atomic():
                    for subject in busy:
                        ledger.announce(
                            "probe.done", subject, occurred_on=DAY, source=f"{writer}/{step}/{subject}",
                            also_counts_for=("company:1",),
                        )  # fmt: skip
                if step < RACES:
                    try:
                        ledger.announce("probe.done", "project:9", occurred_on=DAY, source=f"race/{step}")
                    except Refused as error:
                        refused.append(error.code)
        except Exception as error:
            faults.append(repr(error))
        finally:
            connections.close_all()

    def seal() -> None:
        while not done.is_set():
            try:
                made = sealer.seal()
                for number, event in enumerate(sealed_before.values(), start=1):
                    if made is not None and made.number >= number:
                        event.set()
            except sealer.Busy:
                pass
            except Exception as error:
                faults.append(repr(error))
            time.sleep(0.02)
        close_old_connections()
        connections.close_all()

    with declared(*KINDS):
        writers = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
        sealing = threading.Thread(target=seal)
        for thread in (sealing, *writers):
            thread.start()
        for thread in writers:
            thread.join()
        done.set()
        sealing.join()
        sealer.seal()
        report = audit.examine()
        result = {
            "faults": faults,
            "broken": [broken.message for broken in report.broken],
            "facts": Fact.objects.count(),
            "links": Link.objects.count(),
            "races_won": Fact.objects.filter(subject="project:9").count(),
            "races_lost": len(refused),
            "codes": sorted(set(refused)),
            "waiting": report.waiting,
            "several_seals": Seal.objects.count() >= 2,
        }
    connections.close_all()
    print(json.dumps(result))


if __name__ == "__main__":
    main(int(sys.argv[1]))
