"""The code on the wall: a place's number, signed with a key outside the database. A made-up code fails.

It is short enough to be typed where it cannot be scanned. No ORM, no clock.
"""

from __future__ import annotations

import hashlib
import hmac

from wuxie.kernel.home import key

#: No 0/O and 1/I: the code is typed from the wall at times.
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
#: Characters of the signature: 60 bits.
SIGNATURE = 12


def code_of(number: int) -> str:
    """The code of the place with a number, in groups of four: ``5K2-7QXD-4MRA-92TB``."""
    plain = _digits(number) + _signature(number)
    head = len(plain) % 4
    groups = [plain[start : start + 4] for start in range(head, len(plain), 4)]
    return "-".join([plain[:head], *groups] if head else groups)


def number_of(code: str) -> int | None:
    """The number of the place if the signature is ours, however the code was typed; else ``None``."""
    plain = plain_of(code)
    digits, signature = plain[:-SIGNATURE], plain[-SIGNATURE:]
    if not digits or len(digits) > 10 or not set(plain) <= set(LETTERS):
        return None
    number = 0
    for digit in digits:
        number = number * 32 + LETTERS.index(digit)
    return number if hmac.compare_digest(signature, _signature(number)) and _digits(number) == digits else None


def plain_of(code: str) -> str:
    """A code without its dashes and blanks; what is in front of it in an address is left out."""
    tail = code.strip().rstrip("/").rpartition("/")[2]
    return "".join(character for character in tail.upper() if character.isalnum())[:40]


def digest_of(number: int) -> str:
    """What a phone is given to know a scanned code again without a signal; the code cannot be made from it."""
    return hashlib.sha256(plain_of(code_of(number)).encode()).hexdigest()


def _digits(number: int) -> str:
    found = ""
    while number or not found:
        number, digit = divmod(number, 32)
        found = LETTERS[digit] + found
    return found


def _signature(number: int) -> str:
    drawn = int.from_bytes(hmac.new(key("spots"), str(number).encode(), hashlib.sha256).digest(), "big")
    return "".join(LETTERS[(drawn >> (5 * place)) & 31] for place in range(SIGNATURE))
