"""How many rows there are: exactly, and in each saved view as far as that costs little."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Count, Q, QuerySet

from .table import Segment

#: With more rows than this the saved views have no numbers, unless one grouped statement gives them all.
COUNTED = 20_000


def repeats(rows: QuerySet) -> bool:
    """Whether a row may come several times, by a join with many: then each is to be counted once, which is much dearer."""
    joined = (getattr(one, "join_field", None) for one in rows.query.alias_map.values())
    return rows.query.distinct or any(field and (field.one_to_many or field.many_to_many) for field in joined)


def counts(
    rows: QuerySet, segments: Sequence[Segment], chosen: Segment | None, *, at_once: bool = False
) -> dict[str, int]:
    """Saved view → rows in it, all of them under the empty name; the chosen view is always there.

    ``at_once`` counts everything in one statement, for rows that are dearer to find than to count.
    """
    rows = rows.order_by()
    by_value = _one_field(segments)
    if by_value:
        return _grouped(rows, *by_value)
    total = None if at_once and segments else rows.count()
    if total is not None and not segments:
        return {"": total}
    if total is not None and total > COUNTED:
        return {"": total} | ({chosen.name: rows.filter(chosen.where).count()} if chosen else {})
    apart = any(repeats(rows.filter(one.where)) for one in segments)
    asked = {f"in_{one.name}": Count("pk", filter=one.where, distinct=apart) for one in segments}
    found = rows.aggregate(**asked, **({"in_all": Count("pk", distinct=repeats(rows))} if total is None else {}))
    return {"": found["in_all"] if total is None else total} | {one.name: found[f"in_{one.name}"] for one in segments}


def _one_field(segments: Iterable[Segment]) -> tuple[str, dict[str, set[object]]] | None:
    """The field by whose values all saved views are told apart, and the values of each; ``None`` if they ask for more."""
    fields, values = set(), {}
    for one in segments:
        asked = _values(one.where)
        if asked is None:
            return None
        fields.add(asked[0])
        values[one.name] = asked[1]
    return (fields.pop(), values) if len(fields) == 1 else None


def _values(where: Q) -> tuple[str, set[object]] | None:
    if where.negated or len(where.children) != 1 or not isinstance(where.children[0], tuple):
        return None
    path, value = where.children[0]
    field, _mark, lookup = path.partition("__")
    if lookup == "in" and isinstance(value, list | tuple | set):
        return field, set(value)
    return (field, {value}) if not lookup and isinstance(value, str) else None


def _grouped(rows: QuerySet, field: str, values: dict[str, set[object]]) -> dict[str, int]:
    found = dict(rows.values_list(field).annotate(n=Count("pk", distinct=repeats(rows))))
    sums = {name: sum(found.get(value, 0) for value in wanted) for name, wanted in values.items()}
    return {"": sum(found.values())} | sums
