"""A thousand runs of two phones over a network that loses, doubles and mixes up, each from a seed: the sets are equal.

Inside the installation each run commits; what has to hold after it is checked by the run itself (``queue_machine``).
"""

from __future__ import annotations

import json
import os
import time

from .homes import home
from .row import Row

SEEDS = int(os.environ.get("TRUST_QUEUE_SEEDS", "1000"))


def rows() -> list[Row]:
    with home("SQLite") as house:
        began = time.monotonic()
        told = house.ask("queues", str(SEEDS))
        spent = time.monotonic() - began
    figure = (f"seeds 0 to {SEEDS - 1}: {told['equal']} with equal sets; {told['checks']} checks taken of {told['sent']} entries, in "
              f"{spent:.0f} s") + (f"; wrong: {told['wrong'][:5]}" if told["wrong"] else "")  # fmt: skip
    return [
        Row(
            "G9",
            "what phones hold as received is what stands in the database, once, SQLite",
            figure,
            told["equal"] == SEEDS,
        )
    ]


def main(seeds: int) -> None:
    import django

    django.setup()
    from wuxie.rooms.safety.tests import queue_machine as machine

    shared = machine.world()
    told: dict[str, object] = {}
    equal = checks = sent = 0
    wrong: list[str] = []
    for seed in range(seeds):
        made = machine.Run(shared, seed)
        sent += sum(len(phone.waits) for phone in made.phones)
        try:
            made.go()
        except AssertionError as fault:
            wrong.append(f"seed {seed}: {fault}"[:200])
            continue
        equal, checks = equal + 1, checks + len(made.receipts)
    told |= {"equal": equal, "checks": checks, "sent": sent, "wrong": wrong}
    print(json.dumps(told))


if __name__ == "__main__":
    import sys

    main(int(sys.argv[1]))
