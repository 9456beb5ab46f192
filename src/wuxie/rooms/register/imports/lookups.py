"""Texts of a sheet that name something we know: places, estates, companies."""

from __future__ import annotations

import difflib

from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.places.models import Place, ancestors, said

from ..models import Estate

#: A district is often written without its last word; lower divisions never are, too many are called alike.
SUFFIXES = ("区", "县", "市")


def find_places(texts: set[str]) -> dict[str, str]:
    """Division codes for codes, for names that only one division has, and for ``东区 临江社区`` written in full.

    A district may be written without its last word (``双流`` for ``双流区``).
    """
    names = dict(Place.objects.values_list("code", "name"))
    by_name: dict[str, list[str]] = {}
    for code, name in names.items():
        for called in {name, said(name)}:
            by_name.setdefault(called, []).append(code)
    found = {}
    for text in texts:
        code = text if text in names else _one(text.split(), names, by_name)
        if code:
            found[text] = code
    return found


def _one(words: list[str], names: dict[str, str], by_name: dict[str, list[str]]) -> str | None:
    if not words:
        return None
    last = words[-1]
    for name in (last, *(f"{last}{suffix}" for suffix in SUFFIXES)):
        codes = [code for code in by_name.get(name, []) if name == last or len(code) == 6]
        above = [{names.get(step, "") for step in ancestors(code)} for code in codes]
        fitting = [code for code, here in zip(codes, above, strict=True) if all(_among(w, here) for w in words[:-1])]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            return None
    return None


def _among(word: str, names: set[str]) -> bool:
    return any(name == word or name in {f"{word}{suffix}" for suffix in SUFFIXES} for name in names)


def nearest_place(text: str) -> str | None:
    """The district that is most like what was written: ``青阳区`` → ``青羊区``."""
    districts = Place.objects.filter(level=Place.Level.DISTRICT).values_list("name", flat=True)
    near = difflib.get_close_matches(text, sorted(set(districts)), 2, 0.6)
    return near[0] if len(near) == 1 else None


def find_estates(texts: set[str]) -> dict[str, int]:
    """Estate ids for codes, and for names that only one estate has."""
    found = dict(Estate.objects.filter(code__in=texts).values_list("code", "pk"))
    names: dict[str, list[int]] = {}
    for name, pk in Estate.objects.filter(name__in=texts - set(found)).values_list("name", "pk"):
        names.setdefault(name, []).append(pk)
    return found | {name: pks[0] for name, pks in names.items() if len(pks) == 1}


def nearest_estate(text: str) -> str | None:
    codes = list(Estate.objects.values_list("code", flat=True))
    near = difflib.get_close_matches(text, codes, 2, 0.85)
    return near[0] if len(near) == 1 else None


def find_companies(texts: set[str]) -> dict[str, int]:
    """Company ids for credit codes and for names, full or short, that only one company has."""
    companies = Organisation.objects.filter(kind=Organisation.Kind.COMPANY)
    found: dict[str, list[int]] = {}
    for pk, name, short, code in companies.values_list("pk", "name", "short_name", "uscc"):
        for text in {name, short, code} & texts:
            found.setdefault(text, []).append(pk)
    return {text: pks[0] for text, pks in found.items() if len(pks) == 1}


def nearest_company(text: str) -> str | None:
    names = Organisation.objects.filter(kind=Organisation.Kind.COMPANY).values_list("name", flat=True)
    near = difflib.get_close_matches(text, list(names), 2, 0.8)
    return near[0] if len(near) == 1 else None
