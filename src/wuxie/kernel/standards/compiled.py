"""Formulas as Python functions: built once from the nodes, called for each subject with its row of figures."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence

from .exact import ONE, ZERO, Pair, pair
from .nodes import Bands, Call, Chain, Choice, Compare, Logic, Node, Not, Number, Read, Sign, Slot

Row = Sequence[Pair]
Step = Callable[[Row], Pair]
TESTS: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


class NoData(Exception):
    """A value was divided by nought on the way: the whole expression has no data."""


def build(node: Node, places: Mapping[Slot, int]) -> Callable[[Row], Pair | None]:
    """The formula as a function of a row of figures, ``places`` telling where each slot stands; None = no data.

    A comparison is worth 1 or 0; ``and`` and ``or`` give the value that decided; nought is false, all else true.
    """
    step = _step(node, places)

    def formula(row: Row) -> Pair | None:
        try:
            return step(row)
        except NoData:
            return None

    return formula


def _step(node: Node, places: Mapping[Slot, int]) -> Step:
    def inner(part: Node) -> Step:
        return _step(part, places)

    match node:
        case Number(text):
            constant = pair(text)
            return lambda row: constant
        case Read("has"):
            count, active = (places[slot] for slot in node.slots())
            return lambda row: ONE if row[count][0] > 0 or row[active][0] > 0 else ZERO
        case Read():
            return operator.itemgetter(places[node.slots()[0]])
        case Sign(of):
            return _sign(inner(of))
        case Not(of):
            negated = inner(of)
            return lambda row: ZERO if negated(row)[0] else ONE
        case Chain(first, rest):
            parts = [(sign, inner(part)) for sign, part in rest]
            return (_sum if rest[0][0] in "+-" else _product)(inner(first), parts)
        case Compare(first, rest):
            return _compare(inner(first), [(TESTS[sign], inner(part)) for sign, part in rest])
        case Logic(word, parts_):
            return _logic(word == "and", [inner(part) for part in parts_])
        case Choice(condition, yes, no):
            test, then, otherwise = inner(condition), inner(yes), inner(no)
            return lambda row: then(row) if test(row)[0] else otherwise(row)
        case Call(name, arguments):
            return CALLS[name](*map(inner, arguments))
        case Bands(of, rows):
            return _bands(inner(of), [(inner(least), inner(points)) for least, points in rows])


def _sign(of: Step) -> Step:
    def negative(row: Row) -> Pair:
        numerator, denominator = of(row)
        return -numerator, denominator

    return negative


def _sum(first: Step, parts: list[tuple[str, Step]]) -> Step:
    signed = [(-1 if sign == "-" else 1, part) for sign, part in parts]

    def add(row: Row) -> Pair:
        numerator, denominator = first(row)
        for sign, part in signed:
            more, over = part(row)
            if over == denominator:
                numerator += sign * more
            else:
                numerator = numerator * over + sign * more * denominator
                denominator *= over
        return numerator, denominator

    return add


def _product(first: Step, parts: list[tuple[str, Step]]) -> Step:
    def multiply(row: Row) -> Pair:
        value = first(row)
        for sign, part in parts:
            other = part(row)
            value = _divided(value, other) if sign == "/" else (value[0] * other[0], value[1] * other[1])
        return value

    return multiply


def _divided(value: Pair, by: Pair) -> Pair:
    """value ÷ by; nothing can be said when ``by`` is nought."""
    numerator, denominator = value[0] * by[1], value[1] * by[0]
    if denominator > 0:
        return numerator, denominator
    if not denominator:
        raise NoData
    return -numerator, -denominator


def _compare(first: Step, parts: list[tuple[Callable[[int, int], bool], Step]]) -> Step:
    def compare(row: Row) -> Pair:
        left = first(row)
        for test, part in parts:
            right = part(row)
            if not test(left[0] * right[1], right[0] * left[1]):
                return ZERO
            left = right
        return ONE

    return compare


def _logic(every: bool, parts: list[Step]) -> Step:
    def decide(row: Row) -> Pair:
        value = ZERO
        for part in parts:
            value = part(row)
            if bool(value[0]) != every:
                return value
        return value

    return decide


def _ratio(a: Step, b: Step) -> Step:
    def ratio(row: Row) -> Pair:
        value = a(row)
        return _divided(value, b(row))

    return ratio


def _least(*parts: Step) -> Step:
    def least(row: Row) -> Pair:
        value = parts[0](row)
        for part in parts[1:]:
            other = part(row)
            if other[0] * value[1] < value[0] * other[1]:
                value = other
        return value

    return least


def _greatest(*parts: Step) -> Step:
    def greatest(row: Row) -> Pair:
        value = parts[0](row)
        for part in parts[1:]:
            other = part(row)
            if other[0] * value[1] > value[0] * other[1]:
                value = other
        return value

    return greatest


def _clamp(of: Step, least: Step, most: Step) -> Step:
    return _greatest(_least(of, most), least)


def _bands(of: Step, rows: list[tuple[Step, Step]]) -> Step:
    def band(row: Row) -> Pair:
        value = of(row)
        met = [(least(row), points(row)) for least, points in rows]
        for least, points in met:
            if value[0] * least[1] >= least[0] * value[1]:
                return points
        return ZERO

    return band


CALLS: dict[str, Callable[..., Step]] = {"ratio": _ratio, "min": _least, "max": _greatest, "clamp": _clamp}
