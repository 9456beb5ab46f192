"""Personal fields of a fact: in the ledger as salted commitments, beside it encrypted, erasable."""

from __future__ import annotations

import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag

from wuxie.kernel.parties import secrets

from .canonical import commitment
from .models import Fact, Private

SALT = 32


def commit(values: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Commitments by field for the fact, and by field the salt (64 hex digits) and value in one text, to be encrypted."""
    public, secret = {}, {}
    for field, value in values.items():
        salt = os.urandom(SALT)
        public[field] = commitment(salt, value)
        secret[field] = salt.hex() + value
    return public, secret


def keep(fact_id: str, secret: Mapping[str, str]) -> list[tuple[str, str, bytes]]:
    """Rows (fact, field, ciphertext) of ``Private``."""
    return [
        (fact_id, field, secrets.encrypt(text, context=context_of(fact_id, field))) for field, text in secret.items()
    ]


def values_of(fact: Fact) -> dict[str, str]:
    """The personal values in plain text, without those erased. Whoever shows them logs it (``parties.masks``)."""
    return {row.field: text[2 * SALT :] for row, text in _opened(fact)}


def opening_of(fact: Fact) -> dict[str, dict[str, str]]:
    """Salt and value by field: what somebody needs to show that a commitment is about them."""
    return {row.field: {"salt": text[: 2 * SALT], "value": text[2 * SALT :]} for row, text in _opened(fact)}


def _opened(fact: Fact) -> list[tuple[Private, str]]:
    return [(row, _decrypt(fact.pk, row.field, bytes(row.sealed))) for row in fact.private.order_by("field")]


def _decrypt(fact_id: str, field: str, sealed: bytes) -> str:
    return secrets.decrypt(sealed, context=context_of(fact_id, field))


def fits(fact_id: str, field: str, sealed: bytes, committed: str) -> bool:
    """Whether what is kept is still what was committed to."""
    try:
        text = _decrypt(fact_id, field, sealed)
        return commitment(bytes.fromhex(text[: 2 * SALT]), text[2 * SALT :]) == committed
    except (InvalidTag, IndexError, ValueError):
        return False


def context_of(fact_id: str, field: str) -> str:
    """What is authenticated with a value: it cannot be moved to another fact or field."""
    return f"facts.private.{fact_id}.{field}"
