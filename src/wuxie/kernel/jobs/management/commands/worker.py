"""``wuxie worker``: the queue's processes and the periodic loop, ended by INT or TERM."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django_q.cluster import Cluster

from wuxie.kernel.jobs import periodic


class Command(BaseCommand):
    help = "运行后台作业：队列和定时循环。按 Ctrl-C 结束。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Start the cluster first, because it forks; then loop in this process and watch it.

        If the cluster dies, this process ends with an error, so that whoever supervises it starts both anew.
        """
        cluster = Cluster()
        connections.close_all()
        cluster.start()
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *caught: stop.set())
        loop = threading.Thread(target=periodic.run_loop, args=[stop], name="periodic")
        loop.start()
        try:
            while not stop.wait(0.3):
                if not cluster.sentinel.is_alive() or not loop.is_alive():
                    raise CommandError("后台作业进程意外结束。")
        finally:
            stop.set()
            cluster.stop()
            loop.join()
