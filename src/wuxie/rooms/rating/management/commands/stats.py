"""``wuxie stats export | compare``: exit 0 done, 1 there are too few projects for a pack, 2 bad input."""

from __future__ import annotations

import argparse
import csv
import io
import sys
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from wuxie.kernel.calc.problems import Problem
from wuxie.rooms.rating import statspack

from .rating import Mistaken, _cycle

USAGE = (
    "wuxie stats export --cycle ID --out FILE.parquet",
    "wuxie stats compare A.parquet B.parquet … [--engine duckdb|spark]",
)


class Command(BaseCommand):
    help = "统计包：发布一个周期的统计，比较多个城市的统计"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        export = verbs.add_parser("export", help="写出本市一个周期的统计包（Parquet），不含不足五个项目的格子")
        export.add_argument("--cycle", metavar="ID", required=True, help="评定周期编号")
        export.add_argument("--out", metavar="FILE.parquet", required=True, help="写到哪个文件")
        compare = verbs.add_parser("compare", help="核对并比较几个城市的统计包（CSV）")
        compare.add_argument("packs", nargs="+", metavar="PACK.parquet")
        compare.add_argument("--engine", choices=["duckdb", "spark"], default="duckdb", help="计算引擎，结果相同")
        for one in (parser, export, compare):
            one.error = self._refuse  # type: ignore[method-assign]

    def _refuse(self, message: str) -> NoReturn:
        self.stderr.write("命令没看懂。写法：\n  " + "\n  ".join(USAGE))
        sys.exit(2)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, options["verb"])(**options)
        except (Mistaken, Problem) as refused:
            self.stderr.write(refused.message if isinstance(refused, Problem) else str(refused))
            sys.exit(1 if isinstance(refused, Problem) and refused.code == "few" else 2)

    def export(self, cycle: str, out: str, **options: Any) -> None:
        known = statspack.export(_cycle(cycle), Path(out))
        self.stdout.write(
            f"已写出 {out}：{known['city_name']} {known['year']} 年，标准 {known['standard']}，"
            f"第 {known['seal_number']} 次封存，根 {known['seal_root']}，内容摘要 {known['content_sha256']}"
        )

    def compare(self, packs: list[str], engine: str, **options: Any) -> None:
        found = [statspack.read(Path(one)) for one in packs]
        standards = sorted({one.known["standard"] for one in found})
        rows = statspack.compare(found, engine=engine)
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(statspack.COMPARED)
        writer.writerows(rows)
        self.stdout.write(out.getvalue(), ending="")
        if len(standards) > 1:
            self.stderr.write(f"注意：各市用的标准不同（{'、'.join(standards)}），指标得分不能直接比。")
