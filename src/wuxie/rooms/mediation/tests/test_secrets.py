"""Who wants to stay hidden is planted, and then looked for: on every page, in every sheet, search, paper, message, event and fact, and at rest."""

from __future__ import annotations

import logging

import pytest
from django.apps import apps
from django.db import connection

from wuxie.kernel.facts.models import Fact
from wuxie.kernel.notify.models import Message
from wuxie.kernel.papers.models import Attachment, Document
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.mediation.actions import handling, intake
from wuxie.rooms.mediation.models import Dispute
from wuxie.rooms.register.tests.factories import whole

from .factories import HIDDEN, HIDDEN_PHONE, voice

pytestmark = pytest.mark.django_db
PEOPLE = (
    "admin", "contact", "manager", "community", "street", "district", "city", "office", "president", "owner", "mediator", "second", "third",
)  # fmt: skip


@pytest.fixture
def planted(world):
    """A hidden voice in a case that goes as far as one can go without its name."""
    told = voice(world.project)
    case = Dispute.objects.get(pk=told.dispute_id)
    handling.classify(case, by=world["office"], title="顶层漏水", category="M5.02", summary="顶层屋面漏水，要求修好")
    handling.reply(case, by=world["manager"], words="本周派人")
    handling.accept(case, by=world["office"])
    handling.assign(case, by=world["office"], mediator=world.experts["mediator"])
    intake.ask(told, by=world["office"], question="哪一间？")
    intake.answer(told, words=f"主卧，我是{HIDDEN}")
    return told


def is_there(text: str) -> bool:
    return any(secret in text for secret in (HIDDEN, HIDDEN_PHONE, "欧阳"))


def test_no_page_sheet_or_search_says_who(world, browser, planted):
    case = planted.dispute.get_absolute_url()
    asked = ("/mediation/", f"/mediation/?q={HIDDEN}", f"/mediation/?q={HIDDEN_PHONE}", "/mediation/?format=csv", "/mediation/?format=xlsx",
             case, f"{case}party/", f"{case}merge/", f"{case}assign/", "/desk/", "/messages/", f"/search/?q={HIDDEN}")  # fmt: skip
    seen = 0
    for name in PEOPLE:
        for address in asked:
            answer = browser(name).get(address, follow=True)
            text = whole(answer).decode("utf-8", "replace")
            # What the mediator and the office read is the person's own answer; it is theirs to word.
            text = (
                text.replace(f"主卧，我是{HIDDEN}", "")
                .replace(f'value="{HIDDEN}"', "")
                .replace(f'value="{HIDDEN_PHONE}"', "")
            )
            text = (
                text.replace(f"“{HIDDEN}”", "")
                .replace(f"“{HIDDEN_PHONE}”", "")
                .replace(f"q={HIDDEN}", "")
                .replace(f"q={HIDDEN_PHONE}", "")
            )
            assert not is_there(text), (name, address)
            seen += answer.status_code == 200
    assert seen > 90


def test_a_search_finds_nobody_by_the_hidden_name(browser, planted):
    for name in ("office", "mediator", "admin"):
        shown = browser(name).get("/mediation/", {"q": HIDDEN}).context["shown"]
        assert shown.lines == []


def test_nothing_that_is_kept_in_the_clear_says_who(world, planted, caplog):
    with caplog.at_level(logging.DEBUG):
        intake.read(planted, by=world["office"], reason="电话核实")
    texts = [caplog.text]
    for model in (Event, Message, Fact, Document):
        texts += [str(sorted(row.items())) for row in model.objects.values()]
    assert not [text for text in texts if is_there(text)]


def test_at_rest_it_is_ciphertext(planted):
    with connection.cursor() as cursor:
        for table in {model._meta.db_table for model in apps.get_app_config("mediation").get_models()}:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for line in cursor.fetchall():
                raw = b"".join(
                    bytes(cell) if isinstance(cell, (bytes, memoryview)) else str(cell).encode() for cell in line
                )
                assert HIDDEN.encode() not in raw and HIDDEN_PHONE.encode() not in raw


