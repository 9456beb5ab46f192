"""What the association's rules and its published formulas compute: pure, exact, without the ORM.

Shares are fractions from ``statutes``; a share is reached by comparing whole numbers crosswise, never a rounded percentage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Share:
    """A share to be reached (``2/3 不低于``) or, where ``beyond``, to be exceeded (``1/2 超过``)."""

    of: Fraction
    beyond: bool = False

    def reached(self, part: int, whole: int) -> bool:
        """Whether ``part`` of ``whole`` is enough; of nobody nothing is enough."""
        if whole <= 0:
            return False
        left, right = part * self.of.denominator, whole * self.of.numerator
        return left > right if self.beyond else left >= right

    def least(self, whole: int) -> int:
        """The smallest number that reaches it."""
        exact = whole * self.of
        up = -(-exact.numerator // exact.denominator)
        return up + 1 if self.beyond and up == exact else up


@dataclass(frozen=True)
class Count:
    """The count on one item: members entitled and present (those who stand aside taken off both), and how they voted."""

    entitled: int
    present: int
    yes: int
    no: int = 0
    abstain: int = 0

    @property
    def votes(self) -> int:
        return self.yes + self.no + self.abstain


def carried(count: Count, *, quorum: Share, approval: Share) -> bool:
    """Whether an item is carried: enough were there, and enough of those who were there said yes.

    Measured against everybody present, not only those who voted (社会团体章程示范文本：到会者表决通过). Raises ``ValueError`` where
    more votes are counted than members were there.
    """
    if count.votes > count.present or count.present > count.entitled:
        raise ValueError("more votes than members present")
    return quorum.reached(count.present, count.entitled) and approval.reached(count.yes, count.present)


def gini(values: Sequence[int]) -> Fraction:
    """How unevenly a load lies: 0 where everybody bears the same, towards 1 where one bears all.

    The mean absolute difference over twice the mean, Σᵢ(2i − n − 1)·xᵢ / (n·Σx) over values in rising order; of nobody or of no load 0.
    """
    rising, total = sorted(values), sum(values)
    if not total:
        return Fraction(0)
    n = len(rising)
    return Fraction(sum((2 * place - n - 1) * value for place, value in enumerate(rising, 1)), n * total)


@dataclass(frozen=True)
class Part:
    """One part of a score: its weight, and how much of it was reached (0 to 1); ``None`` where nothing was measured."""

    weight: Fraction
    reached: Fraction | None


def score(parts: Sequence[Part]) -> Fraction:
    """Points out of a hundred over the parts that were measured: Σ weight·reached / Σ weight · 100.

    What was not measured is neither full marks nor none; its weight goes to the others. Of nothing measured ``ValueError``.
    """
    measured = [(part.weight, part.reached) for part in parts if part.reached is not None]
    total = sum((weight for weight, _reached in measured), Fraction(0))
    if not total:
        raise ValueError("nothing was measured")
    return sum((weight * reached for weight, reached in measured), Fraction(0)) / total * 100
