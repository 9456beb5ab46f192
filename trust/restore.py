"""The rehearsal of a fire: back up a served city while people post, restore it on an empty home, sign in, read, rotate.

It needs a loaded demo city on SQLite (``WUXIE_HOME``, or ``var/``), which it copies and never touches. What is measured is the
way an operator goes: the ``wuxie`` command, a private key in a file, a browser's requests.
"""

from __future__ import annotations

import contextlib
import http.cookiejar
import re
import secrets
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from wuxie.kernel.custody import age, officers
from wuxie.kernel.home import home as demo

from .homes import WUXIE, Home, environment
from .row import Row
from .stand import free_port

ACCOUNT, PASSWORD = "mishuchu", "Demo-2026-wuxie"
PHRASE = "rehearsal of a fire"
#: Seconds: the goal for a restore (G15), and what the timer in deploy/ leaves at risk at most beside the backup's own time.
RESTORE, AT_RISK, TIMER = 15 * 60, 5 * 60, 240
STEPS = 3


def rows() -> list[Row]:
    """Rehearse it all; a row for each thing that must hold."""
    if not (demo() / "wuxie.sqlite3").exists():
        return [Row("G15", "backup and restore", "not tried: no demo city in WUXIE_HOME (make setup loads one)", False)]
    with tempfile.TemporaryDirectory(prefix="wuxie-fire-", ignore_cleanup_errors=True) as name:
        return list(_rehearse(demo(), Path(name)))


def _rehearse(source: Path, work: Path) -> Iterator[Row]:
    old, new, second = (_house(work / name) for name in ("old", "new", "second"))
    shutil.copytree(source, old.folder, ignore=shutil.ignore_patterns(".backup-*"))
    old.wuxie("migrate")
    old.wuxie("ledger", "seal")
    keys = _officers(work, old)
    person = _somebody(old)

    with served(old) as client:
        client.sign_in()
        phone = client.phone_of(person)
        with Posting(client, person) as posting:
            said, took = _timed(old, "backup", "--to", str(work / "b.age"))
    root = next(line.split()[1] for line in said.splitlines() if line.startswith("root "))
    yield Row("G15", "backup while people post: answers lost", posting.lost, posting.well)
    yield Row("G15", f"data at risk: timer {TIMER} s + backup", f"{TIMER + took:.0f} s", TIMER + took <= AT_RISK)
    yield _canaries(work / "b.age", phone)
    yield _altered(work, keys[0])

    began = time.monotonic()
    words = new.wuxie("restore", str(work / "b.age"), *_with(work, keys[0]))
    with served(new) as client:
        inside = client.sign_in()
        read = client.phone_of(person)
        took = time.monotonic() - began
    same = f"root {root}" in words and "与备份时的根相同" in words
    yield Row("G15", "restore on an empty home, until an encrypted field is read", f"{took:.0f} s", took <= RESTORE)
    yield Row("G15", "same ledger root after the restore", root[:16] + "…", same)
    yield _yes("one officer's key alone: signs in, reads", inside and read == phone != "")

    with served(new) as client:
        client.sign_in()
        with Posting(client, person) as posting:
            _said, took = _timed(new, "keys", "rotate")
        read = client.phone_of(person)
    yield Row("A14", "keys rotated while served: time; answers lost", f"{took:.0f} s; {posting.lost}", posting.well)
    new.wuxie("keys", "retire", "1")
    well = _passes(new, root) and read == phone
    yield _yes("old key destroyed: fields readable, old root still passed through", well)
    erased = "erased" in new.wuxie("manage", "shell", "-c", ERASE)
    new.wuxie("ledger", "seal")
    well = erased and _passes(new, root)
    yield _yes("personal fields of a fact erased after the rotation: old root still passed through", well)
    new.wuxie("backup", "--to", str(work / "c.age"))
    well = "与备份时的根相同" in second.wuxie("restore", str(work / "c.age"), *_with(work, keys[1]))
    yield _yes("the other officer's key restores after the rotation", well)


