"""A list as a room would declare it, and files to feed it."""

import xlsxwriter

from wuxie.kernel.tabular import headings
from wuxie.kernel.tabular.columns import Col, Join, Parts, Sheet, Unique

HOMES = Sheet(
    "homes",
    "户室清册",
    (
        Col("estate", "小区编码", headings.ESTATE_CODE, kind="lookup", lookup=lambda codes: {c: c for c in codes if c in KNOWN},
            suggest=lambda code: "9901-0118" if code == "9901-9118" else None),
        Col("building", "楼栋", headings.BUILDING, required=True, longest=20),
        Col("unit", "单元", headings.UNIT, longest=20),
        Col("room", "房号", headings.ROOM, required=True, longest=20),
        Col("floor", "楼层", headings.FLOOR, kind="int", minimum=-5, maximum=150),
        Col("area", "面积", headings.BUILT_AREA, kind="decimal2", required=True, minimum=1),
        Col("use", "用途", headings.USE, kind="choice", choices={"住宅": "home", "商铺": "shop", "车位": "parking"}),
        Col("owner", "产权人", headings.OWNER, personal="name"),
        Col("phone", "电话", headings.PHONE, kind="phone"),
        Col("id_number", "证件号", headings.ID_NUMBER, kind="id_number"),
        Col("delivered_on", "交付日", headings.DELIVERED_ON, kind="date"),
        Col("door", "房屋坐落", headings.DOOR),
    ),
    unique=(Unique(("estate", "building", "unit", "room"), "同一小区房号重复"),),
    joins=(Join(("业主信息",), ("业主编号",), ("编号", "业主编号")),),
    parts=Parts("door", ("building", "unit", "room")),
)  # fmt: skip

KNOWN = {f"9901-{number:04d}" for number in range(200)}
HEADINGS = [
    "小区编号",
    "楼号",
    "单元编号",
    "房屋编号",
    "房屋楼层",
    "建面",
    "房屋性质",
    "业主姓名",
    "手机号",
    "身份证号",
    "收房时间",
]
ROW = ["9901-0118", "3", "2", "1203", 12, 89.5, "住宅", "王建国", "13800001111", "51040219500110000X", "2019-06-30"]


def write(path, sheets):
    """An xlsx with the sheets given as {name: rows}."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_numbers": False})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, (int, float)):
                    sheet.write_number(number, column, value)
                elif value:
                    sheet.write_string(number, column, value)
    book.close()
    return path
