"""Two people at the same step in the same moment, and eight processes with the same keys: one wins, the others are told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from .homes import ROOT, Home, engines, home
from .row import Row

#: Races on each of two databases; on one alone twice as many.
TIMES = int(os.environ.get("TRUST_RACES", "500"))
KEYS, PROCESSES = 40, 8


def rows() -> list[Row]:
    tried = engines()
    made = []
    for engine in tried:
        with home(engine) as house:
            made += [steps(house, TIMES if len(tried) > 1 else 2 * TIMES), keys(house), once(house)]
    return made


def _side(house: Home, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "trust.racer", *arguments], env=house.environment, cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip


def _read(side: subprocess.Popen[str]) -> Any:
    assert side.stdout is not None
    return json.loads(side.stdout.readline())


def _say(side: subprocess.Popen[str], word: str) -> None:
    assert side.stdin is not None
    side.stdin.write(word + "\n")
    side.stdin.flush()


def steps(house: Home, times: int) -> Row:
    """Two processes take the same step of the same case, each round let go by the same word."""
    sides = [_side(house, "steps", str(number)) for number in range(2)]
    wins = {0: 0, 1: 0, 2: 0}
    words: dict[str, int] = {}
    for side in sides:
        _read(side)
    _say(sides[0], f"make {times}")
    _read(sides[0])
    for number in range(times):
        for side in sides:
            _say(side, f"take {number}")
        answers = [_read(side) for side in sides]
        wins[sum(answer == "won" for answer in answers)] += 1
        for answer in answers:
            if answer != "won":
                words[answer] = words.get(answer, 0) + 1
    _say(sides[0], "count")
    events, facts = _read(sides[0])
    for side in sides:
        _say(side, "end")
        side.wait()
    proper = sum(words.get(code, 0) for code in ("raced", "state"))
    figure = (f"{times} times: one winner {wins[1]}, two {wins[2]}, none {wins[0]}; the other was told "
              f"{', '.join(f'{word} {count}' for word, count in words.items())}; {events} events, {facts} facts")  # fmt: skip
    met = wins[1] == times and proper == times and events == times and facts == times
    return Row("R1", f"two people take the same step, {house.engine}", figure, met)


def _crowd(house: Home, kind: str) -> tuple[list[Any], int]:
    """Let eight processes go at once; what each was told, and how many rows there are."""
    sides = [_side(house, kind, str(number)) for number in range(PROCESSES)]
    for side in sides:
        _read(side)
    for side in sides:
        _say(side, f"go {KEYS}")
    answers = [_read(side) for side in sides]
    _say(sides[0], "count")
    count = _read(sides[0])
    for side in sides:
        _say(side, "end")
        side.wait()
    return answers, count


def once(house: Home) -> Row:
    """The keys that forms and the interface carry: every process is told the same fact."""
    answers, count = _crowd(house, "once")
    agreed = sum(len(set(told)) == 1 for told in zip(*answers, strict=True))
    figure = (
        f"{PROCESSES} × {KEYS} acts under {KEYS} keys: {count} done, all eight told the same answer at {agreed} keys"
    )
    return Row(
        "G9", f"an act under the same key from {PROCESSES} processes, {house.engine}", figure, count == agreed == KEYS
    )


def keys(house: Home) -> Row:
    """The same forty keys from eight processes: the source of a fact is its key."""
    answers, count = _crowd(house, "keys")
    won, refused = sum(one[0] for one in answers), sum(one[1] for one in answers)
    other = sum(one[2] for one in answers)
    figure = f"{PROCESSES} × {KEYS} writes: {count} rows, {won} acknowledged, {refused} refused as doubled, {other} other faults"
    met = count == won == KEYS and refused == KEYS * (PROCESSES - 1) and not other
    return Row("G9", f"the same key from {PROCESSES} processes, {house.engine}", figure, met)
