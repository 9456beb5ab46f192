"""Taking a backup while people work: one moment of the database, every file that it names, encrypted to the officers."""

from __future__ import annotations

import datetime
import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.db import transaction

from wuxie.kernel.clock.now import now
from wuxie.kernel.facts.journal import HOUSE
from wuxie.kernel.home import home, new_file, sync
from wuxie.kernel.jobs.periodic import lock
from wuxie.kernel.parties import journal

from . import bundle, databases
from .age import PublicKey, Writer
from .refusal import Refused

ENDING = ".wuxie.age"
#: Backup and rotation take turns; a holder that died is forgotten after this.
LOCK, LEASE = "custody", datetime.timedelta(hours=6)

Say = Callable[[str], object]


@dataclass(frozen=True)
class Taken:
    """A finished backup."""

    path: Path
    size: int
    sha256: str
    root: str
    files: int


@contextmanager
def alone() -> Iterator[None]:
    """One backup or rotation at a time, across processes and machines."""
    with lock(LOCK, lease=LEASE) as mine:
        if not mine:
            raise Refused("另一次备份或换密钥正在进行。请等它结束再来。")
        yield


def take(to: Path, recipients: Iterable[PublicKey], *, by: str, say: Say = lambda _line: None, keep: int = 0) -> Taken:
    """Write a backup to a file, or under a name of its own into a folder. Whole or not at all, and never without a line
    in the journal. ``keep``: in a folder, only so many of the newest remain.
    """
    recipients = list(recipients)
    path = _path(to)
    with alone(), _staging() as staging:
        say("数据库快照 …")
        said = databases.snapshot(staging, _percent(say, "数据库快照"))
        manifest = {"format": bundle.FORMAT, "made_at": now().isoformat(timespec="seconds"), **said}
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with new_file(draft) as file:
                out = _Hashing(file)
                writer = Writer(out, recipients)
                packed = bundle.pack(writer, manifest, staging, home(), _percent(say, "加密写入"))
                writer.finish()
            details = {
                "sha256": out.digest.hexdigest(), "size": str(out.size), "root": said["ledger"]["root"],
                "keys": " ".join(one.fingerprint for one in recipients),
            }  # fmt: skip
            _publish(draft, path, by=by, details=details)
        except OSError as fault:
            raise Refused(f"写不了备份 {path}：{fault.strerror}。旧备份没有动。") from None
        finally:
            draft.unlink(missing_ok=True)
    if keep and to.is_dir():
        _thin(to, keep)
    return Taken(path, out.size, details["sha256"], details["root"], packed["files"])


def _path(to: Path) -> Path:
    """Where it goes; never into the state folder itself, which the next backup would take along, nor over an older one."""
    to = to.resolve()
    if to == home() or home() in to.parents:
        raise Refused("备份不能放在 WUXIE_HOME 里面：那里坏了，备份也就没了。请换一个地方，最好在另一台机器上。")
    if to.is_dir():
        return to / f"wuxie-{now():%Y%m%dT%H%M%SZ}{ENDING}"
    if not to.parent.is_dir():
        raise Refused(f"没有文件夹 {to.parent}。请先建好，或检查 --to。")
    if to.exists():
        raise Refused(f"文件 {to} 已经存在，不覆盖。请换一个名字，或把 --to 写成文件夹。")
    return to


@contextmanager
def _staging() -> Iterator[Path]:
    """A folder of our own beside the database, as well guarded as that; gone afterwards. What a crash left goes first."""
    for old in home().glob(".backup-*"):
        shutil.rmtree(old, ignore_errors=True)
    made = home() / f".backup-{secrets.token_hex(6)}"
    made.mkdir(mode=0o700)
    try:
        yield made
    except OSError as fault:
        raise Refused(f"没有做成备份：{fault.strerror}（{fault.filename or made}）。") from None
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _publish(draft: Path, path: Path, *, by: str, details: dict[str, str]) -> None:
    """The file and its line in the journal: both or neither."""
    put = False
    try:
        with transaction.atomic():
            journal.write("backup_taken", HOUSE, by=by, source=f"backup:{details['sha256'][:16]}", details=details)
            _put(draft, path)
            put = True
    except BaseException:
        if put:
            path.unlink(missing_ok=True)
        raise


def _put(draft: Path, path: Path) -> None:
    """Give the whole file its name, durably; refuses to take the place of another."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise Refused(f"文件 {path} 已经存在，不覆盖。") from None
    sync(path.parent)


def _thin(folder: Path, keep: int) -> None:
    """The names sort by moment."""
    for path in sorted(folder.glob(f"wuxie-*{ENDING}"))[:-keep]:
        path.unlink()


def _percent(say: Say, what: str) -> Callable[[int, int], None]:
    """Says each tenth once."""
    seen = 0

    def progress(done: int, total: int) -> None:
        nonlocal seen
        tenth = done * 10 // total if total else 10
        if tenth > seen:
            seen = tenth
            say(f"{what} {tenth * 10}%")

    return progress


class _Hashing:
    """A file that knows the digest of what went into it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.digest, self.size = file, hashlib.sha256(), 0

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        self.size += len(data)
        return self.file.write(data)
