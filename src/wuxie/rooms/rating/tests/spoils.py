"""Ways to spoil a pack, each with what the verifier must name. The careful ones make everything fit again that can be made."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

from wuxie.kernel.facts.canonical import canonical, sha256

from .packmaker import (
    ABOUT,
    BAD,
    PROJECT,
    Book,
    Members,
    Row,
    commit,
    joined,
    lines_of,
    manifest_of,
    respun,
    with_manifest,
)

#: The spoiled members and what the verdict must hold, one of these: a fact's id, a number in a chain, a figure.
Spoiled = tuple[Members, str | tuple[str, ...]]
Spoil = Callable[[random.Random, Book, Members], Spoiled]
SPOILS: dict[str, Spoil] = {}


def named(wanted: str | tuple[str, ...], words: str) -> bool:
    """Whether a verdict names what it must."""
    return any(one in words for one in ((wanted,) if isinstance(wanted, str) else wanted))


def numbers(gone: Row) -> tuple[str, ...]:
    """How a verdict may name a fact that is no longer there: by its number in one of its chains."""
    return tuple(f"{link['subject']} {verb}第 {link['seq']} 号" for link in gone["links"] for verb in ("", "缺"))


def spoil(made: Spoil) -> Spoil:
    SPOILS[made.__name__] = made
    return made


def _pick(rng: random.Random, lines: list[Row], *kinds: str) -> Row:
    return rng.choice([line for line in lines if "body" in line and (not kinds or line["doc"]["kind"] in kinds)])


def _body(rng: random.Random, members: Members, change: Callable[[Row], Any], *kinds: str) -> Spoiled:
    """Alter the content of one fact: only there, its commitment too, or all that hangs on it."""
    lines = lines_of(members)
    line = _pick(rng, lines, *kinds)
    change(line["body"])
    care = rng.randrange(3)
    if care == 2:
        return respun(members, lines), line["doc"]["id"]
    if care:
        line["doc"]["body"] = commit(line)
    return with_manifest({**members, "facts.jsonl": joined(lines)}, manifest_of(members)), line["doc"]["id"]


@spoil
def value(rng: random.Random, book: Book, members: Members) -> Spoiled:
    return _body(rng, members, lambda body: body.update(quantity=body["quantity"] + rng.choice([-1, 1]) * 1_000_000))


@spoil
def day(rng: random.Random, book: Book, members: Members) -> Spoiled:
    return _body(rng, members, lambda body: body.update(occurred_on=f"2024-0{rng.randint(1, 9)}-01"))


@spoil
def received(rng: random.Random, book: Book, members: Members) -> Spoiled:
    return _body(rng, members, lambda body: body.update(recorded_at=f"2025-0{rng.randint(1, 9)}-01T00:00:00.000000Z"))


@spoil
def trust(rng: random.Random, book: Book, members: Members) -> Spoiled:
    levels = ["self_declared", "counterpart_confirmed", "authority_document"]
    return _body(
        rng, members, lambda body: body.update(trust=rng.choice([one for one in levels if one != body["trust"]]))
    )


@spoil
def dispute(rng: random.Random, book: Book, members: Members) -> Spoiled:
    return _body(
        rng, members, lambda body: body.update(valid_until=f"2028-01-{rng.randint(10, 30)}"), "ledger.dispute_opened"
    )


@spoil
def kind(rng: random.Random, book: Book, members: Members) -> Spoiled:
    lines = lines_of(members)
    line = _pick(rng, lines)
    line["doc"]["kind"] = rng.choice(["noise.seen", "ticket.won"])
    return respun(members, lines), line["doc"]["id"]


@spoil
def target(rng: random.Random, book: Book, members: Members) -> Spoiled:
    """A correction or a dispute is turned against another fact."""
    lines = lines_of(members)
    line = _pick(rng, lines, *ABOUT)
    others = [one["doc"]["id"] for one in lines if one["doc"]["id"] != line["doc"]["regards"]]
    line["doc"]["regards"] = rng.choice(others)
    return respun(members, lines), line["doc"]["id"]


@spoil
def identity(rng: random.Random, book: Book, members: Members) -> Spoiled:
    lines = lines_of(members)
    line = rng.choice(lines)
    line["doc"]["id"] = f"01OTHER{rng.randrange(10**9)}"
    return respun(members, lines), line["doc"]["id"]


@spoil
def order(rng: random.Random, book: Book, members: Members) -> Spoiled:
    """Two neighbours change places; with care they also change numbers."""
    lines = lines_of(members)
    places = [
        at for at in range(len(lines) - 1) if lines[at]["links"][0]["subject"] == lines[at + 1]["links"][0]["subject"]
    ]
    at = rng.choice(places)
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    if rng.randrange(2):
        return respun(members, lines), lines[at]["doc"]["id"]
    number = lines[at + 1]["links"][0]["seq"]
    return with_manifest({**members, "facts.jsonl": joined(lines)}, manifest_of(members)), f"缺第 {number} 号"


@spoil
def deleted(rng: random.Random, book: Book, members: Members) -> Spoiled:
    """A fact is taken out and the numbers are left as they were."""
    lines = lines_of(members)
    gone = lines.pop(rng.randrange(len(lines)))
    spoiled = with_manifest({**members, "facts.jsonl": joined(lines)}, manifest_of(members))
    return spoiled, numbers(gone)


@spoil
def dropped(rng: random.Random, book: Book, members: Members) -> Spoiled:
    """A bad fact is taken out and the rest numbered anew, with heads that say so."""
    lines = lines_of(members)
    return drop(members, _pick(rng, lines, *BAD)["doc"]["id"])


def drop(members: Members, fact: str) -> Spoiled:
    lines = lines_of(members)
    gone = next(line for line in lines if line["doc"]["id"] == fact)
    lines.remove(gone)
    spoiled = respun(members, lines)
    manifest = manifest_of(spoiled)
    for head in manifest["heads"]:
        head["doc"]["count"] -= sum(link["subject"] == head["doc"]["subject"] for link in gone["links"])
    return with_manifest(spoiled, manifest), numbers(gone)


@spoil
def cut_off(rng: random.Random, book: Book, members: Members) -> Spoiled:
    """The end of a chain is left out."""
    lines = lines_of(members)
    gone = lines.pop()
    return respun(members, lines), numbers(gone)


@spoil
def inserted(rng: random.Random, book: Book, members: Members) -> Spoiled:
    lines = lines_of(members)
    at = rng.randrange(len(lines))
    new = json.loads(json.dumps(_pick(rng, lines, "ticket.done")))
    new["doc"]["id"] = f"01NEW{rng.randrange(10**9)}"
    lines.insert(at, new)
    return respun(members, lines), new["doc"]["id"]


@spoil
def twice(rng: random.Random, book: Book, members: Members) -> Spoiled:
    lines = lines_of(members)
    at = rng.randrange(len(lines))
    lines.insert(at + 1, lines[at])
    return with_manifest({**members, "facts.jsonl": joined(lines)}, manifest_of(members)), lines[at]["doc"]["id"]


@spoil
def hidden(rng: random.Random, book: Book, members: Members) -> Spoiled:
    """A bad fact, or what brings it back, is shown by its kind alone."""
    lines = lines_of(members)
    cut = next(line for line in lines if line["doc"]["kind"] == "rating.snapshot_taken")["links"][0]["leaf"]
    before = [line for line in lines if line["links"][0]["leaf"] < cut]
    line = _pick(rng, before, *BAD, "ledger.dispute_closed", "ledger.superseded")
    del line["body"], line["salt"]
    return with_manifest({**members, "facts.jsonl": joined(lines)}, manifest_of(members)), line["doc"]["id"]


@spoil
def proof(rng: random.Random, book: Book, members: Members) -> Spoiled:
    lines = lines_of(members)
    line = rng.choice(lines)
    path = line["links"][0]["path"]
    at = rng.randrange(len(path))
    path[at] = rng.choice([path[at][::-1], path[at - 1], "0" * 64])
    if path[at] == lines_of(members)[lines.index(line)]["links"][0]["path"][at]:
        path.pop()
    return with_manifest({**members, "facts.jsonl": joined(lines)}, manifest_of(members)), line["doc"]["id"]


@spoil
def old_head(rng: random.Random, book: Book, members: Members) -> Spoiled:
    """The chain ends where an earlier seal left it, with that seal's head."""
    older = book.seals[rng.randrange(2)]["doc"]["seal"]
    leaf, doc = book.heads[older][PROJECT]
    manifest = manifest_of(members)
    place = next(at for at, head in enumerate(manifest["heads"]) if head["doc"]["subject"] == PROJECT)
    manifest["heads"][place] = {**manifest["heads"][place], "doc": doc, "leaf": leaf}
    lines = [
        line for line in lines_of(members)
        if all(link["subject"] != PROJECT or link["seq"] <= doc["count"] for link in line["links"])
    ]  # fmt: skip
    return with_manifest({**members, "facts.jsonl": joined(lines)}, manifest), "第"


