"""Every page of the register: who sees it, who acts on it, what it costs."""

import datetime

import pytest
from django.urls import reverse

from wuxie.kernel.facts.models import Fact
from wuxie.rooms.register.models import Estate, Ownership, Post, Project, Unit

from . import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(city):
    """An estate with a project, a post with a holder, a unit with an owner; and another one beside it."""
    home = make.estate("立春里")
    project = make.project(home)
    post = make.post(project)
    held = make.holding(post)
    door = make.unit(home)
    owned = make.owner(door)
    other = make.estate("雨水园", "510403001001")
    strange = make.project(other, make.company("乙物业", 2))
    return {"home": home, "project": project, "post": post, "held": held, "door": door, "owned": owned, "other": other,
            "strange": strange}  # fmt: skip


LISTS = ["estates", "companies", "projects", "posts", "units", "owners"]


@pytest.mark.parametrize("name", LISTS)
def test_each_list_opens_for_the_office(desk, world, name):
    answer = desk.get(reverse(f"register:{name}"))

    assert answer.status_code == 200
    assert "立春里" in answer.content.decode() or name == "companies"


@pytest.mark.parametrize("name", LISTS)
def test_each_list_costs_the_same_for_three_rows_and_thirty(desk, city, name):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def fill(start, stop):
        for number in range(start, stop):
            home = make.estate(f"试{number}园")
            project = make.project(home, make.company(f"第{number}物业", number))
            make.holding(make.post(project), name=f"李样{number}", phone=f"139{number:08d}")
            make.owner(make.unit(home), name=f"王样{number}", phone=f"138{number:08d}")

    url = reverse(f"register:{name}")
    counts = []
    for start, stop in ((0, 3), (3, 30)):
        fill(start, stop)
        desk.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert desk.get(url).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def details(world):
    return {
        "estate": world["home"].pk, "project": world["project"].pk, "post": world["post"].pk, "unit": world["door"].pk,
        "estate_units": world["home"].pk,
    }  # fmt: skip


def test_each_thing_opens_for_those_around_it_and_is_not_found_by_strangers(desk, enter, world):
    company, strange = world["project"].company, world["strange"].company
    own = enter("刘洋", "company_admin", organisation=company)
    street = enter("王芳", "gov_street", place="510402001")
    far = enter("李远", "gov_street", place="510403001")
    other = enter("周生", "company_admin", organisation=strange)

    for name, pk in details(world).items():
        url = reverse(f"register:{name}", args=[pk])
        assert [one.get(url).status_code for one in (desk, own, street)] == [200, 200, 200], name
        assert [one.get(url).status_code for one in (far, other)] == [404, 404], name


