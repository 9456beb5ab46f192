"""What a pack for strangers takes from the ledger: complete chains with their proofs, heads, a seal, roots it connects with.

The words and the writer of a fact stay commitments in any case; which facts are opened at all is for the caller to say.
``README.md`` has the bytes, a verifier outside repeats them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from typing import Any

from . import merkle, tree
from .canonical import BODY, derived_salt, fact_body, fact_document, head_bytes, seal_bytes
from .ledger import COLUMNS
from .merkle import EMPTY_ROOT
from .models import Fact, Head, Link, Seal
from .rows import chunks

Document = dict[str, Any]


def links_of(subjects: Collection[str], seal: Seal) -> list[Link]:
    """Every link of some subjects up to a seal, with its fact, in order of receipt."""
    rows = Link.objects.filter(subject__in=subjects, leaf__lt=seal.size)
    return list(rows.select_related("fact").order_by("leaf"))


def lines(links: Iterable[Link], seal: Seal, opened: Collection[str]) -> Iterator[Document]:
    """One document a fact: what is hashed, its links with their proofs, and its content where it is opened."""
    subtree = tree.subtree(seal.size)
    for _, group in groupby(links, key=lambda link: link.fact_id):
        mine = list(group)
        yield {
            **_shown(mine[0].fact, mine[0].fact_id in opened),
            "links": [
                {
                    "subject": link.subject, "seq": link.seq, "previous": link.previous, "leaf": link.leaf,
                    "path": _hex(merkle.inclusion_proof(link.leaf, seal.size, subtree)),
                }
                for link in mine
            ],
        }  # fmt: skip


def _shown(fact: Fact, is_open: bool) -> Document:
    row = {name: getattr(fact, name) for name in COLUMNS}
    shown: Document = {"doc": fact_document(row)}
    if is_open and row["salt"]:
        shown |= {"body": fact_body(row), "salt": derived_salt(row["salt"], BODY).hex()}
    return shown


def _hex(nodes: Iterable[bytes]) -> list[str]:
    return [node.hex() for node in nodes]


def heads(subjects: Collection[str], seal: Seal) -> list[Document]:
    """The heads that this very seal has of some subjects, with their proofs; one that it did not touch has none."""
    subtree = tree.subtree(seal.size)
    return [
        {
            "doc": _read(head_bytes(head.subject, seal.number, head.count, head.head)), "leaf": head.leaf,
            "path": _hex(merkle.inclusion_proof(head.leaf, seal.size, subtree)),
        }
        for head in Head.objects.filter(seal=seal, subject__in=subjects).order_by("subject")
    ]  # fmt: skip


def seal_leaf(seal: Seal) -> tuple[Document, list[str]]:
    """The seal's own leaf, which is the last of its tree, and the proof of its place."""
    before = Seal.objects.filter(number=seal.number - 1).first()
    size, root = (before.size, before.root) if before else (0, EMPTY_ROOT.hex())
    document = _read(seal_bytes(seal.number, seal.sealed_at, size, root))
    return document, _hex(tree.inclusion_proof(seal.size - 1, seal.size))


def connections(seal: Seal, others: Iterable[Seal]) -> list[Document]:
    """Other roots of the ledger, older and newer, each with the proof that the larger tree continues the smaller."""
    mine = tree.subtree(seal.size)
    found = []
    for other in sorted(others, key=lambda one: one.number):
        if other.number == seal.number:
            continue
        (old, new) = sorted((other.size, seal.size))
        subtree = mine if new == seal.size else tree.subtree(new)
        path = _hex(merkle.consistency_proof(old, new, subtree))
        found.append({"size": other.size, "root": other.root, "path": path})
    return found


def has_plain_words(links: Iterable[Link]) -> bool:
    """Whether some fact is of form 1, whose words and writer would be shown in plain."""
    return any(not link.fact.salt for link in links)


def seals_numbered(numbers: Iterable[int]) -> list[Seal]:
    wanted = sorted(set(numbers))
    return [seal for chunk in chunks(wanted, 500) for seal in Seal.objects.filter(number__in=chunk)]


def _read(data: bytes) -> Document:
    found: Document = json.loads(data)
    return found
