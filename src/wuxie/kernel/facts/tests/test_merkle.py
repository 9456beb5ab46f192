"""The tree against the reference implementation's vectors, a naive reading of RFC 6962 and random proofs."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as some

from wuxie.kernel.facts import merkle

ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
sizes = some.integers(1, 200)


def leaves(count: int, tag: str = "") -> list[bytes]:
    return [merkle.leaf_hash(f"{tag}{number}".encode()) for number in range(count)]


def naive(hashes: list[bytes]) -> bytes:
    """MTH as RFC 6962, section 2.1 writes it."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    middle = 1
    while middle * 2 < len(hashes):
        middle *= 2
    return hashlib.sha256(b"\x01" + naive(hashes[:middle]) + naive(hashes[middle:])).digest()


def test_the_empty_tree() -> None:
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_of_the_reference_tree(size: int) -> None:
    hashes = [merkle.leaf_hash(bytes.fromhex(entry)) for entry in ENTRIES[:size]]
    assert merkle.root(hashes).hex() == ROOTS[size - 1]


@given(some.integers(0, 300))
def test_growing_leaf_by_leaf_gives_the_root_of_the_whole(size: int) -> None:
    assert merkle.root(leaves(size)) == naive(leaves(size))


@given(sizes, sizes)
def test_an_edge_is_taken_up_again(first: int, more: int) -> None:
    every = leaves(first + more)
    edge = merkle.Edge()
    edge.extend(every[:first])
    again = merkle.Edge.from_hex(edge.size, edge.hex())
    again.extend(every[first:])
    assert (again.size, again.root()) == (first + more, naive(every))


def test_an_edge_that_does_not_fit_its_size_is_refused() -> None:
    with pytest.raises(ValueError, match="one node for each bit"):
        merkle.Edge(3, [b"x"])


@given(sizes, some.data())
def test_inclusion_holds_for_the_leaf_and_for_no_other(size: int, data: some.DataObject) -> None:
    index = data.draw(some.integers(0, size - 1))
    every = leaves(size)
    root = naive(every)
    path = merkle.inclusion_proof(index, size, merkle.over(every))
    assert merkle.holds_inclusion(every[index], index, size, path, root)
    assert not merkle.holds_inclusion(merkle.leaf_hash(b"other"), index, size, path, root)
    assert not merkle.holds_inclusion(every[index], index, size, [*path, root], root)
    assert not merkle.holds_inclusion(every[index], size, size, path, root)
    if path:
        assert not merkle.holds_inclusion(every[index], index, size, path[:-1], root)


@given(sizes, some.data())
def test_consistency_holds_for_the_same_past_and_for_no_other(size: int, data: some.DataObject) -> None:
    old = data.draw(some.integers(1, size))
    every = leaves(size)
    path = merkle.consistency_proof(old, size, merkle.over(every))
    old_root, root = naive(every[:old]), naive(every)
    assert merkle.holds_consistency(old, size, path, old_root, root)
    changed = data.draw(some.integers(0, old - 1))
    rewritten = [*every[:changed], merkle.leaf_hash(b"rewritten"), *every[changed + 1 :]]
    forged = merkle.consistency_proof(old, size, merkle.over(rewritten))
    assert not merkle.holds_consistency(old, size, forged, old_root, naive(rewritten))
    assert not merkle.holds_consistency(old, size, path, naive(rewritten[:old]), root)


@given(sizes, some.integers(0, 4))
def test_a_proof_of_the_wrong_shape_does_not_hold(size: int, extra: int) -> None:
    root = naive(leaves(size))
    assert not merkle.holds_consistency(size, size + 1, [], root, naive(leaves(size + 1))) or size == 0
    assert not merkle.holds_consistency(0, size, [root] * extra, root, root)
    assert not merkle.holds_consistency(size, size, [root], root, root)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_there_is_no_proof_for_what_is_not_in_the_tree(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="not in the tree"):
        merkle.inclusion_proof(index, size, merkle.over(leaves(3)))
    with pytest.raises(ValueError, match="not inside the tree"):
        merkle.consistency_proof(4, 3, merkle.over(leaves(3)))


def test_a_path_longer_than_the_tree_is_high_proves_nothing() -> None:
    (one,) = leaves(1)
    assert merkle.holds_inclusion(one, 0, 1, [], one)
    assert not merkle.holds_inclusion(one, 0, 1, [one], merkle.node_hash(one, one))
