"""A figure: ours beside the barest thing that does the same work on this machine, in the same run."""

from __future__ import annotations

import datetime
import math
import os
import platform
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

Times = tuple[float, float]
"""Median and 95th percentile, milliseconds unless the figure names another unit."""


@dataclass(frozen=True)
class Figure:
    """One row of the table. ``aim``: the largest factor over the bare thing, or the largest value of our own."""

    group: str
    what: str
    ours: Times
    bare: Times | None = None
    beside: str = ""
    factor: float | None = None
    most: float | None = None
    unit: str = "ms"
    bound: str = ""
    """What holds it back, said whether the aim is met or not."""

    @property
    def times(self) -> float | None:
        return self.ours[0] / self.bare[0] if self.bare and self.bare[0] else None

    @property
    def met(self) -> bool | None:
        """Whether the aim is met; ``None`` without one."""
        if self.factor is not None and self.times is not None:
            return self.times <= self.factor
        return self.ours[0] <= self.most if self.most is not None else None


def spread(spent: Sequence[float]) -> Times:
    """Median and 95th percentile."""
    found = sorted(spent)
    return statistics.median(found), found[math.ceil(0.95 * len(found)) - 1]


def timed(run: Callable[[], object], times: int, *, warm: bool = True) -> Times:
    """Milliseconds; one run before is not counted."""
    if warm:
        run()
    spent = []
    for _ in range(times):
        started = time.perf_counter()
        run()
        spent.append(1000 * (time.perf_counter() - started))
    return spread(spent)


def once(run: Callable[[], object]) -> Times:
    """Seconds of a single run, where one takes long enough."""
    started = time.perf_counter()
    run()
    spent = time.perf_counter() - started
    return spent, spent


def line(one: Figure) -> str:
    """As it appears on the terminal while the bench runs."""
    bare = f"{one.bare[0]:10.1f}" if one.bare else " " * 10
    times = f"{one.times:8.2f}×" if one.times else " " * 9
    return f"{one.what:<58} {one.ours[0]:10.1f} {one.ours[1]:10.1f} {bare} {times} {one.unit:<3} {one.beside}"


def machine() -> str:
    """The processor, its cores, the memory, Python and the database."""
    model = platform.machine()
    for row in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else ():
        if row.startswith("model name"):
            model = row.partition(":")[2].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}; load at the end {load}"


def written(figures: Sequence[Figure], command: str, database: str) -> str:
    """The table as Markdown, grouped."""
    version = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    head = [
        f"`{command}` on {datetime.date.today().isoformat()}, commit {version.stdout.strip()}, {database}.",
        f"Machine: {machine()}.",
        "",
        "| what | ours, median | p95 | bare, median | factor | aim | met | beside · what bounds it |",
        "| --- | ---: | ---: | ---: | ---: | --- | --- | --- |",
    ]
    rows = []
    for one in figures:
        aim = (
            f"≤ {one.factor:g}×"
            if one.factor is not None
            else f"≤ {one.most:g} {one.unit}"
            if one.most is not None
            else ""
        )
        met = {True: "yes", False: "**no**", None: ""}[one.met]
        rows.append(
            f"| {one.group}: {one.what} | {one.ours[0]:.1f} {one.unit} | {one.ours[1]:.1f} | "
            f"{f'{one.bare[0]:.1f}' if one.bare else ''} | {f'{one.times:.2f}×' if one.times else ''} | {aim} | {met} | "
            f"{' · '.join(part for part in (one.beside, one.bound) if part)} |"
        )
    return "\n".join([*head, *rows, ""])
