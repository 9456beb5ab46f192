"""The durable outbox: what one transaction causes elsewhere, written down in that transaction and done after it.

``post`` adds a row in the caller's transaction: rolled back with it, kept with it. ``drain`` takes each waiting row in
a transaction of its own, together with the effect of its handler, so that the effect and the tick behind it are one.
A row that fails keeps its error, waits longer each time and does not hold up the others.

The queue lives on the database's clock, not on ours: workers on several machines, and a rehearsal of another day, then
agree on what is due.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from .models import Outgoing

Effect = TypeVar("Effect", bound=Callable[..., object])

FIRST_WAIT = 2
LONGEST_WAIT = 6 * 3600
#: How long a handler that works outside the database may take before another worker tries again.
LEASE = datetime.timedelta(minutes=5)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Handler:
    topic: str
    run: Callable[..., object]
    remote: bool


_handlers: dict[str, Handler] = {}


def handler(topic: str, *, remote: bool = False) -> Callable[[Effect], Effect]:
    """Register the function that carries out a topic; it gets the payload as keyword arguments.

    It runs inside the transaction that ticks the row off. A ``remote`` one talks to the outside world and runs in no
    transaction, since a slow server must not keep the write lock: its effect happens at least once.
    """

    def register(run: Effect) -> Effect:
        known = _handlers.get(topic)
        if known is not None and known.run is not run:
            raise ValueError(f"two handlers for the topic {topic}")
        _handlers[topic] = Handler(topic, run, remote)
        return run

    return register


def post(topic: str, key: str, **payload: Any) -> None:
    """Ask for a consequence, in the caller's transaction; the same topic and key once only, the first wins.

    The payload is JSON and holds ids rather than people's data: it stays in the table.
    """
    Outgoing.objects.bulk_create([Outgoing(topic=topic, key=key, payload=payload)], ignore_conflicts=True)


def drain(limit: int = 100) -> int:
    """Carry out what is due, oldest first, at most ``limit`` rows; the number that succeeded.

    A consequence may post further ones: they are found by the next call.
    """
    waiting = Outgoing.objects.filter(done_at=None, due_at__lte=Now()).values_list("pk", "topic")[:limit]
    return sum(_take_remote(pk) if _is_remote(topic) else _take(pk) for pk, topic in list(waiting))


def drain_all(most: int = 1_000_000) -> int:
    """Drain until nothing is due any more, follow-ups included; for set-up and tests."""
    total = 0
    while total < most and (done := drain()):
        total += done
    return total


def _is_remote(topic: str) -> bool:
    found = _handlers.get(topic)
    return found is not None and found.remote


def _lock(pk: int) -> Outgoing | None:
    """The row if it still waits and no other worker holds it (SQLite: the transaction itself is the lock)."""
    rows = Outgoing.objects.filter(pk=pk, done_at=None, due_at__lte=Now())
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    return rows.first()


def _take(pk: int) -> bool:
    """Do one row and tick it off in the same transaction."""
    try:
        with transaction.atomic():
            row = _lock(pk)
            if row is None:
                return False
            try:
                with transaction.atomic():
                    _run(row)
            except Exception as error:
                _failed(row, error)
                return False
            _tick(row)
            return True
    except Exception as error:
        # The commit itself failed (the connection broke, a deferred constraint spoke): effect and tick are both gone.
        log.exception("outbox row %s could not be committed", pk)
        for stranded in Outgoing.objects.filter(pk=pk, done_at=None):
            _failed(stranded, error)
        return False


def _take_remote(pk: int) -> bool:
    """Lease one row, talk to the outside without a transaction, then tick it off."""
    with transaction.atomic():
        row = _lock(pk)
        if row is None:
            return False
        Outgoing.objects.filter(pk=pk).update(due_at=Now() + LEASE)
    try:
        _run(row)
    except Exception as error:
        _failed(row, error)
        return False
    _tick(row)
    return True


def _run(row: Outgoing) -> None:
    found = _handlers.get(row.topic)
    if found is None:
        raise LookupError(f"no handler for the topic {row.topic}")
    found.run(**row.payload)


def _tick(row: Outgoing) -> None:
    Outgoing.objects.filter(pk=row.pk).update(done_at=Now(), error="", attempts=F("attempts") + 1)


def _failed(row: Outgoing, error: Exception) -> None:
    """Keep the error and wait: 2 s, 4 s, 8 s … up to six hours, for ever."""
    wait = min(FIRST_WAIT * 2 ** min(row.attempts, 20), LONGEST_WAIT)
    log.warning("outbox %s %s failed (attempt %s): %r", row.topic, row.key, row.attempts + 1, error)
    Outgoing.objects.filter(pk=row.pk).update(
        attempts=F("attempts") + 1,
        due_at=Now() + datetime.timedelta(seconds=wait),
        error=f"{type(error).__name__}: {error}"[:2000],
    )
