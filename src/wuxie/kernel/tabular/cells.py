"""One cell: from the text in it to a value, or what is wrong with it, why, and the text that would be right."""

from __future__ import annotations

import datetime
import difflib
import re
import unicodedata
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _
from stdnum.cn import ric
from stdnum.cn import uscc as uscc_number

from .columns import Col


class Bad(Exception):
    """A text that is no value of its column."""

    def __init__(self, code: str, group: str, message: str, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.code, self.group, self.message, self.suggestion = code, group, message, suggestion


_DECIMAL = {places: re.compile(rf"-?[0-9]{{1,13}}(\.[0-9]{{1,{places}}})?") for places in (2, 4)}
_NUMBER = re.compile(r"-?[0-9]{1,13}(\.[0-9]+)?")
_UNITS = re.compile(r"(平方米|平米|平方|平|㎡|m2|m²|元整|元|￥|¥|个|户|层|楼|号|岁)", re.IGNORECASE)
_VAGUE = re.compile(r"约|大概|左右|多|~|～|至|\?|？")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_DATE = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?(?:[ T][0-9:.]+)?")
_EPOCH = datetime.date(1899, 12, 30)


def plain(text: str) -> str:
    """Half-width, without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def text(col: Col, raw: str) -> str:
    if _CONTROL.search(raw):
        raise Bad("text", _("有看不见的字符"), _("%(label)s 里有看不见的字符") % {"label": col.label},
                  " ".join(_CONTROL.sub("", raw).split()))  # fmt: skip
    if len(raw) > col.longest:
        raise Bad("range", _("%(label)s 太长") % {"label": col.label},
                  _("%(label)s 最多 %(most)s 个字，现有 %(have)s 个")
                  % {"label": col.label, "most": col.longest, "have": len(raw)})  # fmt: skip
    return raw


def decimal2(col: Col, raw: str) -> int:
    """Hundredths as a whole number: 89.5 → 8950."""
    return _decimal(col, raw, 2)


def decimal4(col: Col, raw: str) -> int:
    """Ten-thousandths as a whole number, as prices of power are written: 0.68 → 6800."""
    return _decimal(col, raw, 4)


def _decimal(col: Col, raw: str, places: int) -> int:
    if not _DECIMAL[places].fullmatch(raw):
        raise _not_a_number(col, raw, places=places)
    whole, _point, part = raw.lstrip("-").partition(".")
    value = int(whole) * 10**places + int(part.ljust(places, "0"))
    return _within(col, -value if raw.startswith("-") else value, 10**places)


def integer(col: Col, raw: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,15}", raw):
        raise _not_a_number(col, raw, places=0)
    return _within(col, int(raw), 1)


def _not_a_number(col: Col, raw: str, *, places: int) -> Bad:
    group = _("%(label)s写成了文字") % {"label": col.label}
    if _VAGUE.search(raw):
        return Bad("type", group, _("“%(raw)s”不是准数。有证件写证件上的数，没有写实测") % {"raw": raw[:20]})
    bare = _UNITS.sub("", plain(raw)).replace(",", "").replace("，", "")
    words = {
        0: _("%(label)s要是整数"), 2: _("%(label)s要是数字，最多两位小数"), 4: _("%(label)s要是数字，最多四位小数"),
    }  # fmt: skip
    message = words[places] % {"label": col.label}
    if not _NUMBER.fullmatch(bare):
        return Bad("type", group, message)
    exact = Decimal(bare)
    if places == 0:
        return Bad("type", group, message, str(int(exact)) if exact == int(exact) else None)
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if exact != rounded:
        group = (_("%(label)s超过两位小数") if places == 2 else _("%(label)s超过四位小数")) % {"label": col.label}
    return Bad("type", group, message, str(rounded))


def _within(col: Col, value: int, scale: int) -> int:
    low, high = col.minimum, col.maximum
    low = 0 if low is None else low
    if value < low or (high is not None and value > high):

        def show(bound: int) -> str:
            return str(bound // scale) if bound % scale == 0 else f"{Decimal(bound) / scale}"

        if high is None:
            words = _("%(label)s不能小于 %(low)s") % {"label": col.label, "low": show(low)}
        else:
            words = _("%(label)s要在 %(low)s 到 %(high)s 之间") % {
                "label": col.label, "low": show(low), "high": show(high)}  # fmt: skip
        raise Bad("range", _("%(label)s超出范围") % {"label": col.label}, words)
    return value


def date(col: Col, raw: str) -> datetime.date:
    found = _DATE.fullmatch(raw) or re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})", raw)
    if found:
        year, month, day = (int(part) for part in found.groups())
        try:
            return datetime.date(year, month, day)
        except ValueError:
            pass
        group = _("日期不存在")
        if not 1 <= month <= 12:
            raise Bad("range", group, _("没有 %(month)s 月") % {"month": month})
        raise Bad("range", group, _("%(year)s 年 %(month)s 月没有 %(day)s 日")
                  % {"year": year, "month": month, "day": day})  # fmt: skip
    group = _("日期写法不对")
    message = _("%(label)s要写成 2019-06-30 这样") % {"label": col.label}
    if re.fullmatch(r"[1-9][0-9]{4}", raw):
        raise Bad("type", group, message, (_EPOCH + datetime.timedelta(days=int(raw))).isoformat())
    half = plain(raw)
    if half != raw and _DATE.fullmatch(half):
        raise Bad("type", group, message, half)
    raise Bad("type", group, message)


def choice(col: Col, raw: str) -> Any:
    if raw in col.choices:
        return col.choices[raw]
    bare = plain(raw)
    for word, value in col.choices.items():
        if bare == plain(word) or bare == value:
            return value
    words = list(col.choices)
    near = difflib.get_close_matches(bare, words, 1, 0.5) or [word for word in words if word in bare or bare in word]
    shown = "、".join(words[:8])
    raise Bad("range", _("%(label)s不在选项里") % {"label": col.label},
              _("%(label)s要是 %(words)s 之一") % {"label": col.label, "words": shown},
              near[0] if len(near) == 1 else None)  # fmt: skip


def id_number(col: Col, raw: str) -> str:
    """A citizen's number (GB 11643); the message never repeats it."""
    bare = plain(raw).upper()
    group = _("证件号校验位不对")
    if "E+" in bare:
        raise Bad("type", _("证件号存成了数字"),
                  _("证件号存成了数字，后几位已经丢失。请在原表把这一列设为文本，照证件重抄"))  # fmt: skip
    if not re.fullmatch(r"[0-9]{17}[0-9X]", bare):
        raise Bad("type", _("证件号位数不对"),
                  _("证件号要是 18 位，现有 %(have)s 位。照证件重抄") % {"have": len(bare)})  # fmt: skip
    right = ric.calc_check_digit(bare)
    if right != bare[17]:
        raise Bad("range", group, _("第 18 位应为 %(right)s，现为 %(have)s。照证件重抄")
                  % {"right": right, "have": bare[17]})  # fmt: skip
    try:
        datetime.date(int(bare[6:10]), int(bare[10:12]), int(bare[12:14]))
    except ValueError:
        raise Bad("range", _("证件号里的生日不存在"), _("证件号第 7 到 14 位不是日期。照证件重抄")) from None
    return bare


def phone(col: Col, raw: str) -> str:
    bare = plain(raw).removeprefix("+86").replace("-", "")
    if re.fullmatch(r"1[3-9][0-9]{9}|0[0-9]{9,11}|[2-8][0-9]{6,7}", bare):
        return bare
    raise Bad("type", _("电话号码不对"), _("%(label)s要是 11 位手机号，或带区号的电话，现有 %(have)s 位")
              % {"label": col.label, "have": len(bare)})  # fmt: skip


def uscc(col: Col, raw: str) -> str:
    bare = plain(raw).upper()
    if uscc_number.is_valid(bare):
        return bare
    mended = bare.replace("O", "0").replace("I", "1")
    raise Bad("range", _("信用代码校验位不对"), _("统一社会信用代码要是 18 位，末位是校验码。照营业执照重抄"),
              mended if mended != bare and uscc_number.is_valid(mended) else None)  # fmt: skip


PARSERS: dict[str, Callable[[Col, str], Any]] = {
    "text": text,
    "decimal2": decimal2,
    "decimal4": decimal4,
    "int": integer,
    "date": date,
    "choice": choice,
    "id_number": id_number,
    "phone": phone,
    "uscc": uscc,
}


def unknown(col: Col, raw: str) -> Bad:
    """A name or code that the records do not hold."""
    suggestion = col.suggest(raw) if col.suggest else None
    return Bad("reference", _("%(label)s查不到") % {"label": col.label},
               _("没有%(label)s“%(raw)s”") % {"label": col.label, "raw": raw[:40]}, suggestion)  # fmt: skip


def find_places(values: set[str]) -> dict[str, str]:
    """Division codes for codes, and for names that only one division has."""
    from wuxie.kernel.places.models import Place

    found = {code: code for code in Place.objects.filter(code__in=values).values_list("code", flat=True)}
    names: dict[str, list[str]] = {}
    for code, name in Place.objects.filter(name__in=values - set(found)).values_list("code", "name"):
        names.setdefault(name, []).append(code)
    return found | {name: codes[0] for name, codes in names.items() if len(codes) == 1}
