"""Make ``kernel/places/data/places.csv`` from a table of divisions (级别, 代码, 名称, 上级代码; csv or csv.gz).

    python scripts/make_places.py SOURCE

Kept are the six cities below with everything under them, down to the communities. Nothing is renamed.
"""

from __future__ import annotations

import csv
import gzip
import sys
from pathlib import Path

CITIES = ("5101", "5104", "5105", "5110", "5111", "5120")
LENGTHS = {"市": 4, "区县": 6, "街道乡镇": 9, "社区村": 12}
TARGET = Path(__file__).resolve().parents[1] / "src" / "wuxie" / "kernel" / "places" / "data" / "places.csv"


def main(source: Path) -> None:
    opener = gzip.open if source.suffix == ".gz" else open
    with opener(source, "rt", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["代码"].startswith(CITIES)]
    for row in rows:
        if len(row["代码"]) != LENGTHS[row["级别"]]:
            sys.exit(f"{row['代码']} {row['名称']}: a {row['级别']} has {LENGTHS[row['级别']]} digits")
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(["code", "name"])
        lines.writerows(sorted((row["代码"], row["名称"].strip()) for row in rows))
    print(f"{len(rows)} divisions in {TARGET}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
