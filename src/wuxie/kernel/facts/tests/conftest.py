from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from wuxie.kernel.facts.testing import declared

from .factories import KINDS


@pytest.fixture(autouse=True)
def kinds_of_the_test() -> Iterator[None]:
    with declared(*KINDS):
        yield


@pytest.fixture(autouse=True)
def home_of_the_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seals lay files down: each test has its own folder for them."""
    monkeypatch.setenv("WUXIE_HOME", str(tmp_path))
