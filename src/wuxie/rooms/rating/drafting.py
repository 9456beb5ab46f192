"""Changing the document of a standard's draft part by part; pure, the caller saves what comes out.

A group's points are always those of its indicators, so that a draft stays a standard after every change.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from wuxie.kernel.workflow.refusal import Refusal

Document = dict[str, Any]
#: Part → where its rows stand, and the key that names one.
LISTS = {"veto": ("vetoes", "id"), "grade": ("grades", "stars"), "benefit": ("benefits", "id")}


def groups(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(str(one["id"]), f"{one['id']} {one.get('label', '')}".strip()) for one in document["groups"]]


def find(document: Mapping[str, Any], part: str, name: str) -> dict[str, Any] | None:
    """One group, indicator (with ``group``), veto, grade or benefit."""
    if part == "group":
        return next((one for one in document["groups"] if str(one["id"]) == name), None)
    if part == "indicator":
        for group in document["groups"]:
            for one in group["indicators"]:
                if str(one["id"]) == name:
                    return {**one, "group": str(group["id"])}
        return None
    rows, key = LISTS[part]
    return next((one for one in document.get(rows) or [] if str(one[key]) == name), None)


def put(document: Mapping[str, Any], part: str, row: Mapping[str, Any], *, name: str = "", group: str = "") -> Document:
    """The document with a part replaced (``name``) or added at the end."""
    made = copy.deepcopy(dict(document))
    kept = {key: value for key, value in row.items() if key != "group"}
    if part == "group":
        _put_group(made, kept, name)
    elif part == "indicator":
        _put_indicator(made, kept, name, group)
    else:
        rows, key = LISTS[part]
        made[rows] = _replaced(list(made.get(rows) or []), kept, key, name)
        if part == "grade":
            made[rows].sort(key=lambda one: int(one["stars"]))
    return _added_up(made)


def _replaced(rows: list[Any], row: Any, key: str, name: str) -> list[Any]:
    if name:
        return [row if str(one[key]) == name else one for one in rows]
    return [*rows, row]


def _put_group(made: Document, row: dict[str, Any], name: str) -> None:
    made["groups"] = _replaced(made["groups"], row, "id", name)
    if name and name != row["id"]:
        for grade in made.get("grades") or []:
            if name in (grade.get("floors") or {}):
                grade["floors"] = {row["id"] if one == name else one: share for one, share in grade["floors"].items()}


def _put_indicator(made: Document, row: dict[str, Any], name: str, group: str) -> None:
    """Replaced where it stands; moved to the end of another group if that was chosen."""
    target = next(one for one in made["groups"] if str(one["id"]) == group)
    if name and any(str(one["id"]) == name for one in target["indicators"]):
        target["indicators"] = _replaced(target["indicators"], row, "id", name)
        return
    if name:
        _take_indicator(made, name)
    target["indicators"].append(row)


def remove(document: Mapping[str, Any], part: str, name: str) -> Document:
    """The document without a part; a group keeps at least one indicator, a standard at least one group."""
    made = copy.deepcopy(dict(document))
    if part == "group":
        if len(made["groups"]) == 1:
            raise Refusal("guard", _("标准至少留一个分组。"))
        made["groups"] = [one for one in made["groups"] if str(one["id"]) != name]
        for grade in made.get("grades") or []:
            if name in (grade.get("floors") or {}):
                grade["floors"] = {one: share for one, share in grade["floors"].items() if one != name}
    elif part == "indicator":
        _take_indicator(made, name)
    else:
        rows, key = LISTS[part]
        made[rows] = [one for one in made.get(rows) or [] if str(one[key]) != name]
    return _added_up(made)


def _take_indicator(made: Document, name: str) -> None:
    for group in made["groups"]:
        left = [one for one in group["indicators"] if str(one["id"]) != name]
        if not left:
            raise Refusal("guard", _("分组至少留一项指标；不要这一组，请去掉分组。"))
        group["indicators"] = left


def _added_up(made: Document) -> Document:
    for group in made["groups"]:
        total = sum((Decimal(str(one["points"])) for one in group["indicators"]), Decimal())
        group["points"] = format(total.normalize(), "f")
    return made
