"""Numbers that strangers type: receipts and plaques with a check character.

A number is drawn at random, so that nobody counts from one to the next; its last character catches a wrong or swapped
one (ISO 7064 MOD 37,36).
"""

from __future__ import annotations

import secrets

from stdnum.iso7064 import mod_37_36

#: Crockford's letters: no I, L, O or U that could be read for something else.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_number(length: int = 8) -> str:
    """A random number with its check character, in groups of four with the check last: ``7K2M-9QXD-4``."""
    body = "".join(secrets.choice(LETTERS) for _ in range(length))
    check = mod_37_36.calc_check_digit(body)
    groups = [body[start : start + 4] for start in range(0, length, 4)]
    return "-".join([*groups, check])


def tidy(text: str) -> str:
    """What someone typed, as it is stored: upper case, grouped, O read as 0 and I, L as 1 (but for the check)."""
    plain = "".join(character for character in text.upper() if character.isalnum())
    if len(plain) < 5:
        return plain
    body = plain[:-1].translate(str.maketrans("OIL", "011"))
    groups = [body[start : start + 4] for start in range(0, len(body), 4)]
    return "-".join([*groups, plain[-1]])


def is_well_formed(number: str) -> bool:
    """Whether letters and check character fit; says nothing about whether such a number was ever given."""
    plain = number.replace("-", "")
    return len(plain) > 1 and set(plain[:-1]) <= set(LETTERS) and bool(mod_37_36.is_valid(plain))
