"""The rehearsal of a fire: back up a served city while people post, restore it on an empty home, sign in, read, rotate.

It needs a loaded demo city (``WUXIE_HOME``, or ``var/``), which it copies and never touches. What is measured is the way
an operator goes: the ``wuxie`` command, a private key in a file, a browser's requests. ``rows()`` gives the figures.
"""

from __future__ import annotations

import http.cookiejar
import os
import re
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from wuxie.kernel.custody import age, officers
from wuxie.kernel.home import home

WUXIE = str(Path(sys.executable).parent / "wuxie")
ACCOUNT, PASSWORD = "mishuchu", "Demo-2026-wuxie"
PHRASE = "rehearsal of a fire"
#: Seconds: the goal for a restore (G15), and what the timer in deploy/ leaves at risk at most beside the backup's own time.
RESTORE, AT_RISK, TIMER = 15 * 60, 5 * 60, 240
STEPS = 3


class Row(NamedTuple):
    """One line of the report; ``met`` is whether the goal holds."""

    goal: str
    what: str
    figure: str
    met: bool


class City:
    """A state folder, and what runs on it."""

    def __init__(self, folder: Path, port: int) -> None:
        self.home, self.port = folder, port
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("WUXIE_") and name != "DATABASE_URL"
        }
        self.environment = kept | {"WUXIE_HOME": str(folder), "WUXIE_DEMO": "small", "PORT": str(port)}

    def run(self, *arguments: str, code: int = 0) -> str:
        ran = subprocess.run([WUXIE, *arguments], env=self.environment, capture_output=True, text=True, check=False)
        if ran.returncode != code:
            raise RuntimeError(f"wuxie {arguments[0]}: {ran.returncode}\n{ran.stdout}{ran.stderr}")
        return ran.stdout + ran.stderr

    @contextmanager
    def served(self) -> Iterator[Client]:
        server = subprocess.Popen([WUXIE, "serve"], env=self.environment, stdout=subprocess.DEVNULL)
        try:
            until = time.monotonic() + 120
            while not self._answers():
                if server.poll() is not None or time.monotonic() > until:
                    raise RuntimeError("the city does not open")
                time.sleep(0.3)
            yield Client(f"http://127.0.0.1:{self.port}")
        finally:
            server.terminate()
            server.wait(30)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def row(self, statement: str) -> tuple[object, ...]:
        """One row of the database, read only."""
        connection = sqlite3.connect(f"file:{self.home}/wuxie.sqlite3?mode=ro", uri=True)
        try:
            return tuple(connection.execute(statement).fetchone())
        finally:
            connection.close()


class Client:
    """A browser without a screen."""

    def __init__(self, base: str) -> None:
        self.base, self.jar = base, http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> str:
        with self.opener.open(self.base + path, timeout=30) as answer:
            return str(answer.read().decode())

    def post(self, path: str, **fields: str) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(path))
        if token is None:
            raise RuntimeError(f"no form at {path}")
        body = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": token[1]}).encode()
        request = urllib.request.Request(self.base + path, body, {"Referer": self.base + path})
        with self.opener.open(request, timeout=30) as answer:
            return str(answer.read().decode())

    def sign_in(self) -> bool:
        self.post("/accounts/login/", login=ACCOUNT, password=PASSWORD)
        return "account_login" not in self.get("/desk/") and any(cookie.name == "sessionid" for cookie in self.jar)

    def phone_of(self, person: int) -> str:
        """The telephone number in plain, for a reason that goes into the journal."""
        page = self.post(f"/looks/{person}/", fields_wanted="phone", reason="恢复演练核对")
        found = re.search(r"\b1[0-9]{10}\b", page)
        return found[0] if found else ""


class Posting(threading.Thread):
    """Somebody who works without a pause: reads in plain, each time a row, a fact, and an answer that counts."""

    def __init__(self, client: Client, person: int) -> None:
        super().__init__(daemon=True)
        self.client, self.person = client, person
        self.stop = threading.Event()
        self.answered, self.failed = 0, 0

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                self.answered += bool(self.client.phone_of(self.person))
            except (OSError, RuntimeError):
                self.failed += 1


def rows(source: Path | None = None) -> list[Row]:
    """Rehearse it all; a row for each thing that must hold."""
    found: list[Row] = []
    work = Path(tempfile.mkdtemp(prefix="wuxie-fire-"))
    try:
        _rehearse(source or home(), work, found)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return found


