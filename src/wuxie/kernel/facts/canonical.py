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
from functools import lru_cache
from json.encoder import encode_basestring as text
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


@lru_cache(maxsize=256)
def moment_text(moment: datetime.datetime) -> str:
    """``2026-11-25T04:10:00.000000Z``."""
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def millionths(quantity: str | int | Decimal) -> int:
    """A quantity as a whole number of millionths; more decimals or a size beyond 64 bits is ``Refused``."""
    if type(quantity) is str and len(quantity) < 12 and quantity.isdecimal() and quantity.isascii():
        return int(quantity) * MILLION
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


def fact_bytes(row: dict[str, Any]) -> bytes:
    """``canonical(fact_document(row))``, written out key by key: a ledger of millions is hashed in a third of the time."""
    number, kind, regards, salt = text(row["id"]), text(row["kind"]), text(row["regards"]), row.get("salt")
    if not salt:
        first, middle, last = f'"id":{number},"kind":{kind},', f'"regards":{regards},', ',"v":1'
        return _written(row, row["by"], row["note"], first, middle, last).encode()
    by, note = (commitment(derived_salt(salt, name), row[name]) for name in WORDS)
    body = commitment(derived_salt(salt, BODY), _written(row, by, note))
    return f'{{"body":"{body}","id":{number},"kind":{kind},"regards":{regards},"v":2}}'.encode()


def _written(row: dict[str, Any], by: str, note: str, first: str = "", middle: str = "", last: str = "") -> str:
    """The columns as JSON; what form 1 has in between stands where its key belongs."""
    until, others, files = row["valid_until"], row["also_counts_for"], row["attachments"]
    personal, details = row["personal"], row["details"]
    word = TRUST_WORDS.get(row["trust"]) or str(row["trust"])
    end = f'"{until.isoformat()}"' if until else "null"
    return (
        f'{{"also_counts_for":{_encode(others) if others else "[]"},"attachments":{_encode(files) if files else "[]"},'
        f'"by":{text(by)},"details":{_encode(details) if details else "{}"},{first}'
        f'"note":{text(note)},"occurred_on":"{row["occurred_on"].isoformat()}",'
        f'"personal":{_encode(personal) if personal else "{}"},"quantity":{row["quantity"]:d},'
        f'"recorded_at":"{moment_text(row["recorded_at"])}",{middle}'
        f'"revision":{row["revision"]:d},"source":{text(row["source"])},"subject":{text(row["subject"])},'
        f'"suspicious":{text(row["suspicious"])},"trust":"{word}","unit":{text(row["unit"])}{last},'
        f'"valid_until":{end}}}'
    )


def content_hash(row: dict[str, Any]) -> str:
    """SHA-256 of the canonical document of a fact."""
    return sha256(fact_bytes(row))


def link_bytes(subject: str, seq: int, fact: str, content: str, previous: str) -> bytes:
    """The leaf that says: this fact is number ``seq`` of this subject, after the one whose leaf hash is ``previous``."""
    return (
        f'{{"fact":{text(fact)},"hash":{text(content)},"previous":{text(previous)},"seq":{seq:d},'
        f'"subject":{text(subject)}}}'
    ).encode()


def head_bytes(subject: str, seal: int, count: int, head: str) -> bytes:
    """The leaf that says: with this seal the subject has ``count`` facts, the last one's leaf hash is ``head``."""
    return f'{{"count":{count:d},"head":{text(head)},"seal":{seal:d},"subject":{text(subject)}}}'.encode()


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
