"""A declared list: what it finds, orders, counts and gives away."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import Permission
from django.test import RequestFactory

from wuxie.web.tables import TablePage

from . import gallery
from .gallery import PERMISSIONS

pytestmark = [pytest.mark.urls("wuxie.web.tests.gallery"), pytest.mark.django_db]


def asked(**query: str) -> TablePage:
    return TablePage(RequestFactory().get("/list/", query), PERMISSIONS, Permission.objects.all())


def test_totals_are_exact_and_pages_hold_fifty():
    page = asked()
    assert page.total == Permission.objects.count() > 50
    assert len(page.lines) == 50
    assert page.previous == ""
    assert page.next == "/list/?page=2"


def test_a_page_past_the_end_is_the_last_one():
    page = asked(page="999")
    assert page.next == ""
    assert page.page.number == page.page.paginator.num_pages


def test_each_word_of_a_search_must_be_found_somewhere():
    page = asked(q="add permission")
    assert [row.label for row in page.lines] == [str(Permission.objects.get(codename="add_permission"))]
    assert asked(q="add nonsense").total == 0


def test_a_filter_takes_only_what_it_offers():
    everything = asked().total
    assert asked(f_app="auth").total == Permission.objects.filter(content_type__app_label="auth").count() < everything
    assert asked(f_app="mfa").total == everything, "not offered, so not obeyed"
    assert asked(content_type__app_label="auth", is_staff="1").total == everything


def test_order_is_taken_from_the_columns_and_nowhere_else():
    first = [row.pk for row in asked(sort="pk").lines]
    assert first == sorted(first)
    assert [row.pk for row in asked(sort="-pk").lines] == list(
        Permission.objects.order_by("-pk").values_list("pk", flat=True)[:50]
    )
    default = [row.pk for row in asked().lines]
    assert [row.pk for row in asked(sort="content_type__model").lines] == default
    assert [row.pk for row in asked(sort="state").lines] == default, "a column without an order"


def test_saved_views_count_exactly_within_the_search():
    page = asked(q="permission")
    everything, viewing = page.segments
    assert everything["count"] == Permission.objects.filter(codename__contains="permission").count()
    assert (viewing["count"], viewing["current"]) == (1, False)
    assert asked(view="view").segments[1]["current"] is True


def test_links_keep_what_was_asked_and_start_at_the_first_page():
    page = asked(q="permission", f_app="auth", view="view", sort="-name", page="3", other="x")
    assert page.url() == "/list/?q=permission&view=view&sort=-name&f_app=auth"
    assert page.wider == "/list/?q=permission&sort=-name"


def test_the_number_of_queries_does_not_grow_with_the_rows(client, django_assert_num_queries):
    client.get("/list/")
    # Counts with the views, which rows, the rows, the frame's platform; a text is looked for once before, whatever is asked of its rows.
    for query, count in (({"q": "add permission"}, 4), ({}, 4)):
        with django_assert_num_queries(count):
            client.get("/list/", query)


def test_htmx_gets_the_part_and_everyone_else_the_page(client):
    part = client.get("/list/", headers={"HX-Request": "true"})
    whole = client.get("/list/")
    again = client.get("/list/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert part.content.decode().strip().startswith('<div class="wx-card wx-list" id="list"')
    assert "<main" not in part.content.decode()
    assert "<main" in whole.content.decode()
    assert "<main" in again.content.decode()
    assert "HX-Request" in part.headers["Vary"]


def test_an_empty_answer_says_what_was_looked_for_and_offers_a_wider_try(client):
    page = client.get("/list/", {"q": "没有的", "f_app": "auth"}).content.decode()
    assert "“权限”里没有找到“没有的”、账号。" in page
    assert "去掉筛选再找一次" in page


def test_an_empty_list_says_what_would_be_here(client):
    assert "还没有权限。" in client.get("/nothing/").content.decode()


def test_an_export_holds_every_row_that_matches():
    page = asked(q="permission")
    rows = list(page.exported())
    assert page.headers() == ["名称", "应用", "代号", "状态", "号"]
    assert len(rows) == page.total
    assert rows[0][1:4] == ["auth", "add_permission", "在用"]
    assert isinstance(rows[0][4], int)


def test_an_unknown_format_is_not_found(client):
    assert client.get("/list/", {"format": "pdf"}).status_code == 404


def test_a_list_of_millions_reaches_its_first_rows_and_says_that_there_are_more(client, monkeypatch):
    def page(**query: str) -> TablePage:
        table = replace(PERMISSIONS, most=60)
        return TablePage(RequestFactory().get("/list/", query), table, Permission.objects.all())

    many = page()
    assert many.total == 60 < Permission.objects.count() and many.page.paginator.num_pages == 2
    assert [one["count"] for one in many.segments] == [None, None]
    monkeypatch.setattr(gallery, "PERMISSIONS", many.table)
    assert "共 60 条以上，请用筛选缩小范围" in client.get("/list/").content.decode()
    few = page(q="add permission")
    assert few.total == 1 and not few.page.paginator.is_more
