"""Where an installation keeps its state: database, files and keys, all under ``WUXIE_HOME``."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]


def home() -> Path:
    """The state folder, made on first use (``WUXIE_HOME``, else ``var/`` in the checkout)."""
    folder = Path(os.environ.get("WUXIE_HOME") or CHECKOUT / "var").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def key(name: str, size: int = 32) -> bytes:
    """A secret of this installation, made on first use and readable by its owner only.

    Keys stay outside the database, so that a stolen dump opens nothing. Two processes that start together may both
    try to make the file: the link decides, the loser reads what the winner wrote.
    """
    folder = home() / "keys"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / name
    if not path.exists():
        draft = folder / f".{name}.{secrets.token_hex(8)}"
        draft.touch(mode=0o600)
        draft.write_bytes(secrets.token_bytes(size))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_bytes()


def keys_state() -> tuple[str, int]:
    """The state folder and the moment (nanoseconds) at which a key was last added or taken away.

    What was derived from the keys holds for as long as this stays the same. Asked for each value, so it is one system call.
    """
    folder = os.environ.get("WUXIE_HOME") or str(CHECKOUT / "var")
    try:
        return folder, os.stat(f"{folder}/keys").st_mtime_ns  # noqa: PTH116 (a path object costs more than the call)
    except FileNotFoundError:
        return folder, 0
