"""Bech32 (BIP 173), the writing of keys in the age format: a name, then letters that survive being copied by hand."""

from __future__ import annotations

from collections.abc import Iterable

LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_FACTORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def encode(name: str, data: bytes) -> str:
    """``name`` (lower case), ``1``, the data in groups of five bits and six letters of checksum."""
    groups = _regroup(data, 8, 5, pad=True)
    return f"{name}1{''.join(LETTERS[group] for group in groups + _checksum(name, groups))}"


def decode(text: str) -> tuple[str, bytes]:
    """Name and data; ``ValueError`` if a letter is wrong, missing or too much."""
    if text not in (text.lower(), text.upper()):
        raise ValueError("mixed case")
    name, mark, rest = text.lower().rpartition("1")
    if not mark or not name or len(rest) < 6 or set(rest) - set(LETTERS):
        raise ValueError("not bech32")
    groups = [LETTERS.index(letter) for letter in rest]
    if _checksum(name, groups[:-6]) != groups[-6:]:
        raise ValueError("checksum")
    return name, bytes(_regroup(groups[:-6], 5, 8, pad=False))


def _checksum(name: str, groups: list[int]) -> list[int]:
    spread = [ord(letter) >> 5 for letter in name] + [0] + [ord(letter) & 31 for letter in name]
    rest = _polymod([*spread, *groups, 0, 0, 0, 0, 0, 0]) ^ 1
    return [rest >> 5 * (5 - at) & 31 for at in range(6)]


def _polymod(groups: Iterable[int]) -> int:
    state = 1
    for group in groups:
        top = state >> 25
        state = (state & 0x1FFFFFF) << 5 ^ group
        for at, factor in enumerate(_FACTORS):
            state ^= factor if top >> at & 1 else 0
    return state


def _regroup(data: Iterable[int], size: int, wanted: int, *, pad: bool) -> list[int]:
    waiting = bits = 0
    groups = []
    for value in data:
        waiting, bits = waiting << size | value, bits + size
        while bits >= wanted:
            bits -= wanted
            groups.append(waiting >> bits & (1 << wanted) - 1)
    left = waiting & (1 << bits) - 1
    if pad and bits:
        groups.append(left << wanted - bits)
    elif not pad and (bits >= size or left):
        raise ValueError("padding")
    return groups
