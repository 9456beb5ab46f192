"""The one door through which sheets leave: no formula, no link, and what goes out comes in again unchanged."""

from __future__ import annotations

import csv
import datetime
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from wuxie.kernel.calc.problems import Problem

from .child import LEADS, LONGEST

Cells = Iterable[Sequence[Any]]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = ("xlsx", "csv")
#: More digits than Excel keeps in a number go out as text.
DIGITS = 15


def rows_response(name: str, headers: Sequence[str], rows: Cells, format: str = "xlsx") -> HttpResponse:
    """A file to download, ``name`` without its ending. ``rows`` may be a generator: csv is sent as it is made.

    Values: text, ``int``, ``Decimal``, dates, moments, ``None`` (empty). Raises ``Problem`` for another format.
    """
    filename = f"{name}.{format}"
    if format == "csv":
        response: Any = StreamingHttpResponse(csv_lines(headers, rows), content_type="text/csv; charset=utf-8")
    elif format == "xlsx":
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        try:
            write_xlsx(file, headers, rows)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        response = FileResponse(file, content_type=XLSX)
    else:
        raise Problem("range", "$.format", _("只能导出 xlsx 或 csv。"))
    response.headers["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def rows_file(path: Path, headers: Sequence[str], rows: Cells) -> int:
    """The same as a file on disk, by its ending, for exports that are made in a job; the number of rows."""
    counted = _Counted(rows)
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as text:
            text.writelines(csv_lines(headers, counted))
    else:
        with path.open("wb") as binary:
            write_xlsx(binary, headers, counted)
    return counted.count


class _Counted:
    def __init__(self, rows: Cells) -> None:
        self.rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Sequence[Any]]:
        for row in self.rows:
            self.count += 1
            yield row


def csv_lines(headers: Sequence[str], rows: Cells) -> Iterator[str]:
    """The file piece by piece: UTF-8 with mark, so that Excel takes it for what it is."""
    yield "\ufeff"
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_MINIMAL)
    for row in _all(headers, rows):
        writer.writerow([_as_text(value) for value in row])
        if buffer.tell() > 64 * 1024:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def quoted(text: str) -> str:
    """Text that a sheet program would take for a formula gets a quote before it; the import takes it off again."""
    bare = text.lstrip("'")
    return f"'{text}" if bare[:1] and bare[0] in LEADS else text


def _all(headers: Sequence[str], rows: Cells) -> Iterator[Sequence[Any]]:
    yield headers
    yield from rows


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime.datetime):
        return value.replace(tzinfo=None).isoformat(" ", "seconds")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value) if isinstance(value, int) else quoted(str(value))


def write_xlsx(file: IO[bytes], headers: Sequence[str], rows: Cells, sheet: str = "Sheet1") -> None:
    """Write row by row, in constant memory; text stays text whatever it looks like."""
    book = open_book(file)
    try:
        page = book.add_worksheet(sheet)
        page.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        formats = {
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        for column, header in enumerate(headers):
            page.write_string(0, column, str(header), bold)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                write_cell(page, number, column, value, formats)
    finally:
        book.close()  # also of a book that is refused half way: its draft on the disk goes with it


def open_book(file: IO[bytes]) -> Any:
    import xlsxwriter  # a tenth of a second that only who takes a sheet away need wait for

    return xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd",
        },
    )


def write_cell(page: Any, row: int, column: int, value: Any, formats: dict[str, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        value = "是" if value else "否"
    if isinstance(value, datetime.datetime):
        page.write_datetime(row, column, value.replace(tzinfo=None), formats["moment"])
    elif isinstance(value, datetime.date):
        page.write_datetime(row, column, value, formats["date"])
    elif isinstance(value, (int, Decimal)) and len(str(value).lstrip("-").replace(".", "")) <= DIGITS:
        page.write_number(row, column, value)
    else:
        text = f"{value:f}" if isinstance(value, Decimal) else str(value)
        if len(text) > LONGEST:
            raise Problem("range", f"$.{column}", _("第 %(row)s 行有一格超过 %(most)s 个字，表格放不下。")
                          % {"row": row + 1, "most": LONGEST})  # fmt: skip
        page.write_string(row, column, text)
