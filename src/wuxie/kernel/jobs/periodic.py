"""The one loop: pieces of work that come round, each guarded by a lock row, none able to stop the others."""

from __future__ import annotations

import datetime
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from django.db import close_old_connections, connection
from django.db.models.functions import Now

from . import outbox, queue
from .models import Lock

Work = TypeVar("Work", bound=Callable[[], object])

#: After this long without an end a holder counts as dead and another worker may take the piece.
LEASE = datetime.timedelta(minutes=15)

log = logging.getLogger(__name__)


@dataclass
class Piece:
    name: str
    seconds: int
    run: Callable[[], object]
    alone: bool
    #: When this process looks at it again, on the monotonic clock.
    due: float = 0.0


_pieces: dict[str, Piece] = {}


def every(seconds: int, *, name: str = "", alone: bool = True) -> Callable[[Work], Work]:
    """Register a function without arguments that runs each so many seconds in one worker at a time.

    ``alone=False`` is for work that guards its own rows: it takes no lock row, so looking costs no write.
    """

    def register(run: Work) -> Work:
        label = name or f"{run.__module__}.{run.__qualname__}"[-80:]
        _pieces[label] = Piece(label, seconds, run, alone)
        return run

    return register


@contextmanager
def lock(name: str, *, lease: datetime.timedelta = LEASE, due_only: bool = False) -> Iterator[bool]:
    """Hold a named lock across workers and machines; the value says whether it was got.

    It is an update that must change exactly one row. ``due_only`` also asks that the piece is due again.
    """
    me = f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"
    Lock.objects.bulk_create([Lock(name=name)], ignore_conflicts=True)
    _take_from_the_dead(name)
    rows = Lock.objects.filter(name=name, until__lte=Now())
    if due_only:
        rows = rows.filter(next_at__lte=Now())
    mine = rows.update(until=Now() + lease, holder=me) == 1
    try:
        yield mine
    finally:
        if mine:
            Lock.objects.filter(name=name, holder=me).update(until=Now(), holder="")


def _take_from_the_dead(name: str) -> None:
    """A process of this machine that is gone holds nothing: a killed worker must not stop a piece for the whole lease."""
    held = Lock.objects.filter(name=name, until__gt=Now(), holder__startswith=f"{socket.gethostname()}:")
    for holder in held.values_list("holder", flat=True):
        if not queue.alive(int(holder.split(":")[1])):
            Lock.objects.filter(name=name, holder=holder).update(until=Now(), holder="")


def tick() -> list[str]:
    """Run every piece whose time has come; the names of those that ran here without an error."""
    ran = []
    for piece in list(_pieces.values()):
        if time.monotonic() < piece.due:
            continue
        piece.due = time.monotonic() + piece.seconds
        try:
            if _run(piece):
                ran.append(piece.name)
        except Exception:
            log.exception("periodic piece %s failed", piece.name)
            if not connection.in_atomic_block:
                connection.close()
    return ran


def run_loop(stop: threading.Event) -> None:
    """Tick until ``stop`` is set."""
    while not stop.is_set():
        if not connection.in_atomic_block:
            close_old_connections()
        tick()
        stop.wait(min((p.due for p in _pieces.values()), default=time.monotonic() + 1) - time.monotonic())


def _run(piece: Piece) -> bool:
    if not piece.alone:
        piece.run()
        return True
    with lock(piece.name, due_only=True) as mine:
        if not mine:
            return False
        error = ""
        try:
            piece.run()
        except Exception as caught:
            error = f"{type(caught).__name__}: {caught}"
            raise
        finally:
            # A little less than the period, so that the next round of this same worker is not refused by a breath.
            wait = datetime.timedelta(seconds=max(piece.seconds - 0.5, 0))
            Lock.objects.filter(name=piece.name).update(next_at=Now() + wait, ran_at=Now(), error=error[:2000])
    return True


@every(1, name="outbox", alone=False)
def drain_outbox() -> None:
    """Each row of the outbox is its own lock."""
    outbox.drain()


@every(60, name="jobs.rescue")
def rescue() -> None:
    queue.rescue_orphans()
