"""The notice as it is pasted: its own words are read, and what it says twice is compared."""

import pytest

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock import notice, tables

#: The wording of the notice for 2026 (国办发明电〔2025〕7号), whose days ship with the program.
PASTED = """
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
"""


def test_the_notice_of_2026_gives_the_days_that_ship():
    table = tables.check_year({"year": 2026, "days": notice.days_of(PASTED, 2026)})
    assert table["days"] == sorted(tables.packaged()[2026]["days"], key=lambda day: day["date"])


def test_whole_dates_and_a_turn_of_the_year():
    days = notice.days_of("元旦：2026-12-31 至 2027-01-02 放假\n国庆节：10月1日至3日放假", 2027)
    assert [day["date"] for day in days] == [
        "2026-12-31", "2027-01-01", "2027-01-02", "2027-10-01", "2027-10-02", "2027-10-03"]  # fmt: skip
    assert {day["name"] for day in days} == {"元旦", "国庆节"}


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("元旦：1月1日至3日放假\n春节：1月3日至5日放假", 2, "2027-01-03 在第 1 行已经写过"),
        ("元旦：1月1日至3日放假\n元旦：1月3日上班", 2, "在第 1 行是放假，这一行是上班"),
        ("元旦：1月1日至3日放假，共4天", 1, "写的是 4 天，日期数下来是 3 天"),
        ("元旦：1月1日（周四）放假", 1, "2027-01-01 是周五"),
        ("元旦：1月3日至1日放假", 1, "止日在起日之前"),
        ("元旦：2月30日放假", 1, "不是一个日期"),
        ("元旦：1月1日至5月3日放假", 1, "超过 15 天"),
        ("元旦：1月1日", 1, "没有写明是放假还是上班"),
        ("元旦：1月1日放假，1月4日上班", 1, "句号分开"),
        ("\n\n元旦快乐", 3, "没有读懂"),
        ("元旦：一月1号放假", 1, "没有读懂"),
        ("元旦：1日放假", 1, "没有写月份"),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(text, line, says):
    with pytest.raises(Problem) as refused:
        notice.days_of(text, 2027)
    assert refused.value.path == f"$.lines[{line}]"
    assert f"第 {line} 行" in refused.value.message and says in refused.value.message


def test_an_empty_text_is_refused():
    with pytest.raises(Problem, match="没有读到日期"):
        notice.days_of(" \n", 2027)
