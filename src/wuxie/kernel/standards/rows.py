"""The facts as the outside writes them: ten columns, and what each may hold. One rule for files and for the interface."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from wuxie.kernel.calc.documents import choice, date, obj, text, unique
from wuxie.kernel.calc.problems import Problem

from .model import TRUST

COLUMNS = (
    "id", "kind", "subject", "quantity", "occurred_on", "recorded_on", "valid_until", "trust", "superseded_by", "disputed",
)  # fmt: skip
#: Digits of a quantity before and after the point.
WHOLE, DECIMALS = 15, 36
QUANTITY = f"-?[0-9]{{1,{WHOLE}}}([.][0-9]{{1,{DECIMALS}}})?"
LOOKS_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?", re.ASCII)
TRUE, FALSE = ("true", "1"), ("false", "0", "")


def is_true(value: Any) -> bool:
    """``disputed`` as it may be spelled; ``ValueError`` for anything else."""
    word = str("" if value is None else value).lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise ValueError(word)


def check(row: Mapping[str, Any], path: str) -> None:
    """Refuse the first value of a row that does not fit, by its column."""
    for name in ("id", "kind", "subject"):
        if row[name] in ("", None):
            raise Problem("missing", f"{path}.{name}", f"{path}.{name} 是空的，请填写。")
        text(row[name], f"{path}.{name}")
    check_quantity(row["quantity"], f"{path}.quantity")
    date(row["occurred_on"], f"{path}.occurred_on")
    date(row["recorded_on"], f"{path}.recorded_on")
    if row["valid_until"] not in ("", None):
        date(row["valid_until"], f"{path}.valid_until")
    choice(row["trust"], f"{path}.trust", TRUST)
    if row["superseded_by"] not in ("", None):
        text(row["superseded_by"], f"{path}.superseded_by")
    try:
        is_true(row["disputed"])
    except ValueError:
        raise Problem("type", f"{path}.disputed", f"{path}.disputed 应是 true 或 false。") from None


def check_quantity(value: Any, path: str) -> None:
    """A decimal text; may be negative."""
    if not isinstance(value, str) or not LOOKS_DECIMAL.fullmatch(value):
        raise Problem("type", path, f"{path} 应是 12 或 89.50 这样的数，不带单位、空格、分隔号和指数。")
    if not re.fullmatch(QUANTITY, value):
        raise Problem("range", path, f"{path} 的整数部分最多 {WHOLE} 位，小数最多 {DECIMALS} 位。")


def check_all(rows: Iterable[Mapping[str, Any]], path: str = "$.facts") -> None:
    """Refuse the first row that does not fit, also one whose id was used before."""
    seen: set[str] = set()
    for index, row in enumerate(rows):
        check(row, f"{path}[{index}]")
        unique(row["id"], seen, f"{path}[{index}].id", "编号")
        seen.add(row["id"])


def documents(value: Any, path: str) -> list[dict[str, Any]]:
    """The facts of a JSON document, checked."""
    if not isinstance(value, list):
        raise Problem("type", path, f"{path} 应是一个列表（方括号）。")
    for index, row in enumerate(value):
        obj(row, f"{path}[{index}]", required=COLUMNS)
    check_all(value, path)
    return value


def check_header(names: Sequence[str], path: str = "$.facts") -> None:
    """Exactly the ten columns, in any order."""
    for place, name in enumerate(names):
        if name not in COLUMNS:
            raise Problem("unknown_key", f"{path}.{name}", f"表头不认识“{name[:40]}”。应是：{','.join(COLUMNS)}。")
        if name in names[:place]:
            raise Problem("duplicate", f"{path}.{name}", f"表头“{name}”写了两次，请删去一列。")
    for name in COLUMNS:
        if name not in names:
            raise Problem("missing", f"{path}.{name}", f"表头缺少“{name}”。应是：{','.join(COLUMNS)}。")


def csv_header(path: Path) -> list[str]:
    """The names in the first line of a CSV file, checked."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            names = next(csv.reader(lines, strict=True), [])
    except (UnicodeDecodeError, csv.Error):
        raise not_csv() from None
    except OSError as fault:
        raise unreadable(path, fault) from None
    check_header(names)
    return names


def csv_rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file, slowly but with the place of any fault: read only when something does not fit."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.reader(lines, strict=True)
            names = next(reader)
            index = 0
            for cells in reader:
                if not cells:
                    continue
                if len(cells) < len(names):
                    missing = names[len(cells)]
                    raise Problem(
                        "missing",
                        f"$.facts[{index}].{missing}",
                        f"第 {reader.line_num} 行缺少 {missing} 及以后的列，请补上。",
                    )
                if len(cells) > len(names):
                    raise Problem(
                        "unknown_key",
                        f"$.facts[{index}]",
                        f"第 {reader.line_num} 行多出 {len(cells) - len(names)} 格，请核对逗号和引号。",
                    )
                yield dict(zip(names, cells, strict=True))
                index += 1
    except (UnicodeDecodeError, csv.Error):
        raise not_csv() from None


def not_csv() -> Problem:
    return Problem("json", "$.facts", "事实文件不是 UTF-8 编码的 CSV。请检查编码和引号是否成对。")


def unreadable(path: Path, fault: OSError) -> Problem:
    return Problem("json", "$", f"读不到文件 {path}：{fault.strerror or fault}。请检查文件名。")
