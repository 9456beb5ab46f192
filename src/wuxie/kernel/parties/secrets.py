"""Personal data at rest: encrypted with a key outside the database, found again by a keyed hash.

A value is stored as ``key id (1 byte) · nonce (12) · ciphertext and tag``. The context (table and column) is
authenticated with it, so that a value cannot be moved to another column unnoticed. The blind index is HMAC-SHA256
under a key of its own: equal texts give equal indexes, nothing else can be learnt from them without that key.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models

from wuxie.kernel.home import home, key, keys_state

NONCE = 12


#: File names of the keys by purpose: the first number of the index key has none, for it came before there were several.
PERSONAL, BLIND = "personal-", "blind-index"


def numbers(purpose: str) -> list[int]:
    """The numbers of the keys of a purpose that are there, oldest first; rotation adds the next one."""
    return list(_numbers(keys_state(), purpose))


@lru_cache(maxsize=16)
def _numbers(state: tuple[str, int], purpose: str) -> tuple[int, ...]:
    """Looked up anew as soon as the folder of keys changes, so that a serving house follows a rotation by itself."""
    found = (path.name.removeprefix(purpose).lstrip("-") or "1" for path in (home() / "keys").glob(f"{purpose}*"))
    return tuple(sorted(int(number) for number in found if number.isdecimal()))


def key_name(purpose: str, number: int) -> str:
    """The name of a key's file."""
    if purpose == BLIND:
        return BLIND if number == 1 else f"{BLIND}-{number}"
    return f"{PERSONAL}{number}"


def current(purpose: str = PERSONAL) -> int:
    """The number of the newest key: what is written now is written with it."""
    return _current(keys_state(), purpose)


def _current(state: tuple[str, int], purpose: str) -> int:
    return max(_numbers(state, purpose), default=1)


def _key(purpose: str, number: int) -> bytes:
    """The key with a number. Only the very first of a house is made here: a lost one must not be replaced by a new one."""
    name = key_name(purpose, number)
    if number == 1 and not numbers(purpose):
        return key(name)
    try:
        return (home() / "keys" / name).read_bytes()
    except FileNotFoundError:
        raise LostKey(name) from None


class LostKey(Exception):
    """A value was sealed with a key that is not here (any more)."""


# A key that was destroyed is forgotten by every process too, as soon as it looks again.
@lru_cache(maxsize=64)
def _cipher(state: tuple[str, int], number: int) -> AESGCM:
    return AESGCM(_key(PERSONAL, number))


@lru_cache(maxsize=64)
def _blind_key(state: tuple[str, int], number: int) -> bytes:
    return _key(BLIND, number)


def encrypt(text: str, *, context: str) -> bytes:
    """Seal a text for one place, named by ``context`` such as ``parties.person.phone``."""
    state, nonce = keys_state(), os.urandom(NONCE)
    number = _current(state, PERSONAL)
    return bytes([number]) + nonce + _cipher(state, number).encrypt(nonce, text.encode(), context.encode())


def decrypt(sealed: bytes, *, context: str) -> str:
    """The text again; raises ``cryptography.exceptions.InvalidTag`` if value or context was changed."""
    sealed = bytes(sealed)
    nonce, body = sealed[1 : 1 + NONCE], sealed[1 + NONCE :]
    return _cipher(keys_state(), sealed[0]).decrypt(nonce, body, context.encode()).decode()


def blind_index(text: str, *, context: str) -> str:
    """32 hex characters by which exactly this text (width and case folded, blanks removed) is found again."""
    return _blind(text, context, current(BLIND))


def blind_indexes(text: str, *, context: str) -> list[str]:
    """The indexes under every key that is there: what a search asks for while a rotation is under way."""
    return [_blind(text, context, number) for number in numbers(BLIND) or [1]]


def _blind(text: str, context: str, number: int) -> str:
    plain = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    made = hmac.new(_blind_key(keys_state(), number), f"{context}\0{plain}".encode(), hashlib.sha256)
    return made.hexdigest()[:32]


if TYPE_CHECKING:
    _Column = models.TextField[str, str]
else:
    _Column = models.BinaryField


class SealedText(_Column):
    """A text column that only ever holds ciphertext; reads and writes as ``str``, empty as ``""``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", b"")
        super().__init__(*args, **kwargs)

    @property
    def context(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}".replace("historical", "")

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str:
        return decrypt(value, context=self.context) if value else ""

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, str) else super().to_python(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            value = encrypt(value, context=self.context) if value else b""
        return super().get_db_prep_value(value, connection, prepared)
