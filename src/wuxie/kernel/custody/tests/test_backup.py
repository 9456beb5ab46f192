"""A backup holds the house at one moment, encrypted; an altered one changes nothing; a failed one leaves nothing."""

import errno
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
