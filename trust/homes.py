"""Installations to be attacked: a state folder and a database of their own, thrown away afterwards."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SERVER = os.environ.get("TRUST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
ENGINES = ("SQLite", "PostgreSQL")


@dataclass(frozen=True)
class Home:
    """``seed`` is what ``trust.seed`` printed: numbers and cookies that an attack needs."""

    engine: str
    folder: Path
    environment: dict[str, str]
    seed: dict[str, Any]

    def wuxie(self, *arguments: str, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        """Run a command of the program in this installation."""
        return subprocess.run(
            [sys.executable, "-m", "wuxie.config.cli", *arguments], env=self.environment, capture_output=True, text=True,
            timeout=timeout, check=False,
        )  # fmt: skip

    def verified(self) -> bool:
        """Seal what waits, then check the whole ledger with the program's own command."""
        self.wuxie("ledger", "seal")
        done = self.wuxie("ledger", "verify")
        return done.returncode == 0 and "VERIFIED" in done.stdout


def has_postgres() -> bool:
    import psycopg

    try:
        with psycopg.connect(SERVER, connect_timeout=3) as server:
            server.execute("SELECT 1")
    except psycopg.Error:
        return False
    return True


def engines() -> list[str]:
    """Which databases can be tried on this machine."""
    return [engine for engine in ENGINES if engine == "SQLite" or has_postgres()]


@contextlib.contextmanager
def home(engine: str, **extra: str) -> Iterator[Home]:
    """A migrated installation with one published star, against which anybody may object."""
    with tempfile.TemporaryDirectory(prefix="wuxie-trust-") as name, _database(engine, Path(name)) as url:
        environment = {
            **os.environ,
            "WUXIE_HOME": name,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "wuxie.config.settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
            "WUXIE_REQUIRE_TOTP": "0",
            "WUXIE_PROXIES": "1",
            "WUXIE_LOG": "CRITICAL",
            **extra,
        }
        for unwanted in ("WUXIE_DEMO", "WUXIE_TODAY"):
            environment.pop(unwanted, None)
        made = subprocess.run(
            [sys.executable, "-m", "trust.seed"], env=environment, capture_output=True, text=True, check=False
        )
        if made.returncode:
            raise RuntimeError(made.stderr)
        yield Home(engine, Path(name), environment, json.loads(made.stdout.splitlines()[-1]))


@contextlib.contextmanager
def _database(engine: str, folder: Path) -> Iterator[str]:
    if engine == "SQLite":
        yield f"sqlite:///{folder / 'wuxie.sqlite3'}"
        return
    import psycopg
    from psycopg import sql

    name = f"wuxie_trust_{os.getpid()}_{folder.name.rpartition('-')[2].lower()}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield f"{SERVER.rpartition('/')[0].replace('postgresql://', 'postgres://')}/{name}"
    finally:
        with psycopg.connect(SERVER, autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
