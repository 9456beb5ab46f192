"""The Merkle tree as it is kept: full tiles of 256 in the database, the unfinished end read back from the leaves' rows.

A tile of level 0 holds 256 leaf hashes, one of level 1 the roots of 256 tiles of level 0, and so on: any subtree root,
and with it any proof, takes a handful of tiles however long the ledger is.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from . import merkle
from .merkle import Subtree
from .models import Head, Link, Seal, Tile

WIDTH = 256
HASH = 32


def leaves_between(first: int, last: int) -> list[bytes]:
    """Leaf hashes from the rows of links, heads and seals; raises ``LookupError`` if one is missing."""
    span = {"leaf__gte": first, "leaf__lt": last}
    found = dict(Link.objects.filter(**span).values_list("leaf", "hash"))
    found.update(Head.objects.filter(**span).values_list("leaf", "hash"))
    found.update((size - 1, leaf) for size, leaf in Seal.objects.filter(
        size__gt=first, size__lte=last).values_list("size", "hash"))  # fmt: skip
    missing = [at for at in range(first, last) if at not in found]
    if missing:
        raise LookupError(f"leaf {missing[0]} is missing")
    return [bytes.fromhex(found[at]) for at in range(first, last)]


class Tiler:
    """Collects the leaves of a growing tree and gives out every tile that became full."""

    def __init__(self, size: int, unfinished: dict[int, list[bytes]]) -> None:
        self.size = size
        self.levels = unfinished
        self.full: list[tuple[int, int, bytes]] = []
        self.counts = {level: size // WIDTH**level for level in range(12)}

    @classmethod
    def resume(cls, size: int) -> Tiler:
        """Continue a stored tree: what is in no full tile yet is read back."""
        unfinished = {0: leaves_between(size - size % WIDTH, size)}
        for level in range(1, 12):
            count = size // WIDTH**level
            if not count:
                break
            first = count - count % WIDTH
            rows = Tile.objects.filter(level=level - 1, number__gte=first, number__lt=count).order_by("number")
            unfinished[level] = [merkle.root(_cut(bytes(row.hashes))) for row in rows]
            if len(unfinished[level]) != count - first:
                raise LookupError(f"a tile of level {level - 1} is missing")
        return cls(size, unfinished)

    def extend(self, leaves: Iterable[bytes]) -> None:
        for leaf in leaves:
            self._add(0, leaf)
            self.size += 1

    def _add(self, level: int, node: bytes) -> None:
        row = self.levels.setdefault(level, [])
        row.append(node)
        self.counts[level] += 1
        if len(row) == WIDTH:
            self.full.append((level, self.counts[level] // WIDTH - 1, b"".join(row)))
            parent = merkle.root(row)
            row.clear()
            self._add(level + 1, parent)


def _cut(hashes: bytes) -> list[bytes]:
    return [hashes[at : at + HASH] for at in range(0, len(hashes), HASH)]


def subtree(size: int) -> Subtree:
    """Subtree roots of the stored tree of this size, for ``merkle.inclusion_proof`` and ``consistency_proof``.

    Keep it for many proofs over the same size: it remembers what it has read.
    """
    full = size - size % WIDTH
    end = leaves_between(full, size)

    @cache
    def tile(level: int, number: int) -> list[bytes]:
        return _cut(bytes(Tile.objects.get(level=level, number=number).hashes))

    @cache
    def of(first: int, last: int) -> bytes:
        width = last - first
        if width & (width - 1) or first % width:
            middle = first + merkle.split(width)
            return merkle.node_hash(of(first, middle), of(middle, last))
        if first >= full:
            return merkle.root(end[first - full : last - full])
        # A whole subtree inside full tiles: up to 255 neighbouring nodes of one level of tiles.
        level = (width.bit_length() - 1) // 8
        span = WIDTH**level
        start, count = first // span, width // span
        number, inside = divmod(start, WIDTH)
        if (number + 1) * WIDTH * span <= full:
            return merkle.root(tile(level, number)[inside : inside + count])
        return merkle.root([merkle.root(tile(level - 1, at)) for at in range(start, start + count)])

    return of


def inclusion_proof(leaf: int, size: int) -> list[bytes]:
    """The audit path of a leaf in the tree of a sealed size."""
    return merkle.inclusion_proof(leaf, size, subtree(size))


def consistency_proof(old: int, size: int) -> list[bytes]:
    """That the tree of one sealed size continues the tree of an older one."""
    return merkle.consistency_proof(old, size, subtree(size))
