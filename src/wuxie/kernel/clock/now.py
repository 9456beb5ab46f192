"""The one clock: every part asks here, so that a test or a rehearsal can be any day."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_frozen: ContextVar[datetime.datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime.datetime:
    """The moment, aware, in UTC; for rehearsals ``WUXIE_TODAY`` (YYYY-MM-DD) moves the day, not the time of day."""
    moment = _frozen.get()
    if moment is not None:
        return moment
    real = datetime.datetime.now(datetime.UTC)
    rehearsal = os.environ.get("WUXIE_TODAY")
    if not rehearsal:
        return real
    local = real.astimezone(SHANGHAI)
    return datetime.datetime.combine(datetime.date.fromisoformat(rehearsal), local.timetz()).astimezone(datetime.UTC)


def today() -> datetime.date:
    """The date in Shanghai, by which every period of law is counted."""
    return now().astimezone(SHANGHAI).date()


def local(moment: datetime.datetime) -> datetime.datetime:
    """A moment on the clock on the wall."""
    return moment.astimezone(SHANGHAI)


def start_of(day: datetime.date) -> datetime.datetime:
    """0:00 of a day in Shanghai, as the moment at which what begins on that day begins."""
    return datetime.datetime.combine(day, datetime.time(), SHANGHAI).astimezone(datetime.UTC)


def end_of(day: datetime.date) -> datetime.datetime:
    """24:00 of a day in Shanghai, as the moment a period ending that day is over."""
    return start_of(day + datetime.timedelta(days=1))


@contextmanager
def frozen(moment: datetime.datetime | datetime.date) -> Iterator[datetime.datetime]:
    """Let ``now`` be a moment (a date means nine in the morning, Shanghai) inside the block."""
    if not isinstance(moment, datetime.datetime):
        moment = datetime.datetime.combine(moment, datetime.time(9), SHANGHAI)
    token = _frozen.set(moment.astimezone(datetime.UTC))
    try:
        yield moment
    finally:
        _frozen.reset(token)
