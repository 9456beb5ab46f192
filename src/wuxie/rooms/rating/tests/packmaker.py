"""Packs made in memory from a ledger that exists nowhere else: for many of them, quickly, and for spoiling them."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from wuxie.kernel.facts import merkle
from wuxie.kernel.facts.canonical import BODY, NOTHING, canonical, commitment, derived_salt, leaf_hex, sha256
from wuxie.rooms.rating import evidence
from wuxie.rooms.rating.verifier import verify

Row = dict[str, Any]
Members = dict[str, bytes]
PROJECT, COMPANY, OTHER = "project:1", "organisation:1", "project:2"
AS_OF = "2026-10-08"
DOCUMENT: dict[str, Any] = {
    "standard": "made", "version": "1", "window": {"from": "2025-09-01", "to": "2026-08-31"}, "cutoff": "2026-09-30",
    "min_trust": "counterpart_confirmed",
    "groups": [
        {"id": "A", "points": 60, "indicators": [
            {"id": "A1", "points": 40, "formula": "40 * ratio(sum('ticket.done'), sum('ticket.total'))"},
            {"id": "A2", "points": 20, "formula": "bands(days('walk.done', 6), [[5, 20], [1, 10.5]])", "no_data": "skip"}]},
        {"id": "F", "points": 40, "indicators": [
            {"id": "F1", "points": 40, "formula": "clamp(40 - 5 * sum('complaint.fault') - 0.5 * count('complaint.fault'), 0, 40)"}]},
    ],
    "vetoes": [{"id": "V1", "when": "has('accident.fatal') or active('credit.d') > 0", "max_stars": 0}],
    "grades": [{"stars": 3, "min": "60", "group_min": 0.5}, {"stars": 5, "min": "90", "floors": {"A": "0.9"}}],
}  # fmt: skip
#: Kinds a company would like to see left out or switched off.
BAD = ("complaint.fault", "accident.fatal", "credit.d")
FOR_ALL_PROJECTS = ("credit.d",)


def _paths(leaves: list[bytes]) -> Callable[[int, int], bytes]:
    @cache
    def of(first: int, last: int) -> bytes:
        if last - first == 1:
            return leaves[first]
        middle = first + merkle.split(last - first)
        return merkle.node_hash(of(first, middle), of(middle, last))

    return of


class Book:
    """A ledger in memory: facts wait until ``seal``; ``pack`` is as the room makes it."""

    def __init__(self, seed: int = 1) -> None:
        self.random = random.Random(seed)
        self.leaves: list[bytes] = []
        self.chains: dict[str, tuple[int, str]] = {}
        self.rows: list[Row] = []
        self.waiting: list[Row] = []
        self.heads: dict[int, dict[str, tuple[int, Row]]] = {}
        self.seals: list[Row] = []
        self.count = 0

    def write(self, kind: str, *subjects: str, received: str = "2026-03-02", regards: str = "", **body: Any) -> str:
        self.count += 1
        salt = self.random.randbytes(32).hex()
        said = {
            "subject": subjects[0], "also_counts_for": list(subjects[1:]), "quantity": 1_000_000, "unit": "次",
            "occurred_on": "2026-03-01", "recorded_at": f"{received}T04:00:00.{self.count % 10**6:06d}Z", "valid_until": None,
            "trust": "association_verified", "source": f"made/{self.count}", "revision": 1,
            "by": commitment(derived_salt(salt, "by"), "person:1"), "note": commitment(derived_salt(salt, "note"), ""),
            "attachments": [], "personal": {}, "suspicious": "", "details": {},
        } | body  # fmt: skip
        name = f"01MADE{self.count:020d}"
        doc = {"v": 2, "id": name, "kind": kind, "regards": regards}
        row = {"doc": doc, "body": said, "salt": derived_salt(salt, BODY).hex(), "subjects": subjects, "links": []}
        doc["body"] = commit(row)
        self.waiting.append(row)
        return name

    def seal(self) -> Row:
        number, first = len(self.seals) + 1, len(self.leaves)
        before = self.seals[-1] if self.seals else {"root": merkle.EMPTY_ROOT.hex(), "size": 0}
        touched = set()
        for row in self.waiting:
            for subject in row["subjects"]:
                seq, previous = self.chains.get(subject, (0, NOTHING))
                leaf = link_leaf(row, subject, seq + 1, previous)
                row["links"].append(
                    {"subject": subject, "seq": seq + 1, "previous": previous, "leaf": len(self.leaves)}
                )
                self.chains[subject] = (seq + 1, leaf)
                self.leaves.append(bytes.fromhex(leaf))
                touched.add(subject)
        heads = self.heads[number] = {}
        for subject in sorted(touched):
            count, head = self.chains[subject]
            doc = {"count": count, "head": head, "seal": number, "subject": subject}
            heads[subject] = (len(self.leaves), doc)
            self.leaves.append(bytes.fromhex(leaf_hex(canonical(doc))))
        doc = {
            "previous_root": before["root"], "previous_size": first, "seal": number,
            "sealed_at": f"2026-10-08T0{number % 10}:00:00.000000Z",
        }  # fmt: skip
        self.leaves.append(bytes.fromhex(leaf_hex(canonical(doc))))
        made = {"doc": doc, "size": len(self.leaves), "root": merkle.root(self.leaves).hex()}
        self.seals.append(made)
        self.rows += self.waiting
        self.waiting = []
        return made

    def snapshot(self, document: Mapping[str, Any], result: Any, kinds: Iterable[str]) -> Members:
        """Write down the snapshot; the files it binds."""
        basis = {
            "application": "star_application:1", "title": "翠屏花园 2026", "subject": PROJECT, "company": COMPANY, "as_of": AS_OF,
            "admitting": ["rating.late_admitted"],
            "kinds": {
                kind: {"counts": True, "reaches": kind in FOR_ALL_PROJECTS, "min_trust": "self_declared"} for kind in kinds
            },
        }  # fmt: skip
        files = {
            "standard.json": canonical(dict(document)), "basis.json": canonical(basis), "result.json": canonical(result)
        }  # fmt: skip
        digests = {name.partition(".")[0]: sha256(content) for name, content in files.items()}
        details = {"application": "star_application:1", **digests}
        self.write("rating.snapshot_taken", PROJECT, COMPANY, received=AS_OF, details=details)
        return files

    def pack(self, seal: Row, files: Members, opened: Iterable[str]) -> Members:
        """The members of a pack anchored at a seal; ``opened`` are the kinds whose facts are shown."""
        size, number, shown = seal["size"], seal["doc"]["seal"], set(opened)
        subtree = _paths(self.leaves)

        def path(leaf: int) -> list[str]:
            return [node.hex() for node in merkle.inclusion_proof(leaf, size, subtree)]

        lines = []
        for row in self.rows:
            links = [{**link, "path": path(link["leaf"])} for link in row["links"]
                     if link["subject"] in (PROJECT, COMPANY) and link["leaf"] < size]  # fmt: skip
            if links:
                line = {"doc": row["doc"], "links": links}
                lines.append(line | ({"body": row["body"], "salt": row["salt"]} if row["doc"]["kind"] in shown else {}))
        roots = []
        for other in self.seals:
            if other is not seal:
                proof = merkle.consistency_proof(*sorted((other["size"], size)), subtree)
                roots.append({"size": other["size"], "root": other["root"], "path": [node.hex() for node in proof]})
        heads = [
            {"doc": doc, "leaf": leaf, "path": path(leaf)} for subject, (leaf, doc) in self.heads[number].items()
            if subject in (PROJECT, COMPANY)
        ]  # fmt: skip
        members = {**files, "facts.jsonl": joined(lines), "说明.txt": "怎样核对".encode()}
        manifest = {
            "root": seal["root"], "size": size, "seal": seal["doc"], "path": path(size - 1), "heads": heads, "roots": roots,
        }  # fmt: skip
        return with_manifest(members, manifest)


def commit(row: Mapping[str, Any]) -> str:
    return hashlib.sha256(bytes.fromhex(row["salt"]) + canonical(row["body"])).hexdigest()


def link_leaf(row: Mapping[str, Any], subject: str, seq: int, previous: str) -> str:
    leaf = {"fact": row["doc"]["id"], "hash": sha256(canonical(row["doc"])), "previous": previous, "seq": seq}
    return leaf_hex(canonical({**leaf, "subject": subject}))


def joined(lines: Iterable[Row]) -> bytes:
    return b"".join(canonical(line) + b"\n" for line in lines)


def lines_of(members: Members) -> list[Row]:
    return [json.loads(line) for line in members["facts.jsonl"].split(b"\n") if line]


def with_manifest(members: Members, manifest: Row) -> Members:
    """The members with a manifest whose digests fit them: what a clerk does who spoils a pack with care."""
    listed = {name: sha256(content) for name, content in members.items() if name != "pack.json"}
    return {**members, "pack.json": canonical({**manifest, "members": listed})}


def manifest_of(members: Members) -> Row:
    found: Row = json.loads(members["pack.json"])
    return found


def respun(members: Members, lines: list[Row]) -> Members:
    """The same pack with other facts: commitments, numbers and chains made to fit each other again, proofs as they were."""
    chains: dict[str, tuple[int, str]] = {}
    for line in lines:
        if "body" in line:
            line["doc"]["body"] = commit(line)
        for link in line["links"]:
            count, previous = chains.get(link["subject"], (0, NOTHING))
            link["seq"], link["previous"] = count + 1, previous
            chains[link["subject"]] = (count + 1, link_leaf(line, link["subject"], count + 1, previous))
    return with_manifest({**members, "facts.jsonl": joined(lines)}, manifest_of(members))


def lay(members: Members, folder: Path) -> str:
    for name, content in members.items():
        (folder / name).write_bytes(content)
    return str(folder)


def verdict(members: Members, folder: Path, root: str | None = None) -> tuple[str, str]:
    """``("", "")`` for a pack that is verified, else code and sentence."""
    try:
        assert verify.verify(lay(members, folder), root)[0] == "VERIFIED"
    except verify.Unfit as unfit:
        return unfit.args[0], unfit.args[1]
    return "", ""


def scored(document: Mapping[str, Any], rows: list[Row]) -> Row:
    """The result that the product itself comes to, from rows of contract 2.7."""
    run = evidence.run(dict(document), rows, PROJECT)
    return {"explained": run.explained, "exact": {name: run.exact[name] for name in ("total", "groups")}}


def contract_row(name: str, kind: str, **changes: Any) -> Row:
    return {
        "id": name, "kind": kind, "subject": PROJECT, "quantity": "1", "occurred_on": "2026-03-01", "recorded_on": "2026-03-02",
        "valid_until": "", "trust": "association_verified", "superseded_by": "", "disputed": "false",
    } | changes  # fmt: skip


ABOUT = ("ledger.superseded", "ledger.dispute_opened", "ledger.dispute_closed", "ledger.trust_raised")
SHOWN = ("ticket.done", "ticket.total", "walk.done", *BAD, *ABOUT, "rating.late_admitted", "rating.snapshot_taken")


def a_year(facts: int = 60, seed: int = 1) -> tuple[Book, Members]:
    """A project's year over three seals, with bad facts, disputes, corrections, a late one admitted; its pack."""
    book, rng = Book(seed), random.Random(seed)
    rows: list[Row] = []
    subjects = {"credit.d": (COMPANY,), "complaint.fault": (PROJECT, COMPANY)}

    def counts(kind: str, received: str = "2026-03-02", **body: Any) -> str:
        name = book.write(kind, *subjects.get(kind, (PROJECT,)), received=received, **body)
        quantity = body.get("quantity", 1_000_000) // 1_000_000
        rows.append(contract_row(name, kind, quantity=str(quantity), recorded_on=received, valid_until=body.get("valid_until") or "",
                                 occurred_on=body.get("occurred_on", "2026-03-01")))  # fmt: skip
        return name

    for place in range(facts):
        if place % 5 == 4:
            book.write("noise.seen", rng.choice([OTHER, PROJECT, COMPANY]))
        kind = rng.choice(["ticket.done", "ticket.total", "ticket.total", "walk.done", "complaint.fault"])
        day = f"2026-0{rng.randint(1, 8)}-1{rng.randint(0, 9)}"
        counts(kind, quantity=rng.randint(1, 9) * 1_000_000, occurred_on=day)
        if place == facts // 2:
            book.seal()
    counts("credit.d", valid_until="2026-01-01", occurred_on="2025-10-01")
    wrong = counts("complaint.fault")
    book.write("ledger.superseded", PROJECT, COMPANY, received="2026-04-01", regards=wrong)
    rows[-1]["superseded_by"] = "x"
    for until, closes, disputed in (
        ("2026-12-01", False, "true"),
        ("2026-12-01", True, "false"),
        ("2026-05-01", False, "false"),
    ):
        name = counts("complaint.fault")
        opened = book.write("ledger.dispute_opened", PROJECT, COMPANY, regards=name, valid_until=until)
        rows[-1]["disputed"] = disputed
        if closes:
            book.write(
                "ledger.dispute_closed", PROJECT, COMPANY, regards=name, details={"closes": opened, "upheld": "no"}
            )
    raised = counts("ticket.done", trust="self_declared")
    book.write("ledger.trust_raised", PROJECT, regards=raised, trust="authority_document")
    late = counts("ticket.done", received="2026-10-05")
    book.write("rating.late_admitted", PROJECT, received="2026-10-06", regards=late, occurred_on="2026-09-30")
    rows[-1]["recorded_on"] = "2026-09-30"
    counts("ticket.done", received="2026-10-05")
    book.seal()
    book.write("noise.seen", PROJECT, received="2026-10-07")
    kinds = ("ticket.done", "ticket.total", "walk.done", *BAD)
    files = book.snapshot(DOCUMENT, scored(DOCUMENT, rows), kinds)
    book.write("complaint.fault", PROJECT, COMPANY, received=AS_OF)  # after the snapshot: not of its business
    anchor = book.seal()
    book.write("noise.seen", OTHER, received="2026-10-09")
    book.seal()
    return book, book.pack(anchor, files, SHOWN)
