"""Receipts, commitments and roots of a vote: pure, repeated to the byte by ``verifier/verify_vote.py``.

A commitment is SHA-256(salt in ASCII ‖ canonical JSON). The salt of a ballot is the receipt that its owner tears off; without it
a commitment says nothing, and an area such as 89.53 m² names nobody. Roots are those of RFC 6962 over the commitments in the
order of the papers' numbers.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from typing import Any

from wuxie.kernel.facts.canonical import canonical
from wuxie.kernel.facts.merkle import leaf_hash, root

#: No 0/O and 1/I: they are typed from paper.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
RECEIPT, TOKEN = 26, 8


def _keyed(secret: str, *parts: object) -> bytes:
    return hmac.new(secret.encode(), ":".join(map(str, parts)).encode(), hashlib.sha256).digest()


def _letters(data: bytes, count: int) -> str:
    spelt = base64.b32encode(data).decode().rstrip("=")
    return spelt.translate(str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET))[:count]


def receipt(secret: str, unit: int, issue: int) -> str:
    """130 bits that the owner keeps; another one with each paper that is issued anew."""
    return _letters(_keyed(secret, "receipt", unit, issue), RECEIPT)


def token(secret: str, unit: int, issue: int) -> str:
    """What the code on the paper itself says: it tells which paper it is and opens nothing."""
    return _letters(_keyed(secret, "paper", unit, issue), TOKEN)


def roll_salt(secret: str, unit: int) -> str:
    return _letters(_keyed(secret, "roll", unit), RECEIPT)


def index_of(text: str) -> str:
    """By which a receipt is found again; the text as somebody typed it, with blanks and small letters."""
    return hashlib.sha256("".join(text.upper().replace("-", "").split()).encode()).hexdigest()


def commit(salt: str, document: dict[str, Any]) -> str:
    return hashlib.sha256(salt.encode() + canonical(document)).hexdigest()


def root_of(commitments: Iterable[str]) -> str:
    return root([leaf_hash(bytes.fromhex(one)) for one in commitments]).hex()


def ballot_document(vote: str, paper: str, state: str, choices: dict[str, str]) -> dict[str, Any]:
    """What the commitment of a unit hides: whether its ballot counted, and for what."""
    return {"choices": choices, "paper": paper, "state": state, "vote": vote}


def roll_document(vote: str, paper: str, unit: str, area: int, head: str) -> dict[str, Any]:
    return {"area": area, "head": head, "paper": paper, "unit": unit, "vote": vote}


def sample(seed: str, papers: Iterable[str], count: int) -> list[str]:
    """The papers to be looked at again: those whose hash with the public seed is smallest."""
    ranked = sorted(papers, key=lambda paper: hashlib.sha256(f"{seed}:{paper}".encode()).digest())
    return sorted(ranked[:count])
