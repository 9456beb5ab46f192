"""The names that stand in data (kinds, papers, columns, the shipped standard) are said in English, and found in Chinese."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeGuard

import pytest
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation import trans_real

from wuxie.config import label_source
from wuxie.kernel import labels
from wuxie.kernel.access.actor import actor_of
from wuxie.kernel.access.who import the_clock
from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts import kinds
from wuxie.kernel.facts.kinds import label_of
from wuxie.kernel.notify.models import Message
from wuxie.kernel.papers import registry as papers
from wuxie.kernel.standards.sentence import say
from wuxie.kernel.standards.words import in_words
from wuxie.kernel.tabular import headings, registry
from wuxie.kernel.tabular.reader import Grid
from wuxie.kernel.workflow.models import DeadlineRow, Event, Turn
from wuxie.kernel.workflow.table import workflows
from wuxie.rooms.rating.standards import DEMONSTRATION
from wuxie.rooms.safety.models import Hazard
from wuxie.rooms.safety.phone import bundle
from wuxie.rooms.safety.tests import phones
from wuxie.rooms.safety.tests.hazards import World

from . import world

HOUSE = Path(__file__).resolve().parents[1]
ENGLISH = HOUSE / "locale" / "en" / "LC_MESSAGES" / "django.po"
CHINESE = re.compile("[一-鿿]")


@pytest.fixture
def english(settings: Any, english_texts: Path) -> Iterator[None]:
    """English as it is in the catalogue, not as it was last compiled."""
    settings.LOCALE_PATHS = [english_texts]
    kept = trans_real._translations.copy()  # type: ignore[attr-defined]
    trans_real._translations.clear()  # type: ignore[attr-defined]
    with translation.override("en"):
        yield
    trans_real._translations.clear()  # type: ignore[attr-defined]
    trans_real._translations.update(kept)  # type: ignore[attr-defined]


def chinese_among(words: Any) -> list[str]:
    return [word for word in map(str, words) if CHINESE.search(word)]


def test_the_names_of_data_are_written_down_for_translation() -> None:
    """Asked of a process of its own: tests declare kinds and procedures beside those of the product."""
    asked = subprocess.run(
        [sys.executable, str(HOUSE / "manage.py"), "labels", "--check"], capture_output=True, text=True, cwd=HOUSE
    )
    assert asked.returncode == 0, asked.stderr


def test_every_name_of_the_registries_is_english_in_english(english: None) -> None:
    shipped = [kind for kind in kinds.all_kinds() if labels.kept(kind.label) in label_source.catalogue()]
    assert len(shipped) > 150
    kinds_said = [said for kind in shipped for said in (kind.label, labels.said(kind.unit))]
    kinds_said += [label_of(code) for kind in shipped for code in kind.codes()]
    assert chinese_among(kinds_said) == []
    assert chinese_among(labels.said(paper.label) for paper in papers.all_papers()) == []
    for one in registry.all_imports():
        columns = [said for column in one.sheet.columns for said in (column.label, column.help)]
        assert (
            chinese_among([one.label, one.help, one.sheet.label, *columns, *(u.label for u in one.sheet.unique)]) == []
        )
    said: list[str] = []
    in_words(label_source.load_yaml(DEMONSTRATION.read_bytes()), lambda word: said.append(labels.said(word)) or word)
    assert len(said) > 100
    assert chinese_among(said) == []
    words = {word for found in label_source.gather().values() for word in found} & label_source.catalogue()
    assert len(words) > 1500
    assert chinese_among(map(labels.said, words)) == []


def test_a_formula_is_said_in_english_from_end_to_end(english: None) -> None:
    formula = (
        'bands(sum("safety.duty_on_time", 12) / active("base.units"), [(0.9, 6), (0.8, 4)]) if has("base.units") else 0'
    )
    assert chinese_among([say(formula, label_of)]) == []
    assert say(formula, label_of).startswith("(bands of Duties done on time with valid evidence in the last 12 months")


def test_every_text_in_the_source_stands_in_the_catalogue() -> None:
    """GNU gettext does not look into a formatted string, so a text there would stay Chinese for ever."""
    with ENGLISH.open("rb") as source:
        known = {said for message in read_po(source, locale="en") for said in (
            message.id if isinstance(message.id, tuple) else (message.id,)) if not message.fuzzy and message.string}  # fmt: skip
    missing = [
        f"{path.relative_to(HOUSE)}:{node.lineno} {node.args[0].value}"
        for path in sorted((HOUSE / "src").rglob("*.py")) if "tests" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8"))) if _translates(node) and node.args[0].value not in known
    ]  # fmt: skip
    assert missing == []


def _translates(node: ast.AST) -> TypeGuard[ast.Call]:
    """Whether it asks for the translation of a Chinese text written out."""
    match node:
        case ast.Call(func=ast.Name(id="_" | "gettext" | "gettext_lazy" | "gettext_noop" | "ngettext"),
                      args=[ast.Constant(value=str(text)), *_rest]):  # fmt: skip
            return bool(CHINESE.search(text))
    return False


def test_every_procedure_is_english_in_english(english: None) -> None:
    own = [flow for flow in workflows() if flow.model.__module__.startswith("wuxie.rooms.")]
    assert own
    for flow in own:
        words = [flow.label, *flow.model.State.labels, *(step.label for _name, step in flow)]
        words += [step.by.label for _name, step in flow if step.by is not the_clock]
        assert chinese_among(words) == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_template_comes_in_again_whatever_the_language(english: None, language: str) -> None:
    """A template fetched in one language is read in either: no two columns share a name."""
    for one in registry.all_imports():
        with translation.override(language):
            heads = [str(column.label) for column in one.sheet.columns]
        for reading in ("zh-hans", "en"):
            with translation.override(reading):
                found = headings.find_layout(one.sheet, [Grid("Sheet1", [heads, ["x"] * len(heads)])])
            places = {column.field: (0, number) for number, column in enumerate(one.sheet.columns)}
            assert found.columns == places, (one.name, language, reading)


def test_chinese_stays_what_is_printed_and_looked_up(english: None) -> None:
    assert papers.get("star_decision").label == "授星决定书"
    assert labels.kept(kinds.get("petition.valid_fault").label) == "查实由企业负责的投诉"
    assert labels.said("没有人翻译过的名称") == "没有人翻译过的名称"
    assert labels.said("") == ""


LATE = labels.Sentence("逾期 %(n)s 日没有改好")
MAJOR = labels.Sentence("重大隐患：%(what)s")


def test_what_is_stored_is_chinese_whoever_acts_and_is_said_in_the_reader_s_language(english: None) -> None:
    stored = [LATE(n=3), MAJOR(what="电梯五方通话打不通")]
    assert stored == ["逾期 3 日没有改好", "重大隐患：电梯五方通话打不通"]
    assert chinese_among(map(labels.said, stored)) == []
    assert "3" in labels.said(stored[0]) and "Lift intercom dead" in labels.said(stored[1])
    with translation.override("zh-hans"):
        assert list(map(labels.said, stored)) == stored


def test_parts_are_said_and_names_between_them_stay(english: None) -> None:
    assert labels.said("翠屏花园 · 电梯五方通话打不通") == "翠屏花园 · Lift intercom dead"
    assert labels.said("派人守着；王师傅说明天来") == "Post someone there；王师傅说明天来"


def test_what_a_person_wrote_stays_as_it_is(english: None) -> None:
    for text in ("逾期没有改好，请尽快", "三号楼漏水，已经一周", "", "Room 3"):
        assert labels.said(text) == text


def test_every_stored_sentence_is_found_again_with_what_was_filled_in(english: None) -> None:
    for words, pattern in labels.sentences().items():
        gaps = {name: f"<{name}>" for name in pattern.groupindex}
        match = pattern.fullmatch(words % gaps)
        assert match is not None and match.groupdict() == gaps, words
        assert chinese_among([labels.said(words % gaps)]) == [], words


@pytest.mark.parametrize("words", ["没有空", "%(a)s%(b)s没有改", "%(a)s: %(b)s"])
def test_a_sentence_that_could_not_be_found_again_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match="cannot be found again"):
        labels.Sentence(words)


@pytest.mark.django_db
def test_what_is_put_on_record_is_chinese_whoever_acts_and_english_for_who_reads_so(english: None) -> None:
    world.places()
    people = World()
    people.closed("HZ-E05", worse=True, barriers=2)
    people.found("HZ-E05", worse=True)
    kept = [
        *Hazard.objects.values_list("why_level", flat=True), *Hazard.objects.values_list("label", flat=True),
        *Event.objects.values_list("label", flat=True), *DeadlineRow.objects.values_list("label", flat=True),
        *Message.objects.values_list("title", flat=True),
    ]  # fmt: skip
    assert len(kept) > 20
    assert [text for text in kept if not CHINESE.search(text)] == []
    assert chinese_among(map(labels.said, kept)) == []
    estate = people.project.estate.name
    assert set(Turn.objects.values_list("title", flat=True)) == {f"{estate} · 配电房进水、进小动物"}
    assert labels.said(Turn.objects.all()[0].title) == f"{estate} · Water or small animals in the power room"


@pytest.mark.django_db
def test_a_phone_is_given_its_day_in_the_language_of_its_holder(english: None) -> None:
    world.places()
    project = phones.started()
    holder = phones.on_duty(project, "ELECTRICIAN")
    with frozen(phones.at(9)):
        day = bundle(actor_of(holder.person))
    assert len(day["duties"]) > 3
    said = [duty[part] for duty in day["duties"] for part in ("text", "every", "place")]
    said += [reading[part] for duty in day["duties"] for reading in duty["readings"] for part in ("name", "unit")]
    assert chinese_among(said) == []
    assert "Transformer temperature" in said
