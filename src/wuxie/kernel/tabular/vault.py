"""Where an upload waits: encrypted, outside the database, gone as soon as its rows are written or given up."""

from __future__ import annotations

import base64
import contextlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from wuxie.kernel.home import home
from wuxie.kernel.parties.secrets import decrypt, encrypt

#: Where files lie in plain for as long as they are read.
READING = "reading"


def folder(upload: str) -> Path:
    made = home() / "imports" / upload
    made.mkdir(parents=True, exist_ok=True, mode=0o700)
    return made


def keep(upload: str, name: str, value: Any) -> None:
    """Write a value as encrypted JSON; readers see the old one or the new one, never half of it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    draft = folder(upload) / f".{name}.draft"
    draft.write_bytes(encrypt(text, context=f"tabular.{upload}.{name}"))
    draft.replace(folder(upload) / name)


def fetch(upload: str, name: str) -> Any:
    """The value again; ``None`` if it was never kept or is gone."""
    path = home() / "imports" / upload / name
    if not path.exists():
        return None
    return json.loads(decrypt(path.read_bytes(), context=f"tabular.{upload}.{name}"))


def kept() -> Iterator[tuple[str, str]]:
    """Every value that waits: upload and name."""
    room = home() / "imports"
    if not room.exists():
        return
    for path in sorted(room.glob("*/*")):
        if path.is_file() and not path.name.startswith(".") and path.parent.name != READING:
            yield path.parent.name, path.name


def number_of(upload: str, name: str) -> int | None:
    """The number of the key under which a value was kept; ``None`` if it is gone meanwhile."""
    try:
        with (home() / "imports" / upload / name).open("rb") as file:
            return (file.read(1) or b"\0")[0]
    except FileNotFoundError:
        return None


def renew(upload: str, name: str, number: int) -> bool:
    """Keep a value under the key ``number`` if it is under another; whether there was anything to do."""
    if number_of(upload, name) in (None, number):
        return False
    value = fetch(upload, name)
    # Written meanwhile: then it is under the new key already, and newer than what was read.
    if value is None or number_of(upload, name) == number:
        return False
    keep(upload, name, value)
    return True


def keep_source(upload: str, content: bytes) -> None:
    keep(upload, "source", base64.b64encode(content).decode())


@contextlib.contextmanager
def as_file(content: bytes | Iterable[bytes]) -> Iterator[Path]:
    """A file that only this account can read, for the reading child; gone after the block."""
    parts = [content] if isinstance(content, bytes) else content
    with tempfile.TemporaryDirectory(prefix="read-", dir=_waiting_room()) as place:
        path = Path(place) / "sheet"
        path.touch(mode=0o600)
        with path.open("wb") as file:
            file.writelines(parts)
        yield path


def source(upload: str) -> bytes:
    return base64.b64decode(fetch(upload, "source") or "")


def forget(upload: str) -> None:
    shutil.rmtree(home() / "imports" / upload, ignore_errors=True)


def _waiting_room() -> Path:
    room = home() / "imports" / READING
    room.mkdir(parents=True, exist_ok=True, mode=0o700)
    return room
