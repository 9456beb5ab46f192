"""Which lists can be imported: a room registers its sheet with its own check and the verb that writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from wuxie.kernel.access.actor import Actor

from .columns import Flaw, Sheet

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Import:
    """One import: what it is called, what it holds, who may use it, what it checks and how it writes."""

    name: str
    label: str | Promise
    sheet: Sheet
    check: Callable[[Rows], Iterable[Flaw]]
    apply: Callable[[Rows, Actor], int]
    may: Callable[[Actor], bool]
    help: str | Promise = ""
    next_url: str = ""
    bind: Callable[[str], Import | None] | None = None
    """The same list for one thing only, whose number stands behind the name (``units-17``)."""


_imports: dict[str, Import] = {}


def register_import(
    name: str,
    sheet: Sheet,
    *,
    check: Callable[[Rows], Iterable[Flaw]] | None = None,
    apply: Callable[[Rows, Actor], int],
    may: Callable[[Actor], bool],
    label: str | Promise = "",
    help: str | Promise = "",
    next_url: str = "",
    bind: Callable[[str], Import | None] | None = None,
) -> None:
    """Offer a list for import under ``imports/<name>/``.

    ``check(rows)`` yields ``Flaw`` for what only the room can know; a row is a dict of values by field, ``None`` where
    a cell is empty or wrong, with its number in the sheet under ``row``. ``apply(rows, by)`` runs inside one
    transaction, writes all rows with bulk operations and returns how many; it is called with rows without any flaw.
    ``may(actor)`` is asked when the page opens and again when the rows are written. ``next_url``: where to look at
    what was written. ``bind(number)`` makes the same import for one thing, under ``imports/<name>-<number>/``: for
    sheets in which every row is about the thing from whose page they are sent.
    """
    _imports[name] = Import(
        name, label or sheet.label, sheet, check or (lambda rows: ()), apply, may, help, next_url, bind
    )


def get(name: str) -> Import | None:
    found = _imports.get(name)
    if found is not None:
        return found
    base, _dash, number = name.rpartition("-")
    whole = _imports.get(base)
    return whole.bind(number) if whole is not None and whole.bind is not None and number.isdigit() else None


def all_imports() -> list[Import]:
    return list(_imports.values())


def offered_to(actor: Actor) -> list[Import]:
    """The imports that this person may use."""
    return [one for one in _imports.values() if one.may(actor)]
