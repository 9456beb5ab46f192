"""From rows of text to rows of values, with everything that is wrong gathered by cell and by reason.

Columns are read one after the other, each different text once: a hundred thousand rows take seconds, not minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from . import cells, refs
from .cells import Bad
from .columns import Col, Flaw, Sheet, Unique
from .headings import Layout
from .reader import Grid

Row = dict[str, Any]
RoomCheck = Callable[[list[Row]], Iterable[Flaw]]

MOST_FLAWS = 50_000
_TOTALS = {"合计", "总计", "小计", "合 计", "总 计"}


@dataclass
class Checked:
    """What a check found. ``rows`` holds values by field and the row's number under ``row``."""

    rows: list[Row] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)

    @property
    def bad_rows(self) -> int:
        return len({flaw.row for flaw in self.flaws})


class _Check:
    """One run over one workbook; its parts share the layout and the list of flaws."""

    def __init__(self, sheet: Sheet, grids: list[Grid], layout: Layout, dropped: set[int]) -> None:
        self.sheet, self.grids, self.layout = sheet, grids, layout
        main = grids[layout.main].rows
        self.numbers = [
            number + 1
            for number in range(layout.header_row + 1, len(main))
            if number + 1 not in dropped and any(main[number])
        ]
        self.flaws: list[Flaw] = []
        self.flawed: set[tuple[int, str]] = set()
        self.at: dict[int, dict[int, int]] = {layout.main: {number: number for number in self.numbers}}
        self.merged = self._merged()

    def flaw(self, row: int, name: str, bad: Bad, other_row: int | None = None) -> None:
        """Write down what is wrong with a field of a row, with its address in the sheet where it stands."""
        if len(self.flaws) >= MOST_FLAWS:
            return
        made = Flaw(row, name, bad.code, bad.message, bad.suggestion, bad.group, other_row)
        self.flaws.append(self.place(made))
        self.flawed.add((row, name))

    def place(self, flaw: Flaw) -> Flaw:
        sheet, column = self.layout.columns.get(flaw.field, (self.layout.main, -1))
        flaw.sheet, flaw.column, flaw.at_row = sheet, column, self.at.get(sheet, {}).get(flaw.row, flaw.row)
        name = self.grids[sheet].name if sheet != self.layout.main else ""
        flaw.address = refs.cell(flaw.at_row, max(column, 0), name)
        flaw.group = flaw.group or flaw.message
        return flaw

    def join(self) -> None:
        """Find for each row the row of every joined sheet that it names."""
        main = self.grids[self.layout.main].rows
        for number, (header_row, left, right) in self.layout.joined.items():
            rows = self.grids[number].rows
            index = {
                row[right].strip(): place + 1
                for place, row in reversed(list(enumerate(rows)))
                if place > header_row and right < len(row) and row[right].strip()
            }
            found: dict[int, int] = {}
            for row in self.numbers:
                key = main[row - 1][left].strip() if left < len(main[row - 1]) else ""
                if key in index:
                    found[row] = index[key]
                elif key:
                    message = _("%(sheet)s 里没有编号 %(key)s") % {"sheet": self.grids[number].name, "key": key[:40]}
                    missing = Flaw(row, "", "reference", message, group=_("编号对不上"))
                    missing.sheet, missing.column, missing.at_row = self.layout.main, left, row
                    missing.address = refs.cell(row, left)
                    self.flaws.append(missing)
            self.at[number] = found

    def texts(self, name: str) -> list[str]:
        """The texts of a column, one a row; empty where a joined row is missing."""
        sheet, column = self.layout.columns[name]
        rows = self.grids[sheet].rows
        if sheet == self.layout.main:
            places: Iterable[int | None] = self.numbers
        else:
            places = map(self.at[sheet].get, self.numbers)
        return [
            rows[place - 1][column].strip() if place is not None and column < len(rows[place - 1]) else ""
            for place in places
        ]

    def values(self, col: Col, texts: list[str]) -> list[Any]:
        """The values of a column; each different text is looked at once."""
        if col.normalise:
            made = {text: col.normalise(text) for text in set(texts) if text}
            texts = [made.get(text, text) for text in texts]
        known: dict[str, Any] = {"": col.default}
        wrong: dict[str, Bad] = {}
        different = set(texts) - {""}
        if col.kind in ("lookup", "place"):
            find = col.lookup or cells.find_places
            known.update(find(different))
            wrong = {text: cells.unknown(col, text) for text in different if text not in known}
        else:
            parse = cells.PARSERS[col.kind]
            for text in different:
                try:
                    known[text] = parse(col, text)
                except Bad as bad:
                    wrong[text] = bad
        if wrong or col.required:
            self._note(col, texts, wrong)
        return [known.get(text) for text in texts]

    def _note(self, col: Col, texts: list[str], wrong: Mapping[str, Bad]) -> None:
        empty = Bad("missing", _("%(label)s没有填") % {"label": col.label}, _("%(label)s没有填") % {"label": col.label})
        for row, text in zip(self.numbers, texts, strict=True):
            if text in wrong:
                self.flaw(row, col.field, wrong[text])
            elif not text and col.required and (row, col.field) not in self.flawed:
                self.flaw(row, col.field, empty)

    def hollow(self) -> None:
        """Cells that look filled on screen and are not: the inside of merged ranges, broken or unsaved formulas."""
        grid = self.grids[self.layout.main]
        living = set(self.numbers)
        for name, (sheet, column) in self.layout.columns.items():
            if sheet != self.layout.main:
                continue
            for row, value in self.merged.get(column, {}).items():
                if row in living and not self._raw(row, column):
                    self.flaw(row, name, Bad("merged", _("合并单元格"), _("合并单元格要拆开，每行都填"), value))
            for address, what in grid.hollow.items():
                letters = address.rstrip("0123456789")
                row = int(address[len(letters) :])
                if refs.number(letters) == column and row in living and not self._raw(row, column):
                    self.flaw(row, name, _HOLLOW[what]())

    def _raw(self, row: int, column: int) -> str:
        cells_of_row = self.grids[self.layout.main].rows[row - 1]
        return cells_of_row[column].strip() if column < len(cells_of_row) else ""

    def _merged(self) -> dict[int, dict[int, str]]:
        """Column → row → the value that the merged range shows there."""
        covered: dict[int, dict[int, str]] = {}
        for top, left, bottom, right in self.grids[self.layout.main].merges:
            for column in range(left, min(right, left + 400) + 1):
                for row in range(top, min(bottom, top + 200_000) + 1):
                    if (row, column) != (top, left):
                        covered.setdefault(column, {})[row + 1] = self._raw(top + 1, left)
        return covered

    def unique(self, rule: Unique, rows: list[Row]) -> None:
        """Two rows that say they are the same thing; the later one is at fault."""
        seen: dict[tuple[Any, ...], int] = {}
        texts = "、".join(str(self.sheet[name].label) for name in rule.fields)
        group = str(rule.label) or _("%(labels)s重复") % {"labels": texts}
        for row in rows:
            key = tuple(row.get(name) for name in rule.fields)
            if None in key or "" in key:
                continue
            first = seen.setdefault(key, row["row"])
            if first != row["row"]:
                shown = "-".join(str(part) for part in key)
                message = _("%(what)s 已在第 %(first)s 行出现") % {"what": shown[:60], "first": f"{first:,}"}
                self.flaw(row["row"], rule.fields[-1], Bad("duplicate", group, message), first)

    def totals(self) -> None:
        """A line of totals is no row: one word about it instead of one for each empty cell."""
        missing = {flaw.row for flaw in self.flaws if flaw.code == "missing"}
        rows = self.grids[self.layout.main].rows
        sums = {row for row in missing if any(text.strip() in _TOTALS for text in rows[row - 1])}
        if not sums:
            return
        self.flaws = [flaw for flaw in self.flaws if flaw.row not in sums]
        first = next(iter(self.layout.columns), "")
        for row in sorted(sums):
            self.flaw(row, first, Bad("total", _("合计行"), _("这一行是合计，请去掉")))


