"""A process with the program loaded, that forks web servers and workers on request, so that a restart costs no start.

``python -m trust.keeper PORT`` with the environment of an installation. Each line on standard input is a wish (``web``
or ``worker``); the answer is the number of the new process, which leads a process group of its own. The web server
runs the program's own WSGI application behind the standard library's HTTP server; the worker is ``wuxie worker``.
"""

from __future__ import annotations

import os
import signal
import socketserver
import sys
import traceback
from collections.abc import Callable
from typing import Any
from wsgiref.simple_server import ServerHandler, WSGIRequestHandler, WSGIServer


class Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *arguments: Any) -> None:
        pass

    def address_string(self) -> str:
        return str(self.client_address[0])


ServerHandler.http_version = "1.1"


def web(port: int) -> None:
    from wuxie.config.wsgi import application

    server = Server(("127.0.0.1", port), Quiet)
    server.set_app(application)
    server.serve_forever(poll_interval=0.05)


def worker() -> None:
    from django.core.management import call_command

    call_command("worker")


def fork(run: Callable[[], None], log: int) -> int:
    pid = os.fork()
    if pid:
        return pid
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    try:
        run()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


def warm_up() -> None:
    """Ask for the pages once, so that no child has to load templates and texts first. Nothing is written."""
    from django.conf import settings
    from django.test import Client

    from wuxie.rooms.rating import public

    settings.ALLOWED_HOSTS.append("testserver")
    for notice in public.notices()[:1]:
        path = f"/notices/{notice.number}/objection/"
        Client().get(path)
        Client().post(path, {"text": "短"})


def main(port: int) -> None:
    import django

    django.setup()
    from django.db import connections
    from django.urls import get_resolver

    from wuxie.config import wsgi
    from wuxie.kernel.facts import joins_registry

    from .after import follow

    joins_registry.on("rating.objected", follow)
    get_resolver().url_patterns  # noqa: B018 - loads every view before the first fork
    assert wsgi.application is not None
    warm_up()
    connections.close_all()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    log = os.open(f"{os.environ['WUXIE_HOME']}/keeper.log", os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    wishes: dict[str, Callable[[], None]] = {"web": lambda: web(port), "worker": worker}
    print("ready", flush=True)
    for line in sys.stdin:
        print(fork(wishes[line.strip()], log), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
