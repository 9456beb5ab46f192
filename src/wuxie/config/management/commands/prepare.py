"""Make an installation ready to serve: tables, places, pages' assets, the demo city. Run again, it takes seconds."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from wuxie.config.health import DEMO_MARK, demo_loaded
from wuxie.kernel.clock import actions as clock
from wuxie.kernel.custody import planner
from wuxie.kernel.home import home
from wuxie.kernel.places.load import load_places
from wuxie.kernel.statutes import actions as statutes
from wuxie.rooms.safety.actions import library as safety


class Command(BaseCommand):
    help = "迁移数据库，载入行政区划与静态资源，需要时载入演示城市"

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        call_command("migrate", verbosity=0, interactive=False)
        load_places()
        # The database is what is backed up; the command line's copies of confirmed values are written anew from it.
        clock.write_overlay()
        statutes.write_overlay()
        safety.publish_shipped()
        # The PDF fonts are read where they lie; no browser asks for them.
        call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=["fonts"])
        if not demo_loaded():
            call_command("demo", settings.DEMO)
            (home() / DEMO_MARK).write_text(settings.DEMO)
        planner.refresh()
        self.stdout.write(f"准备完毕，用时 {time.monotonic() - started:.0f} 秒")
