"""How the market writes things: units behind figures, ranges, words for "unknown", suffixes of doors.

Each function takes the text of a cell and returns the text that is meant; what it does not understand it leaves alone,
so that the check names the cell.
"""

from __future__ import annotations

import re
import unicodedata

from wuxie.kernel.tabular.cells import plain

#: Words for "not known"; they mean an empty cell.
UNKNOWN = {
    "暂无",
    "暂无数据",
    "暂无信息",
    "未知",
    "无",
    "不详",
    "-",
    "--",
    "—",
    "/",
    "null",
    "none",
    "nan",
    "n/a",
    "#n/a",
}


def known(text: str) -> str:
    """Empty for the words that say "unknown"."""
    return "" if plain(text).lower() in UNKNOWN else text


def count(text: str) -> str:
    """``714户`` → ``714``; ``1,124 户`` → ``1124``; ``5栋`` → ``5``."""
    bare = plain(known(text)).replace(",", "")
    return re.sub(r"(户|套|栋|幢|个|层)$", "", bare)


def year(text: str) -> str:
    """``2009年建成`` and ``2020年`` → the year; ``2008-05-01`` too; ``未知年建成`` is not known."""
    bare = plain(known(text))
    if bare.startswith("未知年"):
        return ""
    found = re.fullmatch(r"((?:19|20)[0-9]{2})(?:年(?:建成|竣工)?|[-/.年][0-9]{1,2}.*)?", bare)
    return found[1] if found else bare


_PRICE = re.compile(
    r"([0-9]+(?:\.[0-9]+)?)元?"
    r"(?:[/每](?:平米|平方米|㎡|m2|平)(?:[/每·.]?月)?|[/每]月[/每](?:平米|平方米|㎡|m2|平))?"
)
_LAYOUT = re.compile(
    r"\s+(?:[0-9]+(?:室|房间)[0-9]*厅?[0-9]*卫?|车位|独栋别墅|联排别墅|--)(?:\s+[0-9.]+平米?)?\s*$|\s+[0-9.]+平米$"
)


def fee(text: str) -> str:
    """``2.38元/平米/月`` → ``2.38``; a range such as ``1.14至2.48元/平米/月`` stays as it is and is refused."""
    bare = plain(known(text))
    found = _PRICE.fullmatch(bare)
    return found[1] if found else bare


def area(text: str) -> str:
    """``89.5平米`` and ``12万平方米`` → the figure in square metres."""
    bare = plain(known(text)).replace(",", "")
    found = re.fullmatch(r"([0-9]+)(?:\.([0-9]{1,4}))?万(?:平方米|平米|㎡|m2|平)?", bare)
    if found:
        return str(int(found[1]) * 10_000 + int((found[2] or "").ljust(4, "0") or 0))
    return re.sub(r"(平方米|平米|㎡|m2|平)$", "", bare)


def estate_name(text: str) -> str:
    """The estate of a line that also tells layout and size: ``莲花逸都 2室2厅 71.34平米`` → ``莲花逸都``."""
    bare = " ".join(unicodedata.normalize("NFKC", known(text)).split())
    return _LAYOUT.sub("", bare)


def building(text: str) -> str:
    """``3栋``, ``3号楼``, ``3#`` → ``3``."""
    bare = plain(known(text))
    return re.sub(r"(?<=.)(号楼|栋|幢|座|#|号)$", "", bare)


def entrance(text: str) -> str:
    """``2单元`` → ``2``."""
    return re.sub(r"(?<=.)(单元|门)$", "", plain(known(text)))


def room(text: str) -> str:
    """``1203室`` → ``1203``."""
    return re.sub(r"(?<=.)(号房|室|号|房)$", "", plain(known(text)))
