"""The reading child: a program of its own that turns a hostile file into plain text cells, or dies alone.

A sheet of five kilobytes can make the reader ask for 500 GB and abort the process without an exception. So the file
is opened here, under limits on memory and time that this program sets for itself, and the parent only ever sees JSON:

    python -m wuxie.kernel.tabular.child SOURCE ANSWER
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import resource
import sys
import tempfile
from pathlib import Path
from typing import Any

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.tabular import gate
from wuxie.kernel.tabular.refs import cell

MEMORY = 1 << 30
CPU_SECONDS = 10
#: What Excel itself allows in one cell.
LONGEST = 32_767
#: Leads that a sheet program would take for a formula; the export puts a quote before them, we take it off again.
LEADS = "=+-@\t\r\n＝＋－＠"


def limit() -> None:  # pragma: no cover - binds its process for good, so only a child ever calls it
    """Bind this process before it touches the file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(path: Path) -> dict[str, Any]:
    """The book as ``{"kind", "sheets": [{"name", "rows", "merges", "hollow"}]}``; each cell a text, rows from row 1."""
    kind = gate.kind_of(path)
    return {"kind": kind, "sheets": [_csv(path)] if kind == "csv" else _book(path, kind)}


def _book(path: Path, kind: str) -> list[dict[str, Any]]:
    import python_calamine as calamine

    try:
        with tempfile.TemporaryDirectory(prefix="wuxie-book-") as folder:
            # Told what it is by its name, the reader says what is wrong with it; else only that it knows no such file.
            named = Path(folder) / f"book.{kind}"
            named.symlink_to(path.resolve())
            book = calamine.CalamineWorkbook.from_path(str(named))
            visible = [
                index
                for index, meta in enumerate(book.sheets_metadata)
                if meta.typ == calamine.SheetTypeEnum.WorkSheet and meta.visible == calamine.SheetVisibleEnum.Visible
            ]
            hollow = gate.hollow_cells(path) if kind == "xlsx" else []
            hollow += [{}] * len(book.sheets_metadata)
            return [_sheet(book.get_sheet_by_index(index), hollow[index]) for index in visible]
    except calamine.PasswordError as locked:
        raise Problem("type", "$", "表格设了打开密码。请去掉密码，另存后再上传。") from locked
    except (calamine.CalamineError, calamine.XmlError, calamine.ZipError, OSError) as broken:
        raise Problem("type", "$", "文件内容不完整，读到一半停了。请重新导出，或" + gate.RESAVE) from broken


def _sheet(sheet: Any, hollow: dict[str, str]) -> dict[str, Any]:
    rows: list[list[str]] = []
    if sheet.start is not None:
        pad = [""] * sheet.start[1]
        rows = [pad + [_text(value) for value in row] for row in sheet.iter_rows()]
    _check_lengths(rows, sheet.name)
    while rows and not any(rows[-1]):
        rows.pop()
    merges = [[*start, *end] for start, end in sheet.merged_cell_ranges or []]
    return {"name": sheet.name, "rows": rows, "merges": merges[:20_000], "hollow": hollow}


def _text(value: Any) -> str:
    """A cell as a person reads it on screen; numbers with Excel's own fifteen digits."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return str(int(value)) if value == int(value) and abs(value) < 1e15 else format(value, ".15g")
    if isinstance(value, datetime.datetime):
        day = value.date().isoformat()
        return day if value.time() == datetime.time() else f"{day} {value.time().isoformat('seconds')}"
    if isinstance(value, datetime.timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return str(value.isoformat()) if value is not None else ""


def _check_lengths(rows: list[list[str]], name: str) -> None:
    for index, row in enumerate(rows):
        if sum(map(len, row)) <= LONGEST:
            continue
        for column, text in enumerate(row):
            if len(text) > LONGEST:
                where = cell(index + 1, column, name)
                raise Problem("range", where, f"{where} 有 {len(text)} 个字，一格最多 {LONGEST} 个。请缩短后再上传。")


def _csv(path: Path) -> dict[str, Any]:
    text = _decode(path.read_bytes())
    if "\0" in text:
        raise Problem("type", "$", "这不是表格，也不是文本。请选 xlsx、xls、ods 或 csv 文件。")
    csv.field_size_limit(LONGEST)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append([unquote(value) for value in row])
            if len(rows) > gate.MAX_ROWS or len(row) > gate.MAX_COLUMNS:
                raise Problem(
                    "range", "$", f"表格太大，最多 {gate.MAX_ROWS} 行、{gate.MAX_COLUMNS} 列。请分成几份上传。"
                )
    except csv.Error as broken:
        line = max(reader.line_num, 1)
        if "field larger" in str(broken):
            message = f"第 {line} 行有一格超过 {LONGEST} 个字，或引号没有成对。请改好后再上传。"
        else:
            message = f"第 {line} 行的引号没有成对。请改好，或{gate.RESAVE}"
        raise Problem("type", f"A{line}", message) from broken
    while rows and not any(rows[-1]):
        rows.pop()
    return {"name": "", "rows": rows, "merges": [], "hollow": {}}


def _decode(data: bytes) -> str:
    """The text of a file in UTF-8, with or without mark, UTF-16 with mark, or GB 18030."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    where = 0
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as wrong:
            where = max(where, wrong.start)
    line = data[:where].count(b"\n") + 1
    raise Problem("type", f"A{line}", f"第 {line} 行有认不出的字。请把文件另存为“CSV UTF-8”后再上传。")


def _delimiter(text: str) -> str:
    """Comma, semicolon or tab: whichever cuts the first lines into most pieces."""
    lines = [line for line in text[:20_000].splitlines()[:10] if line.strip()]
    return max(",;\t", key=lambda mark: sum(line.count(mark) for line in lines[:1]) * 100 + sum(
        line.count(mark) for line in lines))  # fmt: skip


def unquote(value: str) -> str:
    """Take off the quote that the export put before text that looks like a formula."""
    return value[1:] if value[:1] == "'" and value.lstrip("'")[:1] in LEADS and value.lstrip("'") else value


def answer_to(path: Path) -> dict[str, Any]:
    """What the parent is told: the book, or why it is none."""
    try:
        return read(path)
    except Problem as problem:
        return {"problem": {"code": problem.code, "path": problem.path, "message": problem.message}}


def main(source: str, answer: str) -> int:  # pragma: no cover - the child itself: it knows too little to be measured
    limit()
    try:
        made = answer_to(Path(source))
    except MemoryError:
        return 3
    with Path(answer).open("w", encoding="utf-8") as file:
        json.dump(made, file, ensure_ascii=False, separators=(",", ":"))
    return 0


if __name__ == "__main__":  # pragma: no cover - the child itself
    sys.exit(main(*sys.argv[1:]))
