"""A whole sheet: headings of other programs, joined sheets, and every mistake by cell and by reason."""

import datetime

import pytest

from wuxie.kernel.tabular import headings, refs
from wuxie.kernel.tabular.check import check
from wuxie.kernel.tabular.columns import Flaw
from wuxie.kernel.tabular.headings import Layout, find_layout
from wuxie.kernel.tabular.reader import Grid

from .sheets import HEADINGS, HOMES, ROW


def grid(*rows, name="户室", **more):
    return Grid(name, [[str(value) for value in row] for row in rows], **more)


def row(**changes):
    names = ("estate", "building", "unit", "room", "floor", "area", "use", "owner", "phone", "id", "day")
    made = dict(zip(names, ROW, strict=True)) | {"id": ""}
    return list((made | changes).values())


def flaws(*rows, **more):
    grids = [grid(HEADINGS, *rows, **more)]
    return [(f.address, f.code, f.group, f.suggestion) for f in check(HOMES, grids, find_layout(HOMES, grids)).flaws]


def test_columns_have_letters():
    assert [refs.letters(number) for number in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    assert [refs.number(letters) for letters in ("A", "Z", "AA", "XFD")] == [0, 25, 26, 16383]
    assert refs.cell(1203, 3, "户室") == "户室!D1203"


def test_headings_of_another_program_are_understood():
    layout = find_layout(HOMES, [grid(HEADINGS, row())])
    assert [layout.columns[name][1] for name in ("estate", "building", "unit", "room", "area", "delivered_on")] == [
        0, 1, 2, 3, 5, 10]  # fmt: skip
    assert layout.missing(HOMES) == []


def test_headings_may_stand_under_a_title_and_carry_units_and_stars():
    made = grid(
        ["江湾壹号户室清册"],
        [],
        ["＊楼 号", "房号", "建筑面积（㎡）", "车类型（9901 家用 9902 客车）"],
        ["3", "1203", "89.5"],
    )
    layout = find_layout(HOMES, [made])
    assert (layout.header_row, set(layout.columns)) == (2, {"building", "room", "area"})


def test_a_profile_goes_before_our_own_words_and_can_leave_a_column_out():
    made = grid(["楼号", "房号", "面积", "甲列", "手机号"], ["3", "1203", "89.5", "王", "138"])
    layout = find_layout(HOMES, [made], {"甲列": "owner", "手机号": "", "面积": "no_such_field"})
    assert layout.columns["owner"] == (0, 3)
    assert "phone" not in layout.columns
    assert layout.columns["area"] == (0, 2)


def test_a_missing_column_is_told():
    layout = find_layout(HOMES, [grid(["楼号", "房号"], ["3", "1203"])])
    assert [column.label for column in layout.missing(HOMES)] == ["面积"]


def test_a_layout_survives_its_keeping():
    layout = find_layout(HOMES, [grid(HEADINGS, row())])
    assert Layout.from_dict(layout.as_dict()) == layout


def test_right_rows_become_values():
    grids = [grid(HEADINGS, row(), [""] * 11, row(room="1204"))]
    made = check(HOMES, grids, find_layout(HOMES, grids))
    assert made.flaws == []
    assert [line["row"] for line in made.rows] == [2, 4]
    assert made.rows[0] == {
        "row": 2, "estate": "9901-0118", "building": "3", "unit": "2", "room": "1203", "floor": 12, "area": 8950,
        "use": "home", "owner": "王建国", "phone": "13800001111", "id_number": None,
        "delivered_on": datetime.date(2019, 6, 30), "door": "3-2-1203",
    }  # fmt: skip


def test_each_mistake_has_its_cell_its_reason_and_its_mend():
    assert flaws(row(area="89.5平"), row(room="1204", estate="9901-9118"), row(room=""), row(room="1205", day="2023-02-30")) == [
        ("F2", "type", "面积写成了文字", "89.50"),
        ("A3", "reference", "小区编码查不到", "9901-0118"),
        ("D4", "missing", "房号没有填", None),
        ("K5", "range", "日期不存在", None),
    ]  # fmt: skip


def test_of_two_equal_rows_the_later_is_at_fault_and_the_first_is_named():
    grids = [grid(HEADINGS, row(), row(room="1"), row())]
    (flaw,) = check(HOMES, grids, find_layout(HOMES, grids)).flaws
    assert (flaw.address, flaw.group, flaw.other_row) == ("D4", "同一小区房号重复", 2)
    assert flaw.message == "9901-0118-3-2-1203 已在第 2 行出现"


def test_merged_cells_are_offered_the_value_that_they_show():
    assert flaws(row(), row(building="", room="1204"), merges=[[1, 1, 2, 1]]) == [("B3", "merged", "合并单元格", "3")]


def test_broken_and_unsaved_formulas_are_named():
    assert flaws(row(area=""), row(room="1204", area=""), hollow={"F2": "error", "F3": "unsaved"}) == [
        ("F2", "formula", "公式出错", None),
        ("F3", "formula", "公式没有结果", None),
    ]


def test_a_line_of_totals_is_one_flaw():
    assert flaws(row(), ["合计", "", "", "", "", "89.5", "", "", "", "", ""]) == [("A3", "total", "合计行", None)]


def test_a_dropped_row_is_not_looked_at():
    grids = [grid(HEADINGS, row(area="?"), row())]
    layout = find_layout(HOMES, grids)
    assert len(check(HOMES, grids, layout).flaws) == 2
    assert check(HOMES, grids, layout, dropped=[2]).flaws == []


def test_the_room_has_the_last_word():
    grids = [grid(HEADINGS, row(), row(room="1204"))]

    def own(rows):
        return [Flaw(r["row"], "floor", "range", "楼层高过总层数", "11") for r in rows if r["room"] == "1204"]

    (flaw,) = check(HOMES, grids, find_layout(HOMES, grids), room_check=own).flaws
    assert (flaw.address, flaw.group, flaw.suggestion) == ("E3", "楼层高过总层数", "11")


def test_one_column_can_stand_for_three():
    grids = [grid(["坐落", "面积"], ["3－2－1203", "89.5"], ["3-1204", "88"])]
    layout = find_layout(HOMES, grids)
    assert layout.missing(HOMES) == []
    made = check(HOMES, grids, layout)
    assert [made.rows[0][name] for name in ("building", "unit", "room", "door")] == ["3", "2", "1203", "3－2－1203"]
    assert [(f.address, f.message) for f in made.flaws] == [("A3", "要写成 楼栋-单元-房号 这样，共 3 段")]


def test_the_sheets_of_one_workbook_are_joined_by_number():
    owners = grid(["编号", "业主名称", "手机号"], ["Y1", "王建国", "13800001111"], ["Y2", "李", "12"], name="业主信息")
    homes = grid(["房屋编号", "楼栋编号", "建筑面积", "业主编号"], ["1203", "3", "89.5", "Y1"], ["1204", "3", "88", "Y2"],
                 ["1205", "3", "88", "Y9"], ["1206", "3", "88", ""], name="房屋信息")  # fmt: skip
    grids = [grid(["停车场编号", "车位编码"], ["P", "1"], name="车位信息"), owners, homes]
    layout = find_layout(HOMES, grids)
    assert (layout.main, layout.columns["owner"], layout.columns["phone"]) == (2, (1, 1), (1, 2))
    made = check(HOMES, grids, layout)
    assert [line["owner"] for line in made.rows] == ["王建国", "李", None, None]
    assert [(f.address, f.group) for f in made.flaws] == [("业主信息!C3", "电话号码不对"), ("D4", "编号对不上")]
    assert {h.text for h in headings.list_headings(grids, layout)} >= {"业主名称", "建筑面积"}


def test_of_very_many_mistakes_a_part_is_kept():
    from wuxie.kernel.tabular.check import MOST_FLAWS

    grids = [grid(HEADINGS, *[row(room=str(number), area="?") for number in range(MOST_FLAWS + 5)])]
    assert len(check(HOMES, grids, find_layout(HOMES, grids)).flaws) == MOST_FLAWS


def test_a_merged_cell_of_a_dropped_row_is_not_told():
    grids = [grid(HEADINGS, row(), row(building="", room="1204"), merges=[[1, 1, 2, 1]])]
    assert check(HOMES, grids, find_layout(HOMES, grids), dropped=[3]).flaws == []


def test_a_column_for_three_is_left_alone_where_the_sheet_has_the_three():
    grids = [grid([*HEADINGS, "坐落"], [*row(), "随便写的"])]
    made = check(HOMES, grids, find_layout(HOMES, grids))
    assert (made.flaws, made.rows[0]["building"], made.rows[0]["door"]) == ([], "3", "随便写的")


def test_a_joined_sheet_without_the_number_to_join_by_is_left_aside():
    owners = grid(["业主名称", "手机号"], ["王建国", "13800001111"], name="业主信息")
    homes = grid(["房屋编号", "楼栋编号", "建筑面积", "业主编号"], ["1203", "3", "89.5", "Y1"], name="房屋信息")
    assert find_layout(HOMES, [owners, homes]).joined == {}


def test_a_column_without_a_heading_is_not_listed():
    grids = [grid(["楼号", "", "房号", "面积"], ["3", "?", "1203", "89.5"])]
    assert [h.text for h in headings.list_headings(grids, find_layout(HOMES, grids))] == ["楼号", "房号", "面积"]


def test_a_field_that_a_list_does_not_have_is_a_mistake_of_the_program():
    with pytest.raises(KeyError, match="no_such"):
        HOMES["no_such"]


def test_a_mend_of_one_piece_is_not_offered_for_the_whole_text():
    grids = [grid(["坐落", "面积"], ["3-2-" + "1" * 30, "89.5"])]
    flaws_ = check(HOMES, grids, find_layout(HOMES, grids)).flaws
    assert [(f.address, f.field, f.suggestion) for f in flaws_] == [("A2", "room", None)]
