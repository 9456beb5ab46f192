"""``wuxie serve``: the web server and the worker as two children that live and die together.

The house is loaded once, here, and the children are forked from it: they share what none of them alters, and the first page
does not wait until four interpreters have read the same modules side by side on two cores.
"""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import signal
import socket
import sqlite3
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from importlib import import_module
from multiprocessing.context import ForkProcess
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core import checks
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.urls import reverse

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
    # ``prepare`` has looked at the code; here ``check_ready`` asks what may have changed since, and the door opens a second sooner.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
            check_sqlite(sqlite3.sqlite_version_info)
        port, host = os.environ.get("PORT", "8000"), os.environ.get("WUXIE_BIND", "127.0.0.1")
        check_port(host, port)
        check_ready()
        self.stopping = False
        warm()
        self.children = [_start("web", _web, host, port), _start("worker", _worker)]
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
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
            dead = [child for child in self.children if not child.is_alive()]
            if dead and not self.stopping:
                name = "网站" if dead[0] is self.children[0] else "后台作业"
                raise CommandError(f"{name}意外结束（{dead[0].exitcode}），已全部停止。请看上面的错误。")

    def _greet(self, port: str) -> None:
        self.stdout.write(f"Ready: http://127.0.0.1:{port}/")
        accounts = home() / ACCOUNTS
        if settings.DEMO and accounts.exists():
            self.stdout.write(accounts.read_text(encoding="utf-8").rstrip())
        self.stdout.flush()


def warm() -> None:
    """Load all that answers a visitor, and make one page, so that every child begins with it; no connection is kept."""
    application = import_module(settings.WSGI_APPLICATION.rpartition(".")[0]).application
    environ: dict[str, Any] = {"PATH_INFO": reverse("account_login"), "HTTP_HOST": _own_name()}
    setup_testing_defaults(environ)
    for _part in application(environ, lambda *started: None):
        pass
    connections.close_all()


def _web(host: str, port: str) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    module, _dot, name = settings.WSGI_APPLICATION.rpartition(".")
    Granian(
        f"{module}:{name}", address=host, port=int(port), interface=Interfaces.WSGI, websockets=False,
        workers=int(os.environ.get("WUXIE_WORKERS", "2")), blocking_threads=2, log_level=LogLevels.warning,
        # A worker that was still starting misses the signal to stop; without this the others would wait for it for ever.
        workers_kill_timeout=round(GRACE),
    ).serve()  # fmt: skip


def _worker() -> None:
    try:
        call_command("worker", skip_checks=True)
    except CommandError as error:
        sys.exit(str(error))


def _start(name: str, run: Callable[..., None], *rest: str) -> ForkProcess:
    """Start a child in a group of its own: Ctrl-C reaches it through us, and nothing of it stays behind."""
    child = multiprocessing.get_context("fork").Process(target=_apart, args=(os.getpid(), run, *rest), name=name)
    child.start()
    return child


def _apart(parent: int, run: Callable[..., None], *rest: str) -> None:
    """On Linux the child gets TERM should we be killed in a way that leaves no time to say so."""
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
    if os.getppid() == parent:
        run(*rest)


def _end(children: list[ForkProcess]) -> None:
    """Ask, wait a little, then end whatever is left of both process groups."""
    for child in children:
        child.terminate()
    until = time.monotonic() + GRACE
    while time.monotonic() < until and any(child.is_alive() for child in children):
        time.sleep(0.05)
    for child in children:
        _kill_group(child)
        child.join()


def _kill_group(child: ForkProcess) -> None:
    assert child.pid
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


def _own_name() -> str:
    return next((host for host in settings.ALLOWED_HOSTS if host not in ("*", "")), "127.0.0.1").lstrip(".")


def _answers(port: str) -> bool:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": _own_name()})
    try:
        with urllib.request.urlopen(request, timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
