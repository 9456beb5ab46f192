"""Splitting a whole amount so that the parts add up to it."""

from __future__ import annotations

from collections.abc import Sequence


def largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """Split ``total`` whole cents in proportion to whole weights (their sum above nought), exactly.

    Each exact share is floored to the cent, the cents left over go to the largest fractional parts, ties to the earlier.
    The parts add up to ``total``; each differs from its exact share by less than one cent.
    """
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    rest = [total * weight % whole for weight in weights]
    for index in sorted(range(len(weights)), key=lambda index: (-rest[index], index))[: total - sum(parts)]:
        parts[index] += 1
    return parts
