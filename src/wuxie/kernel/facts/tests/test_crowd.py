"""Eight writers while the sealer works, on a real database of their own: nothing lost, doubled, locked or out of place."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from .crowd import RACES, WRITERS

STEPS = 25
SOURCES = str(Path(__file__).resolve().parents[4])


@pytest.fixture
def empty_database(tmp_path: Path, django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database that ends with the test."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'crowd.sqlite3'}"
        return
    import psycopg
    from psycopg import sql

    name = f"facts_crowd_{os.getpid()}"
    base = {**connection.settings_dict, "NAME": "postgres"}
    where = psycopg.conninfo.make_conninfo(
        host=base["HOST"], port=base["PORT"], user=base["USER"], password=base["PASSWORD"], dbname=base["NAME"]
    )
    with psycopg.connect(where, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"postgres://{base['USER']}:{base['PASSWORD']}@{base['HOST']}:{base['PORT']}/{name}"
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_eight_writers_and_the_sealer(empty_database: str, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": empty_database,
        "WUXIE_HOME": str(tmp_path / "home"),
        "PYTHONPATH": os.pathsep.join([SOURCES, *sys.path]),
    }
    done = subprocess.run(
        [sys.executable, "-m", "wuxie.kernel.facts.tests.crowd", str(STEPS)],
        env=environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "faults": [],
        "broken": [],
        "facts": WRITERS * STEPS * 2 + RACES,
        "links": WRITERS * STEPS * 4 + RACES,
        "races_won": RACES,
        "races_lost": (WRITERS - 1) * RACES,
        "codes": ["duplicate"],
        "waiting": 0,
        "several_seals": True,
    }
