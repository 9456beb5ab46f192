"""Hostile files, formulas, templates, addresses, plaque codes, canaries, ended posts: the list of attacks one after another.

``rows`` runs ``trust.attacking`` in an empty installation of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .homes import ROOT
from .row import Row


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="wuxie-attacks-") as name:
        environment = {
            **os.environ,
            "WUXIE_HOME": name,
            "DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "wuxie.config.settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
            "PYTHONWARNINGS": "ignore",
            "WUXIE_REQUIRE_TOTP": "0",
            "WUXIE_PROXIES": "1",
            "WUXIE_LOG": "WARNING",
        }
        with (Path(name) / "server.log").open("wb") as log:
            done = subprocess.run([sys.executable, "-m", "trust.attacking"], env=environment, stdout=subprocess.PIPE,
                                  stderr=log, text=True, check=False)  # fmt: skip
        if done.returncode:
            raise RuntimeError((Path(name) / "server.log").read_text(encoding="utf-8")[-3000:])
        return [Row(*row) for row in json.loads(done.stdout.splitlines()[-1])]
