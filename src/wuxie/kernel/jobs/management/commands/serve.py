"""``wuxie serve``: the web server and the worker as two children that live and die together."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.management.base import BaseCommand, CommandError

from wuxie.kernel.home import home

#: Older ones can corrupt a WAL database that two processes write.
OLDEST_SQLITE = (3, 51, 3)
#: Seconds the children get to end by themselves.
GRACE = 3.0
ACCOUNTS = "demo-accounts.txt"


def check_sqlite(version: tuple[int, ...]) -> None:
    """Refuse an SQLite that could lose data."""
    if version < OLDEST_SQLITE:
        have, want = (".".join(map(str, numbers)) for numbers in (version, OLDEST_SQLITE))
        raise CommandError(f"SQLite {have} 有损坏数据库的已知缺陷，需要 {want} 以上。请重新运行 make setup。")


def check_ready() -> None:
    """Refuse to open while a part of the house says it is not fit to be used."""
    found = checks.run_checks(tags=["before_start"], include_deployment_checks=True)
    if reasons := [str(message.msg) for message in found if message.is_serious()]:
        raise CommandError("没有启动：\n" + "\n".join(reasons) + "\n运行 wuxie migrate 可重新装上触发器。")


def check_port(host: str, port: str) -> None:
    """Refuse a port that another program answers on: the web server would share it, and each would get half of the visitors."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, int(port)))
        except OSError as error:
            raise CommandError(
                f"{host}:{port} 用不了（{error.strerror}）。已有程序占着时先停掉它，或换一个端口：PORT=8001 make run。"
            ) from error


class Command(BaseCommand):
    help = "启动网站和后台作业（端口 PORT，地址 WUXIE_BIND）。按 Ctrl-C 结束。"

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
            check_sqlite(sqlite3.sqlite_version_info)
        port, host = os.environ.get("PORT", "8000"), os.environ.get("WUXIE_BIND", "127.0.0.1")
        check_port(host, port)
        check_ready()
        self.stopping = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        self.children = [_start(_granian(host, port)), _start([*_python(), "worker"])]
        try:
            self._watch(port)
        finally:
            _end(self.children)

    def _stop(self, *caught: Any) -> None:
        self.stopping = True

    def _watch(self, port: str) -> None:
        """Say when the site answers; then wait until a signal comes, a child dies or our parent is gone."""
        ready, parent = False, os.getppid()
        while not self.stopping and os.getppid() == parent:
            if not ready and _answers(port):
                ready = True
                self._greet(port)
            time.sleep(0.2)
            dead = [child for child in self.children if child.poll() is not None]
            if dead and not self.stopping:
                name = "网站" if dead[0] is self.children[0] else "后台作业"
                raise CommandError(f"{name}意外结束（{dead[0].returncode}），已全部停止。请看上面的错误。")

    def _greet(self, port: str) -> None:
        self.stdout.write(f"Ready: http://127.0.0.1:{port}/")
        accounts = home() / ACCOUNTS
        if settings.DEMO and accounts.exists():
            self.stdout.write(accounts.read_text(encoding="utf-8").rstrip())
        self.stdout.flush()


def _python() -> list[str]:
    return [sys.executable, "-m", "django"]


def _granian(host: str, port: str) -> list[str]:
    program = Path(sys.executable).parent / "granian"
    return [
        str(program), "--interface", "wsgi", "--host", host, "--port", port,
        "--workers", os.environ.get("WUXIE_WORKERS", "2"), "--blocking-threads", "2", "--no-ws",
        # A worker that was still starting misses the signal to stop; without this the others would wait for it for ever.
        "--workers-kill-timeout", f"{GRACE:.0f}", "--log-level", "warning", "wuxie.config.wsgi:application",
    ]  # fmt: skip


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    """Start a child in a group of its own: Ctrl-C reaches it through us, and nothing of it stays behind."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "wuxie.config.settings"}
    return subprocess.Popen(command, env=environment, start_new_session=True, preexec_fn=_die_with_parent)  # noqa: S603


def _die_with_parent() -> None:
    """On Linux the child gets TERM should we be killed in a way that leaves no time to say so."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    """Ask, wait a little, then end whatever is left of both process groups."""
    for child in children:
        _signal(child, signal.SIGTERM, whole_group=False)
    until = time.monotonic() + GRACE
    while time.monotonic() < until and any(child.poll() is None for child in children):
        time.sleep(0.05)
    for child in children:
        _signal(child, signal.SIGKILL, whole_group=True)
        child.wait()


def _signal(child: subprocess.Popen[bytes], number: int, *, whole_group: bool) -> None:
    try:
        if whole_group:
            os.killpg(child.pid, number)
        else:
            os.kill(child.pid, number)
    except (ProcessLookupError, PermissionError):
        return


def _answers(port: str) -> bool:
    name = next((host for host in settings.ALLOWED_HOSTS if host not in ("*", "")), "127.0.0.1").lstrip(".")
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": name})
    try:
        with urllib.request.urlopen(request, timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
