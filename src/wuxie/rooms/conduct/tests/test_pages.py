"""The pages: who sees what, the way in a browser's hands, what stays hidden, the same queries for few rows and many."""

from __future__ import annotations

import itertools

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wuxie.kernel.access.models import Look
from wuxie.rooms.conduct.actions import filing
from wuxie.rooms.conduct.models import Proceeding

from .factories import INFORMANT, PHONE, company, later, told

pytestmark = pytest.mark.django_db


def pdf():
    return SimpleUploadedFile("文件.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")


def said(browser, address):
    answer = browser.get(address)
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


@pytest.mark.parametrize(
    ("made", "who"),
    [
        ("clue", {"office", "second", "president"}),
        ("filed", {"office", "second", "president", "panel1", "panel2"}),
        ("investigating", {"office", "second", "president", "panel1", "panel2", "admin", "contact"}),
        ("effective", {"office", "second", "president", "panel1", "panel2", "admin", "contact", "city"}),
    ],
)
def test_who_sees_a_case(world, browser, made, who):
    case = getattr(world, made)()
    for name in ("office", "second", "president", "panel1", "panel2", "admin", "contact", "stranger", "city"):
        expected = 200 if name in who else 404
        assert browser(name).get(case.get_absolute_url()).status_code == expected, name
        assert (case.title in said(browser(name), "/conduct/")) == (name in who), name


def test_whoever_stands_aside_no_longer_reads_it(world, browser):
    case = world.investigating()
    filing.recuse(case, by=world["president"], person=world.people["panel3"], note="亲属")
    assert browser("panel3").get(case.get_absolute_url()).status_code == 404


def test_where_a_clue_came_from_stays_with_the_association(world, browser):
    case = world.appealed(informant_company=world.rival)
    for name in ("admin", "contact"):
        for address in (case.get_absolute_url(), "/conduct/", "/conduct/?format=csv"):
            text = said(browser(name), address)
            assert "同行物业" not in text and PHONE not in text and INFORMANT not in text
        assert case.title not in said(browser(name), f"/conduct/?q={INFORMANT}"), "nor can it be searched for"
    text = said(browser("office"), case.get_absolute_url())
    assert "同行物业" in text and INFORMANT not in text and "看反映人明文" in text
    assert browser("admin").get(f"/people/{case.informant_id}/look/").status_code in (403, 404)
    assert not Look.objects.exists()


def test_the_whole_way_in_a_browser(world, browser):
    office, second, admin, president = (browser(name) for name in ("office", "second", "admin", "president"))
    keys = itertools.count(1)
    given = {
        "respondent": world.company.pk, "charge": "low_price", "title": "到期不移交", "words": "没有移交竣工图", "occurred_on": "2027-02-01",
        "source": "member", "informant_company": world.rival.pk, "once": "k0",
    }  # fmt: skip
    assert office.post("/conduct/new/", given).status_code == 302
    low = Proceeding.objects.get()
    assert "反垄断法第17、19、21条" in said(office, low.get_absolute_url())
    assert office.post("/conduct/new/", given | {"charge": "disorderly_exit", "once": "k00"}).status_code == 302
    case = Proceeding.objects.exclude(pk=low.pk).get()
    base = case.get_absolute_url()

    def take(browser, step, status=302, **given):
        answer = browser.post(f"{base}{step}/", given | {"once": f"k{next(keys)}"})
        assert answer.status_code == status, (step, answer.content.decode()[:3000] if status == 302 else "")
        return answer.content.decode()

    take(office, "file")
    take(office, "investigate", 422, people=[world.people["second"].pk])
    take(office, "investigate", people=[world.people["second"].pk, world.people["panel1"].pk])
    take(second, "propose", 422, findings="短", measure="censure")
    take(
        second,
        "propose",
        findings="合同到期一个月仍未移交竣工图，催告两次",
        measure="censure",
        factors=["many"],
        file=pdf(),
    )
    take(admin, "defend", defence="图在开发商处", wants_hearing="on")
    take(browser("panel2"), "hear", file=pdf())
    for name in ("panel2", "panel3", "panel4"):
        take(browser(name), "vote", choice="censure")
    assert "panel3某" not in said(admin, base)
    take(office, "count")
    take(office, "serve", 422, served_how="hand", served_on="2027-03-10", file=pdf())
    take(office, "serve", served_how="hand", served_on="2027-03-10", file=pdf(), answer="不采纳，移交是合同义务")
    take(admin, "appeal", grounds="处理过重", file=pdf())
    text = take(president, "uphold", 422, present=[world.membership.pk], against="0", note="议过", file=pdf())
    assert "不在可选的里面" in text
    council = [one.pk for one in world.council]
    take(president, "uphold", present=council, against="5", change="letter", note="已着手移交", file=pdf())
    text = said(admin, base)
    assert "限期整改函" in text and "改轻" in text and "同行物业" not in text
    with later(200):
        assert "办案质量" in said(office, "/conduct/figures/")


def test_as_many_queries_for_thirty_cases_as_for_three(world, browser):
    office = browser("office")

    def asked(count):
        for number in range(count):
            told(company(100 + Proceeding.objects.count(), f"第{number}家"))
        office.get("/conduct/")
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert office.get("/conduct/").status_code == 200
        return len(found)

    assert asked(3) == asked(27)
