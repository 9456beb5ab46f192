"""``wuxie backup --to FILE|DIR [--key PUBLIC …] [--keep N]``: exit 0 done, 1 it could not be done."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from wuxie.kernel.custody import backup, officers
from wuxie.kernel.custody.refusal import Refused


class Command(BaseCommand):
    help = "做一份加密备份；网站和后台作业照常运行"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--to", required=True, type=Path, metavar="FILE|DIR", help="写到哪个新文件，或哪个文件夹")
        parser.add_argument(
            "--key", action="append", default=[], metavar="AGE1…", help="加密给谁；可写多次，不写则给登记的保管人"
        )
        parser.add_argument("--keep", type=int, default=0, metavar="N", help="文件夹里只留最近 N 份")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            keys = officers.chosen(options["key"])
            made = backup.take(options["to"], keys, by="clock", say=self._say, keep=options["keep"])
        except Refused as refused:
            self.stderr.write(refused.message)
            sys.exit(1)
        self.stdout.write(
            f"备份 {made.path}：{made.size / 2**20:.1f} MiB，{made.files} 个文件，{len(keys)} 位保管人能打开，"
            f"用时 {time.monotonic() - started:.0f} 秒"
        )
        self.stdout.write(f"sha256 {made.sha256}\nroot {made.root or '（还没有封存）'}")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
