"""A new data key for everything that is encrypted, while the house goes on working.

The new keys are laid beside the old ones; from that moment on every process writes with the new and reads with either.
Then the tables are gone through in pieces, each value opened and sealed anew, the blind indexes with it. A value that
somebody changed meanwhile is left to the next round; rounds go on until one finds nothing. Broken off, the same command
goes on where it stopped: what bears the new number is done. The old data key stays for reading until it is retired.

Nothing sealed in the ledger depends on these keys: a fact holds commitments, and their openings are re-encrypted as they are.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.db import models, transaction
from django.db.models import ExpressionWrapper, F

from wuxie.kernel.facts.journal import HOUSE
from wuxie.kernel.facts.models import Private
from wuxie.kernel.facts.private import context_of
from wuxie.kernel.facts.rows import chunks, pages
from wuxie.kernel.home import home, make_key, sync
from wuxie.kernel.parties import journal, secrets
from wuxie.kernel.parties.models import INDEXED, Person
from wuxie.kernel.parties.secrets import BLIND, PERSONAL, LostKey, SealedText, blind_index, decrypt, encrypt
from wuxie.kernel.tabular import vault

from .refusal import Refused

AT_ONCE = 1000
#: More rounds than this mean that something writes with the old key again and again.
MOST_ROUNDS = 20
#: Seconds a process may still write with the old key after the folder of keys has changed.
GRACE = 0.1
LAST = 255

Say = Callable[[str], object]


@dataclass(frozen=True)
class Place:
    """Columns of a table that hold ciphertext."""

    model: type[models.Model]
    columns: tuple[str, ...]
    #: What is authenticated with a value, from its column and the columns ``beside`` of its row.
    context: Callable[..., str]
    beside: tuple[str, ...] = ()
    #: Columns with blind indexes, by the encrypted column.
    indexes: Mapping[str, str] = field(default_factory=dict)


class Row(NamedTuple):
    """A row as it stands in the table; contexts and ciphertexts by column, blind indexes by theirs."""

    key: Any
    contexts: dict[str, str]
    sealed: dict[str, bytes]
    indexes: dict[str, str]


def places() -> list[Place]:
    """Every column that holds ciphertext, found by its kind, so that a new one cannot be forgotten; and the openings."""
    found = [Place(Private, ("sealed",), lambda _column, fact, name: context_of(fact, name), ("fact_id", "field"))]
    for model in sorted(apps.get_models(), key=lambda one: one._meta.db_table):
        contexts = {
            one.attname: one.context for one in model._meta.local_concrete_fields if isinstance(one, SealedText)
        }
        if contexts and not model._meta.proxy and model._meta.managed:
            indexes = INDEXED if model is Person else {}
            found.append(Place(model, tuple(contexts), contexts.__getitem__, indexes=indexes))
    return found


@dataclass
class Outcome:
    """What a rotation did."""

    number: int
    values: int = 0
    files: int = 0
    rounds: int = 0


def rotate(*, by: str, say: Say = lambda _line: None) -> Outcome:
    """Make the next keys (or go on with those of a rotation that was broken off) and seal everything with them."""
    number = _begin(by)
    outcome = Outcome(number)
    say(f"新密钥编号 {number}，开始重新加密。")
    while True:
        outcome.rounds += 1
        done = sum(_renew(place, number, say) for place in places())
        outcome.values += done
        outcome.files += (files := _renew_files(number))
        if not done and not files:
            break
        if outcome.rounds == MOST_ROUNDS:
            raise Refused("有进程一直用旧密钥写入，没有完成。请重启网站和后台作业后再运行一次。")
    _finish()
    return outcome


def _marker() -> Path:
    return home() / "keys" / ".rotating"


def unfinished() -> bool:
    """Whether a rotation was broken off."""
    return _marker().exists()


def _begin(by: str) -> int:
    """Lay the new keys beside the old; told in the ledger first, in the same transaction."""
    if unfinished():
        return secrets.current()
    number, blind = secrets.current() + 1, secrets.current(BLIND) + 1
    if number > LAST:
        raise Refused(f"数据密钥编号已到 {LAST}，不能再换。")
    with transaction.atomic():
        journal.write(
            "key_rotated", HOUSE, by=by, source=f"key:{number}", details={"number": str(number), "index": str(blind)}
        )
        _marker().touch(mode=0o600)
        # The index key comes first: whoever writes with the new data key then also finds the new index.
        for name in (secrets.key_name(BLIND, blind), secrets.key_name(PERSONAL, number)):
            make_key(name)
    _settle()
    return number


def _settle() -> None:
    """Let every process see the change: the folder's moment moves once more when nothing else happens in it."""
    folder = home() / "keys"
    time.sleep(GRACE)
    os.utime(folder)
    sync(folder)
    time.sleep(GRACE)


