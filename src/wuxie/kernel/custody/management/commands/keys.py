"""``wuxie keys show | rotate | retire N``: exit 0 done, 1 refused."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from django.core.management.base import BaseCommand

from wuxie.kernel.custody import backup, rotation
from wuxie.kernel.custody.refusal import Refused
from wuxie.kernel.parties import secrets


class Command(BaseCommand):
    help = "数据密钥：查看、更换、销毁旧的"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("show", help="有哪些数据密钥，旧的还有多少处在用")
        verbs.add_parser("rotate", help="换一把新密钥，重新加密全部个人信息；不必停网站，中断后再运行会接着做")
        retire = verbs.add_parser("retire", help="销毁一把没有用处的旧密钥")
        retire.add_argument("number", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, options["verb"])(**options)
        except Refused as refused:
            self.stderr.write(refused.message)
            sys.exit(1)

    def show(self, **options: Any) -> None:
        newest = secrets.current()
        for number in secrets.numbers(secrets.PERSONAL):
            state = "现用" if number == newest else "只用于读旧内容"
            self.stdout.write(f"{number}  {state}  {rotation.uses(number)} 处")
        if rotation.unfinished():
            self.stdout.write("上一次更换没有做完。请运行 wuxie keys rotate 接着做。")

    def rotate(self, **options: Any) -> None:
        with backup.alone():
            done = rotation.rotate(by="clock", say=self._say)
        self.stdout.write(f"已换成 {done.number} 号密钥：重新加密 {done.values} 行、{done.files} 个待导入文件。")
        self.stdout.write("请马上做一次备份：以前的备份里没有新密钥。旧密钥留着读旧内容，可用 wuxie keys retire 销毁。")

    def retire(self, number: int, **options: Any) -> None:
        with backup.alone():
            rotation.retire(number, by="clock")
        self.stdout.write(f"{number} 号密钥已销毁。")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
