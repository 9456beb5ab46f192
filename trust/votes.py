"""Votes recounted by two other implementations, and ballots stuffed at the doors and on the tables: attack 5."""

from __future__ import annotations

import os
import resource
import time

from .row import Row

ELECTIONS, MOVES = 10_000, 500


def rows() -> list[Row]:
    """Both campaigns; the stuffing in a database of its own that ends with the part."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuxie.config.settings")
    django.setup()
    return [recounted(), stuffed()]


def recounted(count: int = ELECTIONS) -> Row:
    """Random votes, many of them at a threshold, counted by the law, by a second implementation and by the pack's verifier."""
    from wuxie.rooms.assembly.tests import test_count

    before = time.process_time()
    differing = test_count.recounted(20261129, count)
    figure = f"{differing} of {count:,} differ, {time.process_time() - before:.0f} s of processor"
    return Row("G16", "random votes counted by three implementations", figure, differing == 0)


def stuffed(count: int = MOVES) -> Row:
    """Twice, late, by nobody on the roll, with another's paper; ballots, sides, areas and heads put in by SQL."""
    from django.test.runner import DiscoverRunner
    from django.test.utils import setup_test_environment, teardown_test_environment

    from wuxie.kernel.clock.now import frozen
    from wuxie.kernel.papers.actions import print_later
    from wuxie.kernel.places.models import Place
    from wuxie.rooms.assembly.tests.factories import PLACE, TODAY, World
    from wuxie.rooms.assembly.tests.trustworthy import stuffed as tried

    setup_test_environment()
    runner = DiscoverRunner(verbosity=0, interactive=False)
    made = runner.setup_databases()
    try:
        for level, length in enumerate((4, 6, 9, 12), 1):
            parent = PLACE[: (4, 4, 6, 9)[level - 1]] if level > 1 else None
            Place.objects.get_or_create(
                code=PLACE[:length], defaults={"name": f"地{level}", "level": level, "parent_id": parent}
            )
        with frozen(TODAY), print_later():
            uncaught = tried(World(), 500, count)
    finally:
        runner.teardown_databases(made)
        teardown_test_environment()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return Row(
        "G16",
        "moves to stuff the box, through the program and past it",
        f"{uncaught} of {count} uncaught, {memory} MiB",
        uncaught == 0,
    )
