"""From nothing to a house, lost and brought back on an empty machine by one officer's private key."""

import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from wuxie.kernel.custody import age, officers

pytestmark = pytest.mark.database
WUXIE = [str(Path(sys.executable).parent / "wuxie")]
PHRASE = "three unrelated words"
WRITER = """
import itertools, django; django.setup()
from wuxie.kernel.parties.models import Person
for number in itertools.count():
    Person.objects.create(name=f"后来{number}")
    print(number, flush=True)
"""
NAMES = "from wuxie.kernel.parties.models import Person; print(*[p.name for p in Person.objects.all()])"


class Machine:
    """A state folder and, on PostgreSQL, a database of its own."""

    def __init__(self, folder: Path, address: str) -> None:
        self.home = folder
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("WUXIE_") and name != "DATABASE_URL"
        } | {
            "WUXIE_HOME": str(folder),
            "DJANGO_SETTINGS_MODULE": "wuxie.config.settings",
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        if address:
            self.environment["DATABASE_URL"] = address

    def run(self, *arguments: str, code: int = 0) -> str:
        ran = subprocess.run([*WUXIE, *arguments], env=self.environment, capture_output=True, text=True, timeout=300)
        assert ran.returncode == code, ran.stdout + ran.stderr
        return ran.stdout + ran.stderr

    def start(self, script: str) -> subprocess.Popen:
        return subprocess.Popen([sys.executable, "-c", script], env=self.environment, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def machines(tmp_path, django_db_blocker):
    """Makes machines; their databases go afterwards."""
    made = []

    def machine(name: str) -> Machine:
        if connection.vendor == "sqlite":
            return Machine(tmp_path / name, "")
        base = f"wuxie_restore_{secrets.token_hex(4)}"
        _sql(f"CREATE DATABASE {base}")
        made.append(base)
        known = settings.DATABASES["default"]
        password = f":{known['PASSWORD']}" if known["PASSWORD"] else ""
        return Machine(
            tmp_path / name,
            f"postgres://{known['USER']}{password}@{known['HOST'] or '127.0.0.1'}:{known['PORT'] or 5432}/{base}",
        )

    yield machine
    for base in made:
        _sql(f"DROP DATABASE {base} WITH (FORCE)")


def _sql(statement: str) -> None:
    import psycopg

    known = connection.get_connection_params()
    wanted = {name: value for name, value in known.items() if name not in ("cursor_factory", "context", "dbname")}
    with psycopg.connect(**wanted, dbname="postgres", autocommit=True) as own:
        own.execute(statement)


@pytest.fixture
def officer(tmp_path):
    """An officer's private part in a file, its passphrase in another; the public part."""
    private = age.PrivateKey.new()
    officers.write_identity(tmp_path / "officer.key", private, PHRASE, work=10)
    (tmp_path / "phrase").write_text(PHRASE + "\n")
    return private.public


@pytest.mark.skipif(
    connection.vendor != "sqlite",
    reason="takes minutes on PostgreSQL with its many programs; snapshot, copy and refusals are tried there in test_backup",
)
def test_a_house_is_lost_and_brought_back(machines, officer, tmp_path):
    old, identity = (
        machines("old"),
        ("--identity", str(tmp_path / "officer.key"), "--passphrase-file", str(tmp_path / "phrase")),
    )
    old.run("migrate")
    old.run("newcomer", "金丝雀甲", "wang", "--phone", "13900009999", "--association", "云川市物业管理协会")
    old.run("ledger", "seal")
    assert "还没有保管人的公钥" in old.run("backup", "--to", str(tmp_path), code=1)
    assert "再登记一位" in old.run("backup-key", "add", str(officer), "--name", "张样")

    # Taken while somebody writes without a pause.
    writer = old.start(WRITER)
    try:
        writer.stdout.readline()
        said = old.run("backup", "--to", str(tmp_path / "b.age"))
        assert writer.poll() is None
    finally:
        writer.kill()
        writer.communicate()
    root = next(line.split()[1] for line in said.splitlines() if line.startswith("root "))
    old.run("ledger", "seal")
    later = next(line.split()[1] for line in old.run("ledger", "verify").splitlines() if line.startswith("root "))
    assert later != root, "the backup itself stands in the journal of the old house"

    content = (tmp_path / "b.age").read_bytes()
    new = machines("new")
    for name, wrong in (
        ("cut", content[: len(content) // 2]),
        ("altered", content[:-40] + bytes([content[-40] ^ 1]) + content[-39:]),
    ):
        (tmp_path / name).write_bytes(wrong)
        words = new.run("restore", str(tmp_path / name), *identity, code=2)
        assert "没有恢复任何内容" in words
        assert not new.home.exists()
    assert [path.name for path in tmp_path.iterdir() if "restoring" in path.name] == []
    (tmp_path / "wrong").write_text("another three words\n")
    assert "口令不对" in new.run(
        "restore", str(tmp_path / "b.age"), *identity[:2], "--passphrase-file", str(tmp_path / "wrong"), code=2
    )

    began = time.monotonic()
    words = new.run("restore", str(tmp_path / "b.age"), *identity)
    assert time.monotonic() - began < 15 * 60
    assert f"root {root}" in words
    assert "与备份时的根相同" in words

    names = new.run("manage", "shell", "-c", NAMES)
    assert "金丝雀甲" in names
    # One moment: the first so many of what was written meanwhile, without a gap.
    later_ones = [int(name.removeprefix("后来")) for name in names.split() if name.startswith("后来")]
    assert later_ones == list(range(len(later_ones))) != []
    assert "VERIFIED" in new.run("ledger", "verify", "--root", root)
    assert later not in new.run("ledger", "verify", "--root", later, code=1).split("账本从未有过根")[0]

    again = new.run("restore", str(tmp_path / "b.age"), *identity, code=2)
    assert "不是空的" in again
    new.run("backup", "--to", str(tmp_path / "second.age"), "--key", str(officer))

    new.run("keys", "rotate")
    new.run("keys", "retire", "1")
    assert "金丝雀甲" in new.run("manage", "shell", "-c", NAMES)
    assert "VERIFIED" in new.run("ledger", "verify", "--root", root)
    third = machines("third")
    new.run("backup", "--to", str(tmp_path / "third.age"))
    assert "与备份时的根相同" in third.run("restore", str(tmp_path / "third.age"), *identity)
    assert "金丝雀甲" in third.run("manage", "shell", "-c", NAMES)

    if connection.vendor == "postgresql":
        other = Machine(tmp_path / "fourth", new.environment["DATABASE_URL"])
        assert "已经有表" in other.run("restore", str(tmp_path / "third.age"), *identity, code=2)
        assert not other.home.exists()


def test_a_house_half_restored_does_not_open(tmp_path, monkeypatch):
    from wuxie.kernel.custody.checks import not_half_restored

    monkeypatch.setenv("WUXIE_HOME", str(tmp_path))
    assert not_half_restored() == []
    (tmp_path / "restoring").touch()
    assert ["恢复没有做完" in str(error.msg) for error in not_half_restored()] == [True]


@pytest.mark.django_db
def test_what_did_not_come_back_as_it_was_is_told():
    from wuxie.kernel.custody.examining import examine
    from wuxie.kernel.papers import actions
    from wuxie.kernel.papers.models import Attachment
    from wuxie.kernel.papers.tests.files import PDF
    from wuxie.kernel.parties.models import Person

    Person.objects.create(name="金丝雀甲", phone="13900009999")
    actions.attach("star:17", PDF, "a.pdf", by="person:1")
    Attachment.objects.update(sha256="0" * 64)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE parties_person SET phone = name")
    said = []
    found = examine({"made_at": "2026-11-24T00:00:00Z", "ledger": {"root": "1" * 64}}, said.append)
    assert said == ["迁移 …", "核验账本 …", "核对加密字段 …"]
    assert not found.same_root
    assert found.faults[0].startswith(f"账本从未有过根 {'1' * 64}")
    assert f"账本的根与备份时不同：备份 {'1' * 64}，现在 {found.root}。" in found.faults
    assert found.faults[-2:] == ["有 1 个加密字段打不开。", f"有 1 个附件缺失或被改动，例如 {'0' * 16}…。"]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has its database elsewhere")
def test_a_backup_goes_into_an_empty_database_only(machines, monkeypatch):
    import psycopg

    from wuxie.kernel.custody import restore
    from wuxie.kernel.custody.refusal import Refused

    address = machines("fresh").environment["DATABASE_URL"]
    monkeypatch.setenv("DATABASE_URL", address)
    restore._fits_here({"engine": "postgresql"})
    with psycopg.connect(address, autocommit=True) as own:
        own.execute("CREATE TABLE something (id integer)")
    with pytest.raises(
        Refused, match="目标数据库里已经有表，没有恢复任何内容。请新建一个空的数据库，再改 DATABASE_URL。"
    ):
        restore._fits_here({"engine": "postgresql"})
