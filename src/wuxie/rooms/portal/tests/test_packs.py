"""What a visitor may take home to check a star, and what not."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts import sealer
from wuxie.kernel.facts.canonical import sha256
from wuxie.kernel.papers.actions import print_later
from wuxie.rooms.rating import packs
from wuxie.rooms.rating.actions import scoring
from wuxie.rooms.rating.tests import factories
from wuxie.rooms.rating.verifier import verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(city: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("WUXIE_HOME", str(tmp_path))
    cache.clear()
    with frozen(datetime.date(2026, 9, 10)), print_later():
        made = factories.world()
        factories.a_year(made.project)
        factories.open_cycle(made)
        yield made


def test_a_visitor_takes_verifier_and_pack_and_compares_them_with_the_notice(
    client: Client, world: Any, tmp_path: Path
) -> None:
    application = factories.published(world)
    application.refresh_from_db()
    with frozen(datetime.date(2026, 10, 21)):
        waiting = client.get(f"/notices/{application.number}/pack.zip")
        assert waiting.status_code == 422 and "还没有封存" in waiting.content.decode()
        seal = sealer.seal()
        assert seal is not None and scoring.note_seal(application.snapshot)
        address = f"/notices/{application.number}/pack.zip"
        page = client.get("/verify/ledger/").content.decode()
        notice = client.get(f"/notices/{application.number}/").content.decode()
        paper = client.get(f"/notices/{application.number}/print/").content.decode()
        taken = client.get(address)
        program = client.get("/verify/ledger/verify.py")
    assert address in page and address in notice
    spaced = " ".join(seal.root[at : at + 4] for at in range(0, 64, 4))
    digest = " ".join(packs.verifier_sha256()[at : at + 4] for at in range(0, 64, 4))
    moment = f"{seal.sealed_at:%Y-%m-%dT%H:%M:%S.%fZ}"
    for text in (page, notice, paper):
        assert spaced in text and digest in text and moment in text and f"大小 {seal.size}" in text
    assert sha256(program.content) == packs.verifier_sha256()
    assert "no-store" in taken.headers["Cache-Control"]
    folder = tmp_path / "pack"
    zipfile.ZipFile(io.BytesIO(taken.content)).extractall(folder)
    assert verify.verify(str(folder), seal.root)[0] == "VERIFIED"
    assert (folder / "verify.py").read_bytes() == program.content


def test_what_is_not_published_has_no_pack(client: Client, world: Any) -> None:
    application = factories.reviewed(world)
    application.refresh_from_db()
    with frozen(datetime.date(2026, 10, 21)):
        sealer.seal()
        assert application.number and client.get(f"/notices/{application.number}/pack.zip").status_code == 404
        assert application.number not in client.get("/verify/ledger/").content.decode()


def test_a_pack_with_facts_whose_words_would_be_shown_is_not_public(
    client: Client, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = factories.published(world)
    application.refresh_from_db()
    with frozen(datetime.date(2026, 10, 21)):
        sealer.seal()
        real = packs.packing.links_of

        def with_an_old_one(*given: Any) -> Any:
            links = real(*given)
            links[0].fact.salt = ""  # the triggers let nobody write such a fact into the ledger now
            return links

        monkeypatch.setattr(packs.packing, "links_of", with_an_old_one)
        answer = client.get(f"/notices/{application.number}/pack.zip")
    assert answer.status_code == 422 and "旧格式" in answer.content.decode()


def test_packs_are_handed_out_a_few_an_hour(client: Client, world: Any) -> None:
    application = factories.published(world)
    application.refresh_from_db()
    with frozen(datetime.date(2026, 10, 21)):
        answers = [client.get(f"/notices/{application.number}/pack.zip").status_code for _ in range(21)]
    assert answers == [422] * 20 + [429]
