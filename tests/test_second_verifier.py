"""The verifier in a pack and one written in another language from the contract alone say the same."""

from __future__ import annotations

from pathlib import Path

from trust.second import disagreements


def test_both_verify_what_is_whole_and_refuse_what_is_spoiled(tmp_path: Path) -> None:
    assert list(disagreements(tmp_path, 120)) == []
