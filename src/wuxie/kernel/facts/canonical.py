"""The exact bytes that are hashed. ``README.md`` says the same in words; a verifier outside repeats it.

A document is JSON in UTF-8: keys sorted by code point, no blanks, no ``\\u`` escapes but those JSON demands, no numbers but
whole ones, ``null`` for what is absent. ``quantity`` is in millionths; moments are UTC with six decimals of the second and
a ``Z``; days ``YYYY-MM-DD``.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from .merkle import leaf_hash
from .refusal import Refused
from .trust import Trust

MILLION = 1_000_000
LARGEST = 2**63 - 1
#: ``previous`` of the first link of a subject, and ``previous_root`` of the first seal.
NOTHING = "0" * 64
#: Parts of a fact that have a salt of their own: all that a pack may leave closed, and the words inside it.
BODY, WORDS = "body", ("by", "note")
TRUST_WORDS = {int(level): level.word for level in Trust}

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def canonical(document: dict[str, Any]) -> bytes:
    """The bytes of a document."""
    return _encode(document).encode()


def sha256(data: bytes) -> str:
    """SHA-256 in 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


def moment_text(moment: datetime.datetime) -> str:
    """``2026-11-25T04:10:00.000000Z``."""
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def millionths(quantity: str | int | Decimal) -> int:
    """A quantity as a whole number of millionths; more decimals or a size beyond 64 bits is ``Refused``."""
    try:
        if isinstance(quantity, float | bool):
            raise InvalidOperation
        scaled = Decimal(quantity) * MILLION
        if not scaled.is_finite() or scaled != scaled.to_integral_value() or abs(scaled) > LARGEST:
            raise InvalidOperation
    except (InvalidOperation, TypeError, ValueError):
        raise Refused(
            "range", "$.quantity", _("数量“%(value)s”不合格：写成十进制文本，至多六位小数。") % {"value": quantity}
        ) from None
    return int(scaled)


def quantity_text(amount: int) -> str:
    """Millionths as the shortest decimal text: ``1500000`` → ``"1.5"``."""
    sign, whole, rest = ("-" if amount < 0 else ""), *divmod(abs(amount), MILLION)
    return f"{sign}{whole}" + (f".{rest:06d}".rstrip("0") if rest else "")


def fact_document(row: dict[str, Any]) -> dict[str, Any]:
    """The document of a fact that is hashed, from its columns (days and moments as objects, lists and maps as values).

    Form 2 names the fact, its kind and the fact it regards; everything else stands in it as one commitment, so that a pack
    can prove of what kind a fact is that it does not open. Facts without a salt are of form 1: all columns in plain.
    """
    if not row.get("salt"):
        return {"v": 1, "id": row["id"], "kind": row["kind"], "regards": row["regards"], **_columns(row, row)}
    body = commitment(derived_salt(row["salt"], BODY), canonical(fact_body(row)).decode())
    return {"v": 2, "id": row["id"], "kind": row["kind"], "regards": row["regards"], "body": body}


def fact_body(row: dict[str, Any]) -> dict[str, Any]:
    """What the commitment of form 2 is about; in it, who wrote the fact and their words are commitments once more."""
    words = {name: commitment(derived_salt(row["salt"], name), row[name]) for name in WORDS}
    return _columns(row, words)


def _columns(row: dict[str, Any], words: dict[str, Any]) -> dict[str, Any]:
    return {
        "subject": row["subject"],
        "also_counts_for": row["also_counts_for"],
        "quantity": row["quantity"],
        "unit": row["unit"],
        "occurred_on": row["occurred_on"].isoformat(),
        "recorded_at": moment_text(row["recorded_at"]),
        "valid_until": row["valid_until"].isoformat() if row["valid_until"] else None,
        "trust": TRUST_WORDS.get(row["trust"], str(row["trust"])),
        "source": row["source"],
        "revision": row["revision"],
        "by": words["by"],
        "note": words["note"],
        "attachments": row["attachments"],
        "personal": row["personal"],
        "suspicious": row["suspicious"],
        "details": row["details"],
    }


def derived_salt(salt: str, name: str) -> bytes:
    """The salt of one part of a fact: whoever is shown it learns nothing about the other parts."""
    return hashlib.sha256(bytes.fromhex(salt) + name.encode()).digest()


def content_hash(row: dict[str, Any]) -> str:
    """SHA-256 of the canonical document of a fact."""
    return sha256(canonical(fact_document(row)))


def link_bytes(subject: str, seq: int, fact: str, content: str, previous: str) -> bytes:
    """The leaf that says: this fact is number ``seq`` of this subject, after the one whose leaf hash is ``previous``."""
    return canonical({"fact": fact, "hash": content, "previous": previous, "seq": seq, "subject": subject})


def head_bytes(subject: str, seal: int, count: int, head: str) -> bytes:
    """The leaf that says: with this seal the subject has ``count`` facts, the last one's leaf hash is ``head``."""
    return canonical({"count": count, "head": head, "seal": seal, "subject": subject})


def seal_bytes(seal: int, sealed_at: datetime.datetime, previous_size: int, previous_root: str) -> bytes:
    """The last leaf of every seal: its number and moment, and the tree it continued."""
    return canonical(
        {
            "previous_root": previous_root,
            "previous_size": previous_size,
            "seal": seal,
            "sealed_at": moment_text(sealed_at),
        }
    )


def leaf_hex(data: bytes) -> str:
    """The leaf hash of RFC 6962 in hex."""
    return leaf_hash(data).hex()


def commitment(salt: bytes, value: str) -> str:
    """What stands in a fact for a personal field: SHA-256 of the 32 bytes of salt, then the value in UTF-8."""
    return sha256(salt + value.encode())
