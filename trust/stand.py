"""A keeper and its children seen from outside, and people who send objections and sheets by HTTP.

Whoever got no answer sends the same again, with the same key, until one comes: as a person would, and as a machine does.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from .homes import ROOT, Home

COOKIE = "a" * 32
#: A sheet that is too large to be read at once, so that it becomes a job of the queue.
FILLER = "填" * 60


#: Where servers listen: below the ports that the system hands to outgoing connections, which could take one between two starts.
PORTS = range(8100, 8200)


def free_port() -> int:
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError(f"no free port in {PORTS}")


class Stand:
    """The keeper of one installation."""

    def __init__(self, home: Home) -> None:
        self.home, self.port = home, free_port()
        self.children: list[int] = []
        self.keeper = subprocess.Popen(
            [sys.executable, "-m", "trust.keeper", str(self.port)], env=home.environment, cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self.keeper.stdout is not None
        if self.keeper.stdout.readline().strip() != "ready":
            raise RuntimeError("the keeper did not start")

    def start(self, what: str) -> int:
        """Fork a ``web`` or a ``worker``; its number."""
        assert self.keeper.stdin is not None and self.keeper.stdout is not None
        self.keeper.stdin.write(what + "\n")
        self.keeper.stdin.flush()
        self.children.append(int(self.keeper.stdout.readline()))
        return self.children[-1]

    def ready(self, seconds: float = 20) -> None:
        """Wait until the web server answers."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            time.sleep(0.02)
        said = (self.home.folder / "keeper.log").read_text(encoding="utf-8", errors="replace")
        raise RuntimeError(f"the web server did not come back\n{said[-2000:]}")

    def end(self) -> None:
        for child in self.children[-2:]:
            kill(child)
        self.keeper.kill()
        self.keeper.wait()


@contextlib.contextmanager
def stand(home: Home) -> Iterator[Stand]:
    made = Stand(home)
    try:
        yield made
    finally:
        made.end()


def kill(pid: int) -> None:
    """SIGKILL to a whole process group; back when it is gone: until then it holds its port and its locks."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
        until = time.monotonic() + 20
        while time.monotonic() < until:
            os.killpg(pid, 0)
            time.sleep(0.005)


def settle(ours: Stand) -> None:
    """A worker that lives works off what is left. Waiting times (retry, lease) are ended first, as if they were over."""
    ours.home.ask("look", "release")
    worker = ours.start("worker")
    try:
        for _again in range(60):
            if ours.home.ask("look", "waiting") == 0:
                return
            time.sleep(1)
    finally:
        kill(worker)


#: Where an act that was taken leads to; a way to the sign-in page acknowledges nothing.
RECEIPTS = ("/objections/", "/imports/upload/")


Answer = tuple[int, str]


@dataclass
class Sent:
    """What people sent and what they were told: token → receipt, or ``None`` where no answer came."""

    objections: dict[str, str | None] = field(default_factory=dict)
    uploads: dict[str, str | None] = field(default_factory=dict)
    refused: dict[int, int] = field(default_factory=dict)
    #: Token → how to send it once more.
    unanswered: dict[str, Callable[[], Answer | None]] = field(default_factory=dict)
    again: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def acknowledged(self) -> int:
        return sum(one is not None for one in (*self.objections.values(), *self.uploads.values()))

    def send(self, kind: dict[str, str | None], token: str, post: Callable[[], Answer | None]) -> None:
        """Send, and note the receipt or that it has to be sent again."""
        with self.lock:
            kind[token], self.unanswered[token] = None, post
        answer = post()
        receipt = _receipt(answer)
        with self.lock:
            if receipt:
                kind[token] = receipt
                self.unanswered.pop(token, None)
            elif answer is not None:
                self.refused[answer[0]] = self.refused.get(answer[0], 0) + 1

    def send_again(self, most: int, stop: threading.Event) -> None:
        """What was not answered, the oldest first."""
        for token, post in list(self.unanswered.items())[:most]:
            if not stop.is_set():
                self.again += 1
                self.send(self.objections if token in self.objections else self.uploads, token, post)


def _receipt(answer: Answer | None) -> str:
    """What an acknowledgement leads to: of a form the address, of the interface the number."""
    if answer is None:
        return ""
    if answer[0] == 201:
        with contextlib.suppress(ValueError):  # the server died between head and body
            return str(json.loads(answer[1])["receipt"])
    if answer[0] == 302 and answer[1].startswith(RECEIPTS):
        return answer[1].rstrip("/").rpartition("/")[2]
    return ""


def post(
    port: int, path: str, body: bytes, kind: str, session: str = "", seconds: float = 20, key: str = ""
) -> Answer | None:
    """Status and Location, or what was said if it leads nowhere; ``None`` where the connection ended without an answer."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    cookies = f"csrftoken={COOKIE}" + (f"; sessionid={session}" if session else "")
    somebody = (
        f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(256)}"  # one address, one throttle
    )
    headers = {"Content-Type": kind, "Cookie": cookies, "X-Forwarded-For": somebody, "Idempotency-Key": key}
    try:
        line.request("POST", path, body, headers)
        answer = line.getresponse()
        said = answer.read().decode(errors="replace")
        return answer.status, answer.headers.get("Location", "") or said
    except (OSError, http.client.HTTPException):
        return None
    finally:
        line.close()


def object_to(port: int, notice: str, sent: Sent) -> None:
    """A visitor objects, by the form or by the interface; the token in the text says which objection it was."""
    token = uuid.uuid4().hex
    told = {"indicator": "", "text": f"公示栏一直空着，编号 {token}。", "contact": "13912345678"}
    if token < "8":
        path, body = f"/api/v1/notices/{quote(notice)}/objections", json.dumps(told).encode()
        sent.send(sent.objections, token, lambda: post(port, path, body, "application/json", key=token))
        return
    form = told | {"csrfmiddlewaretoken": COOKIE, "true": "on", "website": "", "once": token}
    path, body = f"/notices/{quote(notice)}/objection/", urlencode(form).encode()
    sent.send(sent.objections, token, lambda: post(port, path, body, "application/x-www-form-urlencoded"))


def upload(port: int, session: str, sent: Sent) -> None:
    """The secretariat sends a sheet so large that the queue has to read it."""
    token = uuid.uuid4().hex
    lines = ["单位名称,说明", *(f"{token}{n},{FILLER}" for n in range(3000))]
    edge = "----trust"
    head = f'--{edge}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{COOKIE}\r\n--{edge}\r\n'
    head += f'Content-Disposition: form-data; name="once"\r\n\r\n{token}\r\n--{edge}\r\n'
    head += f'Content-Disposition: form-data; name="file"; filename="{token}.csv"\r\nContent-Type: text/csv\r\n\r\n'
    body = head.encode() + "\n".join(lines).encode() + f"\r\n--{edge}--\r\n".encode()
    kind = f"multipart/form-data; boundary={edge}"
    sent.send(sent.uploads, token, lambda: post(port, "/imports/companies/", body, kind, session))


def aftermath(home: Home, sent: Sent) -> tuple[bool, str]:
    """Whether every act is there once and whole and the ledger verifies, and all of it in words."""
    report = home.ask("look", "acts", given=json.dumps({"objections": sent.objections, "uploads": sent.uploads}))
    verified = home.verified()
    counted = [f"{name} {count}" for name, count in report.items() if sent.uploads or "job" not in name]
    words = f"{', '.join(counted)}; ledger {'VERIFIED' if verified else 'NOT verified'}"
    return verified and not any(report.values()), words
