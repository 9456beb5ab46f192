"""The frame around a page: who sees which entries, how one reads, what the entrance and the refusals look like."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.forms import CharField, Form
from django.http import HttpResponse
from django.test import RequestFactory

import wuxie.web
from wuxie.kernel.access.actor import Actor, Seat
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.web import answers, nav

pytestmark = pytest.mark.urls("wuxie.web.tests.gallery")

FLOOR = Path(wuxie.web.__file__).parent


@pytest.fixture
def entries(monkeypatch):
    """A sidebar of its own, so that no room's entries are in the way."""
    monkeypatch.setattr(nav, "_entries", [])
    monkeypatch.setattr(nav, "_public", [])
    monkeypatch.setattr(nav, "_readers", {})


def asking(path: str, *roles: str):
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    request.actor = Actor("person:1", name="陈晓岚", seats=tuple(Seat(role) for role in roles))
    return request


def test_an_entry_is_shown_to_its_roles_only(entries):
    nav.register_nav("评价", "星级评定", "list", icon="star", roles={"secretariat"}, count=lambda request: 6, order=2)
    nav.register_nav("", "工作台", "gallery", icon="home", roles={"secretariat", "owner"}, order=1)
    assert nav.work_nav(asking("/list/?page=2", "secretariat")) == [
        ("", [nav.Shown("工作台", "/gallery/", "home", 0, False)]),
        ("评价", [nav.Shown("星级评定", "/list/", "star", 6, True)]),
    ]
    assert [heading for heading, _entries in nav.work_nav(asking("/list/", "owner"))] == [""]
    assert nav.work_nav(asking("/list/")) == []


def test_an_entry_without_a_page_is_left_out(entries):
    nav.register_nav("评价", "还没有的", "no:such_page", icon="star", roles={"owner"})
    assert nav.work_nav(asking("/", "owner")) == []


def test_the_sidebar_counts_the_work_that_waits(entries, client, db):
    nav.register_bell("list", lambda request: 3)
    nav.register_seal(lambda: nav.Seal("7f3a91c0aaaac21e", None, 1204))
    nav.register_brand(lambda request: nav.Brand("云川物协", "云川市物业管理协会", "0800-000-000"))
    work, public = client.get("/gallery/").content.decode(), client.get("/public/").content.decode()
    assert "3<span" in work
    assert "云川市物业管理协会" in work
    for said in ("第 1204 次封存", "7f3a91c0…c21e", "监督电话 0800-000-000"):
        assert said in public


def test_letters_grow_and_stay_large(client, db):
    answer = client.post("/i18n/reading/", {"large": "1", "next": "/list/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/list/")
    assert '<html lang="zh-hans" class="is-large">' in client.get("/gallery/").content.decode()
    client.post("/i18n/reading/", {"large": "0", "next": "/list/"})
    assert '<html lang="zh-hans">' in client.get("/gallery/").content.decode()


def test_the_language_is_remembered(client, db):
    client.post("/i18n/reading/", {"language": "en", "next": "/"})
    assert '<html lang="en"' in client.get("/gallery/").content.decode()


@pytest.mark.parametrize("elsewhere", ["https://example.test/", "//example.test/", "javascript:alert(1)", ""])
def test_reading_never_leads_to_another_site(client, elsewhere):
    assert client.post("/i18n/reading/", {"large": "1", "next": elsewhere}).headers["Location"] == "/"


def test_reading_refuses_what_it_does_not_know(client):
    assert client.post("/i18n/reading/", {"language": "xx"}).status_code == 400
    assert client.get("/i18n/reading/").status_code == 405


@pytest.mark.parametrize("path", ["/accounts/login/", "/e404/", "/e403/", "/e500/", "/print/", "/public/", "/form/", "/step/", "/case/",
                                  "/detail/", "/import/", "/import-file/", "/import-columns/", "/desk-page/"])  # fmt: skip
def test_a_page_has_one_main_and_no_inline_script_or_style(client, db, path):
    page = client.get(path).content.decode()
    assert page.count("<main") == 1
    assert page.count("<h1") == (0 if path == "/print/" else 1)
    assert "<style" not in page
    assert not re.search(r"<[a-z][^<>&]*\son\w+=", page)
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page)
    assert "<c-" not in page
    assert "您好" not in page


@pytest.mark.parametrize(
    "path", ["/accounts/2fa/", "/accounts/password/change/", "/accounts/logout/", "/accounts/reauthenticate/"]
)
def test_the_pages_of_an_account_wear_the_house_look(client, django_user_model, path):
    client.force_login(django_user_model.objects.create(username="chen"))
    page = client.get(path).content.decode()
    assert 'class="wx-entrance"' in page
    assert page.count("<h1") == 1


def test_the_second_factor_can_be_set_up(client, django_user_model):
    user = django_user_model.objects.create_user(username="chen", password="a-long-word-7")
    client.force_login(user)
    client.post("/accounts/reauthenticate/", {"password": "a-long-word-7"})
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    assert "启用两步验证" in page
    assert 'src="data:image/svg+xml' in page


def test_a_stale_form_is_said_in_chinese(client, db):
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a"})
    assert answer.status_code == 403
    assert "表单过期了，没有写入" in answer.content.decode()


class Word(Form):
    word = CharField()


@pytest.mark.parametrize("refused", [Refusal("guard", "还缺文书。"), Problem("missing", "$.word", "还缺文书。")])
def test_a_refusal_is_read_on_the_form(refused):
    form = Word({"word": "x"})
    assert form.is_valid()
    with answers.refusals_on(form):
        raise refused
    assert form.non_field_errors() == ["还缺文书。"]
    assert not form.is_valid()


def test_a_toast_travels_as_plain_ascii():
    assert answers.toast(HttpResponse(), "已存下").headers["HX-Trigger"] == '{"toast": "\\u5df2\\u5b58\\u4e0b"}'


def test_the_stages_of_an_import_stand_in_order():
    assert [stage["state"] for stage in answers.import_stages("check")] == ["done", "done", "now", "next"]


def test_every_icon_a_template_names_is_built():
    import json

    known = set(json.loads((FLOOR.parents[2] / "frontend/src/icons.json").read_text()))
    named: set[str] = set()
    for template in FLOOR.parent.rglob("templates/**/*.html"):
        text = template.read_text()
        named |= set(re.findall(r'\{% icon "([\w/-]+)"', text)) | set(re.findall(r'<c-[^>]*\bicon="([\w/-]+)"', text))
    assert named - known == set()
