"""A pack is computed again by a stranger: whole, and with nothing left out, hidden or changed."""

from __future__ import annotations

import datetime
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts import ledger, sealer
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.facts.refusal import Refused
from wuxie.kernel.notify.models import Message
from wuxie.rooms.rating import keepers, packs
from wuxie.rooms.rating.actions import dispute, review, scoring
from wuxie.rooms.rating.models import Application
from wuxie.rooms.rating.verifier import verify

from . import factories

pytestmark = pytest.mark.django_db
DAY = datetime.date


@pytest.fixture(autouse=True)
def home_of_the_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seals lay files down: each test has its own folder for them."""
    monkeypatch.setenv("WUXIE_HOME", str(tmp_path))


@pytest.fixture
def built(city: Any, september: None, home_of_the_test: None) -> Any:
    """Built for each test: what is secret is written with the key of its folder."""
    return factories.in_september()


def unpacked(pack: bytes, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    zipfile.ZipFile(io.BytesIO(pack)).extractall(folder)
    return folder


def fits(folder: Path, root: str | None = None) -> dict[str, str]:
    lines = verify.verify(str(folder), root)
    assert lines[0] == "VERIFIED"
    return dict(line.split(" ", 1) for line in lines[1:5])


def exported(application: Application, folder: Path) -> Path:
    application.refresh_from_db()
    return unpacked(packs.export(str(application.pk)), folder)


def test_a_stranger_computes_the_star_again(world: Any, tmp_path: Path) -> None:
    application = factories.published(world)
    folder = exported(application, tmp_path / "pack")
    done = subprocess.run([sys.executable, "verify.py"], cwd=folder, capture_output=True, text=True, encoding="utf-8")
    seal = packs.seal_of(application.snapshot)
    assert seal is not None
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[:5] == [
        "VERIFIED", f"root {seal.root}", f"size {seal.size}",
        f"sealed_at {seal.sealed_at.strftime('%Y-%m-%dT%H:%M:%S.%fZ')}", f"verify.py {packs.verifier_sha256()}",
    ]  # fmt: skip
    assert f"{application.snapshot.total} 分，{application.snapshot.stars} 星" in done.stdout


def test_nobody_who_wrote_and_no_words_are_in_a_pack(world: Any, tmp_path: Path) -> None:
    application = factories.in_review(world)
    factories.record(
        world.project.key, "petition.valid_fault", on=DAY(2026, 8, 1), note="业主张三反映", personal={"name": "张三"}
    )
    with frozen(DAY(2026, 10, 9)):
        factories.mark_all(world, application, {"A6": ["8", "8.5", "9"], "D6": ["9", "9", "9.5"]})
        world_reviewers = {f"person:{one.pk}" for one in world.reviewers}
        review.record_visit(application, by=world.panel(application)[0], spots=factories.SPOTS)
        review.finish_review(application, by=world.panel(application)[0])
        folder = exported(application, tmp_path / "pack")
    text = "".join(path.read_text("utf-8") for path in folder.iterdir())
    assert "张三" not in text and "petition.valid_fault" in text
    assert [one for one in sorted(world_reviewers) if f'"{one}"' in text] == []
    for fact in Fact.objects.exclude(salt=""):
        assert fact.salt not in text


def test_facts_of_the_company_and_what_was_decided_about_them_are_in_the_pack(world: Any, tmp_path: Path) -> None:
    """A late fact of the company that the panel lets count, one that was withdrawn, one that an upheld dispute ended."""
    with frozen(DAY(2026, 9, 20)):
        graded = factories.record(
            world.company.key,
            "credit.graded.d",
            on=DAY(2026, 1, 1),
            valid_until=DAY(2027, 1, 1),
            trust="authority_document",
        )
        fault = factories.record(world.project.key, "petition.valid_fault", on=DAY(2026, 5, 1))
        ledger.dispute(fault, by="person:900", reason="不是我们")
        secret = factories.record(world.company.key, "discipline.sanction", on=DAY(2026, 2, 1))
    application = factories.in_review(world)
    first = exported(application, tmp_path / "first")
    result = json.loads((first / "result.json").read_text("utf-8"))["explained"]
    assert (result["vetoes"], result["stars"]) == (["V9"], 0)
    lines = {line["doc"]["id"]: line for line in map(json.loads, (first / "facts.jsonl").read_bytes().splitlines())}
    assert "body" in lines[graded.pk] and "body" in lines[fault.pk]
    assert "body" not in lines[secret.pk]
    fits(first)
    with frozen(DAY(2026, 10, 10)):
        opened = dispute.open_dispute(world.project, graded.pk, by=world["alice"], reason="主管部门已更正")
        dispute.uphold(opened, by=world["secretary"], reply="有更正文书")
        factories.mark_all(world, application, {"A6": ["8", "8.5", "9"], "D6": ["9", "9", "9.5"]})
        review.record_visit(application, by=world.panel(application)[0], spots=factories.SPOTS)
        review.finish_review(application, by=world.panel(application)[0])
        second = exported(application, tmp_path / "second")
        again = exported(application, tmp_path / "again")
    assert json.loads((second / "result.json").read_text("utf-8"))["explained"]["vetoes"] == []
    fits(again, fits(second)["root"])
    with pytest.raises(verify.Unfit, match="ROOT"):
        fits(first, fits(second)["root"])


def test_what_waits_for_a_seal_is_not_handed_out(world: Any) -> None:
    application = factories.in_review(world)
    application.refresh_from_db()
    with pytest.raises(Refused, match="还没有封存"):
        packs.build(application.snapshot)
    sealer.seal()
    assert packs.build(application.snapshot) == packs.build(application.snapshot)


def test_no_pack_leaves_the_house_that_the_verifier_refuses(world: Any) -> None:
    application = factories.in_review(world)
    application.refresh_from_db()
    sealer.seal()
    application.snapshot.result["total"] = "1.0"
    with pytest.raises(Refused, match="自检"):
        packs.build(application.snapshot)
    application.snapshot.number = 9
    with pytest.raises(Refused, match="早于证据包"):
        packs.build(application.snapshot)


def test_the_command_exports_by_number_and_by_key(world: Any, tmp_path: Path, capsys: Any) -> None:
    application = factories.published(world)
    application.refresh_from_db()
    for place, name in enumerate((application.number, str(application.pk))):
        out = tmp_path / f"{place}.zip"
        call_command("ledger", "export", "--rating", name, "--out", str(out))
        fits(unpacked(out.read_bytes(), tmp_path / f"pack{place}"))
    assert "已写出" in capsys.readouterr().out
    for name, code in (("XJ-0", 2), ("", 2), ("9" * 30, 2)):
        with pytest.raises(SystemExit) as left:
            call_command("ledger", "export", "--rating", name, "--out", str(tmp_path / "none.zip"))
        assert left.value.code == code
    assert "没有编号为" in capsys.readouterr().err and not (tmp_path / "none.zip").exists()
    with pytest.raises(SystemExit) as left:
        call_command("ledger", "export", "--rating", str(application.pk), "--out", str(tmp_path / "no" / "way.zip"))
    assert left.value.code == 2
    Application.objects.filter(pk=application.pk).update(snapshot=None)
    with pytest.raises(SystemExit) as left:
        call_command("ledger", "export", "--rating", str(application.pk), "--out", str(tmp_path / "none.zip"))
    assert left.value.code == 1 and "还没有取数计分" in capsys.readouterr().err


def test_the_seal_on_a_notice_is_the_one_of_its_pack(world: Any, tmp_path: Path) -> None:
    application = factories.published(world)
    application.refresh_from_db()
    assert not scoring.note_seal(application.snapshot)
    with frozen(DAY(2026, 10, 21)):
        sealer.seal()
        factories.record(world.project.key, "ticket.total", on=DAY(2026, 9, 1))
        sealer.seal()
    assert scoring.note_seal(application.snapshot)
    assert scoring.note_seal(application.snapshot), "what is written down stays"
    with frozen(DAY(2026, 10, 22)):
        assert application.snapshot.seal == f"1:{fits(exported(application, tmp_path / 'pack'))['root']}"


def test_the_weekly_root_goes_out_once_a_week_and_is_in_later_packs(world: Any, tmp_path: Path, settings: Any) -> None:
    settings.LEDGER_KEEPERS = ["street@example.org", "archive@example.org"]
    application = factories.in_review(world)
    with frozen(DAY(2026, 10, 9)):
        assert keepers.publish_if_due() is None
        first = sealer.seal()
        assert keepers.publish_if_due() == first
        sealer.seal()
        assert keepers.publish_if_due() is None
    people = [world.people["street"].pk, world.people["city"].pk]
    told = Message.objects.filter(key=f"ledger.root:{first.number}")
    assert sorted(told.values_list("person_key", flat=True)) == sorted(f"person:{pk}" for pk in people)
    assert all(first.root in one.body and packs.verifier_sha256() in one.body for one in told)
    keepers.mail(first.number, "archive@example.org")
    assert mail.outbox[0].to == ["archive@example.org"] and first.root in mail.outbox[0].body
    with frozen(DAY(2026, 10, 16)):
        assert keepers.publish_if_due() is not None
        fits(exported(application, tmp_path / "pack"), first.root)
    sources = Fact.objects.filter(kind="rating.root_published").order_by("recorded_at").values_list("source", flat=True)
    assert sources[0] == f"ledger/published/{first.number}" and len(sources) == 2


def test_a_city_without_seals_or_estates_sends_nothing(city: Any) -> None:
    assert keepers.publish_if_due() is None
