"""``wuxie stats export | compare``: exit 0 done, 1 there are too few projects for a pack, 2 bad input."""

from __future__ import annotations

import argparse
import csv
import io
from pathlib import Path
from typing import Any

from wuxie.kernel.calc.verbs import Verbs
from wuxie.rooms.rating import statspack

from .rating import cycle_of


class Command(Verbs):
    help = "统计包：发布一个周期的统计，比较多个城市的统计"
    usage = (
        "wuxie stats export --cycle ID --out FILE.parquet",
        "wuxie stats compare A.parquet B.parquet … [--engine duckdb|spark]",
    )
    noes = frozenset({"few"})

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        export = verbs.add_parser("export", help="写出本市一个周期的统计包（Parquet），不含不足五个项目的格子")
        export.add_argument("--cycle", metavar="ID", required=True, help="评定周期编号")
        export.add_argument("--out", metavar="FILE.parquet", required=True, help="写到哪个文件")
        compare = verbs.add_parser("compare", help="核对并比较几个城市的统计包（CSV）")
        compare.add_argument("packs", nargs="+", metavar="PACK.parquet")
        compare.add_argument("--engine", choices=["duckdb", "spark"], default="duckdb", help="计算引擎，结果相同")
        self.spoken(parser, *verbs.choices.values())

    def export(self, cycle: str, out: str, **options: Any) -> None:
        known = statspack.export(cycle_of(cycle), Path(out))
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
