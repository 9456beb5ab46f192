"""Looking for a word in the fields that a list declares.

What a row only points to is looked for where it stands: a handful of estates is found before a hundred thousand cases are
asked whether they belong to one, and no row of theirs is joined for it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Model, Q, QuerySet

from wuxie.kernel import grams
from wuxie.kernel.search import plain, values_of


def holding(
    rows: QuerySet,
    names: Sequence[str],
    text: str,
    *,
    few: Collection[str] = (),
    codes: Collection[str] = (),
    walk: bool = False,
) -> QuerySet:
    """Rows in which every word of the text occurs in one of the fields.

    ``few`` of them have few different values; ``codes`` are numbers of letters and digits, which no Chinese word is in. ``walk``:
    many are known to have it, and the first of them in an order are wanted.
    """
    if list(names) == ["search"] and grams.keeps(rows.model):
        rows = rows.filter(grams.holding(rows.model, text, walk=walk))  # one look for all words
    for word in text.split():
        wanted = Q(pk__in=[])
        for name in names:
            if name in codes and not word.isascii():
                continue
            wanted |= _among_few(rows.model, name, word) if name in few else _in(rows.model, name, word)
        rows = rows.filter(wanted)
    return rows


def reads_every_row(
    model: type[Model], names: Sequence[str], text: str, *, few: Collection[str], codes: Collection[str]
) -> bool:
    """Whether looking for the text reads a column of each row: then it is done once for a page, not for each number on it."""
    if grams.keeps(model):
        return False
    own = (name for name in names if "__" not in name and name not in few)
    return any(name not in codes or any(word.isascii() for word in text.split()) for name in own)


def _among_few(model: type[Model], name: str, word: str) -> Q:
    found = [value for value in values_of(model, name) if word.lower() in value.lower()]
    return Q(**{f"{name}__in": found}) if found else Q(pk__in=[])


def _asked(name: str, word: str) -> Q:
    """A search column holds lower case already; to turn a hundred thousand of them into it took PostgreSQL most of its time."""
    kept = name.rpartition("__")[2] == "search"
    return Q(**{f"{name}__contains": plain(word)}) if kept else Q(**{f"{name}__icontains": word})


def _in(model: type[Model], name: str, word: str) -> Q:
    *way, column = name.split("__")
    owners: list[type[Model]] = [model]
    for step in way:
        field: Any = owners[-1]._meta.get_field(step)
        if not field.many_to_one:
            return _asked(name, word)
        owners.append(field.related_model)
    if not way:
        return _asked(column, word)
    found = owners[-1]._base_manager.filter(_asked(column, word))
    for owner, step in zip(owners[-2:0:-1], way[:0:-1], strict=True):
        found = owner._base_manager.filter(**{f"{step}__in": found.values("pk")})
    return Q(**{f"{way[0]}__in": found.values("pk")})
