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
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models

from wuxie.kernel.home import home, key

NONCE = 12


@cache
def _current() -> int:
    """The number of the newest encryption key (rotation adds ``personal-2``, …; old ones stay to read with).

    Looked up once a process: a server is restarted after a rotation.
    """
    numbers = [int(path.name.removeprefix("personal-")) for path in (home() / "keys").glob("personal-*")]
    return max(numbers, default=1)


@cache
def _cipher(number: int) -> AESGCM:
    return AESGCM(key(f"personal-{number}"))


@cache
def _blind_key() -> bytes:
    return key("blind-index")


def encrypt(text: str, *, context: str) -> bytes:
    """Seal a text for one place, named by ``context`` such as ``parties.person.phone``."""
    number, nonce = _current(), os.urandom(NONCE)
    return bytes([number]) + nonce + _cipher(number).encrypt(nonce, text.encode(), context.encode())


def decrypt(sealed: bytes, *, context: str) -> str:
    """The text again; raises ``cryptography.exceptions.InvalidTag`` if value or context was changed."""
    sealed = bytes(sealed)
    nonce, body = sealed[1 : 1 + NONCE], sealed[1 + NONCE :]
    return _cipher(sealed[0]).decrypt(nonce, body, context.encode()).decode()


def blind_index(text: str, *, context: str) -> str:
    """32 hex characters by which exactly this text (width and case folded, blanks removed) is found again."""
    plain = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    return hmac.new(_blind_key(), f"{context}\0{plain}".encode(), hashlib.sha256).hexdigest()[:32]


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
