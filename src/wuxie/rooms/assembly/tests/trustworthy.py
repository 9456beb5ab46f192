"""What the account of trust tries on votes, in any number: random votes counted twice, and ballots stuffed every way."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from django.db import transaction

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.assembly.actions import counting
from wuxie.rooms.assembly.models import Ballot, Decision

from . import test_count as moves
from .factories import AFTER, World, moment

#: Past the program, on the tables themselves, after everything was read and before the count.
ON_THE_TABLES = (
    moves._invented, moves._turned, moves._typed_anew, moves._other_envelope, moves._taken_away, moves._larger, moves._two_heads,
    moves._one_more_unit,
)  # fmt: skip


class Undone(Exception):
    """Takes back what a try wrote."""


def stuffed(world: World, seed: int, how_many: int) -> int:
    """How many of so many moves got past: through the program at the doors, and on the tables before the count."""
    rng, uncaught = random.Random(seed), 0
    collecting = world.collecting(title="收票中的表决")
    first = world.collect(collecting, "1-1-101")
    case, ballots = moves._stuffed(world)
    at_doors = _at_doors(world, collecting, first)
    for turn in range(how_many):
        if turn % 2:
            uncaught += not _refused(lambda: rng.choice(at_doors)())
        else:
            uncaught += not _refused(lambda: _on_the_tables(world, case, ballots, rng))
    return uncaught


def _on_the_tables(world: World, case: Decision, ballots: dict[str, Ballot], rng: random.Random) -> None:
    rng.choice(ON_THE_TABLES)(case, ballots)
    with frozen(AFTER):
        counting.count(
            Decision.objects.select_related("estate", "rules").get(pk=case.pk), by=world["committee"], seed="1"
        )


def _at_doors(world: World, case: Decision, first: Ballot) -> list[Callable[[], Any]]:
    return [
        lambda: world.collect(case, "1-1-101"),
        lambda: world.collect(case, "1-1-102", at=AFTER),
        lambda: world.collect(case, "1-1-102", at=moment(AFTER.date(), 23)),
        lambda: world.collect(case, "1-1-102", token="AAAAAAAA"),
        lambda: world.collect(case, "1-1-102", capacity="tenant"),
        lambda: world.collect(case, "1-1-102", capacity="proxy"),
        lambda: world.collect(case, "1-1-102", second=world.people["collector"]),
        lambda: world.collect(case, "1-1-102", second=world.people["admin"]),
        lambda: counting.read(first, by=world["counter"], choices={"1": "for"}),
        lambda: counting.close(case, by=world["committee"]),
        lambda: counting.count(case, by=world["committee"], seed="1"),
    ]


def _refused(move: Callable[[], Any]) -> bool:
    """Whether a move is refused; whatever it wrote is taken back."""
    try:
        with transaction.atomic():
            move()
            raise Undone
    except Refusal:
        return True
    except Undone:
        return False
