"""The Merkle tree of RFC 6962, to the letter: leaf prefix 0x00, node prefix 0x01, SHA-256, no padding."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()

#: ``subtree(first, last)`` gives the root over the leaves ``first`` up to but not including ``last``.
Subtree = Callable[[int, int], bytes]


def leaf_hash(data: bytes) -> bytes:
    """MTH of one entry: SHA-256(0x00 ‖ data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two smaller than ``size`` (``size`` > 1)."""
    return 1 << ((size - 1).bit_length() - 1)


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes."""
    edge = Edge()
    edge.extend(leaves)
    return edge.root()


class Edge:
    """The right edge of a growing tree: roots of the full subtrees from the left, one for each bit of the size."""

    def __init__(self, size: int = 0, nodes: Iterable[bytes] = ()) -> None:
        self.size = size
        self.nodes = list(nodes)
        if len(self.nodes) != size.bit_count():
            raise ValueError("an edge has one node for each bit of its size")

    @classmethod
    def from_hex(cls, size: int, text: str) -> Edge:
        """From nodes in hex, one after the other."""
        return cls(size, (bytes.fromhex(text[at : at + 64]) for at in range(0, len(text), 64)))

    def hex(self) -> str:
        return b"".join(self.nodes).hex()

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        nodes, size = self.nodes, self.size
        while size & 1:
            leaf = node_hash(nodes.pop(), leaf)
            size >>= 1
        nodes.append(leaf)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        if not self.nodes:
            return EMPTY_ROOT
        found = self.nodes[-1]
        for node in reversed(self.nodes[:-1]):
            found = node_hash(node, found)
        return found


def over(leaves: Sequence[bytes]) -> Subtree:
    """Subtree roots computed from a list of leaf hashes; for tests and small trees."""
    return lambda first, last: root(leaves[first:last])


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """PATH(index, D[size]): the nodes beside the way from a leaf to the root, leaf end first."""
    if not 0 <= index < size:
        raise ValueError("the leaf is not in the tree")
    path: list[bytes] = []
    first, last = 0, size
    while last - first > 1:
        middle = first + split(last - first)
        if index < middle:
            path.append(subtree(middle, last))
            last = middle
        else:
            path.append(subtree(first, middle))
            first = middle
    return path[::-1]


def consistency_proof(old: int, size: int, subtree: Subtree) -> list[bytes]:
    """PROOF(old, D[size]): shows that the first ``old`` leaves of the tree are those of the older root."""
    if not 0 < old <= size:
        raise ValueError("the older size is not inside the tree")
    path: list[bytes] = []
    first, last, whole = 0, size, True
    while old != last - first:
        middle = split(last - first)
        if old <= middle:
            path.append(subtree(first + middle, last))
            last = first + middle
        else:
            path.append(subtree(first, first + middle))
            first, old, whole = first + middle, old - middle, False
    if not whole:
        path.append(subtree(first, last))
    return path[::-1]


def holds_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """RFC 9162, 2.1.3.2: does the path lead from the leaf to the root."""
    if not 0 <= index < size:
        return False
    at, end, found = index, size - 1, leaf
    for node in path:
        if end == 0:
            return False
        if at & 1 or at == end:
            found = node_hash(node, found)
            while not at & 1 and at:
                at, end = at >> 1, end >> 1
        else:
            found = node_hash(found, node)
        at, end = at >> 1, end >> 1
    return end == 0 and found == expected


def holds_consistency(old: int, size: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """RFC 9162, 2.1.4.2: does the newer tree continue the older one."""
    if not 0 < old <= size:
        return False
    if old == size:
        return not path and old_root == new_root
    nodes = ([old_root] if old.bit_count() == 1 else []) + list(path)
    if not nodes:
        return False
    at, end = old - 1, size - 1
    while at & 1:
        at, end = at >> 1, end >> 1
    found_old = found_new = nodes[0]
    for node in nodes[1:]:
        if end == 0:
            return False
        if at & 1 or at == end:
            found_old, found_new = node_hash(node, found_old), node_hash(node, found_new)
            while not at & 1 and at:
                at, end = at >> 1, end >> 1
        else:
            found_new = node_hash(found_new, node)
        at, end = at >> 1, end >> 1
    return end == 0 and found_old == old_root and found_new == new_root
