"""A program of its own: eight threads with one key at the same moment, again and again; prints what came of it.

``python -m wuxie.kernel.once.tests.crowd`` with ``DATABASE_URL`` at an empty database.
"""

from __future__ import annotations

import collections
import json
import threading

import django

ROUNDS, THREADS = 20, 8


def main() -> None:
    django.setup()
    from django.core.management import call_command

    for app in ("once", "jobs"):
        call_command("migrate", app, verbosity=0)
    print(json.dumps({"same": trial("same"), "other": trial("other")}))


def trial(kind: str) -> dict[str, int]:
    """One row of the outbox an act; each thread counts what it was told."""
    from django.db import connections

    from wuxie.kernel.calc.problems import Problem
    from wuxie.kernel.jobs.models import Outgoing
    from wuxie.kernel.once.actions import Answer, Key, once

    told: collections.Counter[str] = collections.Counter()
    together, counting = threading.Barrier(THREADS), threading.Lock()

    def sender(thread: int) -> None:
        for number in range(ROUNDS):
            content = b"one" if kind == "same" else b"%d" % thread
            together.wait()

            def act(number: int = number) -> Answer:
                row = Outgoing.objects.create(topic=kind, key=f"{thread}/{number}")
                return {"number": number, "row": row.pk}

            try:
                answer = once(Key(kind, f"key {number}", content), act)
                said = (
                    "first answer"
                    if Outgoing.objects.get(topic=kind, key__endswith=f"/{number}").pk == answer["row"]
                    else "wrong"
                )
            except Problem as refused:
                said = refused.code
            except Exception as fault:
                said = repr(fault)
            with counting:
                told[said] += 1
        connections.close_all()

    threads = [threading.Thread(target=sender, args=(thread,)) for thread in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"acts": Outgoing.objects.filter(topic=kind).count(), **told}


if __name__ == "__main__":
    main()
