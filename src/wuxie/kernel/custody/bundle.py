"""What lies inside a backup: a gzipped tar whose first member is the manifest, then the database, then the files.

manifest.json          what, when, which version, the ledger's last seal
database/…             SQLite's file, or one COPY file a table
home/…                 files, ledger, keys, overlays: WUXIE_HOME as it was, without the database and drafts
"""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import shutil
import tarfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any

from wuxie.kernel.home import new_file

from .age import ALTERED
from .refusal import Refused

FORMAT = 1
#: The best level takes five times as long for a tenth less.
LEVEL = 3
MANIFEST = "manifest.json"
DATABASE, HOME = "database", "home"
SEAL_FILE = re.compile(r"seal-(\d+)\.parquet")
#: Files of the state folder that are not copied: the database has its own way, the rest is made anew.
LEFT_OUT = re.compile(r"wuxie\.sqlite3.*|.*\.draft")
FOLDERS_LEFT_OUT = {"imports/reading", "static"}

Progress = Callable[[int, int], object]


def files_of(folder: Path) -> Iterator[Path]:
    """The files of a state folder that belong into a backup, in a fixed order. Drafts (a dot in front) do not."""
    for place, folders, names in os.walk(folder):
        here = Path(place)
        folders[:] = sorted(
            name for name in folders
            if not name.startswith(".") and (here / name).relative_to(folder).as_posix() not in FOLDERS_LEFT_OUT
        )  # fmt: skip
        for name in sorted(names):
            path = here / name
            if not (name.startswith(".") or LEFT_OUT.fullmatch(name)) and path.is_file() and not path.is_symlink():
                yield path


def pack(out: Any, manifest: dict[str, Any], staging: Path, home: Path, progress: Progress) -> dict[str, int]:
    """Write everything through ``out`` (has ``write``); how many files and bytes went in."""
    database = sorted(staging.iterdir())
    rest = [path for path in files_of(home) if not _sealed_later(path, manifest["ledger"]["seal"])]
    total = sum(path.stat().st_size for path in database) + sum(path.stat().st_size for path in rest if path.exists())
    count = done = 0
    with (
        gzip.GzipFile(fileobj=out, mode="wb", compresslevel=LEVEL, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        _add(tar, MANIFEST, io.BytesIO(content := json.dumps(manifest, ensure_ascii=False).encode()), len(content))
        members = [(f"{DATABASE}/{path.name}", path) for path in database]
        members += [(f"{HOME}/{path.relative_to(home).as_posix()}", path) for path in rest]
        for name, path in members:
            try:
                file = path.open("rb")
            except FileNotFoundError:
                continue  # an upload that was applied or given up meanwhile
            with file:
                size = os.fstat(file.fileno()).st_size
                _add(tar, name, file, size)
            count, done = count + 1, done + size
            progress(done, total)
    return {"files": count, "bytes": done}


def _sealed_later(path: Path, last: int) -> bool:
    """A seal laid down after the moment of the snapshot would look like one taken out of the database."""
    found = SEAL_FILE.fullmatch(path.name)
    return path.parent.name == "ledger" and found is not None and int(found[1]) > last


def _add(tar: tarfile.TarFile, name: str, file: IO[bytes], size: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    tar.addfile(entry, file)


def unpack(
    source: Any, folder: Path, said: Callable[[dict[str, Any]], object], progress: Callable[[int], object]
) -> dict[str, Any]:
    """Lay everything down under ``folder``; ``said`` hears the manifest before anything is written and may refuse.

    The end is read to the last byte, so that a backup cut short is noticed before anything is put in its place.
    """
    manifest: dict[str, Any] | None = None
    done = 0
    try:
        with tarfile.open(fileobj=source, mode="r|gz") as tar:
            for entry in tar:
                if manifest is None:
                    manifest = _manifest(tar, entry)
                    said(manifest)
                    continue
                content = tar.extractfile(entry)
                if content is None or not entry.isreg():
                    raise Refused(ALTERED)
                _lay_down(folder / _safe(entry.name), content)
                done += entry.size
                progress(done)
        while source.read(1 << 16):
            pass
    except (tarfile.TarError, zlib.error, EOFError, ValueError, KeyError):
        raise Refused(ALTERED) from None
    if manifest is None:
        raise Refused(ALTERED)
    return manifest


def _manifest(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> dict[str, Any]:
    content = tar.extractfile(entry)
    if entry.name != MANIFEST or content is None:
        raise Refused(ALTERED)
    found = json.loads(content.read())
    if found.get("format") != FORMAT:
        raise Refused(
            f"这份备份的格式是第 {found.get('format')} 版，本程序只认第 {FORMAT} 版。请用相应版本的程序恢复。"
        )
    return dict(found)


def _safe(name: str) -> PurePosixPath:
    """A path inside the folder, whatever the archive says."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or path.parts[0] not in (DATABASE, HOME) or len(path.parts) < 2:
        raise Refused(ALTERED)
    return path


def _lay_down(path: Path, content: IO[bytes]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Evidence is write-once again after a restore, as it was before.
    mode = 0o400 if f"/{HOME}/files/" in path.as_posix() else 0o600
    with new_file(path, mode) as out:
        shutil.copyfileobj(content, out, 1 << 20)
