"""Hostile files, formulas, templates, addresses, plaque codes, canaries, ended posts: the list of attacks one after another.

``rows`` runs ``trust.attacking`` in an empty installation of its own, whose server log is searched like its other files.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from .homes import ask, environment
from .row import Row


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="wuxie-attacks-") as name:
        said = Path(name) / "server.log"
        try:
            with said.open("wb") as log:
                made = ask(environment(Path(name), WUXIE_LOG="WARNING"), "attacking", log=log)
        except RuntimeError:
            print(said.read_text(encoding="utf-8")[-3000:], file=sys.stderr)
            raise
        return [Row(*row) for row in made]
