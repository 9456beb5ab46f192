"""After an outage five hundred phones send ten thousand checks at once to the program as it is served: none lost, none doubled.

Each phone does what the page on it does: one entry, then a few at once, again in 5 to 15 seconds where no receipt came. When a
part has its receipts the server is killed with kill -9 and started again. Somebody at a desk reads pages the whole time.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import io
import json
import os
import random
import signal
import statistics
import subprocess
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from .homes import WUXIE, Home, engines, home
from .row import Row
from .stand import COOKIE, free_port

#: Phones and checks each: the goal's on SQLite, a tenth of the checks on the other database.
CROWDS = {"SQLite": (500, 20), "PostgreSQL": (500, 2)}
SEED = 20261129
#: What the page waits before it sends again, and after which part of the receipts the server is killed.
WAIT, KILLED_AFTER = (5.0, 15.0), 0.3
#: Seconds: between two pages of the reader, for an answer, for all of it; and the longest that a reader should wait.
EVERY, PATIENCE, MOST, BEARABLE = 0.5, 60.0, 800.0, 2.0
#: As the phone's page: so many at once, and how quick (seconds) an answer has to be for more of them.
MOST_ENTRIES, QUICK = 20, 4.0
MINUTE = timedelta(minutes=1)
PAGES = ("/desk/", "/notices/", "/safety/")


def rows() -> list[Row]:
    made = []
    for engine in engines():
        phones, each = CROWDS[engine]
        phones = int(os.environ.get("TRUST_PHONES", phones))
        with home(engine) as house:
            made += crowd(house, phones, each)
    return made


@dataclass
class Entry:
    number: str
    instance: int
    item: bytes
    photo: bytes
    digest: str


@dataclass
class Told:
    """What phones and the reader were answered."""

    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    pages: list[float] = field(default_factory=list)
    unread: Counter[str] = field(default_factory=Counter)
    away: bool = False


def crowd(house: Home, phones: int, each: int) -> list[Row]:
    known = house.ask("crowd", "seed", str(phones), str(each))
    chance = random.Random(SEED)
    queues = [_queue(phone, turn, chance) for turn, phone in enumerate(known)]
    port, told = free_port(), Told()
    began = time.monotonic()
    asyncio.run(_all(house, port, known, queues, told))
    spent = time.monotonic() - began
    sent = {
        entry.number: {"instance": entry.instance, "photo": entry.digest, "receipt": told.receipts[entry.number]}
        for queue in queues for entry in queue if entry.number in told.receipts
    }  # fmt: skip
    wanted = phones * each
    wrong = house.ask("crowd", "count", given=json.dumps(sent))
    verified = house.verified()
    other = {name: n for name, n in told.answers.items() if name != "200"}
    figure = (
        f"{phones} phones with {each} each, one in {each} photos of 1600 pixels, server killed once: {len(sent)} of {wanted} receipts in "
        f"{spent:.0f} s ({wanted / spent:.0f} a second); {', '.join(f'{name} {n}' for name, n in wrong.items())}; other answers "
        f"{other}, each sent again; ledger {'VERIFIED' if verified else 'NOT verified'}"
    )
    well = len(sent) == wanted and not any(wrong.values()) and verified
    pages = sorted(told.pages)
    late = pages[int(len(pages) * 0.95)] if pages else 99.0
    read = (f"{len(pages)} pages read meanwhile (one every {EVERY} s): half within {statistics.median(pages or [99.0]):.2f} s, 95 % within "
            f"{late:.2f} s, longest {max(pages, default=99.0):.1f} s; not answered with the page while the server was up: "
            f"{sum(told.unread.values())}")  # fmt: skip
    usable = late <= BEARABLE and not told.unread and bool(pages)
    return [Row("R4", f"phones send after an outage, {house.engine}", figure, well),
            Row("R4", f"others read pages meanwhile, {house.engine}", read, usable)]  # fmt: skip


def _queue(phone: dict[str, Any], turn: int, chance: random.Random) -> list[Entry]:
    """What waits in a phone, the oldest first; one picture of each is as large as a phone makes it."""
    now, found = datetime.now(UTC), []
    for at, instance in enumerate(phone["instances"]):
        number = str(uuid.UUID(int=chance.getrandbits(128), version=4))
        photo = _unlike(LARGE if at == turn % len(phone["instances"]) else SMALL, number)
        digest, done = hashlib.sha256(photo).hexdigest(), now - (len(phone["instances"]) - at) * 3 * MINUTE
        item = {
            "id": number, "account": phone["account"], "instance": instance, "started_at": (done - MINUTE).isoformat(),
            "done_at": done.isoformat(), "outcome": "normal", "readings": [], "spot": "", "words": "",
            "photos": [{"sha256": digest, "original": hashlib.sha256(number.encode()).hexdigest()}],
        }  # fmt: skip
        found.append(Entry(number, instance, json.dumps(item).encode(), photo, digest))
    return found


def _picture(width: int, height: int) -> bytes:
    from PIL import Image, ImageFilter

    made = io.BytesIO()
    noise = Image.effect_noise((width // 8, height // 8), 60).resize((width, height))
    noise.filter(ImageFilter.GaussianBlur(1)).convert("RGB").save(made, "JPEG", quality=82)
    return made.getvalue()


SMALL, LARGE = _picture(320, 240), _picture(1600, 1200)


def _unlike(base: bytes, text: str) -> bytes:
    """The same picture with a remark of its own in it: another file, for the cost of a copy."""
    remark = text.encode()
    return base[:2] + b"\xff\xfe" + (len(remark) + 2).to_bytes(2, "big") + remark + base[2:]


async def _all(house: Home, port: int, known: list[dict[str, Any]], queues: list[list[Entry]], told: Told) -> None:
    server = await _serve(house, port)
    wanted = sum(map(len, queues))
    reader = asyncio.create_task(_read(port, house.seed["session"], told))
    senders = [
        asyncio.create_task(_phone(port, phone["session"], queue, told, random.Random(SEED + turn)))
        for turn, (phone, queue) in enumerate(zip(known, queues, strict=True))
    ]
    began = time.monotonic()
    try:
        while len(told.receipts) < wanted * KILLED_AFTER and time.monotonic() - began < MOST:
            await asyncio.sleep(0.1)
        told.away = True
        _kill(server)
        server = await _serve(house, port)
        told.away = False
        await asyncio.wait(senders, timeout=MOST - (time.monotonic() - began))
    finally:
        reader.cancel()
        for sender in senders:
            sender.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await reader
        _kill(server)


async def _serve(house: Home, port: int) -> subprocess.Popen[bytes]:
    """The program as people start it: two processes of the web server and a worker."""
    environment = house.environment | {"PORT": str(port), "WUXIE_BIND": "127.0.0.1"}
    server = subprocess.Popen([*WUXIE, "serve"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _again in range(600):
        if await _ask(port, b"GET", "/healthz", "") is not None:
            return server
        await asyncio.sleep(0.1)
    raise RuntimeError("the program does not answer")


def _kill(server: subprocess.Popen[bytes]) -> None:
    """kill -9 of the web server, the worker and whoever watches over them; back when they are gone."""
    groups = [int(child) for child in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()]
    server.kill()
    server.wait()
    for group in groups:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
    for _again in range(200):
        if not any(_group_stands(group) for group in groups):
            return
        time.sleep(0.02)


def _group_stands(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


async def _phone(port: int, session: str, queue: list[Entry], told: Told, chance: random.Random) -> None:
    waits, most = list(queue), 1
    while waits:
        part, began = waits[:most], time.monotonic()
        if await _send(port, session, part, told):
            del waits[:most]
            most = min(most * 4, MOST_ENTRIES) if time.monotonic() - began < QUICK else 1
        else:
            most = 1
            await asyncio.sleep(chance.uniform(*WAIT))


async def _send(port: int, session: str, part: list[Entry], told: Told) -> bool:
    """Whether the server named every number: only then the phone lets them go."""
    edge, several = "----crowd", len(part) > 1
    fields = [("sent_at", datetime.now(UTC).isoformat().encode()), *(("item", entry.item) for entry in part)]
    fields += [("photos", b"1") for _entry in part if several]
    body = b"".join(
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value + b"\r\n" for name, value in fields
    ) + b"".join(
        f'--{edge}\r\nContent-Disposition: form-data; name="photo"; filename="1.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'.encode()
        + entry.photo + b"\r\n" for entry in part
    )  # fmt: skip
    body += f"--{edge}--\r\n".encode()
    address = "/field/checks/several/" if several else "/field/checks/"
    got = await _ask(port, b"POST", address, session, body, f"multipart/form-data; boundary={edge}")
    told.answers[str(got[0]) if got else "none"] += 1
    if got is None or got[0] != 200:
        return False
    said = json.loads(got[1])
    receipts = said["answers"] if several else [said]
    if [one.get("id") for one in receipts] != [entry.number for entry in part]:
        told.answers["refused"] += 1
        return False
    told.receipts |= dict(zip((entry.number for entry in part), receipts, strict=True))
    return True


async def _read(port: int, session: str, told: Told) -> None:
    """Somebody of the association at a desk. While the server is dead or starting nobody is answered, and that is not counted."""
    turn = 0
    while True:
        turn += 1
        page, before, began = PAGES[turn % len(PAGES)], told.away, time.monotonic()
        got = await _ask(port, b"GET", page, session)
        if not (before or told.away):
            told.pages.append(time.monotonic() - began)
            if got is None or got[0] != 200:
                told.unread[f"{page} {got[0] if got else 'none'}"] += 1
        await asyncio.sleep(EVERY)


async def _ask(
    port: int, verb: bytes, path: str, session: str, body: bytes = b"", kind: str = ""
) -> tuple[int, bytes] | None:
    """Status and body; ``None`` where no answer came."""
    try:
        return await asyncio.wait_for(_asked(port, verb, path, session, body, kind), PATIENCE)
    except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError, IndexError):
        return None


async def _asked(port: int, verb: bytes, path: str, session: str, body: bytes, kind: str) -> tuple[int, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        head = [
            f"{verb.decode()} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close", f"X-CSRFToken: {COOKIE}",
            f"Cookie: csrftoken={COOKIE}; sessionid={session}", f"Content-Length: {len(body)}",
        ]  # fmt: skip
        if kind:
            head.append(f"Content-Type: {kind}")
        writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + body)
        await writer.drain()
        answer = await reader.read()
        top, _blank, rest = answer.partition(b"\r\n\r\n")
        return int(top.split(b" ", 2)[1]), rest
    finally:
        writer.close()
