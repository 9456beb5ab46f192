"""Headings: which row holds them, what they mean, which sheets belong together.

Every office and every fee program has its own words for the same column. They are compared without blanks, widths,
stars and units; what a person once matched by hand is kept as a profile.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from wuxie.kernel import labels

from . import refs
from .columns import Col, Join, Sheet
from .reader import Grid

#: The heading row stands within the first so many rows; a title or a note may stand above it.
SEARCH_ROWS = 15

_NOISE = re.compile(r"[（(【\[].*?[)）】\]]|[*＊:：\s_·]|（.*$|\(.*$")
_FIGURE = re.compile(r"-?[0-9]+([.,/-][0-9]+)*")
_UNIT = re.compile(r"(㎡|平方米|平米|m2|元)$")

# What the market's sheets call the same thing; a room picks what it needs for its columns' aliases.
BUILDING = ("楼号", "栋号", "楼栋", "楼栋号", "楼栋编号", "栋", "幢", "幢号", "楼宇", "座")
UNIT = ("单元", "单元编号", "单元号", "门栋")
ROOM = ("房间", "房号", "房屋编号", "房间号", "室号", "门牌号", "户号", "房屋")
DOOR = ("房屋坐落", "楼栋单元房号", "完整房号", "坐落", "房屋地址")
FLOOR = ("楼层", "房屋楼层", "所在层", "层")
FLOORS = ("总层数", "楼层数", "层数")
BUILT_AREA = ("建筑面积", "建面", "面积", "房屋面积", "产权面积", "计费面积", "建筑面积㎡")
INNER_AREA = ("室内面积", "套内面积", "套内建筑面积", "使用面积")
OWNER = ("业主", "业主名称", "业主姓名", "产权人", "产权人姓名", "户主", "房主", "所有权人", "姓名")
PHONE = ("手机号", "手机", "电话", "联系电话", "业主电话", "手机号码", "联系方式")
ID_NUMBER = ("身份证号", "身份证", "证件号", "证件号码", "身份证号码", "公民身份号码")
USE = ("房屋类型", "房屋性质", "用途", "房屋用途", "物业类型", "性质")
STATUS = ("房屋状态", "交房状态", "状态", "入住状态")
DELIVERED_ON = ("交付日", "收房时间", "交房时间", "交房日期", "交付日期", "收房日期")
ESTATE_CODE = ("小区编码", "小区编号", "项目编号", "小区代码")
ESTATE = ("小区", "小区名称", "项目名称", "楼盘")
OWNER_NUMBER = ("业主编号", "业主编码", "客户编号")


def bare(heading: str) -> str:
    """A heading without blanks, width, stars, brackets and units."""
    text = _NOISE.sub("", unicodedata.normalize("NFKC", heading)).lower()
    return _UNIT.sub("", text) or text


@dataclass
class Layout:
    """Which sheet is read, where its headings stand (-1: it has none), which column means what.

    ``columns``: field → (sheet, column). ``joined``: sheet → (its heading row, our column, its column).
    """

    main: int
    header_row: int
    columns: dict[str, tuple[int, int]] = field(default_factory=dict)
    joined: dict[int, tuple[int, int, int]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {
            "main": self.main,
            "header_row": self.header_row,
            "columns": {name: list(place) for name, place in self.columns.items()},
            "joined": {str(sheet): list(join) for sheet, join in self.joined.items()},
        }

    @classmethod
    def from_dict(cls, made: Mapping[str, Any]) -> Layout:
        return cls(
            made["main"],
            made["header_row"],
            {name: (place[0], place[1]) for name, place in made["columns"].items()},
            {int(sheet): (join[0], join[1], join[2]) for sheet, join in made["joined"].items()},
        )

    def missing(self, sheet: Sheet) -> list[Col]:
        """Required columns that no heading was matched to (a whole stands for its parts and the other way round)."""
        have = set(self.columns)
        if sheet.parts:
            if sheet.parts.whole in have:
                have |= set(sheet.parts.parts)
            if set(sheet.parts.parts) <= have:
                have.add(sheet.parts.whole)
        return [column for column in sheet.required if column.field not in have]


@dataclass(frozen=True)
class Heading:
    """One column of the file, for the page on which headings are matched."""

    sheet: int
    column: int
    text: str
    sheet_name: str
    sample: str
    field: str

    @property
    def key(self) -> str:
        return f"{self.sheet}.{self.column}"


def names_of(sheet: Sheet, profile: Mapping[str, str] | None = None) -> dict[str, str]:
    """Bare heading → field; a profile goes before our own words, an empty field in it means "do not import"."""
    known: dict[str, str] = {}
    own = {column.field: labels.in_every_language(column.label) for column in sheet.columns}
    for column in sheet.columns:
        for name in (own[column.field][0], *column.aliases):
            known.setdefault(bare(name), column.field)
    for field_name, names in own.items():
        for name in names:
            known.setdefault(bare(name), field_name)
    fields = {column.field for column in sheet.columns} | {""}
    known |= {bare(heading): name for heading, name in (profile or {}).items() if name in fields}
    return known


def find_layout(sheet: Sheet, grids: list[Grid], profile: Mapping[str, str] | None = None) -> Layout:
    """The best reading of a workbook: the sheet that answers most columns, and those that join to it."""
    known = names_of(sheet, profile)
    best = Layout(0, 0)
    best_score = (-1, -1)
    for number, grid in enumerate(grids):
        row, columns = _best_row(grid, known)
        required = sum(column.field in columns for column in sheet.required)
        if (required, len(columns)) > best_score:
            best_score = (required, len(columns))
            best = Layout(number, row, {name: (number, column) for name, column in columns.items()})
    for join in sheet.joins:
        _join(best, join, grids, known)
    return best


def _best_row(grid: Grid, known: Mapping[str, str]) -> tuple[int, dict[str, int]]:
    """The row with most known headings, and what it says."""
    best: tuple[int, dict[str, int]] = (0, {})
    for number, row in enumerate(grid.rows[:SEARCH_ROWS]):
        columns: dict[str, int] = {}
        for column, text in enumerate(row):
            name = known.get(bare(text)) if text else None
            if name:
                columns.setdefault(name, column)
        if len(columns) > len(best[1]):
            best = (number, columns)
    if not best[1]:
        first = next((number for number, row in enumerate(grid.rows) if any(row)), 0)
        best = (-1 if _is_data(grid.rows[first]) else first, {})
    return best


def _is_data(row: list[str]) -> bool:
    """A row with a bare figure or day in it is no row of headings: the sheet begins with its first line."""
    return any(_FIGURE.fullmatch(text.strip()) for text in row)


def heads(grid: Grid, header_row: int) -> list[str]:
    """The headings of a sheet; of one without any, its columns by their letters."""
    if header_row >= 0:
        return grid.rows[header_row]
    widest = max((len(row) for row in grid.rows[:30]), default=0)
    return [f"{refs.letters(column)} 列" for column in range(widest)]


def _join(layout: Layout, join: Join, grids: list[Grid], known: Mapping[str, str]) -> None:
    """Add the columns of one more sheet, if the workbook has it."""
    left = _column(heads(grids[layout.main], layout.header_row), join.left)
    if left is None:
        return
    for number, grid in enumerate(grids):
        if number == layout.main or not any(bare(name) in bare(grid.name) for name in join.sheet):
            continue
        row, _columns = _best_row(grid, dict.fromkeys(map(bare, join.right), "right") | dict(known))
        right = _column(heads(grid, row), join.right)
        if right is None:
            continue
        layout.joined[number] = (row, left, right)
        for column, text in enumerate(heads(grid, row)):
            name = known.get(bare(text)) if text else None
            if name and column != right:
                layout.columns.setdefault(name, (number, column))
        return


def _column(row: list[str], names: Iterable[str]) -> int | None:
    """The column whose heading is one of these, the names tried in their order."""
    found = [bare(text) for text in row]
    return next((found.index(bare(name)) for name in names if bare(name) in found), None)


def list_headings(grids: list[Grid], layout: Layout) -> list[Heading]:
    """Every column of the main sheet and of those joined to it, with a value from it."""
    meaning = {place: name for name, place in layout.columns.items()}
    listed = []
    for number, header_row in [(layout.main, layout.header_row), *((n, j[0]) for n, j in layout.joined.items())]:
        grid = grids[number]
        for column, text in enumerate(heads(grid, header_row)):
            if not text.strip():
                continue
            following = (row[column] for row in grid.rows[header_row + 1 : header_row + 30] if column < len(row))
            sample = next((value for value in following if value.strip()), "")
            listed.append(Heading(number, column, text, grid.name, sample, meaning.get((number, column), "")))
    return listed
