"""Numbering, chaining, and the tree as it is stored."""

import datetime

import pytest
from django.db import connection

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts import audit, jobs, laid_down, ledger, merkle, queries, sealer, tree
from wuxie.kernel.facts.canonical import NOTHING, head_bytes, link_bytes, seal_bytes
from wuxie.kernel.facts.merkle import EMPTY_ROOT, leaf_hash
from wuxie.kernel.facts.models import Fact, Head, Link, Seal, Tile, Unsealed
from wuxie.kernel.facts.refusal import Refused
from wuxie.kernel.facts.testing import lifted

from .factories import fact, rows

pytestmark = pytest.mark.django_db


def test_two_facts_and_their_seven_leaves() -> None:
    """The whole tree of two seals, leaf by leaf, computed here from the bytes."""
    one = fact(also_counts_for=("company:3",))
    first = sealer.seal()
    two = fact()
    second = sealer.seal()
    assert first is not None and second is not None
    leaves = [
        leaf_hash(link_bytes("project:1", 1, one.pk, one.content_hash, NOTHING)),
        leaf_hash(link_bytes("company:3", 1, one.pk, one.content_hash, NOTHING)),
    ]
    leaves += [
        leaf_hash(head_bytes("company:3", 1, 1, leaves[1].hex())),
        leaf_hash(head_bytes("project:1", 1, 1, leaves[0].hex())),
        leaf_hash(seal_bytes(1, first.sealed_at, 0, EMPTY_ROOT.hex())),
    ]
    assert (first.number, first.size, first.root) == (1, 5, merkle.root(leaves).hex())
    leaves.append(leaf_hash(link_bytes("project:1", 2, two.pk, two.content_hash, leaves[0].hex())))
    leaves.append(leaf_hash(head_bytes("project:1", 2, 2, leaves[5].hex())))
    leaves.append(leaf_hash(seal_bytes(2, second.sealed_at, 5, first.root)))
    assert (second.number, second.size, second.root) == (2, 8, merkle.root(leaves).hex())
    assert tree.leaves_between(0, 8) == leaves
    assert not Unsealed.objects.exists()
    assert sealer.seal() is None


def test_chains_are_numbered_without_a_gap_in_order_of_receipt() -> None:
    for tag in ("a", "b", "c"):
        ledger.announce_many(rows(200, tag=tag))
        sealer.seal()
    for subject in ("project:0", "project:3", "company:1"):
        links = list(queries.chain_of(subject))
        assert [link.seq for link in links] == list(range(1, len(links) + 1))
        assert [link.previous for link in links[1:]] == [link.hash for link in links[:-1]]
        assert [link.fact.recorded_at for link in links] == sorted(link.fact.recorded_at for link in links)
        assert [(head.seal_id, head.count) for head in Head.objects.filter(subject=subject)] == [
            (seal, sum(link.seal_id <= seal for link in links)) for seal in (1, 2, 3)
        ]
    assert Link.objects.count() == 3 * 240


def test_proofs_from_the_stored_tree_hold() -> None:
    for number in range(12):
        ledger.announce_many(rows(150, tag=f"t{number}"))
        sealer.seal()
    seals = list(Seal.objects.order_by("number"))
    last = seals[-1]
    leaves = tree.leaves_between(0, last.size)
    assert Tile.objects.filter(level=0).count() == last.size // 256 >= 8
    root = bytes.fromhex(last.root)
    assert root == merkle.root(leaves)
    subtree = tree.subtree(last.size)
    for leaf in (0, 1, 255, 256, 1023, 1024, 2047, last.size - 1):
        path = merkle.inclusion_proof(leaf, last.size, subtree)
        assert path == merkle.inclusion_proof(leaf, last.size, merkle.over(leaves))
        assert merkle.holds_inclusion(leaves[leaf], leaf, last.size, path, root)
    for seal in seals:
        path = tree.consistency_proof(seal.size, last.size)
        assert merkle.holds_consistency(seal.size, last.size, path, bytes.fromhex(seal.root), root)


