"""Whoever reads in English finds no Chinese sentence: names and what people wrote are all that stays.

The pages of the small city are asked for in English by three roles. What is then still Chinese must be a proper name or a
text out of a field that people fill in; anything else is a text that somebody forgot.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.apps import apps

from wuxie.config import label_source
from wuxie.kernel import labels
from wuxie.kernel.facts import kinds
from wuxie.kernel.parties.models import Person
from wuxie.kernel.standards.models import Version
from wuxie.kernel.standards.words import in_words
from wuxie.kernel.workflow.table import workflows
from wuxie.rooms.safety import library

from . import world
from .asking import ask
from .matrix import ROWS
from .test_labels import CHINESE, chinese_among, english  # noqa: F401

ROLES = ("secretariat", "president", "manager")
#: What people write, by table; what the program writes itself must be read in English and stands nowhere here.
WRITTEN = {
    "places.place": ("name",),
    "parties.organisation": ("name", "short_name"),
    "parties.person": ("name",),
    "register.estate": ("name", "address", "developer"),
    "register.building": ("name",),
    "register.post": ("name",),
    "rating.cycle": ("name", "document_number", "document_title", "document_authority"),
    "rating.award": ("decision",),
    "rating.factdispute": ("reason", "reply"),
    "rating.objection": ("text", "reply"),
    "rating.latefact": ("plea", "reason"),
    "rating.opinion": ("text",),
    "rating.mark": ("reason",),
    "rating.session": ("minutes",),
    "rating.visit": ("note",),
    "safety.dutylist": ("reason", "decided_name"),
    "safety.hazard": ("place", "words"),
    "safety.permit": ("work", "place", "contractor"),
    "safety.incident": ("place", "words"),
    "safety.occurrence": ("words",),
    "safety.drill": ("scenario",),
    "inspections.asset": ("code", "place"),
    "inspections.pool": ("title",),
    "resale.account": ("entity", "grid", "transformer", "basis", "plan"),
    "resale.meter": ("code", "user"),
    "resale.month": ("plan",),
    "resale.refund": ("user", "reason"),
    "fund.repair": ("title", "where", "words"),
    "mediation.dispute": ("title", "summary"),
    "mediation.voice": ("words",),
    "mediation.petition": ("title", "summary"),
    "mediation.sitting": ("place", "present", "minutes"),
    "mediation.expert": ("field",),
    "mediation.rota": ("name", "place"),
    "mediation.affiliation": ("basis",),
    "fees.adjustment": ("reason", "clause", "guide_basis", "reviewer", "review", "vote_reference"),
    "fees.costline": ("words",),
    "fees.option": ("words",),
    "fees.promise": ("words", "measure"),
    "fees.check": ("words",),
    "fees.question": ("words", "answer"),
    "fees.finding": ("number", "words"),
    "association.meeting": ("title", "venue"),
    "association.item": ("title", "text"),
    "association.resolution": ("title",),
    "association.task": ("title", "deliverable"),
    "association.admission": ("statement",),
    "association.inquiry": ("title", "text"),
    "association.letter": ("title", "text"),
    "association.activity": ("title",),
    "association.budgetline": ("label",),
    "conduct.proceeding": ("title", "words"),
    "conduct.record": ("words", "paper_authority", "paper_number"),
    "assembly.decision": ("title",),
    "assembly.item": ("title",),
    "safety.riskpoint": ("place", "danger", "control"),
    "safety.spot": ("label",),
    "papers.document": ("number",),
    "papers.attachment": ("title",),
    "notify.robot": ("name",),
    "openapi.apitoken": ("name",),
    "portal.plaquereport": ("seen_at", "text"),
    "statutes.localfigure": ("article",),
    "clock.holidayyear": ("source",),
    "tabular.upload": ("title",),
}
#: The switch to Chinese says so in Chinese, the product has a name; what the verifier prints, and what is typed or pasted as
#: it stands on Chinese forms, is quoted.
ALWAYS = (
    "中文",
    "物协",
    "不符",
    "“无”",
    "同意",
    "反对",
    "弃权",
    "废票",
    "送达未交",
    "已交付",
    "未交付",
    "未售",
    "国办发明电〔2025〕7号",
    "元旦：1月1日至3日放假，共3天。1月4日上班。",
    "国庆节：2027-10-01 至 2027-10-07 放假",
)
#: The title of an official notice.
NOTICE = re.compile("国务院办公厅关于20[0-9]{2}年部分节假日安排的通知")
#: Where the text of papers is kept: they are printed in Chinese.
PAPERS = ("papers:templates", "papers:template")


class _Words(HTMLParser):
    """What a reader is told by a page: its text and the attributes that are read out; not what says that it is Chinese."""

    SPOKEN = ("alt", "title", "aria-label", "placeholder", "data-label", "content")
    EMPTY = ("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "use", "path", "wbr")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if self.silent or tag in ("script", "style", "textarea") or (known.get("lang") or "").startswith("zh"):
            self.silent += tag not in self.EMPTY
            return
        self.found += [known[name] or "" for name in self.SPOKEN if name in known]
        if tag == "input" and known.get("type") in ("submit", "button"):
            self.found.append(known.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if self.silent and tag not in self.EMPTY:
            self.silent -= 1

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data)


def words_of(page: str) -> list[str]:
    reader = _Words()
    reader.feed(page)
    # One sign alone is the first of a name, in a circle.
    return [" ".join(text.split()) for text in reader.found if CHINESE.search(text) and len(text.strip()) > 1]


def written() -> list[str]:
    """Every text that stands in a field that people fill in, the longest first."""
    found = set(ALWAYS)
    for name, fields in WRITTEN.items():
        for row in apps.get_model(name).objects.values_list(*fields):
            found |= {part for part in row if part and CHINESE.search(part)}
    found |= {person.masked_name for person in Person.objects.all()}
    # Tables and kinds that other tests have declared in the same process are nobody's to read.
    found |= {str(workflow.label) for workflow in workflows() if ".tests." in workflow.model.__module__}
    found |= {labels.kept(kind.label) for kind in kinds.all_kinds()} - label_source.catalogue()
    for (
        version
    ) in Version.objects.all():  # this world's standard is a city's own, not the one that comes with the program
        in_words(version.document, lambda word: found.add(word) or word)
    return sorted(found, key=len, reverse=True)


@pytest.fixture
def city(whole: world.City) -> world.City:
    """Built by people who read Chinese."""
    return whole


@pytest.mark.parametrize("role", ROLES)
def test_no_page_says_a_chinese_sentence_in_english(english: None, city: world.City, role: str) -> None:  # noqa: F811
    names = re.compile("|".join(map(re.escape, written())))
    city.browsers[role].cookies["django_language"] = "en"
    found: dict[str, list[str]] = {}
    for name, row in ROWS.items():
        if role not in row.who or row.method != "get" or row.token or name in PAPERS:
            continue
        answer = ask(city, role, name, row, city.own)
        if answer.status_code != 200 or not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        for text in words_of(answer.content.decode()):
            if CHINESE.search(names.sub("", NOTICE.sub("", text))):
                found.setdefault(text, []).append(name)
    assert not found, "\n" + "\n".join(
        f"{text}  ({', '.join(sorted(set(where))[:4])})" for text, where in found.items()
    )


def test_the_shipped_library_is_english_in_english(english: None) -> None:  # noqa: F811
    said: list[str] = []
    library.in_words(library.shipped(), lambda word: said.append(labels.said(word)) or word)
    assert len(said) > 600
    assert chinese_among(said) == []


def test_a_library_of_the_association_s_own_keeps_its_words(english: None) -> None:  # noqa: F811
    own = library.shipped()
    own["hazards"]["hazards"][0]["label"] = "河道护栏松动"
    spec = next(iter(library.hazards(library.in_words(own)).values()))
    assert (spec.label, spec.basis) == ("河道护栏松动", "Fire Protection Law, art. 28")
    assert next(iter(library.hazards(own).values())).basis == "消防法28条", "the document itself is not touched"
