"""A backup holds the house at one moment, encrypted; an altered one changes nothing; a failed one leaves nothing."""

import errno
import gzip
import io
import json
import os
import tarfile
from pathlib import Path

import pytest
from django.db import connection, transaction

from wuxie.kernel.custody import age, backup, bundle, databases, restore
from wuxie.kernel.custody.refusal import Refused
from wuxie.kernel.facts import journal, ledger, sealer
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.home import home
from wuxie.kernel.papers import store
from wuxie.kernel.parties.models import Person

KEY = age.PrivateKey.new()


@pytest.fixture
def house(emptied, tmp_path, monkeypatch):
    """A state folder with a database of real transactions, a file, keys, and a sealed fact."""
    Person.objects.create(name="金丝雀甲", phone="13900009999")
    store.put(b"evidence")
    with transaction.atomic():
        journal.write("restored", "house:own", by="test", source="test:1", details={}, personal={"reason": "金丝雀乙"})
    sealer.seal()
    return home()


def unpacked(path: Path, folder: Path, key=KEY) -> dict:
    with path.open("rb") as source:
        return bundle.unpack(age.Reader(source, [key]), folder, lambda manifest: None, lambda done: None)


@pytest.mark.django_db(transaction=True)
def test_a_backup_holds_everything_and_shows_nothing(house, tmp_path):
    taken = backup.take(tmp_path, [KEY.public], by="test")

    content = taken.path.read_bytes()
    for secret in ("金丝雀甲".encode(), b"13900009999", b"evidence", b"facts_fact"):
        assert secret not in content
    manifest = unpacked(taken.path, tmp_path / "out")
    assert manifest["ledger"]["root"] == taken.root != ""
    assert manifest["engine"] == connection.vendor
    laid = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    name = store.put(b"evidence")
    assert f"home/files/{name[:2]}/{name[2:4]}/{name}" in laid
    assert {"home/keys/personal-1", "home/keys/blind-index"} <= laid
    assert any(one.startswith("database/") for one in laid)
    assert taken.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.django_db(transaction=True)
def test_a_backup_stands_in_the_journal(house, tmp_path):
    taken = backup.take(tmp_path, [KEY.public], by="person:1")

    line = Fact.objects.get(kind="office.backup_taken")
    assert (line.by, line.details["sha256"], line.details["keys"]) == ("person:1", taken.sha256, KEY.public.fingerprint)


