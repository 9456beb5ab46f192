"""What the published rules of the rating compute: the draw, the settled points, the five-star rule.

Pure and exact: whole hundredths of a point, fractions, no ORM; the same input gives the same answer for ever.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

#: Most minus least of a round, in per cent of the indicator's points: above it the reviewers meet and mark again.
SPREAD_PERCENT = 40
#: Fewest reviewers an indicator may be judged by.
FEWEST = 3


def drawn(seed: str, candidates: Iterable[int], count: int) -> list[int]:
    """The people drawn: candidates in the order of SHA-256 of ``seed:id``, the first ``count`` of them.

    Anyone recomputes it with any SHA-256 tool; nobody can foresee it without the seed.
    """
    order = sorted(candidates, key=lambda pk: (hashlib.sha256(f"{seed}:{pk}".encode()).hexdigest(), pk))
    return order[:count]


def settled(points: Sequence[int]) -> int:
    """The result of a round in hundredths: the median of three, of more the mean without the highest and the lowest.

    Half up to whole hundredths. Raises ``ValueError`` for fewer than three.
    """
    if len(points) < FEWEST:
        raise ValueError("three reviewers at least")
    order = sorted(points)
    if len(order) == FEWEST:
        return order[1]
    inner = order[1:-1]
    return (2 * sum(inner) + len(inner)) // (2 * len(inner))


def spread_too_wide(points: Sequence[int], full: int) -> bool:
    """Whether most minus least is over 40 % of the indicator's points (``full``, in hundredths)."""
    return 100 * (max(points) - min(points)) > SPREAD_PERCENT * full


@dataclass(frozen=True)
class Contender:
    """A project whose score reaches five stars. Shares are those of groups D and F (1 where not applicable)."""

    key: int
    total: Fraction
    safety: Fraction = Fraction(1)
    harmony: Fraction = Fraction(1)
    #: Whether both previous cycles gave four stars or more.
    proven: bool = True

    @property
    def rank(self) -> tuple[Fraction, Fraction, Fraction]:
        return (self.total, self.safety, self.harmony)


def capped(contenders: Iterable[Contender], scored: int, percent: int) -> dict[int, str]:
    """Who is held at four stars, and why: ``unproven`` (not twice four stars), ``quota``, or ``tied`` at its edge.

    Room is ⌊percent % of the projects scored⌋; ranked by unrounded total, then D, then F; whoever is tied across the
    edge stays out, all of them.
    """
    everyone = list(contenders)
    out = {one.key: "unproven" for one in everyone if not one.proven}
    ranked = sorted((one for one in everyone if one.proven), key=lambda one: one.rank, reverse=True)
    room = scored * percent // 100
    if len(ranked) <= room:
        return out
    edge = ranked[room - 1].rank if room else None
    tied = edge is not None and ranked[room].rank == edge
    for place, one in enumerate(ranked):
        if tied and one.rank == edge:
            out[one.key] = "tied"
        elif place >= room:
            out[one.key] = "quota"
    return out
