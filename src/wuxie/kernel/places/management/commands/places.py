"""Load the packaged divisions."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from wuxie.kernel.places.load import load_places


class Command(BaseCommand):
    help = "载入行政区划：补上缺的，改过名的跟着改，可重复执行"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_places()} 个区划有变化")
