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
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[1]
SEARCHED = os.pathsep.join([str(ROOT), str(ROOT / "src")])
WUXIE = (sys.executable, "-m", "wuxie.config.cli")
SERVER = os.environ.get("TRUST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
ENGINES = ("SQLite", "PostgreSQL")
#: The database from which others are copied.
PATTERN = f"wuxie_trust_pattern_{os.environ.get('TRUST_RUN', os.getpid())}"


def ask(
    environment: dict[str, str], module: str, *arguments: str, given: str | None = None, log: IO[bytes] | None = None,
    timeout: float | None = None,
) -> Any:  # fmt: skip
    """Run a module of this folder; the JSON on its last line. What it says beside goes to the terminal, or into ``log``."""
    done = subprocess.run(
        [sys.executable, "-m", f"trust.{module}", *arguments], env=environment, cwd=ROOT, input=given, stdout=subprocess.PIPE,
        stderr=log, text=True, timeout=timeout, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"trust.{' '.join([module, *arguments])} broke off with {done.returncode}")
    return json.loads(done.stdout.splitlines()[-1])


@dataclass(frozen=True)
class Home:
    """``seed`` is what ``trust.seed`` printed: numbers and cookies that an attack needs."""

    engine: str
    folder: Path
    environment: dict[str, str]
    seed: dict[str, Any] = field(default_factory=dict)

    def wuxie(self, *arguments: str, code: int = 0) -> str:
        """Run a command of the program in this installation; what it says. Another exit code than ``code`` is a fault."""
        ran = subprocess.run([*WUXIE, *arguments], env=self.environment, capture_output=True, text=True, check=False)
        if ran.returncode != code:
            raise RuntimeError(f"wuxie {' '.join(arguments)}: {ran.returncode}\n{ran.stdout}{ran.stderr}")
        return ran.stdout + ran.stderr

    def ask(self, module: str, *arguments: str, given: str | None = None, **more: str) -> Any:
        """Run a module of this folder inside the installation."""
        return ask(self.environment | more, module, *arguments, given=given)

    def verified(self) -> bool:
        """Seal what waits, then check the whole ledger with the program's own command."""
        try:
            self.wuxie("ledger", "seal")
            return "VERIFIED" in self.wuxie("ledger", "verify")
        except RuntimeError as fault:
            print(fault, file=sys.stderr)
            return False


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
def home(engine: str) -> Iterator[Home]:
    """A migrated installation with a few published stars, against which anybody may object.

    Inside ``seeds`` it is copied from a pattern; that saves the migrations.
    """
    pattern = _pattern(engine)
    with tempfile.TemporaryDirectory(prefix="wuxie-trust-") as name:
        folder = Path(name)
        if pattern:
            shutil.copytree(pattern, folder, dirs_exist_ok=True)
        with database(engine, folder, PATTERN if pattern else "") as url:
            inside = environment(folder, url)
            said = folder / "seed.json"
            if not pattern:
                _seed(inside, said)
            yield Home(engine, folder, inside, json.loads(said.read_text(encoding="utf-8")))


@contextlib.contextmanager
def seeds() -> Iterator[None]:
    """While the block runs, installations are copies of a pattern of their kind, in all processes."""
    with tempfile.TemporaryDirectory(prefix="wuxie-trust-seeds-") as name:
        os.environ["TRUST_SEEDS"] = name
        try:
            for engine in engines():
                _pattern(engine)
            yield
        finally:
            del os.environ["TRUST_SEEDS"]
            if has_postgres():
                _server("DROP DATABASE IF EXISTS {} WITH (FORCE)", PATTERN)


def environment(folder: Path, url: str = "", **extra: str) -> dict[str, str]:
    """Of an installation in this folder; without an address its database is the SQLite file in it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WUXIE_")}
    return {
        **kept,
        "WUXIE_HOME": str(folder),
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "wuxie.config.settings",
        "PYTHONPATH": SEARCHED,
        "PYTHONWARNINGS": "ignore",
        "WUXIE_REQUIRE_TOTP": "0",
        "WUXIE_PROXIES": "1",
        "WUXIE_LOG": "CRITICAL",
        **extra,
    }


def _pattern(engine: str) -> Path | None:
    """The folder to copy from, built by ``seeds``; ``None`` outside."""
    if "TRUST_SEEDS" not in os.environ:
        return None
    folder = Path(os.environ["TRUST_SEEDS"]) / engine
    if not (folder / "seed.json").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        if engine == "PostgreSQL":
            _server("DROP DATABASE IF EXISTS {} WITH (FORCE)", PATTERN)
            _server("CREATE DATABASE {}", PATTERN)
        _seed(environment(folder, _address(PATTERN) if engine == "PostgreSQL" else ""), folder / "seed.json")
    return folder


def _seed(inside: dict[str, str], said: Path) -> None:
    said.write_text(json.dumps(ask(inside, "seed")), encoding="utf-8")


def _address(name: str) -> str:
    return f"{SERVER.rpartition('/')[0].replace('postgresql://', 'postgres://')}/{name}"


def _server(statement: str, *names: str) -> None:
    """One statement of the server's owner; the names are quoted into it."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextlib.contextmanager
def database(engine: str, folder: Path, pattern: str = "") -> Iterator[str]:
    """The address of a database of its own, empty or copied; that of SQLite lies in the folder."""
    if engine == "SQLite":
        yield ""
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
