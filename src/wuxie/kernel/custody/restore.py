"""Bringing a house back on an empty machine: unpack beside, look at all of it, only then put it in its place.

Django is started only after the files lie where the settings look for them, because keys and database are read from there.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import bundle
from .age import PrivateKey, Reader
from .refusal import Refused

#: Stands in the state folder until everything has been examined; ``wuxie serve`` does not open meanwhile.
MARK = "restoring"

Say = Callable[[str], object]


@dataclass
class Restored:
    """What came back; ``faults`` is empty if all of it is as it was."""

    made_at: str
    root: str
    root_then: str
    facts: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def same_root(self) -> bool:
        return self.root == self.root_then


def restore(file: Path, private: PrivateKey, into: Path, *, say: Say = lambda _line: None) -> Restored:
    """Restore a backup into an absent or empty folder (and, for PostgreSQL, an empty database)."""
    into = into.resolve()
    refuse_unless_empty(into)
    work = into.parent / f".{into.name}.restoring-{secrets.token_hex(6)}"
    work.mkdir(mode=0o700, parents=True)
    try:
        manifest = _unpacked(file, private, work, say)
        _put(work, into)
        try:
            return _awaken(into, work / bundle.DATABASE, manifest, say)
        except BaseException:
            shutil.rmtree(into, ignore_errors=True)
            raise
    except OSError as fault:
        raise Refused(f"没有恢复：{fault.strerror}（{fault.filename or into}）。请腾出空间后再试。") from None
    finally:
        shutil.rmtree(work, ignore_errors=True)


def refuse_unless_empty(into: Path) -> None:
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise Refused(f"文件夹 {into} 不是空的，没有恢复任何内容。请用 --into 指定一个空的文件夹。")


def _unpacked(file: Path, private: PrivateKey, work: Path, say: Say) -> dict[str, Any]:
    try:
        source = file.open("rb")
    except OSError as fault:
        raise Refused(f"读不到备份 {file}：{fault.strerror}。请检查文件名。") from None
    with source:
        say("核对并解密 …")
        seen = 0

        def progress(done: int) -> None:
            nonlocal seen
            if done >> 27 > seen:
                seen = done >> 27
                say(f"已解出 {done >> 20} MiB")

        return bundle.unpack(Reader(source, [private]), work, _fits_here, progress)


def _fits_here(manifest: dict[str, Any]) -> None:
    """Of the manifest's engine, and empty: asked before anything is written, and without starting the house."""
    address = os.environ.get("DATABASE_URL", "")
    if manifest["engine"] == "sqlite":
        if address:
            raise Refused("备份来自 SQLite，数据库就在备份里。请去掉环境变量 DATABASE_URL 再恢复。")
        return
    if not address.startswith("postgres"):
        raise Refused("备份来自 PostgreSQL。请把 DATABASE_URL 设为一个新建的空数据库，再恢复。")
    import psycopg

    try:
        with psycopg.connect(address, connect_timeout=10) as connection:
            found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()").fetchone()
    except psycopg.Error as fault:
        raise Refused(f"连不上数据库：{str(fault).strip().splitlines()[0]}。请检查 DATABASE_URL。") from None
    if found is None or found[0]:
        raise Refused("目标数据库里已经有表，没有恢复任何内容。请新建一个空的数据库，再改 DATABASE_URL。")


def _put(work: Path, into: Path) -> None:
    """The files at once, by one rename; the mark says that they have not been examined yet."""
    home = work / bundle.HOME
    home.mkdir(mode=0o700, exist_ok=True)
    database = work / bundle.DATABASE / "wuxie.sqlite3"
    if database.exists():
        database.rename(home / database.name)
    (home / MARK).touch()
    into.parent.mkdir(parents=True, exist_ok=True)
    home.rename(into)


def _awaken(into: Path, tables: Path, manifest: dict[str, Any], say: Say) -> Restored:
    os.environ["WUXIE_HOME"] = str(into)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuxie.config.settings")
    import django

    django.setup()
    # Only now: these read settings, and with them the state folder.
    from . import databases
    from .examining import examine

    databases.refuse_newer(manifest["migrations"])
    if manifest["engine"] == databases.POSTGRESQL:
        say("写入数据库 …")
        databases.load(tables, manifest)
    restored = examine(manifest, say)
    (into / MARK).unlink()
    return restored
