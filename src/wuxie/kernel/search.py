"""One search column for every list: the name and its pinyin initials.

``search_text`` fills the column, ``search_filter`` asks it for a part of either. LIKE reads every row, so the column is kept
short, and a list of 100,000 rows has it in an index from which the whole question is answered.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TypeVar

from django.db import connection
from django.db.models import Model, Q, QuerySet

AnyModel = TypeVar("AnyModel", bound=Model)

LONGEST = 600

# Names whose first character is read another way as a family name; both readings are kept.
SURNAMES = {
    "单": "s", "曾": "z", "仇": "q", "解": "x", "查": "z", "盖": "g", "区": "o", "翟": "z", "缪": "m", "乐": "y",
    "员": "y", "种": "c", "隗": "w", "盛": "s", "折": "s", "能": "n", "繁": "p", "召": "s", "秘": "b", "祭": "z",
    "谌": "c", "朴": "p", "冼": "x", "万俟": "mq", "尉迟": "yc", "长孙": "zs", "澹台": "tt", "宿": "s", "褚": "c",
    "覃": "q", "重": "c", "纪": "j", "任": "r", "车": "c", "柏": "b", "晁": "c", "郇": "x", "逄": "p", "殷": "y",
}  # fmt: skip


def plain(text: str) -> str:
    """Half-width, lower case, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


@lru_cache(maxsize=4096)
def initials(text: str) -> tuple[str, ...]:
    """The pinyin initials of a text, letters and digits as they are; two readings for some family names."""
    letters = "".join(part[:1] if part[:1].isalpha() else part for part in _pieces(text))
    for surname, read in SURNAMES.items():
        if text.startswith(surname) and not letters.startswith(read):
            return letters, read + letters[len(surname) :]
    return (letters,)


def _pieces(text: str) -> list[str]:
    from pypinyin import Style, lazy_pinyin  # its dictionary is large, and only a name that is written down needs it

    kept = "".join(character for character in text if character.isalnum())
    return lazy_pinyin(kept, style=Style.FIRST_LETTER, errors=lambda other: list(other))  # type: ignore[arg-type, return-value]


def search_text(name: str, *, longest: int = LONGEST) -> str:
    """What to keep in the search column of something with this name (at most ``longest`` characters)."""
    text = plain(name)
    return " ".join(dict.fromkeys((text, *initials(text))))[:longest].rstrip()


def search_filter(queryset: QuerySet[AnyModel], field: str, query: str) -> QuerySet[AnyModel]:
    """Rows in whose search column every word of the query occurs; all rows for an empty query."""
    for word in plain(query).split()[:8]:
        queryset = queryset.filter(**{f"{field}__contains": word[:60]})
    return queryset


def starting(field: str, text: str) -> Q:
    """Texts that begin so, to the letter. SQLite finds them by index only if asked for everything between two texts."""
    if connection.vendor == "sqlite":
        return Q(**{f"{field}__gte": text, f"{field}__lt": f"{text}\U0010ffff"})
    return Q(**{f"{field}__startswith": text})


def values_of(model: type[Model], column: str) -> list[str]:
    """The different texts of an indexed column, in order: one look into the index for each, however many rows have it."""
    return [value for value, _pk in _first_rows(model, column)]


def firsts(model: type[Model], column: str) -> list[int]:
    """The ids of rows of which each has another text in an indexed column; every text is among them."""
    return [pk for _value, pk in _first_rows(model, column)]


def _first_rows(model: type[Model], column: str) -> list[tuple[str, int]]:
    quote = connection.ops.quote_name
    table, name = quote(model._meta.db_table), quote(str(model._meta.get_field(column).column))  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE one(value) AS (SELECT MIN({name}) FROM {table} UNION ALL"  # noqa: S608 (names of our own)
            f" SELECT (SELECT MIN({name}) FROM {table} WHERE {name} > one.value) FROM one WHERE one.value IS NOT NULL)"
            f" SELECT value, (SELECT MIN(id) FROM {table} WHERE {name} = one.value) FROM one WHERE value IS NOT NULL"
        )
        return [(str(value), int(pk)) for value, pk in cursor.fetchall()]
