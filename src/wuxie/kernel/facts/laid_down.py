"""Each seal also as a Parquet file under ``WUXIE_HOME/ledger``: for the analytic engines, and as a copy to compare with.

A file holds one row for each link of the seal. It is written after the commit, under another name first, so a file that
is there is whole; what a crash left out is made good by the next round.
"""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.db import connection

from wuxie.kernel.home import home

from .models import Link, Seal

COLUMNS = {
    "leaf": "BIGINT", "seal": "BIGINT", "subject": "VARCHAR", "seq": "BIGINT", "hash": "VARCHAR", "id": "VARCHAR",
    "content_hash": "VARCHAR", "kind": "VARCHAR", "quantity": "BIGINT", "unit": "VARCHAR", "occurred_on": "VARCHAR",
    "recorded_on": "VARCHAR", "valid_until": "VARCHAR", "trust": "INTEGER", "source": "VARCHAR", "revision": "INTEGER",
    "regards": "VARCHAR",
}  # fmt: skip


#: Characters that a line of plain text cannot hold as they are; files with any are written with quotes.
AWKWARD = re.compile(r'[\t\r\n"\\]')
#: The columns in which somebody may write what they like.
UNIT, SOURCE = list(COLUMNS).index("unit"), list(COLUMNS).index("source")
#: A text that stands for no value when a file is read; no column ever holds it.
NEVER = "\\N\\N"


def folder() -> Path:
    """Where the files lie; made on first use."""
    found = home() / "ledger"
    found.mkdir(exist_ok=True)
    return found


def path_of(number: int) -> Path:
    return folder() / f"seal-{number:06d}.parquet"


def numbers() -> list[int]:
    """The seals that have a file, whatever the database says of them."""
    return sorted(int(path.stem.removeprefix("seal-")) for path in folder().glob("seal-*.parquet"))


def lay_down_missing() -> int:
    """Write the files of seals that have none yet; their number. Left alone inside a transaction: it may still fail."""
    if connection.in_atomic_block:
        return 0
    present = set(numbers())
    missing = [number for number in Seal.objects.values_list("number", flat=True) if number not in present]
    for number in missing:
        lay_down(number)
    return len(missing)


def lay_down(number: int) -> None:
    """Write one seal's file from the tables."""
    write(number, _rows(number))


def _rows(number: int) -> Iterator[tuple[Any, ...]]:
    names = [
        "leaf",
        "seal_id",
        "subject",
        "seq",
        "hash",
        "fact_id",
        "fact__content_hash",
        "fact__kind",
        "fact__quantity",
    ]
    names += [f"fact__{name}" for name in ("unit", "occurred_on", "recorded_on", "valid_until", "trust", "source")]
    names += ["fact__revision", "fact__regards"]
    return Link.objects.filter(seal_id=number).order_by("leaf").values_list(*names).iterator(chunk_size=5000)


def write(number: int, rows: Iterable[Sequence[Any]]) -> None:
    """Lay a seal down; ``rows`` in the order of ``COLUMNS``, days as days or ISO text."""
    # Imported here because it takes longer to load than most commands take to run.
    import duckdb

    kept = list(rows)
    plain = not any(AWKWARD.search(row[UNIT]) or AWKWARD.search(row[SOURCE]) for row in kept)
    with tempfile.TemporaryDirectory(dir=folder()) as work:
        lines, draft = Path(work) / "rows.txt", Path(work) / "draft.parquet"
        with lines.open("w", encoding="utf-8", newline="") as out:
            # What is absent is an empty text in these files, so nothing is read back as NULL.
            texts = (["" if value is None else str(value) for value in row] for row in kept)
            if plain:
                out.writelines("\t".join(row) + "\n" for row in texts)
            else:
                csv.writer(out, delimiter="\t", quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(texts)
        columns = ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS.items())
        quote = "" if plain else '"'
        with duckdb.connect() as engine:
            engine.execute("SET threads = 1")
            engine.execute(
                f"COPY (SELECT * FROM read_csv('{lines}', header = false, auto_detect = false, delim = '\t', "  # noqa: S608
                f"quote = '{quote}', escape = '{quote}', comment = '', nullstr = '{NEVER}', max_line_size = 4000000, "
                f"columns = {{{columns}}})) TO '{draft}' (FORMAT parquet, COMPRESSION zstd)"
            )
        draft.replace(path_of(number))


def facts_in(number: int) -> list[tuple[int, str, str]]:
    """``(leaf, fact id, content hash)`` of a laid-down seal in order, empty if there is no file."""
    if not path_of(number).exists():
        return []
    import duckdb

    with duckdb.connect() as engine:
        rows = engine.execute(f"SELECT leaf, id, content_hash FROM '{path_of(number)}' ORDER BY leaf").fetchall()  # noqa: S608
    return [(int(leaf), str(fact), str(content)) for leaf, fact, content in rows]
