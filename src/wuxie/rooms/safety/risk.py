"""The LEC method: D = likelihood × exposure × consequence, and the colour that follows from the figures of ``statutes``.

No ORM. All three are kept in tenths, D in thousandths, so that nothing is ever a float.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

LIKELIHOOD = (
    (100, _("10　几乎一定会发生")), (60, _("6　相当可能")), (30, _("3　可能，但不经常")), (10, _("1　很少，出乎意料")),
    (5, _("0.5　可以设想，很不可能")), (2, _("0.2　极不可能")), (1, _("0.1　实际上不可能")),
)  # fmt: skip
EXPOSURE = (
    (100, _("10　一直有人在")), (60, _("6　每天上班时间")), (30, _("3　每周一次或偶尔")), (20, _("2　每月一次")),
    (10, _("1　每年几次")), (5, _("0.5　非常少见")),
)  # fmt: skip
CONSEQUENCE = (
    (1000, _("100　大灾难，许多人死亡")), (400, _("40　灾难，数人死亡")), (150, _("15　非常严重，一人死亡")),
    (70, _("7　严重，重伤")), (30, _("3　重大，致残")), (10, _("1　引人注意，要救护")),
)  # fmt: skip


def score(likelihood: int, exposure: int, consequence: int) -> int:
    """D in thousandths.

    >>> score(60, 60, 150)  # 6 × 6 × 15 = 540
    540000
    """
    return likelihood * exposure * consequence


def colour(found: int, least: Sequence[int]) -> str:
    """The colour of a D in thousandths; ``least``: from which D on it is red, orange, yellow.

    >>> [colour(d * 1000, (320, 160, 70)) for d in (320, 319, 160, 159, 70, 69)]
    ['red', 'orange', 'orange', 'yellow', 'yellow', 'blue']
    """
    for name, least_of in zip(("red", "orange", "yellow"), least, strict=True):
        if found >= least_of * 1000:
            return name
    return "blue"


def said(thousandths: int) -> str:
    """``540``, ``4.5``: D as it is written."""
    whole, rest = divmod(thousandths, 1000)
    return f"{whole}.{rest:03d}".rstrip("0").rstrip(".")