def _finish() -> None:
    """Everything bears the new numbers: older index keys serve nothing any more and go."""
    for number in secrets.numbers(BLIND)[:-1]:
        (home() / "keys" / secrets.key_name(BLIND, number)).unlink()
    _marker().unlink()
    _settle()


def _renew(place: Place, number: int, say: Say) -> int:
    """One round through a table; how many rows were sealed anew."""
    total = done = 0
    for rows in chunks(_rows(place), AT_ONCE):
        updates = [update for row in rows if (update := _renewed(place, row, number))]
        if updates:
            with transaction.atomic():
                done += sum(_write(place, *update) for update in updates)
        total += len(rows)
    if done:
        say(f"{place.model._meta.verbose_name}：{total} 行，重新加密 {done} 行。")
    return done


def _rows(place: Place) -> Iterator[Row]:
    """Every row in the order of the keys, its values not decrypted."""
    raw = {f"raw_{name}": ExpressionWrapper(F(name), models.BinaryField()) for name in place.columns}
    names = ["pk", *raw, *place.indexes.values(), *place.beside]
    for key, *values in pages(place.model._base_manager.annotate(**raw), *names, size=AT_ONCE):
        rest = iter(values)
        sealed = {name: bytes(value or b"") for name, value in zip(place.columns, rest, strict=False)}
        indexes = dict(zip(place.indexes.values(), rest, strict=False))
        beside = tuple(rest)
        yield Row(key, {name: place.context(name, *beside) for name in sealed}, sealed, indexes)


def _renewed(place: Place, row: Row, number: int) -> tuple[Any, dict[str, Any], dict[str, bytes]] | None:
    """Key, new values and the old ones that must still stand; ``None`` if the row is as it should be."""
    old = {name: value for name, value in row.sealed.items() if value and value[0] != number}
    new: dict[str, Any] = {}
    for name, value in row.sealed.items():
        if not value or not (name in old or name in place.indexes):
            continue
        plain = decrypt(value, context=row.contexts[name])
        if name in old:
            new[name] = encrypt(plain, context=row.contexts[name])
        if (column := place.indexes.get(name)) and (wanted := blind_index(plain, context=name)) != row.indexes[column]:
            new[column] = wanted
            old[name] = value
    return (row.key, new, old) if new else None


def _write(place: Place, key: Any, new: dict[str, Any], old: dict[str, bytes]) -> int:
    """Put the new values in place of exactly the old ones: what somebody has just changed is left alone."""
    return place.model._base_manager.filter(pk=key, **old).update(**new)


def _renew_files(number: int) -> int:
    """Uploads that wait to be applied."""
    return sum(vault.renew(upload, name, number) for upload, name in vault.kept())


def uses(number: int) -> int:
    """How many rows and files still bear a key's number."""
    files = sum(1 for upload, name in vault.kept() if vault.number_of(upload, name) == number)
    rows = (row for place in places() for row in _rows(place))
    return files + sum(value[0] == number for row in rows for value in row.sealed.values() if value)


def retire(number: int, *, by: str) -> None:
    """Destroy an old data key for good, after making sure that nothing here needs it. Old backups hold their own copy."""
    if number not in secrets.numbers(PERSONAL):
        raise Refused(f"没有编号为 {number} 的数据密钥。请用 wuxie keys show 查看。")
    if number == secrets.current() or unfinished():
        raise Refused("正在使用的密钥、或更换没有完成时的旧密钥，不能销毁。请先运行 wuxie keys rotate。")
    if still := uses(number):
        raise Refused(f"还有 {still} 处用着 {number} 号密钥，不能销毁。请先运行 wuxie keys rotate。")
    with transaction.atomic():
        journal.write("key_retired", HOUSE, by=by, source=f"key:{number}", details={"number": str(number)})
        (home() / "keys" / secrets.key_name(PERSONAL, number)).unlink()
    _settle()


def unreadable() -> int:
    """How many encrypted values cannot be opened with the keys that are here."""
    rows = (row for place in places() for row in _rows(place))
    return sum(not _opens(value, row.contexts[name]) for row in rows for name, value in row.sealed.items() if value)


def _opens(value: bytes, context: str) -> bool:
    try:
        decrypt(value, context=context)
    except (InvalidTag, LostKey, ValueError):
        return False
    return True