_HOLLOW: dict[str, Callable[[], Bad]] = {
    "error": lambda: Bad("formula", _("公式出错"), _("公式的结果是错误值。改成算好的值")),
    "unsaved": lambda: Bad(
        "formula", _("公式没有结果"), _("公式的结果没有存进文件。改成算好的值，或用 Excel 打开另存")
    ),
}


def check(
    sheet: Sheet,
    grids: list[Grid],
    layout: Layout,
    *,
    dropped: Iterable[int] = (),
    room_check: RoomCheck | None = None,
    report: Callable[[int, int], None] | None = None,
) -> Checked:
    """Read every cell of a workbook by its declaration; then what must be unique, then the room's own rules.

    ``report(done, total)`` is called between columns. Flaws come in the order of rows and columns.
    """
    layout = Layout.from_dict(layout.as_dict())
    run = _Check(sheet, grids, layout, set(dropped))
    run.join()
    run.hollow()
    columns = [column for column in sheet.columns if column.field in layout.columns]
    read: dict[str, list[Any]] = {"row": run.numbers}
    for number, column in enumerate(columns):
        texts = run.texts(column.field)
        if sheet.parts and column.field == sheet.parts.whole:
            _split(run, texts, read)
        read[column.field] = run.values(column, texts)
        if report:
            report(number + 1, len(columns) + 2)
    for column in sheet.columns:
        if column.field not in read:
            read[column.field] = [column.default] * len(run.numbers)
    names = tuple(read)
    rows: list[Row] = [dict(zip(names, values, strict=True)) for values in zip(*read.values(), strict=True)]
    _compose(sheet, layout, rows)
    for rule in sheet.unique:
        run.unique(rule, rows)
    if room_check is not None:
        run.flaws.extend(run.place(flaw) for flaw in room_check(rows))
    run.totals()
    if report:
        report(len(columns) + 2, len(columns) + 2)
    run.flaws.sort(key=lambda flaw: (flaw.row, flaw.column))
    return Checked(rows, run.flaws[:MOST_FLAWS])


