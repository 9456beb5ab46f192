"""Installations to be attacked: a state folder and a database of their own, thrown away afterwards."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
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
#: The database from which others are copied.
PATTERN = f"wuxie_trust_pattern_{os.environ.get('TRUST_RUN', os.getpid())}"


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
    """A migrated installation with a few published stars, against which anybody may object.

    Where ``seeds`` made a pattern of it, the pattern is copied; that saves the migrations.
    """
    pattern = Path(os.environ.get("TRUST_SEEDS", "/nonexistent")) / engine
    with tempfile.TemporaryDirectory(prefix="wuxie-trust-") as name:
        folder = Path(name)
        if pattern.exists():
            shutil.copytree(pattern, folder, dirs_exist_ok=True)
        with _database(engine, folder, PATTERN if pattern.exists() else "") as url:
            environment = _environment(folder, url, extra)
            said = folder / "seed.json"
            if not said.exists():
                _seed(environment, said)
            yield Home(engine, folder, environment, json.loads(said.read_text(encoding="utf-8")))


@contextlib.contextmanager
def seeds() -> Iterator[None]:
    """Build one pattern a database, from which the parts copy theirs while the block runs."""
    with tempfile.TemporaryDirectory(prefix="wuxie-trust-seeds-") as name:
        try:
            for engine in engines():
                folder = Path(name) / engine
                folder.mkdir()
                url = f"sqlite:///{folder / 'wuxie.sqlite3'}"
                if engine == "PostgreSQL":
                    url = _address(PATTERN)
                    _server("DROP DATABASE IF EXISTS {} WITH (FORCE)", PATTERN)
                    _server("CREATE DATABASE {}", PATTERN)
                _seed(_environment(folder, url, {}), folder / "seed.json")
            os.environ["TRUST_SEEDS"] = name
            yield
        finally:
            os.environ.pop("TRUST_SEEDS", None)
            if has_postgres():
                _server("DROP DATABASE IF EXISTS {} WITH (FORCE)", PATTERN)


def _environment(folder: Path, url: str, extra: dict[str, str]) -> dict[str, str]:
    environment = {
        **os.environ,
        "WUXIE_HOME": str(folder),
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "wuxie.config.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
        "PYTHONWARNINGS": "ignore",
        "WUXIE_REQUIRE_TOTP": "0",
        "WUXIE_PROXIES": "1",
        "WUXIE_LOG": "CRITICAL",
        **extra,
    }
    for unwanted in ("WUXIE_DEMO", "WUXIE_TODAY"):
        environment.pop(unwanted, None)
    return environment


def _seed(environment: dict[str, str], said: Path) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "trust.seed"], env=environment, capture_output=True, text=True, check=False
    )
    if made.returncode:
        raise RuntimeError(made.stderr)
    said.write_text(made.stdout.splitlines()[-1], encoding="utf-8")


def _address(name: str) -> str:
    return f"{SERVER.rpartition('/')[0].replace('postgresql://', 'postgres://')}/{name}"


def _server(statement: str, *names: str) -> None:
    """One statement of the server's owner; the names are quoted into it."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextlib.contextmanager
def _database(engine: str, folder: Path, pattern: str) -> Iterator[str]:
    if engine == "SQLite":
        yield f"sqlite:///{folder / 'wuxie.sqlite3'}"
        return
    name = f"wuxie_trust_{os.getpid()}_{folder.name.rpartition('-')[2].lower()}"
    if pattern:
        _server("CREATE DATABASE {} TEMPLATE {}", name, pattern)
    else:
        _server("CREATE DATABASE {}", name)
    try:
        yield _address(name)
    finally:
        _server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