@pytest.mark.django_db(transaction=True)
def test_no_backup_without_its_line_in_the_journal(house, tmp_path, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(ledger, "insert", full)
    with pytest.raises(Refused, match="写不了"):
        backup.take(tmp_path, [KEY.public], by="test")
    assert list(tmp_path.iterdir()) == []
    assert list(home().glob(".backup-*")) == []


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_leaves_nothing_behind(house, tmp_path, monkeypatch):
    def full(self, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(backup._Hashing, "write", full)
    with pytest.raises(Refused, match="旧备份没有动"):
        backup.take(tmp_path, [KEY.public], by="test")
    assert list(tmp_path.iterdir()) == []
    assert not journal.lines().filter(kind="office.backup_taken").exists()


@pytest.mark.django_db(transaction=True)
def test_a_backup_goes_to_a_new_place_outside_the_state_folder(house, tmp_path):
    (tmp_path / "there").write_bytes(b"older")
    for to, words in (
        (home() / "b.age", "WUXIE_HOME 里面"),
        (tmp_path / "there", "已经存在"),
        (tmp_path / "no/b", "没有文件夹"),
    ):
        with pytest.raises(Refused, match=words):
            backup.take(to, [KEY.public], by="test")
    assert (tmp_path / "there").read_bytes() == b"older"


@pytest.mark.django_db(transaction=True)
def test_only_the_newest_remain_if_so_wished(house, tmp_path):
    for number in range(4):
        (tmp_path / f"wuxie-2020010{number}T000000Z{backup.ENDING}").write_bytes(b"")
    taken = backup.take(tmp_path, [KEY.public], by="test", keep=2)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"wuxie-20200103T000000Z{backup.ENDING}",
        taken.path.name,
    ]


@pytest.mark.django_db(transaction=True)
def test_what_is_sealed_later_is_left_out(house, tmp_path, monkeypatch):
    """A laid-down seal that the snapshot does not know would look like one cut out of the database."""
    (home() / "ledger").mkdir(exist_ok=True)
    late = home() / "ledger" / "seal-000999.parquet"
    late.write_bytes(b"")
    try:
        taken = backup.take(tmp_path, [KEY.public], by="test")
    finally:
        late.unlink()
    unpacked(taken.path, tmp_path / "out")
    assert not (tmp_path / "out/home/ledger/seal-000999.parquet").exists()


@pytest.mark.django_db(transaction=True)
def test_two_do_not_run_at_once(house, tmp_path):
    with backup.alone(), pytest.raises(Refused, match="正在进行"):
        backup.take(tmp_path, [KEY.public], by="test")


@pytest.mark.django_db(transaction=True)
def test_the_snapshot_is_of_one_moment(house, tmp_path):
    """What is committed while the copy runs is not in it, and does not hold it up."""
    if connection.vendor == "sqlite":
        pytest.skip(
            "the test database of SQLite lives in memory; see test_restore for a file that is written meanwhile"
        )
    written = []

    def meanwhile(done, total):
        if not written:
            import threading

            thread = threading.Thread(target=_write_in_another_connection)
            thread.start()
            thread.join(20)
            assert not thread.is_alive()
            written.append(done)

    said = databases.snapshot(tmp_path, meanwhile)
    assert written
    people = (tmp_path / "parties_person.copy").read_bytes()
    assert len(people.splitlines()) == 1
    assert Person.objects.count() == 2
    assert said["ledger"]["seal"] == 1


def _write_in_another_connection():
    from django.db import connections

    try:
        Person.objects.create(name="后来的人")
    finally:
        connections.close_all()


def test_an_archive_cannot_leave_its_folder():
    for name in ("/etc/passwd", "home/../../x", "elsewhere/x", "home"):
        with pytest.raises(Refused):
            bundle._safe(name)


def test_a_restore_into_a_used_folder_is_refused(tmp_path):
    (tmp_path / "x").write_text("here")
    with pytest.raises(Refused, match="不是空的"):
        restore.restore(tmp_path / "b.age", KEY, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


MANIFEST = {"format": bundle.FORMAT, "engine": "sqlite", "ledger": {"seal": 0, "size": 0, "root": ""}, "migrations": []}


def archive(*members: tuple[str, bytes | None]) -> io.BytesIO:
    """A bundle of these members; a name without content is a folder."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as tar:
        for name, content in members:
            entry = tarfile.TarInfo(name)
            entry.size, entry.type = len(content or b""), tarfile.DIRTYPE if content is None else tarfile.REGTYPE
            tar.addfile(entry, io.BytesIO(content or b""))
    made.seek(0)
    return made


def words(**changes) -> bytes:
    return json.dumps(MANIFEST | changes).encode()


@pytest.mark.parametrize(
    "source",
    [
        archive(),
        archive(("home/x", b"x")),
        archive(("manifest.json", None)),
        archive(("manifest.json", b"no json")),
        archive(("manifest.json", words()), ("home/x", None)),
        io.BytesIO(b"no archive"),
        io.BytesIO(gzip.compress(b"no archive" * 100)),
    ],
)
def test_what_is_no_backup_inside_is_refused(tmp_path, source):
    with pytest.raises(Refused) as caught:
        bundle.unpack(source, tmp_path, lambda manifest: None, lambda done: None)
    assert caught.value.message == age.ALTERED
    assert list(tmp_path.iterdir()) == []


def test_a_backup_of_another_form_names_both(tmp_path):
    with pytest.raises(Refused) as caught:
        bundle.unpack(archive(("manifest.json", words(format=2))), tmp_path, lambda manifest: None, lambda done: None)
    assert caught.value.message == "这份备份的格式是第 2 版，本程序只认第 1 版。请用相应版本的程序恢复。"


def test_a_backup_is_read_to_its_last_byte(tmp_path):
    source = io.BytesIO(archive(("manifest.json", words())).getvalue() + bytes(200_000))
    assert bundle.unpack(source, tmp_path, lambda manifest: None, lambda done: None) == MANIFEST
    assert source.read() == b""


def backed_up(folder: Path, **changes) -> Path:
    """A small whole backup for the key, with a manifest of one's own."""
    (folder / "staging").mkdir()
    (folder / "house").mkdir()
    for name in ("a", "b"):
        (folder / "house" / name).write_bytes(b"x")
    path = folder / "b.age"
    with path.open("wb") as out:
        writer = age.Writer(out, [KEY.public])
        # What goes away while the rest is packed is left out.
        gone = lambda done, total: (folder / "house" / "b").unlink(missing_ok=True)  # noqa: E731
        packed = bundle.pack(writer, MANIFEST | changes, folder / "staging", folder / "house", gone)
        writer.finish()
    assert packed == {"files": 1, "bytes": 1}
    return path


def test_a_backup_of_a_later_program_is_refused_and_nothing_stays(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("WUXIE_HOME", os.environ["WUXIE_HOME"])
    file = backed_up(tmp_path, migrations=[["parties", "9999_later"], ["another_program", "0001_initial"]])
    with pytest.raises(Refused) as caught:
        restore.restore(file, KEY, tmp_path / "new")
    assert caught.value.message == "备份来自更新的版本（本机没有迁移 parties.9999_later）。请先升级程序，再恢复。"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.age", "house", "staging"]


def test_a_restore_onto_a_full_disk_leaves_nothing(tmp_path, monkeypatch):
    def full(source, out, length):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.delenv("DATABASE_URL", raising=False)
    file = backed_up(tmp_path)
    monkeypatch.setattr(bundle.shutil, "copyfileobj", full)
    with pytest.raises(Refused) as caught:
        restore.restore(file, KEY, tmp_path / "new")
    assert caught.value.message == f"没有恢复：No space left on device（{tmp_path / 'new'}）。请腾出空间后再试。"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.age", "house", "staging"]


@pytest.mark.parametrize(
    ("engine", "address", "said"),
    [
        (
            "sqlite",
            "postgres://x@127.0.0.1/x",
            "备份来自 SQLite，数据库就在备份里。请去掉环境变量 DATABASE_URL 再恢复。",
        ),
        ("postgresql", "", "备份来自 PostgreSQL。请把 DATABASE_URL 设为一个新建的空数据库，再恢复。"),
        ("postgresql", "postgres://x@127.0.0.1:1/x", "连不上数据库："),
    ],
)
def test_a_backup_goes_back_into_its_own_kind_of_database(monkeypatch, engine, address, said):
    monkeypatch.setenv("DATABASE_URL", address)
    with pytest.raises(Refused) as caught:
        restore._fits_here({"engine": engine})
    assert caught.value.message.startswith(said)


@pytest.mark.django_db(transaction=True)
def test_what_a_broken_off_backup_left_goes_and_a_taken_name_is_told(house, tmp_path, monkeypatch):
    (home() / ".backup-left").mkdir()
    for fault, said in (
        (FileExistsError(errno.EEXIST, "File exists"), "已经存在，不覆盖。"),
        (OSError(errno.EPERM, "Operation not permitted"), "：Operation not permitted。旧备份没有动。"),
    ):
        with monkeypatch.context() as edge:
            edge.setattr(os, "link", lambda *args, fault=fault: (_ for _ in ()).throw(fault))
            with pytest.raises(Refused, match=said):
                backup.take(tmp_path, [KEY.public], by="test")

    def closed(line):
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    with pytest.raises(Refused, match="没有做成备份：Broken pipe（"):
        backup.take(tmp_path, [KEY.public], by="test", say=closed)
    assert list(home().glob(".backup-*")) == []
    assert not journal.lines().filter(kind="office.backup_taken").exists()
