"""Where an installation keeps its state: database, files and keys, all under ``WUXIE_HOME``."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import IO

CHECKOUT = Path(__file__).resolve().parents[3]


def home() -> Path:
    """The state folder, made on first use (``WUXIE_HOME``, else ``var/`` in the checkout)."""
    return _made(os.environ.get("WUXIE_HOME") or str(CHECKOUT / "var"))


@lru_cache(maxsize=64)
def _made(name: str) -> Path:
    """Asked for with each day that is counted, so the disk is asked once."""
    folder = Path(name).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def key(name: str, size: int = 32) -> bytes:
    """A secret of this installation, made on first use and readable by its owner only.

    Keys stay outside the database, so that a stolen dump opens nothing. Two processes that start together may both
    try to make the file: the link decides, the loser reads what the winner wrote.
    """
    path = home() / "keys" / name
    if not path.exists():
        with contextlib.suppress(FileExistsError):
            make_key(name, size)
    return path.read_bytes()


def make_key(name: str, size: int = 32) -> None:
    """A new secret, whole and on disk before it has its name; ``FileExistsError`` if there is one of that name."""
    folder = home() / "keys"
    folder.mkdir(mode=0o700, exist_ok=True)
    draft = folder / f".{name}.{secrets.token_hex(8)}"
    try:
        with new_file(draft) as out:
            out.write(secrets.token_bytes(size))
        os.link(draft, folder / name)
    finally:
        draft.unlink(missing_ok=True)


@contextlib.contextmanager
def new_file(path: Path, mode: int = 0o600) -> Iterator[IO[bytes]]:
    """A file that must not be there yet, for this account only, on disk when the block ends."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
        yield out
        out.flush()
        os.fsync(out.fileno())


def sync(folder: Path) -> None:
    """Bring a folder's names to disk: a file without its name is lost in a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def keys_state() -> tuple[str, int]:
    """The state folder and the moment (nanoseconds) at which a key was last added or taken away.

    What was derived from the keys holds for as long as this stays the same. Asked for each value, so it is one system call.
    """
    folder = os.environ.get("WUXIE_HOME") or str(CHECKOUT / "var")
    try:
        return folder, os.stat(f"{folder}/keys").st_mtime_ns  # noqa: PTH116 (a path object costs more than the call)
    except FileNotFoundError:
        return folder, 0