def _rehearse(source: Path, work: Path, found: list[Row]) -> None:
    old = City(work / "old", _port())
    shutil.copytree(source, old.home, ignore=shutil.ignore_patterns(".backup-*"))
    old.run("migrate")
    old.run("ledger", "seal")
    keys = _officers(work, old)
    person = int(str(old.row("SELECT id FROM parties_person WHERE phone <> x'' ORDER BY id LIMIT 1")[0]))
    with old.served() as client:
        client.sign_in()
        phone = client.phone_of(person)
        posting = Posting(client, person)
        posting.start()
        began = time.monotonic()
        said = old.run("backup", "--to", str(work / "b.age"))
        took = time.monotonic() - began
        posting.stop.set()
        posting.join(60)
    root = _root(said)
    found.append(
        Row(
            "G15",
            "backup while people post: answers lost",
            f"{posting.failed} of {posting.answered + posting.failed}",
            not posting.failed and posting.answered > 0,
        )
    )
    found.append(
        Row("G15", f"data at risk: timer {TIMER} s + backup", f"{TIMER + took:.0f} s", TIMER + took <= AT_RISK)
    )
    found.append(_canaries(work / "b.age", phone))
    found.append(_altered(work, keys[0]))

    new = City(work / "new", _port())
    began = time.monotonic()
    words = new.run("restore", str(work / "b.age"), *_with(work, keys[0]))
    same = f"root {root}" in words and "与备份时的根相同" in words
    with new.served() as client:
        inside = client.sign_in()
        read = client.phone_of(person)
        took = time.monotonic() - began
    found.append(
        Row("G15", "restore on an empty home, until an encrypted field is read", f"{took:.0f} s", took <= RESTORE)
    )
    found.append(Row("G15", "same ledger root after the restore", root[:16] + "…", same))
    found.append(
        Row(
            "attack 14",
            "one officer's key alone: signs in, reads",
            "yes" if inside and read == phone else "no",
            inside and read == phone != "",
        )
    )

    with new.served() as client:
        client.sign_in()
        posting = Posting(client, person)
        posting.start()
        began = time.monotonic()
        new.run("keys", "rotate")
        took = time.monotonic() - began
        posting.stop.set()
        posting.join(60)
        read = client.phone_of(person)
    new.run("keys", "retire", "1")
    well = "VERIFIED" in new.run("ledger", "verify", "--root", root)
    found.append(
        Row(
            "attack 14",
            "keys rotated while served: time; answers lost",
            f"{took:.0f} s; {posting.failed} of {posting.answered + posting.failed}",
            not posting.failed and posting.answered > 0,
        )
    )
    found.append(
        Row(
            "attack 14",
            "old key destroyed: fields readable, old root still passed through",
            "yes" if well and read == phone else "no",
            well and read == phone,
        )
    )
    found.append(_erased(new, root))
    second = City(work / "second", _port())
    new.run("backup", "--to", str(work / "c.age"))
    again = "与备份时的根相同" in second.run("restore", str(work / "c.age"), *_with(work, keys[1]))
    found.append(
        Row("attack 14", "the other officer's key, after the rotation", "restores" if again else "refused", again)
    )


def _officers(work: Path, city: City) -> list[Path]:
    (work / "phrase").write_text(PHRASE + "\n")
    paths = []
    for number in (1, 2):
        private, path = age.PrivateKey.new(), work / f"officer-{number}.key"
        officers.write_identity(path, private, PHRASE)
        city.run("backup-key", "add", str(private.public), "--name", f"rehearsal {number}")
        paths.append(path)
    return paths


def _with(work: Path, key: Path) -> list[str]:
    return ["--identity", str(key), "--passphrase-file", str(work / "phrase")]


def _root(said: str) -> str:
    return next(line.split()[1] for line in said.splitlines() if line.startswith("root "))


def _canaries(backup: Path, phone: str) -> Row:
    content = backup.read_bytes()
    wanted = [phone.encode(), b"SQLite format 3", b"facts_fact", b"manifest.json", "物业".encode()]
    hits = sum(content.count(one) for one in wanted)
    return Row("G14", "plain text in a stolen backup", f"{hits} hits", hits == 0 and bool(phone))


def _altered(work: Path, key: Path, times: int = STEPS) -> Row:
    """Cut or changed at several places: refused, with nothing laid down."""
    content, refused = (work / "b.age").read_bytes(), 0
    for number in range(1, times + 1):
        at = len(content) * number // (times + 1)
        for wrong in (content[:at], content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]):
            (work / "wrong.age").write_bytes(wrong)
            empty = City(work / f"empty-{secrets.token_hex(3)}", 0)
            words = empty.run("restore", str(work / "wrong.age"), *_with(work, key), code=2)
            refused += "没有恢复任何内容" in words and not empty.home.exists()
    return Row(
        "attack 13",
        "cut or altered backups refused, nothing laid down",
        f"{refused} of {2 * times}",
        refused == 2 * times,
    )


ERASE = """
from wuxie.kernel.facts import ledger
from wuxie.kernel.facts.models import Fact
fact = Fact.objects.filter(kind="office.looked", private__isnull=False).order_by("id").first()
ledger.erase_personal(fact, by="clock", reason="rehearsal")
print("erased", fact.pk)
"""


def _erased(city: City, root: str) -> Row:
    """Erasing a person's data after the rotation leaves every root as it was."""
    done = "erased" in city.run("manage", "shell", "-c", ERASE)
    city.run("ledger", "seal")
    well = done and "VERIFIED" in city.run("ledger", "verify", "--root", root)
    return Row(
        "attack 14",
        "personal fields of a fact erased after the rotation: root still passed through",
        "yes" if well else "no",
        well,
    )


def _port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


if __name__ == "__main__":
    report = rows(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    for row in report:
        print(f"{'ok  ' if row.met else 'MISS'} {row.goal:<10} {row.what}: {row.figure}")
    sys.exit(0 if all(row.met for row in report) else 1)
