"""Numbers of plaques and receipts, and the signed code in a plaque's QR: a made-up plaque fails.

The code is signed with a key outside the database.
"""

from __future__ import annotations

import hashlib
import hmac

from wuxie.kernel.home import key
from wuxie.kernel.receipts import LETTERS, is_well_formed, new_number, tidy

__all__ = ["LETTERS", "is_well_formed", "new_number", "signed", "tidy", "unsign"]

#: Characters of the signature in a QR: 80 bits.
SIGNATURE = 16


def _signature(plaque: str) -> str:
    digest = hmac.new(key("plaque"), plaque.encode(), hashlib.sha256).digest()
    number = int.from_bytes(digest, "big")
    return "".join(LETTERS[(number >> (5 * place)) & 31] for place in range(SIGNATURE))


def signed(plaque: str) -> str:
    """The code that stands in the QR of a plaque: its number, a dot, the signature."""
    return f"{plaque}.{_signature(plaque)}"


def unsign(code: str) -> str | None:
    """The plaque's number if the signature is ours, else ``None``."""
    plaque, dot, signature = code.rpartition(".")
    if not dot or not hmac.compare_digest(signature.encode(), _signature(plaque).encode()):
        return None
    return plaque
