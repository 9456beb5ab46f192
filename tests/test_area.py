"""One part of one's area: narrows the desk, the register and the rating alike, and never shows more than before."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from wuxie.kernel.workflow.models import Turn
from wuxie.rooms.register.models import Estate

from . import world

pytestmark = pytest.mark.django_db
LISTS = ("register:estates", "register:projects", "register:units", "register:owners", "register:posts",
         "rating_applications", "rating_scores", "rating_benefits", "rating_awards", "rating_objections", "rating_disputes")  # fmt: skip


@pytest.fixture
def city(whole: world.City) -> world.City:
    office = whole.people["secretariat"].appointments.get().organisation
    office.place_id = "5104"
    office.save()
    return whole


def look_at(browser: Any, code: str, **more: str) -> Any:
    return browser.post(reverse("web:area"), {"place": code, **more})


def rows(browser: Any, name: str) -> int:
    return int(browser.get(reverse(name)).context["shown"].total)


def test_the_office_looks_at_one_district_everywhere_and_at_the_city_again(city: world.City) -> None:
    office = city.browsers["secretariat"]
    whole = {name: rows(office, name) for name in LISTS}
    assert look_at(office, "510402", next="/register/estates/").headers["Location"] == "/register/estates/"
    east = {name: rows(office, name) for name in LISTS}
    look_at(office, "510403")
    west = {name: rows(office, name) for name in LISTS}

    for name in LISTS:
        assert east[name] + west[name] == whole[name], name
    assert all(east[name] for name in LISTS) and sum(west.values())
    page = office.get(reverse("register:estates")).content.decode()
    assert "金沙里" in page and city.own.estate.name not in page
    look_at(office, "")
    assert {name: rows(office, name) for name in LISTS} == whole


def test_the_spreadsheet_has_what_the_page_has(city: world.City) -> None:
    office = city.browsers["secretariat"]
    look_at(office, "510403")
    sheet = b"".join(office.get(reverse("register:estates"), {"format": "csv"})).decode("utf-8-sig")
    assert "金沙里" in sheet and city.own.estate.name not in sheet


def test_the_desk_keeps_to_it_counts_it_and_says_what_waits_elsewhere(city: world.City) -> None:
    office = city.browsers["secretariat"]
    whole = office.get("/desk/").context["tabs"][0]["count"]
    look_at(office, "510403")
    answer = office.get("/desk/")
    west = answer.context["tabs"][0]["count"]
    assert west < whole
    assert f"别处另有 {whole - west} 件等您办" in answer.content.decode()
    Turn.objects.exclude(case_place__startswith="510403").update(case_place="")
    assert office.get("/desk/").context["tabs"][0]["count"] == whole  # what lies nowhere is on every desk


def test_a_thing_outside_it_still_opens_and_so_do_its_parts(city: world.City) -> None:
    office, estate = city.browsers["secretariat"], city.own.estate
    look_at(office, "510403")
    assert office.get(estate.get_absolute_url()).status_code == 200
    units = office.get(reverse("register:estate_units", args=[estate.pk])).context["shown"].total
    assert units == estate.units.count() > 0


def test_the_public_list_of_estates_stays_whole(city: world.City) -> None:
    office = city.browsers["secretariat"]
    look_at(office, "510403")
    assert rows(office, "portal:estates") == rows(city.browsers["visitor"], "portal:estates") == Estate.objects.count()


@pytest.mark.parametrize("code", ["510403", "510402002001", "5104", "5", "5104' OR 1=1"])
def test_nobody_looks_beyond_their_own(city: world.City, code: str) -> None:
    district = city.browsers["district"]  # of the eastern district: its two streets are its parts
    before = rows(district, "register:estates")
    assert look_at(district, code).status_code == 403
    session = district.session
    session["area"] = code  # even a session from before the office was lost
    session.save()
    assert rows(district, "register:estates") == before


def test_a_district_looks_at_one_street(city: world.City) -> None:
    district = city.browsers["district"]
    assert look_at(district, "510402002").status_code == 302
    page = district.get(reverse("register:estates"))
    assert page.context["shown"].total == 0
    text = page.content.decode()
    assert "炳草岗街道的小区名录还没有内容。左上角可以改看东区全域。" in text


@pytest.mark.parametrize("role", ["company", "community", "owner", "reviewer", "visitor"])
def test_who_has_one_place_is_not_offered_a_choice(city: world.City, role: str) -> None:
    assert look_at(city.browsers[role], "").status_code == 404


def test_it_leads_back_to_this_site_only(city: world.City) -> None:
    office = city.browsers["secretariat"]
    assert look_at(office, "510402", next="https://evil.example/").headers["Location"] == "/desk/"
    assert office.get(reverse("web:area")).status_code == 405
