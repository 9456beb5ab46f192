"""Load the demo city into an empty installation, with a progress bar."""

from __future__ import annotations

import datetime
import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from wuxie.config.demo import load
from wuxie.kernel.parties.models import Organisation


class Command(BaseCommand):
    help = "把演示城市载入空的系统（small）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", default="small", choices=["small"], help="演示城市的大小")

    def handle(self, *args: Any, **options: Any) -> None:
        if Organisation.objects.exists():
            raise CommandError("数据库里已经有单位，演示城市只载入空的系统。请换一个 WUXIE_HOME。", returncode=2)
        self._started = time.monotonic()
        with transaction.atomic():
            accounts = load.small(self._progress)
        self.stdout.write(f"\r演示城市载入完毕，用时 {time.monotonic() - self._started:.0f} 秒" + " " * 40)
        self.stdout.write(accounts)

    def _progress(self, done: int, total: int, words: str) -> None:
        """A bar on a terminal, a line a step elsewhere."""
        if sys.stdout.isatty():
            filled = 30 * done // total
            bar = "█" * filled + "░" * (30 - filled)
            self.stdout.write(f"\r{bar} {100 * done // total:3d}% {words:<24}", ending="")
            self.stdout.flush()
        else:
            spent = datetime.timedelta(seconds=round(time.monotonic() - self._started))
            self.stdout.write(f"{100 * done // total:3d}% {spent} {words}")
