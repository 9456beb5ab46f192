"""Whether a check is believed: the catalogue's rules of evidence as pure functions. No ORM, no clock.

A check that is not believed is kept and done again; nothing is thrown away. Times are compared by the clock of the phone
where both come from it, and by the server's where one of them is the server's.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from wuxie.kernel.statutes.figures import figure
from wuxie.kernel.statutes.queries import HOME_CITY

from .words import Doubt

MINUTE, SECOND, HOUR = (
    datetime.timedelta(minutes=1),
    datetime.timedelta(seconds=1),
    datetime.timedelta(hours=1),
)


@dataclass(frozen=True)
class Figures:
    """What the statutes say on a day about evidence."""

    clock_off: datetime.timedelta
    burst: datetime.timedelta
    burst_count: int
    photo_drift: datetime.timedelta
    late_for: datetime.timedelta

    @classmethod
    def on(cls, day: datetime.date) -> Figures:
        def value(name: str) -> int:
            return figure(f"safety.{name}", on=day, region=HOME_CITY).number

        return cls(
            value("check_clock_off") * MINUTE, value("check_burst") * SECOND, value("check_burst_count"),
            value("check_photo_drift") * MINUTE, value("check_late_for") * HOUR,
        )  # fmt: skip


@dataclass(frozen=True)
class Shot:
    """A photo as far as it is evidence: what was sent, what it was made from, and when it says that it was taken."""

    sha256: str
    original: str
    taken_at: datetime.datetime | None = None


@dataclass(frozen=True)
class Given:
    """What is known of a check when it is judged. ``done_at`` is the phone's word, ``received_at`` ours."""

    started_at: datetime.datetime
    done_at: datetime.datetime
    sent_at: datetime.datetime
    received_at: datetime.datetime
    opens_at: datetime.datetime
    closes_at: datetime.datetime
    shots: Sequence[Shot] = ()
    used: Collection[str] = ()
    """Hashes of photos that stand in other checks."""
    spots: Collection[int] = ()
    """The places this duty is tied to; none means that it may be done anywhere."""
    spot: int | None = None
    others: Sequence[datetime.datetime] = field(default=())
    """When the same person did other checks, by the same clock as ``done_at``."""

    slack: datetime.timedelta = datetime.timedelta()
    """Up to here a difference is the way, not the clock: an upload may take its time."""
    uncertified: bool = False
    """Whoever stood in has not the paper that the post asks for."""

    @property
    def off(self) -> datetime.timedelta:
        """How far the phone's clock is behind ours; nought within the slack."""
        found = self.received_at - self.sent_at
        return found if abs(found) > self.slack else datetime.timedelta()

    @property
    def happened_at(self) -> datetime.datetime:
        """When it was done by our clock, as far as the phone can be believed; never after it was received."""
        return min(self.done_at + self.off, self.received_at)


def clock_is_off(given: Given) -> bool:
    """Whether both times have to be shown."""
    return given.off != datetime.timedelta()


def doubts(given: Given, figures: Figures) -> list[Doubt]:
    """Why a check has to be done again; empty if it is believed."""
    found = [(Doubt.PHOTO_REUSED, _is_reused(given)), (Doubt.PHOTO_OLD, _is_old(given, figures)),
             (Doubt.NOT_AT_PLACE, bool(given.spots) and given.spot is None),
             (Doubt.WRONG_PLACE, bool(given.spots) and given.spot is not None and given.spot not in given.spots),
             (Doubt.TOO_FAST, _is_too_fast(given, figures)),
             (Doubt.TOO_EARLY, given.happened_at < given.opens_at - figures.clock_off),
             (Doubt.IN_FUTURE, given.done_at > given.sent_at + figures.clock_off), (Doubt.UNCERTIFIED, given.uncertified)]  # fmt: skip
    return [doubt for doubt, is_so in found if is_so]


def _is_reused(given: Given) -> bool:
    hashes = [one for shot in given.shots for one in {shot.sha256, shot.original} if one]
    return len(hashes) != len(set(hashes)) or any(one in given.used for one in hashes)


def _is_old(given: Given, figures: Figures) -> bool:
    moments = [shot.taken_at for shot in given.shots if shot.taken_at is not None]
    first, last = given.started_at - figures.photo_drift, given.done_at + figures.photo_drift
    return any(not first <= moment <= last for moment in moments)


def _is_too_fast(given: Given, figures: Figures) -> bool:
    """So many checks, this one among them, within so short a time."""
    near = sorted([given.done_at, *(one for one in given.others if abs(one - given.done_at) <= figures.burst)])
    runs = zip(near, near[figures.burst_count - 1 :], strict=False)
    return any(last - first <= figures.burst for first, last in runs)


def beyond(limits: Mapping[str, str], value: str) -> Decimal:
    """By how much a reading is above its upper (positive) or below its lower limit (negative); nought within."""
    number = Decimal(value)
    least, most = Decimal(limits["least"]), Decimal(limits["most"])
    return number - most if number > most else number - least if number < least else Decimal(0)


def is_on_time(given: Given) -> bool:
    return given.happened_at < given.closes_at


def can_be_late(given: Given, figures: Figures) -> bool:
    """Whether a late check is still taken as done late rather than missed."""
    return given.happened_at < given.closes_at + figures.late_for
