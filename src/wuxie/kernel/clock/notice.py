"""The State Council's notice, as it is pasted or typed: ranges of days off and the weekend days that are worked.

One holiday a line, in the notice's own words (``一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。``)
or with whole dates (``元旦：2027-01-01 至 2027-01-03 放假``). Everything the line says twice is compared: the day of the
week in brackets, the number of days. What is not understood is refused with its line, never left out.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from wuxie.kernel.calc.problems import Problem

ONE = datetime.timedelta(days=1)
#: No holiday of the arrangements is longer.
LONGEST = 15
WEEKDAYS = "一二三四五六日"

_NAME = re.compile(r"^\s*(?:[一二三四五六七八九十\d]+[、.]\s*)?([^：:\d]{1,20})[：:]")
_DAY = re.compile(
    r"(?:(?P<whole>\d{4}-\d{1,2}-\d{1,2})|(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})日)"
    r"\s*(?:\((?P<note>[^()]*)\))?"
)
_RANGE = re.compile(r"^\s*(?:至|到|—+|–|~|-)\s*$")
_COUNT = re.compile(r"(?:共|放假)\s*(\d{1,2})\s*天")
_WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")


def days_of(text: str, year: int) -> list[dict[str, Any]]:
    """The days of a pasted notice in the shape of the yearly tables; ``Problem`` names the line (``$.lines[2]``)."""
    found: dict[datetime.date, tuple[int, bool]] = {}
    rows = []
    for number, line in enumerate(unicodedata.normalize("NFKC", text).splitlines(), start=1):
        if not line.strip():
            continue
        named = _NAME.match(line)
        name = named[1].strip() if named else ""
        for day, off in _line(line, named.end() if named else 0, year, number):
            if day in found:
                first, was_off = found[day]
                if was_off != off:
                    raise _wrong(
                        number, f"{day} 在第 {first} 行是{_word(was_off)}，这一行是{_word(off)}。请对照通知留下对的。"
                    )
                raise _wrong(number, f"{day} 在第 {first} 行已经写过，日期重叠。请对照通知改正。")
            found[day] = (number, off)
            rows.append({"date": day.isoformat(), "name": name, "isOffDay": off})
    if not rows:
        raise Problem("empty", "$.lines", "没有读到日期。请粘贴通知里各节日的那几行，一行一个节日。")
    return rows


def _word(off: bool) -> str:
    return "放假" if off else "上班"


def _wrong(line: int, sentence: str) -> Problem:
    return Problem("range", f"$.lines[{line}]", f"第 {line} 行：{sentence}", line=line)


def _line(line: str, start: int, year: int, number: int) -> Iterator[tuple[datetime.date, bool]]:
    """The days of one line, sentence by sentence; a day without a month is in the month named before it."""
    understood = False
    near = [year, 0]
    for sentence in re.split(r"[。;]", line[start:]):
        spans = list(_spans(sentence, near, number))
        if not spans:
            if sentence.strip() and re.search(r"\d", sentence):
                raise _wrong(number, f"“{sentence.strip()[:30]}”没有读懂。日期写成“1月1日”或“2027-01-01”。")
            continue
        work = "上班" in sentence
        if not work and "放假" not in sentence and "休" not in sentence:
            raise _wrong(number, f"“{sentence.strip()[:30]}”没有写明是放假还是上班。")
        if work and "放假" in sentence:
            raise _wrong(number, "一句话里既有放假又有上班。请在中间加句号分开。")
        days = [first + ONE * step for first, last in spans for step in range((last - first).days + 1)]
        said = _COUNT.search(sentence)
        if said and not work and int(said[1]) != len(days):
            raise _wrong(number, f"写的是 {said[1]} 天，日期数下来是 {len(days)} 天。请对照通知改正。")
        yield from ((day, not work) for day in days)
        understood = True
    if not understood:
        raise _wrong(number, f"“{line.strip()[:30]}”没有读懂。写成“元旦：1月1日至3日放假。1月4日上班。”")


def _spans(sentence: str, near: list[int], number: int) -> Iterator[tuple[datetime.date, datetime.date]]:
    """Single days and ranges of a sentence, first and last day."""
    found = [(match, _date(match, near, number)) for match in _DAY.finditer(sentence)]
    at = 0
    while at < len(found):
        match, first = found[at]
        last = first
        if at + 1 < len(found) and _RANGE.match(sentence[match.end() : found[at + 1][0].start()]):
            at += 1
            last = found[at][1]
            if last < first:
                raise _wrong(number, f"{first} 至 {last}，止日在起日之前。请改正。")
            if (last - first).days >= LONGEST:
                raise _wrong(number, f"{first} 至 {last} 超过 {LONGEST} 天，不像放假安排。请核对月份。")
        yield first, last
        at += 1


def _date(match: re.Match[str], near: list[int], number: int) -> datetime.date:
    """A date, its year and month taken from what was said before where it leaves them out."""
    if match["whole"]:
        parts = [int(part) for part in match["whole"].split("-")]
    else:
        month = int(match["month"] or near[1])
        parts = [int(match["year"] or near[0]), month, int(match["day"])]
        if not month:
            raise _wrong(number, f"“{match[0]}”没有写月份。")
    near[:] = parts[:2]
    try:
        day = datetime.date(*parts)
    except ValueError:
        raise _wrong(number, f"“{match[0]}”不是一个日期。请改正。") from None
    said = _WEEKDAY.search(match["note"] or "")
    if said and WEEKDAYS[day.weekday()] != said[1].replace("天", "日"):
        raise _wrong(number, f"{day} 是周{WEEKDAYS[day.weekday()]}，写的是“{said[0]}”。请核对日期或年份。")
    return day
