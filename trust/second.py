"""Two verifiers that share no line of code come to the same verdict on every pack."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .row import Row

PROGRAM = Path(__file__).with_name("second.mjs")
NODE = Path(sys.executable).with_name("node")
COUNT = 1000


class Second:
    """The other verifier, asked about one folder after another."""

    def __init__(self, questions: IO[str], answers: IO[str]) -> None:
        self._questions, self._answers = questions, answers

    def verdict(self, folder: Path, root: str = "") -> str:
        """Empty for a pack that is verified, else what does not fit."""
        self._questions.write(f"{folder}\t{root}\n")
        self._questions.flush()
        words = self._answers.readline().strip()
        return "" if words == "VERIFIED" else words or "no answer"


@contextmanager
def second() -> Iterator[Second]:
    pipe = subprocess.PIPE
    with subprocess.Popen([NODE, PROGRAM], stdin=pipe, stdout=pipe, text=True, encoding="utf-8") as process:
        assert process.stdin is not None and process.stdout is not None
        yield Second(process.stdin, process.stdout)
        process.stdin.close()


def disagreements(folder: Path, count: int, seed: int = 20261129) -> Iterator[str]:
    """Where the two differ over whole packs with each of their roots, and over spoiled ones in every way there is."""
    from wuxie.rooms.rating.tests import packmaker, spoils

    rng = random.Random(seed)
    books = [packmaker.a_year(20 + 5 * one, one) for one in range(4)]
    ways = list(spoils.SPOILS.values())
    with second() as other:
        for book, members in books:
            for root in ("", *(seal["root"] for seal in book.seals)):
                if packmaker.verdict(members, folder, root or None) != ("", "") or other.verdict(folder, root):
                    yield f"whole pack, root {root or 'none'}"
        for turn in range(count):
            book, members = books[turn % len(books)]
            way = ways[turn // len(books) % len(ways)]
            spoiled, _ = way(rng, book, members)
            first = _first(packmaker.lay(spoiled, folder))
            if bool(first) != bool(said := other.verdict(folder)):
                yield f"{way.__name__}: {first or 'VERIFIED'} / {said or 'VERIFIED'}"


def _first(folder: str) -> str:
    """As ``main`` of the verifier in the pack judges: any fault of reading is a refusal too."""
    from wuxie.rooms.rating.verifier import verify

    try:
        verify.verify(folder)
    except Exception as fault:
        return str(fault) or type(fault).__name__
    return ""


def agreement(folder: Path, count: int = COUNT) -> Row:
    apart = list(disagreements(folder, count))
    for words in apart[:5]:
        print("  apart:", words, file=sys.stderr)
    what = f"two verifiers in two languages agree on whole packs and on {count:,} spoiled ones"
    return Row("G4", what, f"{len(apart)} disagreements", not apart)