def test_higher_tiles_are_filled_and_read() -> None:
    """More than 65,536 leaves, straight into the tiles: level 1 is full once and every proof still holds."""
    size = 66_000
    leaves = [leaf_hash(b"%d" % number) for number in range(size)]
    tiler = tree.Tiler(0, {})
    for at in range(0, size, 7_000):
        tiler.extend(leaves[at : at + 7_000])
    Tile.objects.bulk_create(Tile(level=level, number=number, hashes=hashes) for level, number, hashes in tiler.full)
    assert list(Tile.objects.filter(level=1).values_list("number", flat=True)) == [0]
    ends = leaves[size - size % 256 :]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tree, "leaves_between", lambda first, last: ends)
        subtree = tree.subtree(size)
        again = tree.Tiler.resume(size)
        assert again.levels == {level: nodes for level, nodes in tiler.levels.items() if nodes}
    root = merkle.root(leaves)
    for leaf in (0, 65_535, 65_536, size - 1):
        path = merkle.inclusion_proof(leaf, size, subtree)
        assert merkle.holds_inclusion(leaves[leaf], leaf, size, path, root)
    for old in (1, 256, 65_536, 65_537, 65_999):
        path = merkle.consistency_proof(old, size, subtree)
        assert merkle.holds_consistency(old, size, path, merkle.root(leaves[:old]), root)


def test_a_waiting_fact_that_was_altered_is_not_sealed() -> None:
    one = fact()
    with lifted():
        Fact.objects.filter(pk=one.pk).update(quantity=7)
    with pytest.raises(Refused, match=f"待封存的事实 {one.pk} 已被改动"):
        sealer.seal()
    assert not Seal.objects.exists()
    assert [broken.fact for broken in audit.examine().broken] == [one.pk]


def test_a_long_queue_takes_several_seals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealer, "MOST", 70)
    for hour in range(4):
        with frozen(datetime.datetime(2026, 6, 1, hour, tzinfo=datetime.UTC)):
            ledger.announce_many(rows(50, tag=f"h{hour}"))
    last = sealer.seal()
    assert last is not None
    assert list(Seal.objects.values_list("facts", flat=True)) == [70, 70, 60]
    assert audit.examine().well


def test_the_periodic_piece_seals() -> None:
    fact()
    jobs.seal_what_waits()
    assert Seal.objects.count() == 1


def test_a_seal_is_laid_down_as_parquet() -> None:
    import duckdb

    ledger.announce_many([*rows(40), {**rows(1)[0], "source": "含“引号”,\n与换行"}])
    sealer.seal()
    assert laid_down.lay_down_missing() == 0, "inside a transaction nothing is laid down yet"
    laid_down.lay_down(1)
    assert [path.name for path in laid_down.folder().iterdir()] == ["seal-000001.parquet"]
    found = duckdb.connect().execute(
        f"SELECT leaf, subject, id, quantity, occurred_on, valid_until, trust, source FROM '{laid_down.path_of(1)}'"
        " ORDER BY leaf"
    )
    assert found.fetchall() == [
        (link.leaf, link.subject, link.fact_id, link.fact.quantity, str(link.fact.occurred_on), "", link.fact.trust,
         link.fact.source)
        for link in Link.objects.select_related("fact").order_by("leaf")
    ]  # fmt: skip
    assert laid_down.facts_in(2) == []


def test_files_are_laid_down_after_the_commit(emptied: None) -> None:
    fact()
    sealer.seal()
    fact()
    sealer.seal()
    assert sorted(path.name for path in laid_down.folder().iterdir()) == ["seal-000001.parquet", "seal-000002.parquet"]
    laid_down.path_of(1).unlink()
    assert laid_down.lay_down_missing() == 1


@pytest.mark.parametrize("lost", [Tile, Link])
def test_a_tree_with_a_hole_is_not_continued(lost: type[Tile] | type[Link]) -> None:
    ledger.announce_many(rows(400))
    sealer.seal()
    ledger.announce_many(rows(1, tag="more"))
    with lifted():
        lost.objects.order_by("-pk").first().delete()  # type: ignore[union-attr]
    with pytest.raises(LookupError, match="missing"):
        sealer.seal()


def test_sealing_takes_the_same_queries_for_few_and_many() -> None:
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in (3, 60):
        ledger.announce_many(rows(number, tag=f"q{number}"))
        with CaptureQueriesContext(connection) as captured:
            sealer.seal()
        counts.append(len(captured))
    assert counts[0] == counts[1]
