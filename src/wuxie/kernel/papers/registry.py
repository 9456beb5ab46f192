"""Which papers can be issued: a room registers each with its number, its fields and, if need be, its own layout."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from django.utils.functional import Promise

TYPST = Path(__file__).with_name("typst")
COMMON = TYPST / "paper.typ"


@dataclass(frozen=True)
class Paper:
    """One kind of paper. ``fields``: (name, label); ``signers``: whose signature lines stand at the end."""

    code: str
    label: str | Promise
    number_pattern: str
    fields: tuple[tuple[str, str], ...]
    template: Path = COMMON
    signers: tuple[str, ...] = ()
    qr: bool = True
    posting: bool = False


_papers: dict[str, Paper] = {}


def register_paper(
    code: str,
    label: str | Promise,
    number_pattern: str,
    fields: tuple[tuple[str, str], ...] | tuple[str, ...],
    template: Path = COMMON,
    *,
    signers: tuple[str, ...] = (),
    qr: bool = True,
    posting: bool = False,
) -> None:
    """Offer a paper. The pattern is text with ``{year}``, ``{seq:4}`` and names of values (``XJ-{year}-{district}-{seq:4}``);
    one without ``{seq}`` takes its number from outside (``{authority_doc_no}``)."""
    pairs = tuple((one, one) if isinstance(one, str) else (one[0], one[1]) for one in fields)
    _papers[code] = Paper(code, label, number_pattern, pairs, template, signers, qr, posting)


def get(code: str) -> Paper:
    """The paper; ``LookupError`` if nobody registered it."""
    if code not in _papers:
        raise LookupError(f"no paper {code}")
    return _papers[code]


def all_papers() -> list[Paper]:
    return list(_papers.values())


_PLACE = re.compile(r"\{(\w+)(?::(\d+))?\}")


def filled(pattern: str, values: dict[str, str]) -> str:
    """The pattern with its values in place; ``KeyError`` names one that is missing or empty."""

    def put(found: re.Match[str]) -> str:
        value = str(values.get(found[1]) or "")
        if not value:
            raise KeyError(found[1])
        return value.zfill(int(found[2])) if found[2] else value

    return _PLACE.sub(put, pattern)


def has_sequence(pattern: str) -> bool:
    return any(found[1] == "seq" for found in _PLACE.finditer(pattern))


def series_of(pattern: str, values: dict[str, str]) -> str:
    """What shares one run of numbers: the pattern with everything but year and number filled in."""
    return filled(pattern, {**values, "year": "{year}", "seq": "{seq}"})
