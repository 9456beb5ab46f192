"""Money and dates as a paper writes them."""

from __future__ import annotations

import datetime

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
LARGEST = 10**18


def amount(cents: int) -> str:
    """``12,034.50`` for 1203450 cents."""
    sign = "-" if cents < 0 else ""
    yuan, rest = divmod(abs(cents), 100)
    return f"{sign}{yuan:,}.{rest:02d}"


def in_capitals(cents: int) -> str:
    """The amount in the characters of cheques and deeds: 1203450 → 壹万贰仟零叁拾肆元伍角整.

    整 stands after yuan and after jiao, nothing after fen; a gap of digits is one 零; no amount is 零元整.
    Raises ``ValueError`` from 10¹⁶ yuan on.
    """
    if abs(cents) >= LARGEST:
        raise ValueError("amount too large to write out")
    yuan, rest = divmod(abs(cents), 100)
    jiao, fen = divmod(rest, 10)
    text = _whole(yuan) + "元" if yuan else ""
    if jiao:
        text += _DIGITS[jiao] + "角"
    elif fen and yuan:
        text += "零"
    if fen:
        text += _DIGITS[fen] + "分"
    else:
        text = (text or "零元") + "整"
    return ("负" if cents < 0 else "") + text


def _whole(number: int) -> str:
    """A whole number above 0, group by group of four digits."""
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    text = ""
    gap = False
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if group == 0:
            gap = bool(text)
            # 亿 belongs to the 万亿 above it and is said even when its own digits are noughts.
            if place == 2 and text:
                text += "亿"
            continue
        if text and (gap or group < 1000):
            text += "零"
        text += _group(group) + ("万" if place == 3 else _GROUPS[place])
        gap = False
    return text


def _group(group: int) -> str:
    text = ""
    gap = False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = True
    return text


def full_date(day: datetime.date) -> str:
    """A date in full: 2026年11月27日."""
    return f"{day.year}年{day.month}月{day.day}日"
