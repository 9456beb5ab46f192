"""``wuxie holidays FILE``: import a year's arrangement from the machine-readable form of the notice."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wuxie.kernel.calc.documents import parse
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.actions import import_year
from wuxie.kernel.clock.tables import calendar


class Command(BaseCommand):
    help = "导入一年的放假安排并重算暂算的期限；不写文件时列出已有的年份"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", metavar="FILE", help="JSON：year、papers、days（date、name、isOffDay）")
        parser.add_argument("--by", default="console", metavar="WHO", help="经手人，写入导入记录")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["file"] is None:
            self.stdout.write("已有放假安排：" + "、".join(str(year) for year in sorted(calendar().years)))
            return
        try:
            year = import_year(parse(self._body(options["file"])), by=options["by"])
        except Problem as problem:
            self.stderr.write(json.dumps(problem.as_dict(), ensure_ascii=False))
            sys.exit(2)
        off = year.days.filter(is_off=True).count()
        self.stdout.write(
            f"已导入 {year.year} 年：放假 {off} 天，调休上班 {year.days.count() - off} 天；暂算的期限已重算"
        )

    def _body(self, name: str) -> bytes:
        try:
            return Path(name).read_bytes()
        except OSError as fault:
            raise CommandError(f"读不到文件 {name}：{fault.strerror}。请检查文件名。", returncode=2) from None
