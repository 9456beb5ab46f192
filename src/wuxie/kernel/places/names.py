"""A place said in full, and found by what somebody types; never a query for each row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from wuxie.kernel.search import search_filter

from .models import COMMITTEES, Place, PlaceQuerySet, ancestors, said

MOST = 20


def full_names(codes: Iterable[str]) -> dict[str, str]:
    """Code → ``攀枝花市 东区 大渡口街道 临江社区``, for all codes by one query; unknown codes are left out."""
    wanted = set(codes)
    needed = wanted.union(*(ancestors(code) for code in wanted))
    names = dict(Place.objects.filter(code__in=needed).values_list("code", "name"))
    return {
        code: " ".join(said(names[step]) for step in (*ancestors(code), code) if step in names)
        for code in wanted
        if code in names
    }


def full_name(code: str) -> str:
    """One place in full; the code itself if it is not known."""
    return full_names([code]).get(code, code)


def find(query: str, *, within: Iterable[str] = (), level: int | None = None, most: int = MOST) -> list[dict[str, str]]:
    """Places by code, name or pinyin initials, words also taken from the places above: ``东区 临江`` finds the community.

    ``within``: only below one of these codes. Returns ``{"value", "text"}``, text being the full name, shorter codes first.
    """
    words = query.split()[:4]
    rows = Place.objects.all()
    if level is not None:
        rows = rows.filter(level=level)
    if codes := list(within):
        rows = rows.under_any(codes)
    if words and words[-1].isdigit():
        rows = rows.filter(code__startswith=words[-1])
    elif words:
        rows = cast(PlaceQuerySet, search_filter(rows, "search", words[-1]))
    for word in words[:-1]:
        rows = rows.under_any(
            list(search_filter(Place.objects.all(), "search", word).values_list("code", flat=True)[:200])
        )
    found = list(rows.values_list("code", flat=True)[:most])
    names = full_names(found)
    return [{"value": code, "text": names[code]} for code in found]


def resolve(text: str) -> list[str]:
    """The codes that a text may mean: a code itself; a name, with any of the names above it before; at most ten.

    ``临江社区`` gives every community of that name, ``东区 临江社区`` the one in that district.
    """
    words = text.split()
    if not words:
        return []
    if len(words) == 1 and words[0].isdigit():
        return list(Place.objects.filter(code=words[0]).values_list("code", flat=True))
    called = [words[-1], *(words[-1] + ending for ending in COMMITTEES)]
    codes = list(Place.objects.filter(name__in=called).order_by("level", "code").values_list("code", flat=True)[:200])
    if not codes:
        codes = [one["value"] for one in find(text)]
        return codes[:10]
    names = full_names(codes)
    return [code for code in codes if set(words[:-1]) <= set(names[code].split()[:-1])][:10]
