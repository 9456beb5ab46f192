"""Work that is cut into pieces and done by copies of this process, while this one goes on with what is ready."""

from __future__ import annotations

import gc
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import TypeVar

from django.db import connections

Piece = TypeVar("Piece")
Done = TypeVar("Done")


def in_order(work: Callable[[Piece], Done], pieces: Iterable[Piece], *, helpers: int, ahead: int) -> Iterator[Done]:
    """What ``work`` makes of each piece, in their order; at most ``ahead`` pieces more than were taken are begun.

    The copies have what this process has in memory, but no connection of it: one that needs the database opens its own, and
    sees what is committed. So never within a transaction.
    """
    connections.close_all()
    # Rows hold no cycles; looking for some among millions of rows took a helper a third of its time.
    with ProcessPoolExecutor(helpers, multiprocessing.get_context("fork"), initializer=gc.disable) as pool:
        waiting: deque[Future[Done]] = deque()
        try:
            for piece in pieces:
                waiting.append(pool.submit(work, piece))
                if len(waiting) > ahead:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)
