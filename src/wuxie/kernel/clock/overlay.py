"""A small file beside the database that carries confirmed values to the command line, which does not start Django."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

Stamp = tuple[str, int, int, int]


def stamp(path: Path) -> Stamp:
    """Changes whenever the file does: it is replaced, never edited, so a new version is a new inode."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return (str(path), 0, 0, 0)
    return (str(path), found.st_ino, found.st_mtime_ns, found.st_size)


def replace(path: Path, text: str) -> None:
    """Write the whole file anew; a reader sees the old one or the new one, never half of it."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with draft.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