def test_what_others_read_is_refused_if_it_says_who(world, planted):
    case = Dispute.objects.get(pk=planted.dispute_id)
    file = ("a.pdf", b"%PDF-1.4\n%%EOF\n")
    for verb in (
        lambda: handling.judge(case, by=world["office"], fault="none", note=f"{HIDDEN}说的不实"),
        lambda: handling.extend(case, by=world["mediator"], file=file, note=HIDDEN_PHONE),
        lambda: handling.refuse(case, by=world["admin"], side="respondent", who="mediator", note=f"他和{HIDDEN}是邻居"),
        lambda: (
            intake.merge(world.registered(), by=world["office"], into=case, note="")
            and intake.read(planted, by=world["office"], reason=HIDDEN)
        ),
    ):
        with pytest.raises(Refusal, match="不公开身份"):
            verb()
    with pytest.raises(Refusal, match="事项里有"):
        voice(world.project, title=f"{HIDDEN}家漏水")


def test_hidden_is_no_party_until_they_agree(world, planted):
    case = Dispute.objects.get(pk=planted.dispute_id)
    with pytest.raises(Refusal, match="不能写成当事人"):
        handling.add_party(case, by=world["office"], side="applicant", authority="self", voice=planted)
    for typed in ({"name": HIDDEN}, {"name": "邻居", "representative": f"{HIDDEN}代"}):
        with pytest.raises(Refusal, match="不公开身份的反映人"):
            handling.add_party(case, by=world["office"], side="applicant", authority="self", **typed)
    assert not case.parties.filter(side="applicant").exists()
    intake.reveal(planted, by=world["office"], note="3月12日电话里本人同意")
    handling.add_party(case, by=world["office"], side="applicant", authority="self", voice=planted)
    assert str(case.parties.get(side="applicant")) == "欧**"


def test_seeing_a_name_takes_a_reason_and_is_on_record(world, browser, planted):
    page = f"/mediation/voices/{planted.pk}/look/"
    for name in set(PEOPLE) - {"office", "mediator"}:
        assert browser(name).get(page).status_code in (403, 404), name
    assert browser("office").post(page, {"reason": " "}).status_code == 422
    assert HIDDEN in browser("office").post(page, {"reason": "电话核实情况"}).content.decode()
    assert Fact.objects.filter(kind="office.looked", subject=f"dispute:{planted.dispute_id}").count() == 1


def test_offices_of_the_area_read_no_minutes_and_no_papers(world, browser):
    case = world.at_table()
    for name in ("street", "district", "city", "community"):
        text = browser(name).get(case.get_absolute_url()).content.decode()
        assert "保密" in text and "受理通知书</a>" not in text
        assert browser(name).get(f"/mediation/sittings/{case.sittings.get().pk}/").status_code == 404
        paper = Document.objects.on(f"dispute:{case.pk}").first()
        assert browser(name).get(paper.get_absolute_url()).status_code in (403, 404)
    for name in ("admin", "mediator", "office"):
        assert (
            "双方说了各自的意见" in browser(name).get(f"/mediation/sittings/{case.sittings.get().pk}/").content.decode()
        )


def test_the_letter_itself_is_read_by_the_office_and_who_mediates(world, browser):
    told = voice(world.project, letter=(f"{HIDDEN}来信.pdf", b"%PDF-1.4\n%%EOF\n"))
    case = Dispute.objects.get(pk=told.dispute_id)
    handling.classify(case, by=world["office"], title="漏水", category="M5.02", summary="屋面漏水")
    handling.accept(case, by=world["office"])
    handling.assign(case, by=world["office"], mediator=world.experts["mediator"])
    handling.withdraw(case, by=world["office"], file=(f"{HIDDEN}撤回.pdf", b"%PDF-1.4 2\n%%EOF\n"))
    papers = list(Attachment.objects.filter(case=f"voice:{told.pk}").order_by("pk"))
    assert [one.title for one in papers] == ["来信或来文照片.pdf", "撤回申请.pdf"] and not Attachment.objects.on(
        f"dispute:{case.pk}"
    ).exists()
    for paper in papers:
        for name in PEOPLE:
            seen = browser(name).get(paper.get_absolute_url()).status_code == 200
            assert seen == (name in ("office", "president", "mediator")), (name, paper.title)
    assert "来信或来文照片" in browser("office").get(case.get_absolute_url()).content.decode()
    assert "来信或来文照片" not in browser("admin").get(case.get_absolute_url()).content.decode()
