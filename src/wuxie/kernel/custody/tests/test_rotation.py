"""A new data key for everything, while people work; the old one goes only when nothing needs it; no root changes."""

import io

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.custody import rotation
from wuxie.kernel.custody.refusal import Refused
from wuxie.kernel.facts import audit, journal, ledger, private, sealer
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.home import home
from wuxie.kernel.parties import secrets
from wuxie.kernel.parties.models import Person
from wuxie.kernel.tabular import vault

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_home(tmp_path, monkeypatch):
    """Keys of this test's own, since a rotation is for good."""
    monkeypatch.setenv("WUXIE_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def full(own_home):
    """People, a personal field in the ledger, an upload that waits."""
    for number in range(5):
        Person.objects.create(name=f"金丝雀{number}", phone=f"1390000000{number}")
    Person.objects.create(name="", phone="")
    with transaction.atomic():
        journal.write("looked", "person:1", by="person:2", source="test:1", details={}, personal={"reason": "漏水"})
    vault.keep("upload-1", "cells", {"a": 1})
    sealer.seal()
    return audit.examine().root


def numbers_in_use() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM parties_person UNION ALL SELECT sealed FROM facts_private")
        return {bytes(row[0])[0] for row in cursor.fetchall() if row[0]}


def test_everything_bears_the_new_key_and_says_the_same(full):
    before = list(Person.objects.values_list("name", "phone"))
    old_indexes = set(Person.objects.values_list("name_index", flat=True)) - {""}

    done = rotation.rotate(by="test")

    assert (done.number, done.values, done.files) == (2, 6, 1)
    assert numbers_in_use() == {2}
    assert list(Person.objects.values_list("name", "phone")) == before
    assert not old_indexes & set(Person.objects.values_list("name_index", flat=True))
    assert Person.objects.by_phone("13900000003").get().name == "金丝雀3"
    assert vault.fetch("upload-1", "cells") == {"a": 1}
    assert private.values_of(Fact.objects.get(kind="office.looked")) == {"reason": "漏水"}
    assert rotation.unreadable() == 0
    report = audit.examine(root=full)
    assert (report.well, report.root) == (True, full)


def test_a_rotation_stands_in_the_journal_or_does_not_happen(full, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(ledger, "insert", lambda *args: (_ for _ in ()).throw(OSError("full")))
        with pytest.raises(OSError):
            rotation.rotate(by="test")
    assert secrets.numbers(secrets.PERSONAL) == [1]
    assert not rotation.unfinished()
    rotation.rotate(by="person:7")
    assert Fact.objects.get(kind="office.key_rotated").by == "person:7"


def test_broken_off_it_goes_on_with_the_same_key(full, monkeypatch):
    def crash(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(rotation, "_renew_files", crash)
        with pytest.raises(KeyboardInterrupt):
            rotation.rotate(by="test")
    assert rotation.unfinished()
    # Meanwhile people are found under either key, new ones are written with the new, and owners cannot be imported.
    assert Person.objects.by_phone("13900000001").count() == 1
    Person.objects.create(name="新人", phone="13911111111")
    from wuxie.rooms.register.actions.manyunits import _not_while_rotating

    with pytest.raises(Problem, match="正在更换"):
        _not_while_rotating()

    done = rotation.rotate(by="test")
    assert (done.number, done.files) == (2, 1)
    assert Fact.objects.filter(kind="office.key_rotated").count() == 1
    assert Person.objects.by_phone("13911111111").count() == 1
    _not_while_rotating()


def test_people_are_found_and_not_taken_for_new_ones_in_the_middle_of_it(full):
    from wuxie.kernel.parties.actions import find_or_add_person

    number = rotation._begin("test")
    assert secrets.current() == number
    assert find_or_add_person(by="test", name="金丝雀1", phone="13900000001").phone == "13900000001"
    assert Person.objects.count() == 6


def test_what_somebody_changes_meanwhile_is_not_overwritten(full):
    person = Person.objects.by_phone("13900000002").get()
    rotation._begin("test")
    place = next(one for one in rotation.places() if one.model is Person)
    row = next(row for row in rotation._rows(place) if row.key == person.pk)
    update = rotation._renewed(place, row, 2)
    person.phone = "13922222222"
    person.save()

    assert rotation._write(place, *update) == 0
    assert Person.objects.get(pk=person.pk).phone == "13922222222"


def test_an_old_key_is_destroyed_only_when_nothing_needs_it(full):
    with pytest.raises(Refused, match="没有编号"):
        rotation.retire(7, by="test")
    with pytest.raises(Refused, match="不能销毁"):
        rotation.retire(1, by="test")
    stray = secrets.encrypt("旧", context="parties.person.name")
    rotation.rotate(by="test")
    person = Person.objects.order_by("pk").first()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE parties_person SET name = %s WHERE id = %s", [stray, person.pk])
    with pytest.raises(Refused, match="还有 1 处"):
        rotation.retire(1, by="test")
    person.name = "新"
    person.save()
    rotation.retire(1, by="test")
    assert not (home() / "keys" / "personal-1").exists()
    with pytest.raises(secrets.LostKey):
        secrets.decrypt(stray, context="parties.person.name")
    assert not (home() / "keys" / "personal-1").exists(), "a lost key is not replaced by a new one"


def test_erasing_after_a_rotation_leaves_the_root(full):
    rotation.rotate(by="test")
    ledger.erase_personal(Fact.objects.get(kind="office.looked"), by="person:1", reason="本人要求")
    sealer.seal()
    assert audit.examine(root=full).well


def test_a_value_that_does_not_open_is_counted(full):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE parties_person SET phone = name WHERE phone_index <> ''")
    assert rotation.unreadable() == 5


def test_the_command_shows_the_keys_and_refuses_in_words(full, capsys):
    rotation._begin("test")
    out = io.StringIO()
    call_command("keys", "show", stdout=out)
    assert (
        out.getvalue()
        == "1  只用于读旧内容  12 处\n2  现用  0 处\n上一次更换没有做完。请运行 wuxie keys rotate 接着做。\n"
    )
    err = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("keys", "retire", "7", stderr=err)
    assert (ended.value.code, "没有编号" in err.getvalue()) == (1, True)


def test_the_last_number_of_a_key_is_the_last(full, monkeypatch):
    monkeypatch.setattr(rotation, "LAST", 1)
    with pytest.raises(Refused) as caught:
        rotation.rotate(by="test")
    assert caught.value.message == "数据密钥编号已到 1，不能再换。"
    assert not rotation.unfinished()


def test_a_process_that_keeps_writing_with_the_old_key_ends_it_in_words(full, monkeypatch):
    monkeypatch.setattr(rotation, "MOST_ROUNDS", 1)
    with pytest.raises(Refused) as caught:
        rotation.rotate(by="test")
    assert caught.value.message == "有进程一直用旧密钥写入，没有完成。请重启网站和后台作业后再运行一次。"
    assert rotation.unfinished()


def test_an_upload_that_is_gone_meanwhile_needs_no_new_key(full):
    (home() / "imports" / vault.READING).mkdir(parents=True, exist_ok=True)
    (home() / "imports" / vault.READING / "x").write_bytes(b"x")
    (home() / "imports" / "upload-1" / ".draft").write_bytes(b"x")
    assert list(vault.kept()) == [("upload-1", "cells")]
    assert (vault.number_of("upload-1", "cells"), vault.number_of("upload-2", "cells")) == (1, None)
    assert not vault.renew("upload-2", "cells", 2)
    assert not vault.renew("upload-1", "cells", 1)
