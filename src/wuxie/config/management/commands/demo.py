"""Load a demo city into an empty installation, with a progress bar.

The small city is one transaction. The large one (``city``) is too much for one: while it loads, a mark lies in the home;
a load that was cut off is begun again from an empty database.
"""

from __future__ import annotations

import datetime
import gc
import sys
import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from wuxie.config.demo import large, load
from wuxie.kernel.facts import laid_down
from wuxie.kernel.home import home
from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.places.load import load_places

LOADING = "demo.loading"


class Command(BaseCommand):
    help = "把演示城市载入空的系统：small（小城），city（省会规模，约一千万条事实）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", default="small", choices=["small", "city"], help="演示城市的大小")

    def handle(self, *args: Any, **options: Any) -> None:
        self._started = time.monotonic()
        gc.set_threshold(
            200_000, 50, 100
        )  # nearly nothing that is made here is garbage; looking for it took a twentieth
        self._begin_again()
        if Organisation.objects.exists():
            raise CommandError("数据库里已经有单位，演示城市只载入空的系统。请换一个 WUXIE_HOME。", returncode=2)
        if options["name"] == "city":
            mark = home() / LOADING
            mark.write_text(_database())
            accounts = large.load(self._progress)
            mark.unlink()
        else:
            with transaction.atomic():
                accounts = load.small(self._progress)
        self.stdout.write(f"\r演示城市载入完毕，用时 {time.monotonic() - self._started:.0f} 秒" + " " * 40)
        self.stdout.write(accounts)

    def _begin_again(self) -> None:
        """Empty the database that a load of ours was cut off in; the mark says which one it was."""
        mark = home() / LOADING
        if not mark.exists() or mark.read_text() != _database():
            return
        self.stdout.write("上次载入没有完成，清空后重新载入。")
        if connection.vendor == "sqlite":
            connection.close()
            for ending in ("", "-wal", "-shm"):
                (home() / f"{connection.settings_dict['NAME']}{ending}").unlink(missing_ok=True)
        else:
            with connection.cursor() as cursor:
                cursor.execute("DROP SCHEMA public CASCADE")
                cursor.execute("CREATE SCHEMA public")
        for number in laid_down.numbers():
            laid_down.path_of(number).unlink()
        call_command("migrate", verbosity=0, interactive=False)
        load_places()

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


def _database() -> str:
    found = connection.settings_dict
    return f"{connection.vendor} {found['HOST']}:{found['PORT']} {found['NAME']}"