FORMS = {
    "estate_edit": "home", "estate_totals": "home", "project_edit": "project", "project_renew": "project", "project_end": "project",
    "project_change": "project", "project_levels": "project", "post_new": "project", "post_edit": "post", "post_close": "post",
    "post_assign": "post", "holding_end": "held", "holding_certificate": "held", "unit_edit": "door", "owner_new": "door",
    "owner_end": "owned", "unit_new": "home", "building_new": "home",
}  # fmt: skip
BY_THE_COMPANY = {
    "post_new", "post_edit", "post_close", "post_assign", "holding_end", "holding_certificate", "unit_edit", "owner_new", "owner_end",
    "unit_new", "building_new",
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_each_form_is_for_its_keepers(desk, enter, world, name):
    url = reverse(f"register:{name}", args=[world[FORMS[name]].pk])
    own = enter("刘洋", "company_admin", organisation=world["project"].company)
    street = enter("王芳", "gov_street", place="510402001")
    other = enter("周生", "company_admin", organisation=world["strange"].company)

    assert desk.get(url).status_code == 200
    assert own.get(url).status_code == (200 if name in BY_THE_COMPANY else 403)
    assert street.get(url).status_code == 403
    assert street.post(url, {}).status_code == 403
    assert other.get(url).status_code == 404


@pytest.mark.parametrize("name", [*LISTS, "estate_new", "company_new", "project_new"])
def test_nobody_comes_in_without_signing_in(client, name, db):
    answer = client.get(reverse(f"register:{name}"))

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")


def test_an_owner_sees_their_own_door_and_no_other(enter, world):
    world["other_door"] = make.unit(world["home"], "102")
    mine = enter(person=world["owned"].person)

    assert mine.get(reverse("register:unit", args=[world["door"].pk])).status_code == 200
    assert mine.get(reverse("register:unit", args=[world["other_door"].pk])).status_code == 404
    page = mine.get(reverse("register:units")).content.decode()
    assert "1-1-101" in page
    assert "1-1-102" not in page


def test_registering_an_estate_by_hand(desk, city):
    answer = desk.post(reverse("register:estate_new"), {
        "name": "惊蛰坊", "place": "东区 湖光社区", "klass": "new_residential", "households": "420", "area": "38000.5",
    })  # fmt: skip

    found = Estate.objects.get(name="惊蛰坊")
    assert answer.status_code == 302
    assert (found.place_id, found.households, found.area, found.code) == ("510402002001", 420, 3_800_050, "510402-0001")


def test_what_was_never_changed_says_so(desk, world):
    world["home"].history.all().delete()

    page = desk.get(reverse("register:estate", args=[world["home"].pk])).content.decode()

    assert "登记以后还没有改动" in page


def test_a_place_that_is_not_there_is_said_at_the_field(desk, city):
    answer = desk.post(reverse("register:estate_new"), {"name": "惊蛰坊", "place": "没有的社区", "klass": "park"})

    assert answer.status_code == 422
    assert "没有“没有的社区”这个地方" in answer.content.decode()
    assert not Estate.objects.exists()


def test_an_estate_edited_tells_the_ledger(desk, world):
    home = world["home"]
    url = reverse("register:estate_edit", args=[home.pk])
    form = {
        "name": home.name,
        "place": home.place_id,
        "klass": home.klass,
        "households": "310",
        "area": "30000",
        "code": home.code,
    }
    assert desk.post(url, form).status_code == 302

    levels = Fact.objects.filter(
        kind="project.households", subject=world["project"].key, valid_until=None, standing=None
    )
    active = [fact.amount for fact in levels]
    assert active == ["310"]
    page = desk.get(home.get_absolute_url()).content.decode()
    assert "户数 300 → 310" in page
    assert "陈办" in page


def test_an_overlapping_contract_is_refused_on_the_form(desk, world):
    answer = desk.post(reverse("register:project_new"), {
        "estate": world["home"].pk, "company": world["strange"].company_id, "stage": "chosen", "charging": "lump_sum",
        "starts_on": "2028-06-01",
    })  # fmt: skip

    assert answer.status_code == 422
    assert "甲物业服务有限公司" in answer.content.decode()
    assert "把起始日改到 2029-01-01 或以后" in answer.content.decode()
    assert Project.objects.count() == 2


def test_changing_the_company_by_hand(desk, world):
    url = reverse("register:project_change", args=[world["project"].pk])
    answer = desk.post(url, {
        "company": world["strange"].company_id, "on": "2026-12-01", "stage": "chosen", "charging": "lump_sum", "fee": "2.385",
    })  # fmt: skip

    assert answer.status_code == 302
    world["project"].refresh_from_db()
    new = Project.objects.get(estate=world["home"], starts_on=datetime.date(2026, 12, 1))
    assert (world["project"].left_on, new.fee) == (datetime.date(2026, 11, 30), 23_850)


def test_renewing_ending_and_confirming_by_hand(desk, world):
    project = world["project"]
    pk = [project.pk]
    assert desk.post(reverse("register:project_renew", args=pk), {"ends_on": "2020-01-01"}).status_code == 422
    assert desk.post(reverse("register:project_renew", args=pk), {"ends_on": ""}).status_code == 302
    assert desk.post(reverse("register:project_levels", args=pk)).status_code == 302
    assert desk.post(reverse("register:project_end", args=pk), {"on": "2026-11-30"}).status_code == 302
    project.refresh_from_db()
    assert (project.ends_on, project.left_on) == (None, datetime.date(2026, 11, 30))


def test_posts_by_a_company(enter, world):
    own = enter("刘洋", "company_admin", organisation=world["project"].company)
    answer = own.post(reverse("register:post_new", args=[world["project"].pk]), {
        "kind": "lift_safety", "name": "电梯安全员", "certificate": "A 证", "is_management": "on",
    })  # fmt: skip
    post = Post.objects.get(name="电梯安全员")
    assert answer.status_code == 302
    url = reverse("register:post_assign", args=[post.pk])
    person = {"name": "钱示春", "phone": "13900000003"}
    assert own.post(url, person).status_code == 422
    assert own.post(url, person | {"certificate_number": "A-1", "certificate_until": "2026-01-01"}).status_code == 422
    assert own.post(url, person | {"certificate_number": "A-1", "certificate_until": "2027-01-01"}).status_code == 302
    held = post.holdings.get()
    assert (
        own.post(
            reverse("register:holding_certificate", args=[held.pk]), {"number": "A-2", "until": "2028-01-01"}
        ).status_code
        == 302
    )
    assert own.post(reverse("register:holding_end", args=[held.pk]), {"on": "2026-11-26"}).status_code == 302
    assert own.post(reverse("register:post_close", args=[post.pk]), {"on": "2026-11-30"}).status_code == 302
    assert "钱示春" in own.get(post.get_absolute_url()).content.decode()
    assert not Fact.objects.filter(kind="party.management_posts").exists()


def test_units_and_owners_by_hand(desk, world):
    home, door = world["home"], world["door"]
    assert desk.post(reverse("register:building_new", args=[home.pk]), {"name": "1"}).status_code == 422
    assert (
        desk.post(reverse("register:building_new", args=[home.pk]), {"name": "2", "has_lift": "True"}).status_code
        == 302
    )
    block = home.buildings.get(name="2")
    unit = {
        "building": block.pk,
        "number": "301",
        "area": "89.5",
        "area_source": "registered",
        "use": "home",
        "status": "unsold",
    }
    assert desk.post(reverse("register:unit_new", args=[home.pk]), unit).status_code == 302
    assert Unit.objects.get(building=block).area == 8950
    assert desk.post(reverse("register:unit_edit", args=[door.pk]), unit | {"number": "301"}).status_code == 422
    assert (
        desk.post(reverse("register:building_edit", args=[block.pk]), {"name": "2", "floors": "6"}).status_code == 302
    )
    assert desk.post(reverse("register:owner_new", args=[door.pk]), {}).status_code == 422
    new = {"name": "赵样三", "phone": "13900000009", "designated": "on"}
    assert desk.post(reverse("register:owner_new", args=[door.pk]), new).status_code == 302
    assert [o.designated for o in door.ownerships.order_by("pk")] == [False, True]
    assert desk.post(reverse("register:owner_end", args=[world["owned"].pk]), {"on": "2026-11-01"}).status_code == 302
    assert Ownership.objects.get(pk=world["owned"].pk).ends_on == datetime.date(2026, 11, 1)


def test_owners_are_masked_and_found_by_exact_text_only(desk, world):
    url = reverse("register:owners")
    page = desk.get(url).content.decode()
    assert "王**" in page
    assert "139****0001" in page
    assert "王样一" not in page
    assert "13900000001" not in page
    assert "1-1-101" in desk.get(url, {"q": "王样一"}).content.decode()
    assert "1-1-101" in desk.get(url, {"q": "139 0000 0001"}).content.decode()
    assert "1-1-101" not in desk.get(url, {"q": "王"}).content.decode()


@pytest.mark.parametrize(("name", "text", "hit"), [
    ("estates", "立春", True), ("estates", "lcl", True), ("estates", "510402-0001", True), ("estates", "别处", False),
    ("companies", "jwy", True), ("companies", "甲物", True), ("projects", "lcl", True), ("projects", "甲物业", True),
    ("posts", "消控", True), ("posts", "李样二", True), ("posts", "立春", True), ("units", "1-1-101", True), ("units", "10", True),
    ("units", "王样一", True), ("units", "2-1-101", False), ("owners", "立春", True),
])  # fmt: skip
def test_lists_are_searched_in_characters_and_initials(desk, world, name, text, hit):
    page = desk.get(reverse(f"register:{name}"), {"q": text})

    assert page.status_code == 200
    assert ("没有找到" not in page.content.decode()) is hit


@pytest.mark.parametrize("name", LISTS)
def test_each_list_has_a_field_to_search_in(desk, world, name):
    assert 'type="search"' in desk.get(reverse(f"register:{name}")).content.decode().partition('id="list"')[2]


@pytest.mark.parametrize("name", LISTS)
def test_lists_sort_filter_and_export(desk, world, name):
    url = reverse(f"register:{name}")
    page = desk.get(url).context["shown"]
    for column in page.table.visible:
        if column.sort:
            assert desk.get(url, {"sort": f"-{column.name}"}).status_code == 200
    for segment in page.table.segments:
        assert desk.get(url, {"view": segment.name}).status_code == 200
    for one in page.table.filters:
        assert desk.get(url, {f"f_{one.name}": "510402"}).status_code == 200
    assert make.whole(desk.get(url, {"format": "xlsx"})).startswith(b"PK")
    assert b"".join(desk.get(url, {"format": "csv"})).startswith("\ufeff".encode())
