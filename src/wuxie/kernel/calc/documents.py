"""Strict readers for the one JSON document that a calculator takes.

Amounts, areas and energies are decimal *texts*; a JSON number in such a place is refused, since it may have gone through
a float on its way here. Each reader raises ``Problem`` with the path of the value at fault. Plain functions over plain
dicts, because 50,000 units in one call is normal.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any

from .problems import Problem

DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?", re.ASCII)
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
MONTH = re.compile(r"[0-9]{4}-[0-9]{2}", re.ASCII)
#: Digits allowed before the point.
WHOLE = 15


def parse(body: bytes) -> Any:
    """The document, or ``Problem("json", "$", …)`` for what is not JSON in UTF-8."""

    def refuse(word: str) -> None:
        raise ValueError(word)

    try:
        return json.loads(body.decode("utf-8"), parse_constant=refuse)
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise Problem("json", "$", "这不是 UTF-8 编码的 JSON 文档。请检查引号、逗号和括号是否成对。") from None


def obj(value: Any, path: str, *, required: Collection[str], optional: Collection[str] = ()) -> dict[str, Any]:
    """An object with the required keys and no unknown ones."""
    if not isinstance(value, dict):
        raise Problem("type", path, f"{path} 应是一个对象（花括号）。")
    for name in value:
        if name not in required and name not in optional:
            raise Problem(
                "unknown_key", f"{path}.{name}", f"不认识“{name}”。可用的有：{'、'.join([*required, *optional])}。"
            )
    for name in required:
        if name not in value:
            raise Problem("missing", f"{path}.{name}", f"缺少“{name}”，请补上。")
    return value


def rows(value: Any, path: str, *, empty: bool = True) -> Iterator[tuple[str, Any]]:
    """The rows of a list with their paths; ``empty=False`` asks for at least one."""
    if not isinstance(value, list):
        raise Problem("type", path, f"{path} 应是一个列表（方括号）。")
    if not value and not empty:
        raise Problem("empty", path, f"{path} 里一行也没有，请至少填一行。")
    return ((f"{path}[{index}]", row) for index, row in enumerate(value))


def text(value: Any, path: str) -> str:
    """A text that is not empty."""
    if not isinstance(value, str):
        raise Problem("type", path, f"{path} 应是文字，写在引号里。")
    if not value:
        raise Problem("range", path, f"{path} 是空的，请填写。")
    return value


def choice(value: Any, path: str, words: Collection[str]) -> str:
    """One word of a list."""
    if not isinstance(value, str):
        raise Problem("type", path, f"{path} 应是文字，写在引号里。")
    if value not in words:
        raise Problem("range", path, f"“{value[:40]}”不在可选范围内。可选：{'、'.join(words)}。")
    return value


def flag(value: Any, path: str) -> bool:
    if not isinstance(value, bool):
        raise Problem("type", path, f"{path} 应是 true 或 false。")
    return value


def whole(value: Any, path: str, *, least: int, most: int) -> int:
    """A JSON integer within bounds."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise Problem("type", path, f"{path} 应是整数，不加引号。")
    if not least <= value <= most:
        raise Problem("range", path, f"{path} 应在 {least} 到 {most} 之间。")
    return value


def decimal(value: Any, path: str, *, places: int | None = None, positive: bool = False) -> Decimal:
    """A decimal text, not negative (``positive``: above nought), with at most ``places`` decimals."""
    if not isinstance(value, str) or not DECIMAL.fullmatch(value):
        raise Problem("type", path, f'{path} 应是写在引号里的数，例如 "89.50"，不带单位、逗号和空格。')
    before, _, after = value.lstrip("-").partition(".")
    if len(before) > WHOLE:
        raise Problem("range", path, f"{path} 的整数部分最多 {WHOLE} 位。")
    if places is not None and len(after) > places:
        raise Problem("range", path, f"{path} 最多 {places} 位小数，现在是 {len(after)} 位。")
    number = Decimal(value)
    if number < 0 or (positive and number == 0):
        raise Problem("range", path, f"{path} 应大于 0。" if positive else f"{path} 不能是负数。")
    return number


def hundredths(value: Any, path: str, *, positive: bool = False) -> int:
    """Money in cents or an area in hundredths of a square metre, exact."""
    return int(decimal(value, path, places=2, positive=positive).scaleb(2))


def date(value: Any, path: str) -> datetime.date:
    """A date as YYYY-MM-DD."""
    if not isinstance(value, str) or not DATE.fullmatch(value):
        raise Problem("type", path, f"{path} 应写成 2026-09-25 这样的日期。")
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        raise Problem("type", path, f"没有 {value} 这一天，请检查月和日。") from None


def unique(value: str, seen: Mapping[str, Any] | set[str], path: str, words: str) -> None:
    """Refuse the later of two equal values."""
    if value in seen:
        raise Problem("duplicate", path, f"{words}“{value[:40]}”出现了两次，请核对哪一行是真的。")


def two_places(value: int) -> str:
    """Hundredths as a text with two decimals."""
    sign, value = ("-", -value) if value < 0 else ("", value)
    return f"{sign}{value // 100}.{value % 100:02d}"
