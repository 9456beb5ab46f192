"""Money in capitals: legal text, so every rule of it has its case."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxie.kernel.papers.amounts import LARGEST, amount, full_date, in_capitals


@pytest.mark.parametrize(
    ("yuan", "text"),
    [
        ("0.00", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("0.55", "伍角伍分"),
        ("1.00", "壹元整"),
        ("1.05", "壹元零伍分"),
        ("1.50", "壹元伍角整"),
        ("10.00", "壹拾元整"),
        ("16.00", "壹拾陆元整"),
        ("100.10", "壹佰元壹角整"),
        ("101.01", "壹佰零壹元零壹分"),
        ("1010.00", "壹仟零壹拾元整"),
        ("1001.00", "壹仟零壹元整"),
        ("12034.50", "壹万贰仟零叁拾肆元伍角整"),
        ("10010.01", "壹万零壹拾元零壹分"),
        ("10000.00", "壹万元整"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("100001.00", "壹拾万零壹元整"),
        ("1000000.00", "壹佰万元整"),
        ("10000001.00", "壹仟万零壹元整"),
        ("100000000.00", "壹亿元整"),
        ("100000001.00", "壹亿零壹元整"),
        ("100010000.00", "壹亿零壹万元整"),
        ("1000000000000.00", "壹万亿元整"),
        ("1000000010000.00", "壹万亿零壹万元整"),
        ("-3.20", "负叁元贰角整"),
    ],
)
def test_amounts_in_capitals(yuan, text):
    cents = int(yuan.replace(".", ""))
    assert in_capitals(cents) == text


DIGITS = {digit: number for number, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}


def read_back(text):
    """The cents that a text in capitals says, by the plain rules of reading numbers."""
    cents = 0
    sign = -1 if text.startswith("负") else 1
    whole, yuan, rest = text.removeprefix("负").partition("元")
    if not yuan:
        whole, rest = "", text.removeprefix("负")
    total = section = digit = 0
    for character in whole:
        if character in DIGITS:
            digit = DIGITS[character]
        elif character in "拾佰仟":
            section += digit * {"拾": 10, "佰": 100, "仟": 1000}[character]
            digit = 0
        elif character == "万":
            section = (section + digit) * 10**4
            total, section, digit = total + section, 0, 0
        elif character == "亿":
            total = (total + section + digit) * 10**8
            section = digit = 0
    cents = (total + section + digit) * 100
    digit = 0
    for character in rest:
        if character in DIGITS:
            digit = DIGITS[character]
        elif character in "角分":
            cents += digit * {"角": 10, "分": 1}[character]
    return sign * cents


@given(st.integers(0, LARGEST // 100) | st.integers(0, 10**8))
def test_what_is_written_reads_back_as_the_same_amount(cents):
    text = in_capitals(cents)
    assert read_back(text) == cents
    assert "零零" not in text
    assert text.endswith("分") or text.endswith("整")


def test_an_amount_beyond_writing_is_refused():
    with pytest.raises(ValueError, match="too large"):
        in_capitals(LARGEST)


def test_amounts_and_dates_in_figures():
    assert [amount(cents) for cents in (0, 5, 1203450, -320)] == ["0.00", "0.05", "12,034.50", "-3.20"]
    assert full_date(datetime.date(2026, 11, 7)) == "2026年11月7日"