@spoil
def head(rng: random.Random, book: Book, members: Members) -> Spoiled:
    manifest = manifest_of(members)
    place = rng.randrange(len(manifest["heads"]))
    said = manifest["heads"][place]["doc"]
    subject = said["subject"]
    rng.choice(
        [
            lambda: said.update(head="0" * 64), lambda: said.update(count=said["count"] - 1), lambda: said.update(seal=said["seal"] - 1),
            lambda: manifest["heads"][place].update(leaf=1), lambda: said.update(count=said["count"] + 1),
        ]
    )()  # fmt: skip
    return with_manifest(members, manifest), subject


@spoil
def seal(rng: random.Random, book: Book, members: Members) -> Spoiled:
    manifest = manifest_of(members)
    name = rng.choice(["root", "size", "sealed_at", "seal", "previous_root", "previous_size"])
    if name == "root":
        manifest["root"] = manifest["root"][::-1]
    elif name == "size":
        manifest["size"] += rng.choice([-1, 1, 64])
    else:
        manifest["seal"][name] = {"sealed_at": "2026-01-01T00:00:00.000000Z", "previous_root": "0" * 64}.get(name, 1)
    return with_manifest(members, manifest), ("根", "不在封存的账里")


@spoil
def root(rng: random.Random, book: Book, members: Members) -> Spoiled:
    """A published root in the pack is another one, or its proof."""
    manifest = manifest_of(members)
    one = rng.choice(manifest["roots"])
    if rng.randrange(2):
        one["root"] = f"{rng.randrange(16**64):064x}"
    else:
        one["path"] = one["path"][1:] if rng.randrange(2) else [*one["path"], "0" * 64]
    return with_manifest(members, manifest), one["root"]


