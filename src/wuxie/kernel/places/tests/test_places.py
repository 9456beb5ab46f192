"""The packaged divisions, loaded once and again; places said in full and found by what somebody types."""

import csv
import gzip
from pathlib import Path

import pytest
from django.core.management import call_command

from wuxie.kernel.places.load import load_places, read_places
from wuxie.kernel.places.models import WITH_PARENTS, Place, ancestors, parent_code
from wuxie.kernel.places.names import find, full_name, full_names, resolve

SOURCE = Path(__file__).resolve().parents[6] / "shared" / "data" / "divisions" / "sichuan_divisions_2023.csv.gz"


def test_the_file_holds_six_cities_as_whole_trees():
    codes = {code for code, _name in read_places()}

    assert {code for code in codes if len(code) == 4} == {"5101", "5104", "5105", "5110", "5111", "5120"}
    assert {len(code) for code in codes} == {4, 6, 9, 12}
    assert all(parent_code(code) in codes for code in codes if len(code) > 4)


@pytest.mark.skipif(not SOURCE.exists(), reason="the source table of divisions is not at hand")
def test_the_file_says_what_its_source_says():
    with gzip.open(SOURCE, "rt", encoding="utf-8") as file:
        source = {row["代码"]: row["名称"] for row in csv.DictReader(file)}

    assert [(code, name) for code, name in read_places() if source.get(code) != name] == []


@pytest.mark.django_db
def test_loading_twice_changes_nothing_the_second_time(tmp_path):
    file = tmp_path / "places.csv"
    file.write_text("code,name\n5104,攀枝花市\n510402,东区\n510402001,大渡口街道\n510402001001,临江社区\n", "utf-8")

    assert load_places(file) == 4
    assert load_places(file) == 0
    file.write_text("code,name\n510402001001,临江新社区\n", "utf-8")
    assert load_places(file) == 1
    assert full_name("510402001001") == "攀枝花市 东区 大渡口街道 临江新社区"
    assert Place.objects.count() == 4


@pytest.mark.django_db
def test_the_command_loads_the_whole_file(django_assert_max_num_queries):
    with django_assert_max_num_queries(60):
        call_command("places", verbosity=0)

    assert Place.objects.count() == len(read_places())
    assert Place.objects.under("5104").filter(level=Place.Level.COMMUNITY).count() == 336


@pytest.mark.django_db
def test_a_name_in_full_costs_one_query_for_many(city, django_assert_num_queries):
    with django_assert_num_queries(1):
        names = full_names(["510402001001", "5104", "999999"])

    assert names == {"510402001001": "攀枝花市 东区 大渡口街道 临江社区", "5104": "攀枝花市"}
    assert full_name("999999") == "999999"
    with django_assert_num_queries(1):
        rows = Place.objects.select_related(WITH_PARENTS.removeprefix("place__"))
        assert [row.full_name for row in rows if row.code == "510402"] == ["攀枝花市 东区"]


@pytest.mark.django_db
def test_a_place_is_found_by_name_initials_code_and_what_lies_above(tmp_path):
    file = tmp_path / "places.csv"
    file.write_text(
        "code,name\n5104,攀枝花市\n510402,东区\n510403,西区\n510402001,大渡口街道\n510402001001,临江社区\n", "utf-8"
    )
    load_places(file)

    wanted = [{"value": "510402001001", "text": "攀枝花市 东区 大渡口街道 临江社区"}]
    assert find("临江") == find("ljsq") == find("510402001001") == find("东区 临江") == wanted
    assert find("西区 临江") == []
    assert [one["value"] for one in find("", level=1)] == ["5104"]
    assert find("临江", within=["510403"]) == []
    assert [one["value"] for one in find("'; DROP TABLE")] == []


@pytest.mark.django_db
def test_the_search_answers_a_field(client, city):
    for place in city.values():
        place.search = place.name
        place.save()

    answer = client.get("/places/search", {"q": "湖光"})
    assert answer.json() == [{"value": "510402002001", "text": "攀枝花市 东区 炳草岗街道 湖光社区"}]


@pytest.mark.django_db
def test_a_community_is_called_as_people_call_it(tmp_path):
    file = tmp_path / "places.csv"
    file.write_text(
        "code,name\n5104,攀枝花市\n510402,东区\n510402001,大渡口街道\n510402001002,光明社区居民委员会\n", "utf-8"
    )
    load_places(file)

    assert (
        full_name("510402001002")
        == Place.objects.get(pk="510402001002").full_name
        == "攀枝花市 东区 大渡口街道 光明社区"
    )
    assert resolve("东区 光明社区") == resolve("光明社区居民委员会") == resolve("510402001002") == ["510402001002"]
    assert resolve("西区 光明社区") == resolve("没有的社区") == []


def test_the_codes_above_a_code():
    assert ancestors("510402001001") == ["5104", "510402", "510402001"]
    assert parent_code("5104") is None


@pytest.mark.django_db
def test_nothing_typed_means_no_place_and_divisions_are_public(city):
    from wuxie.kernel.access.actor import NOBODY

    assert resolve("  ") == []
    assert set(Place.objects.visible_to(NOBODY)) == set(city.values())
