"""The state that landed before the newest migration, its demo city filled, then brought up to this one: no row is lost.

The earlier state is taken from the repository's own history; its demo is loaded by its own sources.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from .homes import ROOT, WUXIE, Home, ask, database, engines, environment
from .row import Row

MIGRATIONS = "src/wuxie/*/*/migrations/*.py"
#: Tables in which the new state may write at once without anything of the old being lost.
OWN = ("django_migrations", "django_content_type", "auth_permission", "django_session", "jobs_lock")
WHAT = "migrations on the filled demo of the state that landed before"


def rows() -> list[Row]:
    before = os.environ.get("TRUST_BEFORE") or previous()
    if not before:
        return [Row("R3", WHAT, "not tried: no history of the repository here", False)]
    with tempfile.TemporaryDirectory(prefix="wuxie-before-") as name:
        old = Path(name)
        lay_out(before, old)
        return [upgrade(engine, before, old) for engine in engines()]


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True).stdout


def previous() -> str:
    """The commit before the one by which the newest migration landed on the main line."""
    if shutil.which("git") is None:
        return ""
    with contextlib.suppress(subprocess.CalledProcessError):
        landed = _git("log", "--first-parent", "-1", "--format=%H", "--", MIGRATIONS).decode().strip()
        return _git("rev-parse", f"{landed}^").decode().strip() if landed else ""
    return ""


def lay_out(commit: str, folder: Path) -> None:
    """The files of that commit, and the built assets of this one: they are in no commit."""
    with tarfile.open(fileobj=BytesIO(_git("archive", commit))) as packed:
        packed.extractall(folder, filter="data")
    shutil.copytree(ROOT / "src/wuxie/web/static", folder / "src/wuxie/web/static", dirs_exist_ok=True)


@contextlib.contextmanager
def filled(engine: str, old: Path) -> Iterator[Home]:
    """A demo city, loaded by the old sources."""
    with tempfile.TemporaryDirectory(prefix="wuxie-upgrade-") as name, database(engine, Path(name)) as url:
        inside = environment(Path(name), url, WUXIE_DEMO="small", WUXIE_STATIC=f"{name}/static")
        subprocess.run(
            [*WUXIE, "prepare"],
            env=inside | {"PYTHONPATH": str(old / "src")},
            cwd=old,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        yield Home(engine, Path(name), inside)


def upgrade(engine: str, before: str, old: Path) -> Row:
    with filled(engine, old) as house:
        then = ask(house.environment, "upgrade")
        root = json.loads(house.wuxie("manage", "shell", "-v", "0", "-c", ROOT_OF))
        house.wuxie("prepare")
        now = ask(house.environment, "upgrade")
        verified = "VERIFIED" in house.wuxie("ledger", "verify", "--root", root)
    gone, changed = compare(then, now)
    count = sum(table["rows"] for table in then.values())
    figure = (
        f"from {before[:10]}: {len(then)} tables, {count:,} rows before; {len(gone)} tables or columns gone{_few(gone)}, "
        f"{len(changed)} changed{_few(changed)}, {len(set(now) - set(then))} tables new; old root "
        f"{'passed through, VERIFIED' if verified else 'NOT verified'}"
    )
    return Row("R3", f"{WHAT}, {engine}", figure, verified and not gone and not changed and count > 10_000)


ROOT_OF = "import json; from wuxie.kernel.facts.queries import last_seal; print(json.dumps(last_seal().root))"


def _few(names: list[str]) -> str:
    return f" ({', '.join(names[:4])})" if names else ""


def compare(then: dict[str, Any], now: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Tables and columns that are gone, and those in which a value is another one."""
    gone = [name for name in then if name not in now]
    changed = []
    for name, table in then.items():
        if name in now and now[name]["rows"] != table["rows"]:
            changed.append(f"{name}: {table['rows']} rows became {now[name]['rows']}")
        for column, digest in table["columns"].items() if name in now else ():
            if column not in now[name]["columns"]:
                gone.append(f"{name}.{column}")
            elif now[name]["columns"][column] != digest:
                changed.append(f"{name}.{column}")
    return gone, changed


def contents() -> dict[str, Any]:
    """Every table: how many rows, and a digest of each column whatever the order of the rows."""
    import hashlib

    from django.db import connection

    found = {}
    with connection.cursor() as cursor:
        for name in sorted(connection.introspection.table_names(cursor)):
            if name in OWN:
                continue
            columns = [one.name for one in connection.introspection.get_table_description(cursor, name)]
            sums, count = [0] * len(columns), 0
            key = columns.index("id") if "id" in columns else None
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")
            while batch := cursor.fetchmany(5000):
                count += len(batch)
                for row in batch:
                    own = repr(row[key]) if key is not None else ""
                    for place, value in enumerate(row):
                        value = bytes(value) if isinstance(value, memoryview) else value
                        sums[place] += int.from_bytes(
                            hashlib.blake2b(f"{own}\0{value!r}".encode(), digest_size=8).digest()
                        )
            digests = dict(zip(columns, (f"{one % 2**64:016x}" for one in sums), strict=True))
            found[name] = {"rows": count, "columns": digests}
    return found


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(contents()))
    sys.exit()
