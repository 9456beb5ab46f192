"""``manage.py labels``: write down the words that stand in data, for ``make texts`` (``--check``: are they up to date?)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wuxie.config import label_source


class Command(BaseCommand):
    help = "把数据里的名称写进 config/labels.py，供翻译收集"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="只检查，不写")

    def handle(self, *args: Any, **options: Any) -> None:
        made = label_source.module()
        same = label_source.WRITTEN.exists() and label_source.WRITTEN.read_text("utf-8") == made
        if options["check"] and not same:
            raise CommandError("config/labels.py 不是最新的。请运行 make texts。", returncode=1)
        if not same:
            label_source.WRITTEN.write_text(made, "utf-8")
        self.stdout.write(f"数据里的名称 {sum(map(len, label_source.gather().values()))} 个")
