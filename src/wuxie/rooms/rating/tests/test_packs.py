"""A pack is computed again by a stranger: whole, and with nothing left out, hidden or changed."""

from __future__ import annotations

import datetime
import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from wuxie.rooms.rating import packs
from wuxie.rooms.rating.models import Application
from wuxie.rooms.rating.verifier import verify

from . import factories

pytestmark = pytest.mark.django_db
DAY = datetime.date


@pytest.fixture(autouse=True)
def home_of_the_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seals lay files down: each test has its own folder for them."""
    monkeypatch.setenv("WUXIE_HOME", str(tmp_path))


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
