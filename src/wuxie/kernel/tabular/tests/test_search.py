"""Found by its name, a piece of it, or the initials of its pinyin."""

import pytest

from wuxie.kernel.places.models import Place
from wuxie.kernel.tabular.search import search_filter, search_text


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("江湾壹号", {"江湾壹号", "江湾", "湾壹", "壹号", "jwyh", "wyh", "yh", "h"}),
        ("曾丽", {"zl", "cl"}),
        ("单县", {"sx", "dx"}),
        ("万俟雪", {"mqx"}),
        ("A座３层", {"a座3层", "az3c"}),
    ],
)
def test_a_name_is_kept_in_all_the_ways_it_may_be_typed(name, parts):
    assert [part for part in parts if part not in search_text(name)] == []


def test_a_long_name_fits_its_column():
    assert len(search_text("物业" * 100)) <= 600
    assert search_text("") == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("江湾", 1),
        ("jwyh", 1),
        ("WYH", 1),
        ("湾壹", 1),
        ("江 号", 1),
        ("翠屏", 0),
        ("", 2),
        ("%", 0),
        ("_", 0),
        ("号", 1),
    ],
)
def test_rows_are_found(query, found):
    for code, name in (("9901", "江湾壹号"), ("9902", "桂语里")):
        Place.objects.create(code=code, name=name, level=1, search=search_text(name))
    assert search_filter(Place.objects.all(), "search", query).count() == found
