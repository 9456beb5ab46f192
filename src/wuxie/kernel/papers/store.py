"""Files by their content: the name is the SHA-256, written once, never changed, never removed.

The folder is ``files`` in the installation's state. Two uploads of the same content are one file.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

from wuxie.kernel.home import home, sync

_NAME = re.compile(r"[0-9a-f]{64}")


def put(content: bytes) -> str:
    """Keep a content and answer its name; on disk before this returns."""
    name = hashlib.sha256(content).hexdigest()
    path = path_of(name)
    if path.exists():
        return name
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.parent / f".{secrets.token_hex(8)}"
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(0o444)
        # A link fails if the name is taken: whoever comes second keeps what is there.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    sync(path.parent)
    return name


def path_of(name: str) -> Path:
    """Where a content lies; ``ValueError`` for what is no name."""
    if not _NAME.fullmatch(name):
        raise ValueError("no content has this name")
    return home() / "files" / name[:2] / name[2:4] / name


def get(name: str) -> bytes:
    """The content; raises ``Swapped`` if it is no longer what its name says, ``FileNotFoundError`` if it is gone."""
    content = path_of(name).read_bytes()
    if hashlib.sha256(content).hexdigest() != name:
        raise Swapped(name)
    return content


class Swapped(Exception):
    """A stored file is not what it was."""


def faults(names: Iterable[str]) -> list[tuple[str, str]]:
    """Every file that is ``missing`` or ``changed`` among those that the records name."""
    found = []
    for name in names:
        try:
            get(name)
        except FileNotFoundError:
            found.append((name, "missing"))
        except (Swapped, OSError):
            found.append((name, "changed"))
    return found
