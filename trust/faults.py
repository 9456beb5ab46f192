"""Single system calls of the write path fail, and the power goes: nothing acknowledged is lost, nothing is there by half.

A library put between the program and the system (``shim.c``, built at run time with gcc) counts the calls that change files of
the installation: writes, truncations, syncs, renames, links, removals. Each call of one act fails once with EIO, once with
ENOSPC, and once the process is killed in it. The same library records what was written and synced, from which a disk is
rebuilt that has lost every write without a sync behind it.
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import struct
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .homes import home
from .row import Row
from .stand import Sent, aftermath

SEED = 20261126
CUTS = 40
COMMITS = int(os.environ.get("TRUST_COMMITS", "1500"))
HEAD = struct.Struct("<ccqq")


def rows() -> list[Row]:
    """Faults and cuts, on SQLite: PostgreSQL's own files are its own business."""
    if shutil.which("gcc") is None:
        return [Row("G7", "faults in single system calls", "not tried: no gcc on this machine", False),
                Row("G8", "power cuts", "not tried: no gcc on this machine", False)]  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="wuxie-shim-") as name:
        shim = str(Path(name) / "shim.so")
        subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", shim, str(Path(__file__).with_name("shim.c")), "-ldl",
                        "-lpthread"], check=True)  # fmt: skip
        return [single_calls(shim), *(power(shim, level) for level in ("FULL", "NORMAL"))]


def single_calls(shim: str) -> Row:
    with home("SQLite") as house:
        told = house.ask("faultlings", "acts", LD_PRELOAD=shim)
        sent = Sent(told["objections"])
        well, said = aftermath(house, sent)
    count = sum(told["faults"].values())
    kinds = ", ".join(f"{name} {number}" for name, number in told["faults"].items())
    figure = (f"{count} faults ({kinds}) at each of {told['calls'][0]} calls of an objection and {told['calls'][1]} of worker "
              f"and sealer; {sent.acknowledged} of {len(sent.objections)} acknowledged, at once or sent again under the same key; {said}")  # fmt: skip
    met = count >= 249 and well and sent.acknowledged == len(sent.objections)
    return Row("G7", "one failing call an act, SQLite", figure, met)


@dataclass(frozen=True)
class Record:
    kind: str
    which: int
    at: int
    size: int
    content: bytes


def read_record(path: Path) -> list[Record]:
    """What the library wrote down, in order."""
    raw, place, found = path.read_bytes(), 0, []
    while place + HEAD.size <= len(raw):
        kind, which, at, size = HEAD.unpack_from(raw, place)
        place += HEAD.size
        content = raw[place : place + size] if kind == b"w" else b""
        place += len(content)
        found.append(Record(kind.decode(), which[0], at, size, content))
    return found


def rebuild(records: list[Record], cut: int, base: list[bytes]) -> list[bytes]:
    """Database and its log as a power cut after ``cut`` records leaves them: what was synced, nothing else."""
    synced = [-1, -1]
    for number, one in enumerate(records[:cut]):
        if one.kind == "s":
            synced[one.which] = number
    files = [bytearray(content) for content in base]
    for number, one in enumerate(records[:cut]):
        if number > synced[one.which] or one.kind not in "wt":
            continue
        file = files[one.which]
        if one.kind == "t":
            del file[one.at :]
            file.extend(bytes(one.at - len(file)))
            continue
        file.extend(bytes(max(0, one.at - len(file))))
        file[one.at : one.at + len(one.content)] = one.content
    return [bytes(file) for file in files]


def power(shim: str, level: str) -> Row:
    """Write once, cut at 40 moments. The weaker level is the control: it has to lose, or the trial sees nothing."""
    rng = random.Random(SEED)
    with home("SQLite") as house, tempfile.TemporaryDirectory(prefix="wuxie-cut-") as name:
        database, log = house.folder / "wuxie.sqlite3", house.folder / "wuxie.sqlite3-wal"
        base = [database.read_bytes(), log.read_bytes() if log.exists() else b""]
        record = Path(name) / "record"
        told = house.ask("faultlings", "commits", str(record), str(COMMITS), level, LD_PRELOAD=shim)
        records = read_record(record)
        cuts = sorted(rng.sample(range(len(records) // 20, len(records)), CUTS))
        lost = broken = acknowledged = worst = verified = 0
        for number, cut in enumerate(cuts):
            marks = {one.at for one in records[:cut] if one.kind == "a"}
            for path, content in zip((database, log), rebuild(records, cut, base), strict=True):
                path.write_bytes(content)
            (house.folder / "wuxie.sqlite3-shm").unlink(missing_ok=True)
            gone, sound = examine(database, marks)
            acknowledged, lost = acknowledged + len(marks), lost + gone
            worst, broken = max(worst, gone), broken + (not sound)
            if number % 10 == 9 and level == "FULL":
                verified += house.verified()
    figure = (f"{len(cuts)} cuts over {COMMITS} commits of two writers: {lost} of {acknowledged} acknowledged lost (worst {worst}), "
              f"{broken} databases damaged")  # fmt: skip
    if level == "FULL":
        figure += f", {verified} of 4 ledgers VERIFIED after it"
        return Row("G8", f"power cut, synchronous={level} as shipped (seed {SEED})", figure,
                   not (lost or broken or told["faults"]) and verified == 4)  # fmt: skip
    return Row("G8", f"control: the same with synchronous={level} must lose something", figure, lost > 0)


def examine(database: Path, marks: set[int]) -> tuple[int, bool]:
    """How many acknowledged facts are gone, and whether the database is sound."""
    import pysqlite3  # type: ignore[import-untyped]

    connection = pysqlite3.connect(str(database))
    try:
        sound = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        there = {row[0] for row in connection.execute("SELECT source FROM facts_fact WHERE source LIKE 'cut/%'")}
    except (pysqlite3.DatabaseError, sqlite3.DatabaseError):
        return len(marks), False
    finally:
        connection.close()
    return sum(f"cut/{number}" not in there for number in marks), sound
