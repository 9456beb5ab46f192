"""What charter, pact and Anti-monopoly Law make of a proceeding: pure, exact, without the database.

>>> decide(["censure", "letter", "censure"], entitled=4, quorum=Fraction(2, 3), expel=Fraction(2, 3), most="censure").measure
'censure'
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml

PACT = Path(__file__).parent / "data" / "pact.yaml"
#: The rungs from the lightest to the heaviest.
LADDER = ("remind", "talk", "letter", "internal", "censure", "suspend", "expel")
NONE = "none"
ANTITRUST = "反垄断法第17、19、21条"

#: Charges for competing: low prices, or not joining in. A price may be named where a promise was broken after the award.
_PRICE = re.compile(
    r"(?:低价|压价|降价|报价(?:过|太|偏)?低|收费(?:过|太|偏)?低|低于(?:成本|行业|协会|参考|指导|同行|最低|统一)[^，。；]{0,4}价|底价|价格(?:联盟|同盟|自律)"
    r"|不按(?:协会|行业|统一)[^，。；]{0,6}(?:价|收费)|(?:统一|最低|参考)(?:报价|收费标准))"
)
_BOYCOTT = re.compile(
    r"(?:联合(?:抵制|停止|退出)|集体(?:抵制|弃标|撤场)|不参加(?:抵制|联盟|统一行动)|划分(?:市场|片区))"
)
_FINE = re.compile(r"(?:罚款|罚金|罚没|违约金|(?:缴|交)纳?[0-9一二三四五六七八九十百千万.]+\s*(?:万)?元)")


@lru_cache(maxsize=1)
def pact() -> dict[str, dict[str, dict[str, Any]]]:
    """The charges with clause and usual range, the measures with their months."""
    found: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(PACT.read_text("utf-8"))
    return found


def rung(measure: str) -> int:
    """The place on the ladder, from 1; nothing is 0."""
    return 0 if measure in ("", NONE) else LADDER.index(measure) + 1


def price_charge(charge: str, text: str) -> bool:
    """Whether somebody is blamed for competing (Anti-monopoly Law articles 17 and 21): by the charge, or by the words used.

    Of a promise broken after the award a low price may be told; to have bid low is none.
    """
    if charge in ("low_price", "no_boycott"):
        return True
    return bool(_BOYCOTT.search(text) or (charge != "promise_breach" and _PRICE.search(text)))


def fines(text: str) -> bool:
    """Whether money is demanded: an association without such a clause in its charter fines nobody."""
    return bool(_FINE.search(text))


@dataclass(frozen=True)
class Decided:
    """What a vote came to; ``measure`` is ``none`` where no rung found enough ballots."""

    quorate: bool
    measure: str
    present: int
    entitled: int
    counts: dict[str, int]


def decide(
    ballots: Sequence[str], *, entitled: int, quorum: Fraction, expel: Fraction, most: str, least: int = 1
) -> Decided:
    """The heaviest rung that enough ballots would bear; a ballot for a rung bears every lighter one.

    More than half of those present, for the heaviest rung of all ``expel`` of them. Never above ``most``, of which the company
    was told. ``entitled``: members without an interest; ``least``: so many must be present in any case.
    """
    present = len(ballots)
    quorate = present >= max(least, 1) and Fraction(present) >= quorum * entitled
    measure = NONE
    for one in LADDER[: rung(most)]:
        bears = sum(rung(ballot) >= rung(one) for ballot in ballots)
        enough = bears >= expel * present if one == LADDER[-1] else 2 * bears > present
        if present and enough:
            measure = one
    return Decided(quorate, measure if quorate else NONE, present, entitled, dict(Counter(ballots)))


def council(*, seats: int, present: int, against: int, quorum: Fraction) -> tuple[bool, bool]:
    """Whether a council was quorate, and whether more than half of those present want to change the decision."""
    return Fraction(present) >= quorum * seats and present > 0, 2 * against > present


def likeness(ones: Collection[str], others: Collection[str]) -> Fraction:
    """How alike two cases of one charge are, 0 to 1: factors they share, of all that either has (Jaccard)."""
    either = set(ones) | set(others)
    return Fraction(len(set(ones) & set(others)), len(either)) if either else Fraction(1)


ALIKE = Fraction(1, 2)


def consistency(cases: Sequence[tuple[str, Collection[str], str]]) -> Fraction | None:
    """Of all pairs of like cases (one charge, half of the factors), how many ended at most one rung apart.

    ``cases``: charge, factors, measure. ``None`` while there is no pair.
    """
    pairs = [
        abs(rung(one[2]) - rung(other[2])) <= 1
        for one, other in combinations(cases, 2)
        if one[0] == other[0] and likeness(one[1], other[1]) >= ALIKE
    ]
    return Fraction(sum(pairs), len(pairs)) if pairs else None


def departs(measure: str, similar: Sequence[str]) -> bool:
    """Whether a measure lies more than one rung from the middle of what like cases ended with."""
    if not similar:
        return False
    ordered = sorted(map(rung, similar))
    return abs(2 * rung(measure) - ordered[(len(ordered) - 1) // 2] - ordered[len(ordered) // 2]) > 2
