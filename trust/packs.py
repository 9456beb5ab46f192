"""Packs under attack: spoiled, rewritten, with facts left out or switched off.

Everything is made in memory and checked by the verifier's own functions, file by file in a temporary folder. A goal in
seconds is judged by processor time, so that what else the machine does changes no verdict; the clock stands beside it.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from . import second
from .row import Row

MUTATIONS, DROPS, REWRITES, LARGE = 3000, 200, 2000, 10_000


def rows() -> list[Row]:
    """Every campaign, in the order of the goals."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuxie.config.settings")
    django.setup()
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        return [
            mutations(folder), large(folder), rewritten(folder), left_out(folder), flipped(folder), second.agreement(folder),
        ]  # fmt: skip


def mutations(folder: Path, count: int = MUTATIONS) -> Row:
    """Every way to spoil a pack in turn; noticed only if the right fact, number or figure is named."""
    from wuxie.rooms.rating.tests import packmaker, spoils

    rng = random.Random(20261125)
    books = [packmaker.a_year(20 + 5 * seed, seed) for seed in range(4)]
    ways = list(spoils.SPOILS.values())
    started, spent_before, noticed, missed = time.perf_counter(), time.process_time(), 0, []
    for turn in range(count):
        book, members = books[turn % len(books)]
        way = ways[turn // len(books) % len(ways)]
        spoiled, wanted = way(rng, book, members)
        code, words = _verdict(spoiled, folder)
        if code and spoils.named(wanted, words):
            noticed += 1
        else:
            missed.append(f"{way.__name__}: {code or 'VERIFIED'} {words}")
    waited, spent = time.perf_counter() - started, time.process_time() - spent_before
    for line in missed[:5]:
        print("  missed:", line, file=sys.stderr)
    figure = f"{noticed} of {count} noticed and named rightly, {spent:.1f} s of processor ({waited:.1f} s on the clock)"
    return Row("G1", "altered packs noticed, the fact or figure named", figure, noticed == count and spent <= 60)


def _verdict(members: dict[str, bytes], folder: Path) -> tuple[str, str]:
    """As ``main`` of the verifier judges: any fault of reading is a refusal too."""
    from wuxie.rooms.rating.tests import packmaker

    try:
        return packmaker.verdict(members, folder)
    except Exception as fault:
        return "FORMAT", type(fault).__name__


def large(folder: Path, count: int = LARGE) -> Row:
    """One pack of 10,000 facts, verified in a Python of its own."""
    from wuxie.rooms.rating.packs import VERIFIER
    from wuxie.rooms.rating.tests import packmaker

    _book, members = packmaker.a_year(count)
    packmaker.lay(members, folder)
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, str(VERIFIER)], cwd=folder, capture_output=True, check=False)
    waited, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    what = f"a pack of {len(packmaker.lines_of(members)):,} facts verified with the standard library"
    figure = f"{spent:.1f} s of processor ({waited:.1f} s on the clock), exit {done.returncode}"
    return Row("G2", what, figure, done.returncode == 0 and spent <= 5)


def rewritten(folder: Path, count: int = REWRITES) -> Row:
    """Another history of the same project, sealed just as often: it fits inside, and fails against one old root kept outside."""
    from wuxie.rooms.rating.tests import packmaker

    caught, started = 0, time.process_time()
    truth, _ = packmaker.a_year(6, 0)
    for seed in range(1, count + 1):
        book, members = packmaker.a_year(6, seed)
        kept = truth.seals[seed % len(truth.seals)]["root"]
        own = book.seals[seed % len(book.seals)]["root"]
        caught += (
            packmaker.verdict(members, folder, own) == ("", "")
            and packmaker.verdict(members, folder, kept)[0] == "ROOT"
        )
        truth = book
    figure = (
        f"{caught} of {count:,}, each VERIFIED against its own root; {time.process_time() - started:.0f} s of processor"
    )
    return Row("G3", "rewritten histories noticed from one old root", figure, caught == count)


def left_out(folder: Path, count: int = DROPS) -> Row:
    """Attack 16: each bad fact of many packs left out, the rest numbered anew: the verifier says which number is missing."""
    from wuxie.rooms.rating.tests import packmaker, spoils

    found = tried = 0
    for seed in range(count):
        _book, members = packmaker.a_year(20, seed)
        for line in packmaker.lines_of(members):
            if line["doc"]["kind"] in packmaker.BAD:
                spoiled, wanted = spoils.drop(members, line["doc"]["id"])
                code, words = packmaker.verdict(spoiled, folder)
                tried, found = tried + 1, found + (code != "" and spoils.named(wanted, words))
    what = f"bad facts left out of {count} packs, the missing number named"
    return Row("G4", what, f"{found} of {tried}", found == tried > 0)


def flipped(folder: Path, count: int = 100) -> Row:
    """Attack 17: disputes and corrections turned, prolonged, hidden or invented to switch facts off."""
    from wuxie.rooms.rating.tests import packmaker, spoils

    rng = random.Random(17)
    book, members = packmaker.a_year()
    ways = (spoils.dispute, spoils.target, spoils.hidden, spoils.kind)
    found = 0
    for turn in range(count):
        spoiled, wanted = ways[turn % len(ways)](rng, book, members)
        code, words = packmaker.verdict(spoiled, folder)
        found += code != "" and spoils.named(wanted, words)
    return Row(
        "A17", "disputes and corrections used to switch facts off, noticed", f"{found} of {count}", found == count
    )
