"""The look at a file before anything reads it: what it really is, and whether it is a trap.

Runs inside the reading child. Only sizes, names and cell references are looked at, in a stream, so that a file of five
kilobytes that unfolds to half a terabyte is refused by its own numbers.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from wuxie.kernel.calc.problems import Problem

from .refs import number

MAX_BYTES = 64 * 1024 * 1024
MAX_MEMBERS = 2000
MAX_UNPACKED = 512 * 1024 * 1024
#: An honest sheet packs to a tenth or so; text repeated for ever packs to a thousandth.
MAX_RATIO = 200
MAX_ROWS = 200_000
MAX_COLUMNS = 400
MAX_CELLS = 8_000_000
CHUNK = 1 << 20

_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*[^>/])>")
_REF = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]{1,3})(\d{1,9})\s*["']""")
_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
_HOLLOW = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^>]*/>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</"
)

RESAVE = "用 Excel 或 WPS 打开，另存为 xlsx 后再上传。"


def kind_of(path: Path) -> str:
    """``xlsx``, ``xls``, ``ods`` or ``csv``, by content whatever the name says; else a problem that says what it is."""
    size = path.stat().st_size
    if size == 0:
        raise Problem("empty", "$", "文件是空的。请重新导出后再上传。")
    if size > MAX_BYTES:
        raise Problem("range", "$", f"文件有 {size // 2**20} MB，最多 {MAX_BYTES // 2**20} MB。请分成几份上传。")
    with path.open("rb") as file:
        head = file.read(8192)
    if head.startswith(b"PK"):
        return _packed_kind(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _compound_kind(path)
    for magic, what in _STRANGERS:
        if head.startswith(magic):
            raise Problem("type", "$", f"这是{what}，不是表格。请选 xlsx、xls、ods 或 csv 文件。")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<meta", b"<?xml", b"<head", b"mime-version")):
        raise Problem("type", "$", "这个文件名义上是表格，内容是网页。" + RESAVE)
    return "csv"


_STRANGERS = (
    (b"%PDF", " PDF"),
    (b"\xff\xd8\xff", "图片"),
    (b"\x89PNG", "图片"),
    (b"GIF8", "图片"),
    (b"RIFF", "多媒体文件"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"\x7fELF", "程序"),
    (b"MZ", "程序"),
)


def _compound_kind(path: Path) -> str:
    """The old container: an xls, or a newer file locked with a password."""
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Problem("type", "$", "表格设了打开密码。请去掉密码，另存后再上传。")
    if "Workbook".encode("utf-16-le") in content or "Book".encode("utf-16-le") in content:
        return "xls"
    raise Problem("type", "$", "这是旧版 Office 文件，里面没有表格。请选 xlsx、xls、ods 或 csv 文件。")


def _packed_kind(path: Path) -> str:
    """Look into a zip without unpacking it; refuse bombs and what is no sheet."""
    try:
        with zipfile.ZipFile(path) as packed:
            members = packed.infolist()
            _check_members(members, path.stat().st_size)
            names = {member.filename for member in members}
            if "xl/workbook.xml" in names:
                for member in members:
                    if member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml"):
                        _check_extent(packed, member)
                return "xlsx"
            if "mimetype" in names and b"spreadsheet" in packed.read("mimetype")[:200]:
                return "ods"
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as broken:
        raise Problem("type", "$", "文件已损坏，打不开。请重新导出，或" + RESAVE) from broken
    if "xl/workbook.bin" in names:
        raise Problem("type", "$", "这是 xlsb 格式。" + RESAVE)
    what = "Word 文档" if "word/document.xml" in names else "压缩包"
    raise Problem("type", "$", f"这是{what}，不是表格。请选 xlsx、xls、ods 或 csv 文件。")


def _check_members(members: list[zipfile.ZipInfo], packed_size: int) -> None:
    if len(members) > MAX_MEMBERS:
        raise Problem("range", "$", f"文件里有 {len(members)} 个部分，最多 {MAX_MEMBERS} 个。" + RESAVE)
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED or (unpacked > 32 * 2**20 and unpacked > MAX_RATIO * packed_size):
        raise Problem(
            "range", "$", f"文件解开后有 {unpacked // 2**20} MB，远大于正常的表格。请删去无用内容，分成几份上传。"
        )


def _check_extent(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Refuse a sheet whose farthest filled cells would make the reader ask for more memory than there is."""
    top = left = 10**9
    bottom = right = 0
    farthest = ""
    for chunk in _pieces(packed, member):
        for attributes in _CELL.findall(chunk):
            found = _REF.search(attributes)
            if found is None:
                continue
            column, row = number(found[1].decode()), int(found[2])
            if column > right or row > bottom:
                farthest = (found[1] + found[2]).decode().upper()
            top, left, bottom, right = min(top, row), min(left, column), max(bottom, row), max(right, column)
        if not farthest:
            continue
        if bottom > MAX_ROWS or right >= MAX_COLUMNS or (bottom - top + 1) * (right - left + 1) > MAX_CELLS:
            raise Problem(
                "range",
                f"$.{farthest}",
                f"{farthest} 有内容，离其它内容太远（最多 {MAX_ROWS} 行、{MAX_COLUMNS} 列）。"
                "请删去表格右边和下边的空白行列，另存后再上传。",
            )


def _pieces(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The member in pieces that never cut a cell in two.

    ``zipfile`` hands out no more than the member says that it holds, and that was looked at before.
    """
    rest = b""
    with packed.open(member) as file:
        while part := file.read(CHUNK):
            part = rest + part
            cut = part.rfind(b"</c>") + 4
            if cut < 4:
                cut = part.rfind(b">") + 1
            rest = part[cut:]
            yield part[:cut]
    yield rest


def _sheet_files(packed: zipfile.ZipFile) -> list[str]:
    """The members that hold the sheets, in the order of the tabs."""
    targets = {}
    for relation in re.findall(rb"<(?:\w+:)?Relationship\b[^>]*>", packed.read("xl/_rels/workbook.xml.rels")):
        attributes = dict(re.findall(rb"""\b(\w+)\s*=\s*["']([^"']*)["']""", relation))
        target = attributes.get(b"Target", b"").decode()
        targets[attributes.get(b"Id", b"")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    sheets = re.findall(rb"<(?:\w+:)?sheet\b[^>]*>", packed.read("xl/workbook.xml"))
    ids = [re.search(rb"""\br?:?id\s*=\s*["']([^"']*)["']""", sheet) for sheet in sheets]
    return [targets.get(found[1], "") if found else "" for found in ids]


def hollow_cells(path: Path, most: int = 200) -> list[dict[str, str]]:
    """Cells that look filled on screen but hold nothing to read, sheet by sheet in the order of the tabs.

    ``error``: a formula that gives #N/A or the like; ``unsaved``: a formula whose result was never saved.
    """
    with zipfile.ZipFile(path) as packed:
        try:
            return [_hollow(packed, name, most) if name in packed.namelist() else {} for name in _sheet_files(packed)]
        except KeyError:
            return []


def _hollow(packed: zipfile.ZipFile, name: str, most: int) -> dict[str, str]:
    cells: dict[str, str] = {}
    for chunk in _pieces(packed, packed.getinfo(name)):
        if b"<f" not in chunk and b't="e"' not in chunk:
            continue
        for piece in chunk.split(b"<c ")[1:]:
            attributes = b" " + piece.partition(b">")[0]
            ref = _REF.search(attributes)
            if ref is None or len(cells) >= most:
                continue
            if _ERROR.search(attributes):
                cells[(ref[1] + ref[2]).decode()] = "error"
            elif _HOLLOW.search(piece):
                cells[(ref[1] + ref[2]).decode()] = "unsaved"
    return cells