def _split(run: _Check, texts: list[str], read: dict[str, list[Any]]) -> None:
    """One column 3-2-1203 becomes the three that it stands for, where the sheet has no columns for them."""
    parts = run.sheet.parts
    if parts is None or set(parts.parts) & set(run.layout.columns):
        return
    cut: dict[str, list[str]] = {}
    for text in set(texts) - {""}:
        plain = cells.plain(text)
        for mark in parts.separators[1:]:
            plain = plain.replace(mark, parts.separators[0])
        cut[text] = [piece for piece in plain.split(parts.separators[0]) if piece]
    pattern = parts.separators[0].join(str(run.sheet[name].label) for name in parts.parts)
    for position, name in enumerate(parts.parts):
        run.layout.columns.setdefault(name, run.layout.columns[parts.whole])
        pieces = [cut[text][position] if len(cut.get(text, ())) == len(parts.parts) else "" for text in texts]
        read[name] = run.values(run.sheet[name], pieces)
    uncut = {row for row, text in zip(run.numbers, texts, strict=True) if text and len(cut[text]) != len(parts.parts)}
    run.flaws = [flaw for flaw in run.flaws if flaw.row not in uncut or flaw.field not in parts.parts]
    for flaw in run.flaws:
        # A mend of one piece must not take the place of the whole text.
        flaw.suggestion = None if flaw.field in parts.parts else flaw.suggestion
    group = _("%(label)s分不开") % {"label": run.sheet[parts.whole].label}
    message = _("要写成 %(pattern)s 这样，共 %(count)s 段") % {"pattern": pattern, "count": len(parts.parts)}
    for row in sorted(uncut):
        run.flaw(row, parts.whole, Bad("type", group, message))


def _compose(sheet: Sheet, layout: Layout, rows: list[Row]) -> None:
    """Several columns become the one text that they stand for."""
    if sheet.parts is None or sheet.parts.whole in layout.columns:
        return
    mark = sheet.parts.separators[0]
    for row in rows:
        pieces = [row.get(name) for name in sheet.parts.parts]
        if all(pieces):
            row[sheet.parts.whole] = mark.join(map(str, pieces))
