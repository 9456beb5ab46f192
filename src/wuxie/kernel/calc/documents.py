"""Strict readers for the one JSON document that a calculator takes.

Amounts, areas and energies are decimal *texts*; a JSON number in such a place is refused, since it may have gone through
a float on its way here. Each reader raises ``Problem`` with the path of the value at fault. Plain functions over plain
dicts, because 50,000 units in one call is normal.
"""

from __future__ import annotations

import codecs
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
HALF_PAIR = re.compile(r"\\u[dD][89a-fA-F]")
#: Digits allowed before the point.
WHOLE = 15
#: A longer whole number is outside every bound there is; its first digits are enough to say so.
LONGEST = 400
#: So much of a text that somebody sent is repeated in a message.
SHOWN = 40


class Twice(dict[str, Any]):
    """An object that names a key twice: which of the two was meant only its author knows."""

    key = ""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    twice = Twice(found)
    seen: set[str] = set()
    for name, _ in pairs:  # pragma: no branch - there are fewer names than pairs, so one comes twice
        if name in seen:
            twice.key = name
            break
        seen.add(name)
    return twice


def _refuse(word: str) -> None:
    """``NaN`` and ``Infinity``, which other languages write and JSON does not have."""
    raise ValueError(word)


def _whole_number(digits: str) -> int:
    return int(digits[:LONGEST])


def parse(body: bytes) -> Any:
    """The document, or ``Problem("json", "$", …)`` for what is not JSON in UTF-8.

    A text with half a surrogate pair is not writable in UTF-8 and so is refused too.
    """
    try:
        source = body.decode("utf-8")
        found = json.loads(source, parse_constant=_refuse, parse_int=_whole_number, object_pairs_hook=_object)
        if HALF_PAIR.search(source):
            json.dumps(found, ensure_ascii=False).encode("utf-8")
    except (UnicodeError, ValueError, RecursionError):
        raise Problem("json", "$", _not_json(body)) from None
    return found


def _not_json(body: bytes) -> str:
    if body.startswith(codecs.BOM_UTF8):
        return "文件开头带有 BOM 标记。请存成“UTF-8（无 BOM）”再来。"
    if not body.strip():
        return "文档是空的。请给出一个 JSON 文档。"
    return "这不是 UTF-8 编码的 JSON 文档。请检查编码，以及引号、逗号和括号是否成对。"


def obj(value: Any, path: str, *, required: Collection[str], optional: Collection[str] = ()) -> dict[str, Any]:
    """An object with the required keys and no unknown ones."""
    if not isinstance(value, dict):
        raise Problem("type", path, f"{path} 应是一个对象（花括号）。")
    if isinstance(value, Twice):
        raise Problem("duplicate", f"{path}.{value.key}", f"“{value.key[:SHOWN]}”写了两次，请只留一个。")
    for name in value:
        if name not in required and name not in optional:
            known = "、".join([*required, *optional])
            raise Problem("unknown_key", f"{path}.{name}", f"不认识“{str(name)[:SHOWN]}”。可用的有：{known}。")
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
        raise Problem("range", path, f"“{value[:SHOWN]}”不在可选范围内。可选：{'、'.join(words)}。")
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


def month(value: Any, path: str) -> datetime.date:
    """The first day of a month written YYYY-MM."""
    if not isinstance(value, str) or not MONTH.fullmatch(value):
        raise Problem("type", path, f"{path} 应写成 2026-09 这样的年月。")
    try:
        return datetime.date.fromisoformat(f"{value}-01")
    except ValueError:
        raise Problem("type", path, f"没有 {value} 这个月，请检查月份。") from None


def unique(value: str, seen: Mapping[str, Any] | set[str], path: str, words: str) -> None:
    """Refuse the later of two equal values."""
    if value in seen:
        raise Problem("duplicate", path, f"{words}“{value[:SHOWN]}”出现了两次，请核对哪一行是真的。")


def two_places(value: int) -> str:
    """Hundredths as a text with two decimals."""
    sign, value = ("-", -value) if value < 0 else ("", value)
    return f"{sign}{value // 100}.{value % 100:02d}"
