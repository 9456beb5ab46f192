"""What every test of this room starts from."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def places(city: Any) -> Any:
    return city
