"""The ledger as a whole: how long an act waits for its seal, who holds the roots outside, how long a check of all facts takes."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from .homes import ask, engines, environment, home
from .row import Row

SEED = 20261129
#: Rounds of half a minute of the worker's clock: twelve hours.
ROUNDS, STEP = 1440, 30
FACTS = int(os.environ.get("TRUST_FACTS", "1000000"))
#: Facts of one seal.
PIECE = 50_000


def rows() -> list[Row]:
    made = []
    for engine in engines():
        with home(engine) as house:
            told = house.ask("sealing", "ages")
            figure = (f"{told['acts']} acts in {ROUNDS * STEP // 3600} hours of the worker's clock, {told['seals']} seals: longest wait "
                      f"{told['longest'] // 60} min, half within {told['half'] // 60} min; left unsealed {told['left']}")  # fmt: skip
            met = told["longest"] <= 3600 and not told["left"] and told["acts"] > 1000
            made.append(Row("G5", f"act to seal, {engine}", figure, met))
            if engine == "SQLite":
                kept = house.ask("sealing", "keepers", WUXIE_KEEPERS="a@example.org,b@example.org")
                figure = (f"{kept['mails']} mails to addresses outside, {kept['told']} offices told, the root is in {kept['with_root']} of "
                          f"them; again within the week: {kept['again']}; on paper: the printed notice (portal and publicity)")  # fmt: skip
                met = kept["mails"] == kept["with_root"] - kept["told"] == 2 and kept["told"] > 0 and not kept["again"]
                made.append(Row("G5", "the weekly root to its keepers outside", figure, met))
    with tempfile.TemporaryDirectory(prefix="wuxie-million-") as name:
        told = ask(environment(Path(name)), "sealing", "whole", str(FACTS))
    figure = (
        f"{told['waited']:.0f} s on the clock with {told['helpers']} helpers; {told['facts']:,} facts, {told['said']}"
    )
    made.append(
        Row("G2", f"the whole ledger of {FACTS:,} facts checked, SQLite", figure, told["well"] and told["waited"] <= 60)
    )
    return made


def ages() -> dict[str, int]:
    """Acts at random moments, the periodic loop each half minute; what is due comes nearer by the same half minute."""
    import datetime
    import random

    from django.db.models import F

    from wuxie.kernel.clock.now import today
    from wuxie.kernel.facts import jobs, ledger
    from wuxie.kernel.facts.models import Seal, Unsealed
    from wuxie.kernel.jobs import periodic
    from wuxie.kernel.jobs.models import Lock

    assert jobs.seal_what_waits is periodic._pieces["facts.seal"].run
    rng, begun, waits = random.Random(SEED), {}, []
    acts, before = 0, Seal.objects.count()
    piece = periodic._pieces["facts.seal"]
    periodic._pieces.clear()
    periodic._pieces[piece.name] = piece
    for turn in range(ROUNDS):
        for _act in range(rng.choice((0, 0, 1, 1, 2))):
            acts += 1
            made = ledger.announce("rating.objected", "project:1", occurred_on=today(), source=f"age/{acts}")
            begun[made.id] = turn
        piece.due -= STEP
        Lock.objects.update(next_at=F("next_at") - datetime.timedelta(seconds=STEP))
        periodic.tick()
        if not Unsealed.objects.exists():
            waits += [(turn + 1 - since) * STEP for since in begun.values()]
            begun.clear()
    # The last quarter of an hour may still wait: it is not overdue.
    left = sum((ROUNDS - since) * STEP > piece.seconds + STEP for since in begun.values())
    waits.sort()
    return {"acts": acts, "seals": Seal.objects.count() - before, "longest": waits[-1], "half": waits[len(waits) // 2], "left": left}  # fmt: skip


def keepers() -> dict[str, int]:
    """The week's root, to two addresses outside and to the offices."""
    import datetime

    from django.conf import settings
    from django.core import mail

    from wuxie.kernel.facts import sealer
    from wuxie.kernel.facts.queries import last_seal
    from wuxie.kernel.jobs import outbox
    from wuxie.kernel.notify.models import Message
    from wuxie.kernel.parties.actions import appoint
    from wuxie.kernel.parties.models import Person
    from wuxie.rooms.rating import keepers as room

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    official = Person.objects.create(name="街道")
    appoint(official, "gov_street", by="trust", place_code="510402001", starts_on=datetime.date(2020, 1, 1))
    sealer.seal()
    seal = last_seal()
    assert seal is not None
    room.publish_if_due()
    outbox.drain_all()
    sent = list(getattr(mail, "outbox", []))
    told = [message.body for message in Message.objects.filter(key=f"ledger.root:{seal.number}")]
    again = room.publish_if_due()
    bodies = [str(one.body) for one in sent] + told
    return {
        "mails": len(sent),
        "told": len(told),
        "with_root": sum(seal.root in body for body in bodies),
        "again": int(again is not None),
    }


def whole(count: int) -> dict[str, object]:
    """So many facts laid down in bulk, as the demo city's are, then checked wholly as ``wuxie ledger verify`` does."""
    import datetime
    import time
    from collections.abc import Iterator
    from functools import partial

    from django.core.management import call_command

    from wuxie.kernel.facts import audit, bulk, leaves

    call_command("migrate", verbosity=0, interactive=False)
    day, kinds = (
        datetime.date(2026, 3, 2),
        ("safety.duty_due", "safety.duty_on_time", "ticket.total", "ticket.closed_on_time"),
    )

    def made(numbers: range) -> Iterator[dict[str, object]]:
        for number in numbers:
            yield {
                "kind": kinds[number % 4], "subject": f"project:{number % 1500}", "occurred_on": day, "by": "trust",
                "quantity": str(number % 19), "source": f"trust/{number:08d}",
            }  # fmt: skip

    received = datetime.datetime(2026, 6, 30, 12, tzinfo=datetime.UTC)
    pieces = (range(first, min(first + PIECE, count)) for first in range(0, count, PIECE))
    bulk.load([bulk.Batch(received, partial(made, numbers)) for numbers in pieces])
    clock = time.monotonic()
    helpers = leaves.useful_helpers()
    report = audit.examine(helpers=helpers)
    return {
        "helpers": helpers, "waited": time.monotonic() - clock, "facts": report.facts,
        "well": report.well and report.facts == count, "said": "VERIFIED" if report.well else "NOT verified",
    }  # fmt: skip


if __name__ == "__main__":
    import sys

    import django

    django.setup()
    asked = {"ages": ages, "keepers": keepers}
    print(json.dumps(asked[sys.argv[1]]() if sys.argv[1] in asked else whole(int(sys.argv[2]))))
