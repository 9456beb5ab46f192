"""``manage.py labels``: write down the words that stand in data, for ``make texts`` (``--check``: are they in the catalogue?)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wuxie.config import label_source


class Command(BaseCommand):
    help = "把数据里的名称写进 config/labels.py，供翻译收集"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="只检查，不写")

    def handle(self, *args: Any, **options: Any) -> None:
        words = [word for found in label_source.gather().values() for word in found]
        if not options["check"]:
            label_source.WRITTEN.write_text(label_source.module(), "utf-8")
        elif missing := [word for word in words if word not in label_source.catalogue()]:
            raise CommandError(f"翻译目录里没有：{'、'.join(missing[:5])}。请运行 make texts。", returncode=1)
        self.stdout.write(f"数据里的名称 {len(words)} 个")
