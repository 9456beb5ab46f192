"""The English texts are whole, keep what is filled in at run time, and reach the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ENGLISH = Path(__file__).resolve().parents[1] / "locale" / "en" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def texts(catalogue: Catalog) -> Iterator[tuple[Message, str, tuple[str, ...]]]:
    """Each message with its Chinese text and its English ones (two where English tells one from many)."""
    for message in catalogue:
        if message.id:
            chinese = message.id if isinstance(message.id, str) else message.id[0]
            yield message, chinese, (message.string,) if isinstance(message.string, str) else tuple(message.string)


def test_no_english_text_is_a_guess(catalogue: Catalog) -> None:
    assert not [chinese for message, chinese, _ in texts(catalogue) if message.fuzzy]


def test_every_chinese_text_has_an_english_one(catalogue: Catalog) -> None:
    assert not [chinese for _, chinese, english in texts(catalogue) if not all(english)]


def test_what_is_filled_in_at_run_time_is_filled_in_in_english_too(catalogue: Catalog) -> None:
    wrong = [
        chinese
        for _, chinese, english in texts(catalogue)
        for text in english
        if sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(chinese))
    ]
    assert not wrong


@pytest.fixture
def compiled(english_texts: Path, settings: Any) -> None:
    settings.LOCALE_PATHS = [english_texts]


@pytest.mark.django_db
def test_whoever_chose_english_signs_in_in_english(client: Any, compiled: None) -> None:
    client.cookies["django_language"] = "en"
    answer = client.get("/accounts/login/")
    page = answer.content.decode()
    assert answer.headers["Content-Language"] == "en"
    assert "Sign in to the desk" in page
    assert "登录工作台" not in page


@pytest.mark.django_db
def test_everyone_else_signs_in_in_chinese(client: Any, compiled: None) -> None:
    page = client.get("/accounts/login/", headers={"accept-language": "en"}).content.decode()
    assert "登录工作台" in page
    assert "Sign in to the desk" not in page
