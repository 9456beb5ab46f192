"""A whole world for the tests that only ask: built once for a module, because building it takes longer than most of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.db import transaction
from django.test import override_settings
from django.utils import translation

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.home import home

from . import world

ENGLISH = Path(__file__).resolve().parents[1] / "locale" / "en" / "LC_MESSAGES" / "django.po"


@pytest.fixture(scope="session")
def english_texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The English texts as set-up compiles them, from the catalogue of this moment; a folder for ``LOCALE_PATHS``."""
    kept = tmp_path_factory.mktemp("texts")
    folder = kept / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with ENGLISH.open("rb") as source, (folder / "django.mo").open("wb") as file:
        write_mo(file, read_po(source, locale="en"))
    return kept


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[world.City]:
    """Built by people who read Chinese; undone after the module's last test."""
    quick = {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(**quick), translation.override("zh-hans"):
            made = world.build()
        yield made
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def uploads(built: world.City, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sheets that wait to be brought in: a file that was dropped does not come back with the transaction."""
    return Path(shutil.copytree(home() / "imports", tmp_path_factory.mktemp("kept") / "imports"))


@pytest.fixture
def whole(built: world.City, uploads: Path, db: None) -> Iterator[world.City]:
    """The module's world on the day on which every page is asked for; what this test writes is undone after it."""
    shutil.copytree(uploads, home() / "imports", dirs_exist_ok=True)
    jars = {role: copy(browser.cookies) for role, browser in built.browsers.items()}
    with frozen(world.TODAY):
        yield built
    for role, browser in built.browsers.items():
        browser.cookies = jars[role]
