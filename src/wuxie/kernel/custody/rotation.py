"""A new data key for everything that is encrypted, while the house goes on working.

The new keys are laid beside the old ones; from that moment on every process writes with the new and reads with either.
Then the tables are gone through in pieces, each value opened and sealed anew, the blind indexes with it. A value that
somebody changed meanwhile is left to the next round; rounds go on until one finds nothing. Broken off, the same command
goes on where it stopped: what bears the new number is done. The old data key stays for reading until it is retired.

Nothing sealed in the ledger depends on these keys: a fact holds commitments, and their openings are re-encrypted as they are.
"""

from __future__ import annotations

import os
import secrets as random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.db import connection, models, transaction

from wuxie.kernel.facts.journal import HOUSE
from wuxie.kernel.facts.models import Private
from wuxie.kernel.facts.private import context_of
from wuxie.kernel.home import home
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
    """Columns of a table that hold ciphertext; ``context`` says for a row and column what is authenticated with it."""

    model: type[models.Model]
    columns: tuple[str, ...]
    context: Callable[[tuple[Any, ...], str], str]
    #: Further columns of the row that ``context`` needs, after the key.
    beside: tuple[str, ...] = ()
    #: Columns with blind indexes, by the encrypted column.
    indexes: dict[str, str] = field(default_factory=dict)


def places() -> list[Place]:
    """Every column that holds ciphertext, found by its kind, so that a new one cannot be forgotten; and the openings."""
    found = []
    for model in sorted(apps.get_models(), key=lambda one: one._meta.db_table):
        sealed = {str(one.column): one for one in model._meta.local_concrete_fields if isinstance(one, SealedText)}
        if sealed and not model._meta.proxy and model._meta.managed:
            contexts = {column: one.context for column, one in sealed.items()}
            found.append(
                Place(
                    model,
                    tuple(sealed),
                    lambda _row, column, contexts=contexts: contexts[column],  # type: ignore[misc]
                    indexes=dict(INDEXED) if model is Person else {},
                )
            )
    found.append(
        Place(Private, ("sealed",), lambda row, _column: context_of(row[1], row[2]), beside=("fact_id", "field"))
    )
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
            _make(home() / "keys" / name)
    _settle()
    return number


def _make(path: Path) -> None:
    """A new secret, whole and on disk before it has its name."""
    draft = path.with_name(f".{path.name}.{random.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(random.token_bytes(32))
        out.flush()
        os.fsync(out.fileno())
    os.link(draft, path)
    draft.unlink()


def _settle() -> None:
    """Let every process see the change: the folder's moment moves once more when nothing else happens in it."""
    folder = home() / "keys"
    time.sleep(GRACE)
    os.utime(folder)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    time.sleep(GRACE)


def _finish() -> None:
    """Everything bears the new numbers: older index keys serve nothing any more and go."""
    for number in secrets.numbers(BLIND)[:-1]:
        (home() / "keys" / secrets.key_name(BLIND, number)).unlink()
    _marker().unlink()
    _settle()


def _renew(place: Place, number: int, say: Say) -> int:
    """One round through a table; how many values were sealed anew."""
    total = done = 0
    for rows in _pieces(place):
        updates = [update for row in rows if (update := _renewed(place, row, number))]
        if updates:
            with transaction.atomic():
                done += sum(_write(place, *update) for update in updates)
        total += len(rows)
    if done:
        say(f"{place.model._meta.verbose_name}：{total} 行，重新加密 {done} 行。")
    return done


def _pieces(place: Place) -> Iterator[list[tuple[Any, ...]]]:
    """The raw rows in the order of their keys: key, what the context needs, ciphertexts, indexes."""
    quote = connection.ops.quote_name
    meta = place.model._meta
    key = quote(str(meta.pk.column))
    names = ", ".join(
        quote(name) for name in (str(meta.pk.column), *place.beside, *place.columns, *place.indexes.values())
    )
    last: Any = None
    while True:
        with connection.cursor() as cursor:
            after = "" if last is None else f"WHERE {key} > %s"
            cursor.execute(
                f"SELECT {names} FROM {quote(meta.db_table)} {after} ORDER BY {key} LIMIT {AT_ONCE}",  # noqa: S608
                [] if last is None else [last],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        last = rows[-1][0]


def _renewed(place: Place, row: Sequence[Any], number: int) -> tuple[Any, dict[str, Any], dict[str, Any]] | None:
    """Key, new values and the old ones that must still stand; ``None`` if the row is as it should be."""
    at = 1 + len(place.beside)
    sealed = {name: bytes(value or b"") for name, value in zip(place.columns, row[at:], strict=False)}
    indexes = dict(zip(place.indexes.values(), row[at + len(sealed) :], strict=True))
    old = {name: value for name, value in sealed.items() if value and value[0] != number}
    new: dict[str, Any] = {}
    for name, value in sealed.items():
        if not value or not (name in old or name in place.indexes):
            continue
        plain = decrypt(value, context=place.context(tuple(row[:at]), name))
        if name in old:
            new[name] = encrypt(plain, context=place.context(tuple(row[:at]), name))
        if (column := place.indexes.get(name)) and (wanted := blind_index(plain, context=name)) != indexes[column]:
            new[column] = wanted
            old[name] = value
    return (row[0], new, {name: sealed[name] for name in old}) if new else None


def _write(place: Place, key: Any, new: dict[str, Any], old: dict[str, bytes]) -> int:
    """Put the new values in place of exactly the old ones: what somebody has just changed is left alone."""
    quote = connection.ops.quote_name
    meta = place.model._meta
    settings = ", ".join(f"{quote(name)} = %s" for name in new)
    same = " AND ".join(f"{quote(name)} = %s" for name in old)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(meta.db_table)} SET {settings} WHERE {quote(str(meta.pk.column))} = %s AND {same}",  # noqa: S608
            [*new.values(), key, *old.values()],
        )
        return int(cursor.rowcount)


def _renew_files(number: int) -> int:
    """Uploads that wait to be applied."""
    return sum(vault.renew(upload, name, number) for upload, name in vault.kept())


def uses(number: int) -> int:
    """How many rows and files still bear a key's number."""
    found = sum(1 for upload, name in vault.kept() if vault.number_of(upload, name) == number)
    for place in places():
        for rows in _pieces(place):
            at = 1 + len(place.beside)
            found += sum(
                any(value and bytes(value)[0] == number for value in row[at : at + len(place.columns)]) for row in rows
            )
    return found


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
    found = 0
    for place in places():
        at = 1 + len(place.beside)
        for rows in _pieces(place):
            for row in rows:
                found += sum(
                    not _opens(place, row, name, value) for name, value in zip(place.columns, row[at:], strict=False)
                )
    return found


def _opens(place: Place, row: Sequence[Any], name: str, value: Any) -> bool:
    if not value:
        return True
    try:
        decrypt(bytes(value), context=place.context(tuple(row[: 1 + len(place.beside)]), name))
    except (InvalidTag, LostKey, ValueError):
        return False
    return True
