"""What a table of counts may say so that no count of one to four can be read from it or worked out of it.

Pure functions. ``LEAST`` is the smallest count that is published; nought is said, for it points at nobody. A reader is taken
to know every total that is published, that a count which is left out is not nought, and how this file works.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

LEAST = 5
Cell = tuple[str, str]


def bands(counts: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbouring levels (stars) put together until each band has nobody or ``LEAST``; first and last level of each."""
    made: list[list[int]] = []  # first, last, count
    for level, n in enumerate(counts):
        if made and 0 < made[-1][2] < LEAST:
            made[-1][1:] = [level, made[-1][2] + n]
        else:
            made.append([level, level, n])
    while len(made) > 1 and 0 < made[-1][2] < LEAST:
        _first, last, n = made.pop()
        made[-1][1:] = [last, made[-1][2] + n]
    return [(first, last) for first, last, _n in made]


def merged(totals: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Groups as they are published: small ones together, with the next larger until they are ``LEAST``; largest first."""
    found = sorted(((n, (code,)) for code, n in totals.items() if n), key=lambda one: (one[0], one[1]))
    while len(found) > 1 and found[0][0] < LEAST:
        (a, first), (b, second), *rest = found
        found = sorted([(a + b, tuple(sorted(first + second))), *rest], key=lambda one: (one[0], one[1]))
    return [codes for _n, codes in sorted(found, key=lambda one: (-one[0], one[1]))]


def hidden(cells: Mapping[Cell, int]) -> set[Cell]:
    """The cells of a table (row, column) to leave out where all its totals are known.

    First every count of one to four. Then more, until what is left out of a row or a column adds up to ``LEAST`` at least,
    and none of what is left out can have one value only.
    """
    out = {cell for cell, n in cells.items() if 0 < n < LEAST}
    while True:
        wanted = next(_short(cells, out), None) or min(fixed(cells, out), default=None)
        if wanted is None:
            return out
        more = _next(cells, out, wanted)
        if more is None:
            return set(cells)
        out.add(more)


def _lines(cells: Iterable[Cell]) -> list[list[Cell]]:
    found: dict[tuple[int, str], list[Cell]] = {}
    for cell in sorted(cells):
        for side in (0, 1):
            found.setdefault((side, cell[side]), []).append(cell)
    return list(found.values())


def _short(cells: Mapping[Cell, int], out: set[Cell]) -> Iterator[Cell]:
    """A left-out cell of each row and column in which too few are left out."""
    for line in _lines(out):
        if sum(cells[cell] for cell in line) < LEAST:
            yield line[0]


def _next(cells: Mapping[Cell, int], out: set[Cell], wanted: Cell) -> Cell | None:
    """The smallest count beside a cell that may still be left out: first where its line lacks one, else anywhere."""
    free = [cell for cell, n in cells.items() if n and cell not in out]
    short = [line for line in _lines(out) if wanted in line and sum(cells[cell] for cell in line) < LEAST]
    for side in (0, 1):
        line = sorted(cell for cell in out if cell[side] == wanted[side])
        if len(line) == 1 or line in short:
            near = [cell for cell in free if cell[side] == wanted[side]]
            if near:
                return min(near, key=lambda cell: (cells[cell], cell))
    return min(free, key=lambda cell: (cells[cell], cell), default=None)


def fixed(cells: Mapping[Cell, int], out: set[Cell]) -> set[Cell]:
    """The left-out cells that can have one value only, all totals being known.

    A cell may grow or shrink by one where the others of its row and column give way, theirs in turn, and so round in a circle:
    rows lead to columns by cells that may grow (all), columns to rows by cells that may shrink (two at least). Exact, because
    the counts of such a table are the flows of a network.
    """
    ways: dict[tuple[int, str], set[tuple[int, str]]] = {}
    for row, column in out:
        ways.setdefault((0, row), set()).add((1, column))
        if cells[row, column] > 1:
            ways.setdefault((1, column), set()).add((0, row))
    return {cell for cell in out if not _moves(cell, cells, ways)}


def _moves(cell: Cell, cells: Mapping[Cell, int], ways: Mapping[tuple[int, str], set[tuple[int, str]]]) -> bool:
    row, column = (0, cell[0]), (1, cell[1])
    if _reaches(column, row, ways, but=(column, row)):
        return True
    return cells[cell] > 1 and _reaches(row, column, ways, but=(row, column))


def _reaches(
    start: tuple[int, str], goal: tuple[int, str], ways: Mapping[tuple[int, str], set[tuple[int, str]]], *, but: tuple
) -> bool:
    seen, todo = {start}, [start]
    while todo:
        at = todo.pop()
        for one in ways.get(at, ()):
            if (at, one) == but or one in seen:
                continue
            if one == goal:
                return True
            seen.add(one)
            todo.append(one)
    return False


def apart(value: int, known: Iterable[int]) -> bool:
    """Whether a count may be said beside others of the same people: no difference of one to four."""
    return not 0 < value < LEAST and all(value == one or abs(value - one) >= LEAST for one in known)
