"""One cell: what is taken, what is refused, and the mend that is offered."""

import datetime

import pytest

from wuxie.kernel.tabular import cells
from wuxie.kernel.tabular.cells import Bad
from wuxie.kernel.tabular.columns import Col

AREA = Col("area", "面积", kind="decimal2", minimum=1)
FLOOR = Col("floor", "楼层", kind="int", minimum=-5, maximum=150)
DAY = Col("day", "交付日", kind="date")
USE = Col("use", "用途", kind="choice", choices={"住宅": "home", "商铺": "shop", "车位": "parking"})
ID = Col("id", "证件号", kind="id_number")
PHONE = Col("phone", "电话", kind="phone")
CODE = Col("uscc", "信用代码", kind="uscc")
NAME = Col("name", "名称", longest=5)


@pytest.mark.parametrize(
    ("col", "raw", "value"),
    [
        (AREA, "89.5", 8950),
        (AREA, "89.53", 8953),
        (AREA, "100", 10000),
        (AREA, "0.01", 1),
        (FLOOR, "-2", -2),
        (DAY, "2019-06-30", datetime.date(2019, 6, 30)),
        (DAY, "2019/6/3", datetime.date(2019, 6, 3)),
        (DAY, "2019年6月30日", datetime.date(2019, 6, 30)),
        (DAY, "2019.06.30", datetime.date(2019, 6, 30)),
        (DAY, "20190630", datetime.date(2019, 6, 30)),
        (DAY, "2019-06-30 00:00:00", datetime.date(2019, 6, 30)),
        (USE, "商铺", "shop"),
        (USE, " 商 铺", "shop"),
        (USE, "shop", "shop"),
        (ID, "51040219500110000x", "51040219500110000X"),
        (PHONE, "138 0000 1111", "13800001111"),
        (PHONE, "+86-13800001111", "13800001111"),
        (PHONE, "0812-3331234", "08123331234"),
        (CODE, "91510400MA62100013", "91510400MA62100013"),
        (NAME, "江湾壹号", "江湾壹号"),
    ],
)
def test_what_is_right_is_taken(col, raw, value):
    if col is CODE:
        raw = value = valid_code()
    if col is ID:
        raw = valid_id().lower()
        value = valid_id()
    assert cells.PARSERS[col.kind](col, raw) == value


@pytest.mark.parametrize(
    ("col", "raw", "code", "words", "suggestion"),
    [
        (AREA, "89.5平", "type", "面积要是数字，最多两位小数", "89.50"),
        (AREA, "88.00 ㎡", "type", "面积要是数字", "88.00"),
        (AREA, "１２３．５", "type", "面积要是数字", "123.50"),
        (AREA, "1,234.5", "type", "面积要是数字", "1234.50"),
        (AREA, "约 118", "type", "“约 118”不是准数", None),
        (AREA, "100-120", "type", "面积要是数字", None),
        (AREA, "89.535", "type", "面积要是数字", "89.54"),
        (AREA, "0", "range", "面积不能小于 0.01", None),
        (AREA, "-3", "range", "面积不能小于 0.01", None),
        (AREA, "1e3", "type", "面积要是数字", None),
        (AREA, "99999999999999", "type", "面积要是数字", None),
        (FLOOR, "3层", "type", "楼层要是整数", "3"),
        (FLOOR, "3.5", "type", "楼层要是整数", None),
        (FLOOR, "200", "range", "楼层要在 -5 到 150 之间", None),
        (DAY, "2023-02-30", "range", "2023 年 2 月没有 30 日", None),
        (DAY, "2023-13-01", "range", "没有 13 月", None),
        (DAY, "43646", "type", "交付日要写成 2019-06-30 这样", "2019-06-30"),
        (DAY, "去年", "type", "交付日要写成", None),
        (USE, "住宅楼", "range", "用途要是 住宅、商铺、车位 之一", "住宅"),
        (USE, "仓库", "range", "用途要是", None),
        (ID, "5.10400123456789e+17", "type", "存成了数字", None),
        (ID, "510402195001100", "type", "现有 15 位", None),
        (PHONE, "1380000111", "type", "现有 10 位", None),
        (NAME, "一二三四五六", "range", "最多 5 个字，现有 6 个", None),
        (NAME, "江\u200b湾", "text", "看不见的字符", "江湾"),
    ],
)
def test_what_is_wrong_is_said_and_mended_where_it_can_be(col, raw, code, words, suggestion):
    with pytest.raises(Bad) as caught:
        cells.PARSERS[col.kind](col, raw)
    assert (caught.value.code, caught.value.suggestion) == (code, suggestion)
    assert words in caught.value.message


def valid_id():
    return "510402195001100001"


def valid_code():
    from stdnum.cn import uscc

    return uscc.compact("91510400MA6210001" + uscc.calc_check_digit("91510400MA6210001"))


def test_a_wrong_check_digit_is_named_and_the_number_is_not_repeated():
    right = valid_id()
    wrong = right[:17] + ("1" if right[17] != "1" else "2")
    with pytest.raises(Bad, match=f"第 18 位应为 {right[17]}") as caught:
        cells.id_number(ID, wrong)
    assert wrong[:17] not in caught.value.message


def test_a_birthday_that_never_was_is_refused():
    with pytest.raises(Bad, match="第 7 到 14 位"):
        cells.id_number(ID, "510402195002300005")


def test_letters_taken_for_digits_in_a_credit_code_are_mended():
    right = valid_code()
    with pytest.raises(Bad) as caught:
        cells.uscc(CODE, right.replace("0", "O", 1))
    assert caught.value.suggestion == right


def test_a_date_in_wide_figures_is_offered_in_plain_ones():
    with pytest.raises(Bad) as bad:
        cells.date(DAY, "２０１９－０６－３０")
    assert (bad.value.group, bad.value.suggestion) == ("日期写法不对", "2019-06-30")


@pytest.mark.django_db
def test_divisions_are_found_by_code_and_by_a_name_that_only_one_has(city):
    from wuxie.kernel.places.models import Place

    Place.objects.create(code="510499001001", name="临江社区", level=4)
    assert cells.find_places({"510402001", "湖光社区", "临江社区", "没有的社区"}) == {
        "510402001": "510402001", "湖光社区": "510402002001"}  # fmt: skip
