"""``make bench``: how fast the parts are, each beside the barest thing that does the same work on this machine.

Median and 95th percentile over repeated runs; the factor is ours over the bare one, measured in the same run. The demo city
named by ``BENCH_DEMO`` (``small``, or ``city``) is loaded first when ``WUXIE_HOME`` does not hold one. Names of parts as
arguments run only those; a run of all parts writes ``docs/performance.md``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from . import commands, disputes, duties, growth, hotline, imports, ledger, pages, scoring, served, steps, votes
from .figures import Figure, line, written

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- bench: {} -->", "<!-- /bench: {} -->"


def parts(folder: Path) -> dict[str, Callable[[], Iterator[Figure]]]:
    return {
        "commands": lambda: commands.figures(folder), "file": lambda: scoring.of_a_file(folder), "pages": pages.figures, "votes": votes.figures,
        "served": served.figures, "step": lambda: steps.figures(folder), "scoring": scoring.of_the_ledger, "live": scoring.live,
        "hundred": lambda: scoring.of_hundred_million(folder),
        "imports": lambda: imports.figures(folder), "ledger": lambda: ledger.figures(folder),
        "growth": lambda: growth.figures(folder), "duties": lambda: duties.figures(folder),
        "disputes": lambda: disputes.figures(folder), "hotline": lambda: hotline.figures(folder),
    }  # fmt: skip


def main() -> None:
    demo = os.environ.get("BENCH_DEMO", "small")
    os.environ["DJANGO_SETTINGS_MODULE"], os.environ["WUXIE_DEMO"] = "wuxie.config.settings", demo
    subprocess.run([sys.executable, "-m", "wuxie.config.cli", "prepare"], check=True, stdout=subprocess.DEVNULL)
    import django

    django.setup()
    found: list[Figure] = []
    with tempfile.TemporaryDirectory() as name:
        all_parts = parts(Path(name))
        wanted = sys.argv[1:] or list(all_parts)
        print(f"{'what':<58} {'median':>10} {'p95':>10} {'bare':>10} {'factor':>9}      beside")
        for part in wanted:
            for one in all_parts[part]():
                print(line(one), flush=True)
                found.append(one)
    if wanted == list(all_parts):
        _keep(demo, found)


def _keep(demo: str, found: list[Figure]) -> None:
    """Put the table in the place of the last one for this city."""
    from django.db import connection

    begin, end = BEGIN.format(demo), END.format(demo)
    command = "make bench" if demo == "small" else f"BENCH_DEMO={demo} make bench"
    table = f"{begin}\n{written(found, command, connection.vendor)}\n{end}"
    page = PAGE.read_text(encoding="utf-8")
    if begin in page:
        page = page[: page.index(begin)] + table + page[page.index(end) + len(end) :]
    else:
        page += f"\n{table}\n"
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
