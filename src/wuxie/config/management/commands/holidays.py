"""Import a year's arrangement of holidays, and count running deadlines again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wuxie.kernel.calc.documents import parse
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.tables import import_year
from wuxie.kernel.workflow.deadlines import recount


class Command(BaseCommand):
    help = "导入一年的放假安排（JSON 文件），并重算未到期的期限"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="含 year 和 days 的 JSON 文件")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            table = import_year(parse(options["file"].read_bytes()))
        except OSError as fault:
            raise CommandError(f"读不到文件 {options['file']}：{fault.strerror}", returncode=2) from None
        except Problem as problem:
            self.stderr.write(json.dumps(problem.as_dict(), ensure_ascii=False))
            raise CommandError(problem.message, returncode=2) from None
        self.stdout.write(f"已导入 {table['year']} 年 {len(table['days'])} 天；{recount()} 个期限的到期日有变化")
