"""Over real HTTP: a signed-in list at concurrency 8 with two web workers; the cold start; the memory at rest."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from .figures import Figure, Times, spread

PORT, BARE = int(os.environ.get("PORT", "8441")), int(os.environ.get("PORT", "8441")) + 1
CLIENTS, EACH = 8, 25


def session() -> str:
    """The cookie of a signed-in secretariat."""
    from .pages import clients

    return str(clients()[1].cookies["sessionid"].value)


@contextmanager
def running(
    command: list[str], port: int, path: str, known: Mapping[str, str] = os.environ
) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """A server in a process group of its own, and the seconds until it answered ``path``."""
    environment = dict(known) | {"PORT": str(port), "DJANGO_SETTINGS_MODULE": "wuxie.config.settings"}
    started = time.perf_counter()
    child = subprocess.Popen(command, env=environment, start_new_session=True, stdout=subprocess.DEVNULL)
    try:
        while get(port, path)[0] != 200:
            if child.poll() is not None or time.perf_counter() - started > 120:
                raise RuntimeError(f"the server does not answer: {' '.join(command)}")
            time.sleep(0.02)
        yield child, time.perf_counter() - started
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)


def get(port: int, path: str, cookie: str = "", line: http.client.HTTPConnection | None = None) -> tuple[int, bytes]:
    connection = line or http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers={"Cookie": f"sessionid={cookie}"} if cookie else {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    except OSError:
        return 0, b""


def hammer(port: int, path: str, cookie: str = "") -> tuple[Times, float]:
    """Milliseconds an answer takes with ``CLIENTS`` asking at once, and answers a second."""
    spent: list[float] = []

    def ask() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for number in range(EACH + 2):
            started = time.perf_counter()
            status, _body = get(port, path, cookie, line)
            if status != 200:
                raise RuntimeError(f"{path} answered {status}")
            if number >= 2:
                spent.append(1000 * (time.perf_counter() - started))

    started = time.perf_counter()
    threads = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return spread(spent), len(spent) / (time.perf_counter() - started)


def figures() -> Iterator[Figure]:
    from wuxie.rooms.rating.models import Application, Benefit

    cookie = session()
    rows, cases = Benefit.objects.count(), Application.objects.count()
    asked = urllib.parse.urlencode({"view": "confirmed", "q": "立春"})
    path, cases_path = (
        f"/rating/benefits/?{asked}",
        f"/rating/?{urllib.parse.urlencode({'view': 'ended', 'q': '立春'})}",
    )
    with running([sys.executable, "-m", "wuxie.config.cli", "serve"], PORT, "/") as (child, cold):
        yield Figure("served", "cold start until the first page, 2 web workers", (cold, cold), None, most=2, unit="s")
        time.sleep(3)
        rest = pss(child.pid)
        yield Figure(
            "served", "memory at rest, 2 web workers and the worker (PSS)", (rest, rest), None, most=300, unit="MiB"
        )
        size = len(get(PORT, path, cookie)[1])
        ours, rate = hammer(PORT, path, cookie)
        other, other_rate = hammer(PORT, cases_path, cookie)
    asked = urllib.parse.urlencode({"state": "confirmed", "q": "立春", "size": size})
    granian = [
        str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(BARE),
        "--workers", "2", "--blocking-threads", "2", "--no-ws", "--log-level", "warning", "bench.bare:application",
    ]  # fmt: skip
    with running(granian, BARE, f"/list/?{asked}"):
        bare, bare_rate = hammer(BARE, f"/list/?{asked}")
    beside = "bare Django: no middleware, one query, a template of the same size, served the same way"
    yield Figure(
        "served", f"list of benefits, 50 of {rows:,}, state + text + exact total, {CLIENTS} at once", ours, bare, beside,
        factor=2, bound=f"{rate:.0f} against {bare_rate:.0f} answers a second",
    )  # fmt: skip
    yield Figure(
        "served", f"list of applications, 50 of {cases:,}, state + text + exact total, {CLIENTS} at once", other, bare,
        beside, factor=2, bound=f"{other_rate:.0f} against {bare_rate:.0f} answers a second",
    )  # fmt: skip


def pss(root: int) -> float:
    """MiB of a process and everything below it, shared pages counted in shares; Linux only, else 0."""
    below: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        below.setdefault(parent, []).append(int(stat.parent.name))
    found, total = [root], 0
    for pid in found:
        found += below.get(pid, [])
        try:
            rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(row.split()[1]) for row in rows if row.startswith("Pss:"))
    return total / 1024