def _file(members: Members, name: str, change: Callable[[Any], Any]) -> Members:
    said = json.loads(members[name])
    change(said)
    return with_manifest({**members, name: canonical(said)}, manifest_of(members))


@spoil
def standard(rng: random.Random, book: Book, members: Members) -> Spoiled:
    change = rng.choice(
        [
            lambda said: said.update(cutoff="2026-12-31"), lambda said: said.update(min_trust="self_declared"),
            lambda said: said["window"].update({"from": "2020-01-01"}), lambda said: said["grades"][0].update(min="1"),
            lambda said: said.update(vetoes=[]), lambda said: said["groups"][1]["indicators"][0].update(formula="40"),
        ]
    )  # fmt: skip
    return _file(members, "standard.json", change), "standard.json"


@spoil
def basis(rng: random.Random, book: Book, members: Members) -> Spoiled:
    change = rng.choice(
        [
            lambda said: said.update(as_of="2026-06-01"), lambda said: said.update(title="别的小区"),
            lambda said: said["kinds"].pop("complaint.fault"), lambda said: said["kinds"]["ticket.done"].update(counts=False),
            lambda said: said["kinds"]["credit.d"].update(reaches=False), lambda said: said["admitting"].append("noise.seen"),
        ]
    )  # fmt: skip
    return _file(members, "basis.json", change), "basis.json"


@spoil
def result(rng: random.Random, book: Book, members: Members) -> Spoiled:
    group = rng.randrange(2)
    change, name = rng.choice(
        [
            (lambda said: said["explained"].update(stars=5), "explained.stars"),
            (lambda said: said["explained"].update(total="99.9"), "explained.total"),
            (lambda said: said["explained"]["groups"][group].update(value="1.23"), f"groups.{'AF'[group]}.value"),
            (lambda said: said["explained"]["groups"][1]["indicators"][0]["facts"].pop(), "indicators.F1.facts"),
            (lambda said: said["exact"].update(total="1/3"), "exact.total"),
            (lambda said: said["explained"].update(vetoes=["V1"]), "explained.vetoes"),
        ]
    )
    return _file(members, "result.json", change), name


@spoil
def snapshot(rng: random.Random, book: Book, members: Members) -> Spoiled:
    """Standard, basis or result of another taste, and a snapshot's fact that says so."""
    changed = rng.choice([standard, basis, result])(rng, book, members)[0]
    lines = lines_of(changed)
    line = _pick(rng, lines, "rating.snapshot_taken")
    for name in ("standard", "basis", "result"):
        line["body"]["details"][name] = sha256(changed[f"{name}.json"])
    return respun(changed, lines), line["doc"]["id"]


@spoil
def read_me(rng: random.Random, book: Book, members: Members) -> Spoiled:
    return {**members, "说明.txt": b"all is well"}, "说明.txt"


@spoil
def broken(rng: random.Random, book: Book, members: Members) -> Spoiled:
    """A file is cut short, holds rubbish, or is gone."""
    name = rng.choice(sorted(members))
    content = members[name]
    middle = len(content) // 2
    return {
        **members,
        name: rng.choice([content[:middle], b"\xff" + content, content[:middle] + b"}" + content[middle:]]),
    }, ""
