"""What has happened to a row, in sentences, from its kept versions."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Field, ForeignKey, Model
from django.utils.translation import gettext as _

from wuxie.kernel import labels

#: As many versions are told; older ones stay in the table.
MOST = 50
Show = Mapping[str, Callable[[Any], str]]


@dataclass(frozen=True)
class Event:
    """One line of the history component."""

    at: datetime.datetime
    label: str
    by_name: str = ""
    by_title: str = ""
    note: str = ""
    private: bool = False
    fact_id: str = ""


def changes_of(row: Model, *, show: Show | None = None, hide: tuple[str, ...] = ("search",)) -> list[Event]:
    """The versions of a row as events, newest first: who, when, and each field before and after.

    ``show`` says how to write a field's value; choices, days and yes-or-no are written as on pages.
    """
    versions = list(
        row.history.select_related("history_user__person").order_by("-history_date", "-history_id")[: MOST + 1]
    )  # type: ignore[attr-defined]
    fields = [
        field for field in row._meta.concrete_fields
        if not field.primary_key and field.name not in hide and versions and hasattr(versions[0], field.attname)
    ]  # fmt: skip
    names = _names(fields, versions)
    told = []
    for new, old in zip(versions, [*versions[1:], None], strict=False):
        if len(told) == MOST:
            break
        told.append(_event(new, old, fields, names, show or {}))
    return told


def _event(new: Any, old: Any, fields: list[Field], names: dict[tuple[str, Any], str], show: Show) -> Event:
    lines = []
    if old is not None and new.history_type == "~":
        for field in fields:
            before, after = getattr(old, field.attname), getattr(new, field.attname)
            if before != after:
                words = [_words(field, value, names, show) for value in (before, after)]
                lines.append(f"{field.verbose_name} {words[0]} → {words[1]}")
    label = {"+": _("登记"), "~": _("修改"), "-": _("删除")}[new.history_type]
    person = getattr(new.history_user, "person", None)
    note = "；".join(part for part in (labels.said(new.history_change_reason or ""), *lines) if part)
    return Event(new.history_date, label, person.name if person else "", "", note)


def _words(field: Field, value: Any, names: dict[tuple[str, Any], str], show: Show) -> str:
    if value is None or value == "":
        return "—"
    if field.name in show:
        return show[field.name](value)
    if isinstance(field, ForeignKey):
        return names.get((field.name, value), str(value))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(value)


def _names(fields: list[Field], versions: list[Any]) -> dict[tuple[str, Any], str]:
    """The names of what foreign keys pointed at, by one query a field that ever changed."""
    found: dict[tuple[str, Any], str] = {}
    for field in fields:
        if not isinstance(field, ForeignKey):
            continue
        keys = {getattr(version, field.attname) for version in versions} - {None}
        if len({getattr(version, field.attname) for version in versions}) > 1:
            found |= {(field.name, key): str(row) for key, row in field.related_model.objects.in_bulk(keys).items()}  # type: ignore[union-attr]
    return found
