"""Every component draws what it is given, escapes it, and takes nothing from the page around it."""

import datetime

import pytest
from django.template import engines
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler

from wuxie.kernel.clock.now import frozen
from wuxie.web import words
from wuxie.web.templatetags.web import percent_of

pytestmark = pytest.mark.urls("wuxie.web.tests.gallery")

TUESDAY = datetime.date(2026, 11, 24)


def draw(source: str, **context: object) -> str:
    template = engines["django"].from_string(CottonCompiler().process(source))
    return template.render(context, RequestFactory().get("/"))


def test_the_gallery_shows_every_component(client, db):
    page = client.get("/gallery/").content.decode()
    for said in (
        "现在轮到你", "作出异议答复", "公示今天 24:00 才满。最早 11月25日。", "四星", "无星级", "看成表格", "#1288", "待封存",
        "真牌，有效", "有 4 处要改", "身份只对经办人可见", "看这条事实", "YC-0412", "还没有争议", "攀星决〔2026〕7号", "已作废",
    ):  # fmt: skip
        assert said in page, said
    assert "<c-" not in page, "a component that does not exist stands on the page"


def test_what_people_type_is_shown_and_never_run(client, db):
    page = client.get("/gallery/").content.decode()
    assert "<b onclick" not in page
    assert page.count("&lt;b onclick=&quot;x&quot;&gt;&amp;&quot;&#x27;{{ 7 }}") == 2


def test_a_private_event_does_not_name_who_did_it(client, db):
    page = client.get("/gallery/").content.decode()
    assert "李明" not in page


def test_a_component_does_not_see_the_page_around_it():
    assert "heard" not in draw("<c-card>inside</c-card>", title="heard")


def test_a_chip_always_has_an_icon_and_a_word():
    assert "#check" in draw('<c-chip tone="green">已核</c-chip>')
    assert "#circle-dashed" in draw("<c-chip>草案</c-chip>")


def test_a_required_field_is_marked_and_its_error_is_read_with_it(client, db):
    page = client.get("/gallery/").content.decode()
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert 'id="id_name_helptext"' in page
    assert 'id="id_name_error"' in page
    assert 'href="#id_kind_0"' in page, "a group of choices is reached at its first one"


@pytest.mark.parametrize(
    ("on", "unit", "relative", "absolute", "tone"),
    [
        (datetime.date(2026, 11, 27), "working_day", "剩 3 个工作日", "11月27日 周五", ""),
        (datetime.date(2026, 11, 30), "working_day", "剩 4 个工作日", "11月30日 周一", ""),
        (datetime.date(2026, 12, 3), "day", "剩 9 日", "12月3日 周四", ""),
        (datetime.date(2026, 11, 24), "day", "今天 24:00 前", "11月24日 周二", "today"),
        (datetime.date(2026, 11, 20), "working_day", "逾期 2 个工作日", "11月20日 周五", "late"),
        (datetime.date(2027, 1, 4), "day", "剩 41 日", "2027年1月4日 周一", ""),
    ],
)
def test_deadlines_are_relative_and_absolute(on, unit, relative, absolute, tone):
    with frozen(TUESDAY):
        assert words.due(on, unit=unit) == words.Due(relative, absolute, tone)


def test_a_moment_that_has_passed_today_is_late():
    with frozen(TUESDAY) as nine:
        passed = words.due(None, at=nine - datetime.timedelta(hours=1))
        coming = words.due(None, at=nine + datetime.timedelta(hours=8, minutes=30))
    assert (passed.relative, passed.tone) == ("今天已过时", "late")
    assert (coming.relative, coming.tone) == ("今天 17:30 前", "today")


@pytest.mark.parametrize(
    ("part", "whole", "length"),
    [(618, 1000, "61.8%"), ("86.6", 100, "86.6%"), (2, 3, "66.6%"), (5, 4, "100%"), (-1, 4, "0%"), (None, 4, "0%"), (1, 0, "0%")],
)  # fmt: skip
def test_the_length_of_a_bar_is_cut_not_rounded(part, whole, length):
    assert percent_of(part, whole) == length
