"""The parts a formula is made of, after it has been read and found lawful (the grammar stands in ``language.py``)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

#: The functions that read facts. ``has`` is answered from ``count`` and ``active``.
READERS = ("count", "sum", "days", "active", "has")
#: Those that take a number of months.
IN_MONTHS = ("count", "sum", "days")


@dataclass(frozen=True)
class Slot:
    """One figure that the engine has to add up: ``count``, ``sum``, ``days`` or ``active`` of a kind.

    ``months`` is None for the window of the standard.
    """

    function: str
    kind: str
    months: int | None = None


@dataclass(frozen=True)
class Number:
    """A decimal number as it was written."""

    text: str


@dataclass(frozen=True)
class Read:
    """``count('k')``, ``sum('k', 12)`` …"""

    function: str
    kind: str
    months: int | None = None

    def slots(self) -> tuple[Slot, ...]:
        if self.function == "has":
            return (Slot("count", self.kind), Slot("active", self.kind))
        return (Slot(self.function, self.kind, self.months),)


@dataclass(frozen=True)
class Sign:
    """A minus before a value (a plus changes nothing and is dropped)."""

    of: Node


@dataclass(frozen=True)
class Chain:
    """``a + b - c`` or ``a * b / c``: values of equal rank from left to right, however many."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True)
class Compare:
    """``a < b`` or ``a < b <= c``: each value is worked out once, and the first comparison that fails ends it."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True)
class Logic:
    """``and`` / ``or``: gives the value that decided, and does not meet those after it."""

    word: str
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Not:
    of: Node


@dataclass(frozen=True)
class Choice:
    """``yes if condition else no``: only the branch taken is met."""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True)
class Call:
    """``ratio``, ``clamp``, ``min``, ``max``: all arguments are met, from left to right."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Bands:
    """``bands(x, [[t, p], …])``: the p of the first row with x ≥ t, else 0. All rows are met."""

    of: Node
    rows: tuple[tuple[Node, Node], ...]


Node = Number | Read | Sign | Chain | Compare | Logic | Not | Choice | Call | Bands


def children(node: Node) -> tuple[Node, ...]:
    """The direct parts of a node, from left to right."""
    match node:
        case Number() | Read():
            return ()
        case Sign(of) | Not(of):
            return (of,)
        case Chain(first, rest) | Compare(first, rest):
            return (first, *(part for _, part in rest))
        case Logic(_, parts) | Call(_, parts):
            return parts
        case Choice(condition, yes, no):
            return (yes, condition, no)
        case Bands(of, rows):
            return (of, *(part for row in rows for part in row))


def reads(node: Node) -> Iterator[Read]:
    """Every function of the formula that reads facts, also those in branches that may not be taken."""
    if isinstance(node, Read):
        yield node
    for child in children(node):
        yield from reads(child)