#: Erasing a person's data leaves every root as it was.
ERASE = """
from wuxie.kernel.facts import ledger
from wuxie.kernel.facts.models import Fact
fact = Fact.objects.filter(kind="office.looked", private__isnull=False).order_by("id").first()
ledger.erase_personal(fact, by="clock", reason="rehearsal")
print("erased", fact.pk)
"""


def _yes(what: str, well: bool) -> Row:
    return Row("A14", what, "yes" if well else "no", well)


def _house(folder: Path) -> Home:
    return Home("SQLite", folder, environment(folder, WUXIE_DEMO="small", PORT=str(free_port())))


def _timed(house: Home, *arguments: str) -> tuple[str, float]:
    began = time.monotonic()
    return house.wuxie(*arguments), time.monotonic() - began


def _passes(house: Home, root: str) -> bool:
    return "VERIFIED" in house.wuxie("ledger", "verify", "--root", root)


def _somebody(house: Home) -> int:
    """A person with a telephone number."""
    with contextlib.closing(sqlite3.connect(f"file:{house.folder}/wuxie.sqlite3?mode=ro", uri=True)) as database:
        found = database.execute("SELECT id FROM parties_person WHERE phone <> x'' ORDER BY id LIMIT 1").fetchone()
    return int(found[0])


def _officers(work: Path, house: Home) -> list[Path]:
    (work / "phrase").write_text(PHRASE + "\n")
    paths = []
    for number in (1, 2):
        private, path = age.PrivateKey.new(), work / f"officer-{number}.key"
        officers.write_identity(path, private, PHRASE)
        house.wuxie("backup-key", "add", str(private.public), "--name", f"rehearsal {number}")
        paths.append(path)
    return paths


def _with(work: Path, key: Path) -> list[str]:
    return ["--identity", str(key), "--passphrase-file", str(work / "phrase")]


def _canaries(backup: Path, phone: str) -> Row:
    content = backup.read_bytes()
    wanted = [phone.encode(), b"SQLite format 3", b"facts_fact", b"manifest.json", "物业".encode()]
    hits = sum(content.count(one) for one in wanted)
    return Row("G14", "plain text in a stolen backup", f"{hits} hits", hits == 0 and bool(phone))


def _altered(work: Path, key: Path) -> Row:
    """Cut or changed at several places: refused, with nothing laid down."""
    content, refused = (work / "b.age").read_bytes(), 0
    for number in range(1, STEPS + 1):
        at = len(content) * number // (STEPS + 1)
        for wrong in (content[:at], content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]):
            (work / "wrong.age").write_bytes(wrong)
            empty = _house(work / f"empty-{secrets.token_hex(3)}")
            words = empty.wuxie("restore", str(work / "wrong.age"), *_with(work, key), code=2)
            refused += "没有恢复任何内容" in words and not empty.folder.exists()
    figure = f"{refused} of {2 * STEPS}"
    return Row("A13", "cut or altered backups refused, nothing laid down", figure, refused == 2 * STEPS)


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


@contextlib.contextmanager
def served(house: Home) -> Iterator[Client]:
    """The house behind its own port, once it is ready."""
    client = Client(f"http://127.0.0.1:{house.environment['PORT']}")
    server = subprocess.Popen([*WUXIE, "serve"], env=house.environment, stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 120
        while not _answers(client):
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError("the city does not open")
            time.sleep(0.3)
        yield client
    finally:
        server.terminate()
        server.wait(30)


def _answers(client: Client) -> bool:
    try:
        return bool(client.get("/readyz"))
    except (urllib.error.URLError, OSError):
        return False


class Posting(threading.Thread):
    """Somebody who works without a pause while the block runs: reads in plain, each time a row, a fact, and an answer that counts."""

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

    def __enter__(self) -> Posting:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop.set()
        self.join(60)

    @property
    def lost(self) -> str:
        return f"{self.failed} of {self.answered + self.failed}"

    @property
    def well(self) -> bool:
        return not self.failed and self.answered > 0
