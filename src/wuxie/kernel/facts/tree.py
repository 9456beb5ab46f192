"""The Merkle tree as it is kept: full tiles of 256 in the database, the unfinished end read back from the leaves' rows.

A tile of level 0 holds 256 leaf hashes, one of level 1 the roots of 256 tiles of level 0, and so on: any subtree root,
and with it any proof, takes a handful of tiles however long the ledger is.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

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
            self._counted(level + 1)
            self._add(level + 1, parent)

    def _counted(self, level: int) -> None:
        self.counts.setdefault(level, 0)


def _cut(hashes: bytes) -> list[bytes]:
    return [hashes[at : at + HASH] for at in range(0, len(hashes), HASH)]


@lru_cache(maxsize=4096)
def _tile(level: int, number: int) -> tuple[bytes, ...]:
    return tuple(_cut(bytes(Tile.objects.get(level=level, number=number).hashes)))


def subtree(size: int) -> Subtree:
    """Subtree roots of the stored tree of this size, for ``merkle.inclusion_proof`` and ``consistency_proof``."""
    full = size // WIDTH * WIDTH
    end = leaves_between(full, size)
    known: dict[tuple[int, int], bytes] = {}

    def of(first: int, last: int) -> bytes:
        if (first, last) not in known:
            known[first, last] = compute(first, last)
        return known[first, last]

    def compute(first: int, last: int) -> bytes:
        width = last - first
        if width & (width - 1) or first % width:
            middle = first + merkle.split(width)
            return merkle.node_hash(of(first, middle), of(middle, last))
        if first >= full:
            return merkle.root(end[first - full : last - full])
        level = (width.bit_length() - 1) // 8
        span = WIDTH**level
        return _aligned(level, first // span, width // span, of, full)

    return of


def _aligned(level: int, first: int, count: int, of: Subtree, full: int) -> bytes:
    """The root over ``count`` nodes (a power of two, under 256) of one level, from its tile, else from the level below."""
    number, inside = divmod(first, WIDTH)
    span = WIDTH**level
    if (number + 1) * WIDTH * span <= full:
        return merkle.root(_tile(level, number)[inside : inside + count])
    nodes = [merkle.root(_tile(level - 1, at)) if level else of(at, at + 1) for at in range(first, first + count)]
    return merkle.root(nodes)


def forget_tiles() -> None:
    """Tiles never change, so they are remembered; tests that begin a new ledger forget them."""
    _tile.cache_clear()


def inclusion_proof(leaf: int, size: int) -> list[bytes]:
    """The audit path of a leaf in the tree of a sealed size."""
    return merkle.inclusion_proof(leaf, size, subtree(size))


def consistency_proof(old: int, size: int) -> list[bytes]:
    """That the tree of one sealed size continues the tree of an older one."""
    return merkle.consistency_proof(old, size, subtree(size))
