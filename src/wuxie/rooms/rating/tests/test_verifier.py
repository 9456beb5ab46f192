"""The verifier in every pack: agrees with the product on what is whole, and names what is spoiled. No database."""

from __future__ import annotations

import ast
import copy
import os
import random
import runpy
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.facts import merkle
from wuxie.kernel.facts.canonical import millionths, quantity_text
from wuxie.kernel.standards.language import compile_formula
from wuxie.kernel.standards.tests.examples import fact as example
from wuxie.kernel.standards.tests.examples import standard as example_standard
from wuxie.kernel.standards.tests.test_judge import formulas, many_facts
from wuxie.rooms.rating import packs
from wuxie.rooms.rating.verifier import verify

from . import packmaker, spoils
from .packmaker import (
    ABOUT,
    AS_OF,
    PROJECT,
    Book,
    Members,
    lines_of,
    manifest_of,
    respun,
    scored,
    verdict,
    with_manifest,
)


@pytest.fixture(scope="module")
def year() -> tuple[Book, Members]:
    return packmaker.a_year()


def test_it_is_short_and_needs_nothing_but_the_standard_library_of_python_3_8() -> None:
    text = packs.VERIFIER.read_text("utf-8")
    assert len(text.splitlines()) < 300
    tree = ast.parse(text, feature_version=(3, 8))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= set(sys.stdlib_module_names)


def test_a_whole_pack_is_verified_against_every_root_it_holds(year: tuple[Book, Members], tmp_path: Path) -> None:
    book, members = year
    assert [verdict(members, tmp_path, root) for root in (None, *(one["root"] for one in book.seals))] == [("", "")] * 5
    assert verdict(members, tmp_path, book.seals[0]["root"].upper()) == ("", "")
    code, words = verdict(members, tmp_path, "ab" * 32)
    assert code == "ROOT" and "ab" * 32 in words


def test_the_command_prints_what_a_notice_prints(year: tuple[Book, Members], tmp_path: Path) -> None:
    book, members = year
    packmaker.lay({**members, "verify.py": packs.VERIFIER.read_bytes()}, tmp_path)
    run = [sys.executable, "-I", "verify.py"]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, check=False, env={"PYTHONIOENCODING": "utf-8"})
    anchor = book.seals[2]
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().splitlines()[:5] == [
        "VERIFIED", f"root {anchor['root']}", f"size {anchor['size']}", f"sealed_at {anchor['doc']['sealed_at']}",
        f"verify.py {packs.verifier_sha256()}",
    ]  # fmt: skip
    refused = subprocess.run([*run, "--root", "00" * 32], cwd=tmp_path, capture_output=True, check=False,
                             env={"PYTHONIOENCODING": "utf-8"})  # fmt: skip
    assert (refused.returncode, refused.stderr) == (1, b"") and "[ROOT]" in refused.stdout.decode()


@pytest.mark.parametrize("way", spoils.SPOILS)
def test_what_was_spoiled_is_named(
    way: str, year: tuple[Book, Members], tmp_path: Path, monkeypatch: Any, capsys: Any
) -> None:
    book, members = year
    monkeypatch.chdir(tmp_path)
    for seed in range(12):
        spoiled, wanted = spoils.SPOILS[way](random.Random(seed), book, copy.deepcopy(members))
        packmaker.lay(spoiled, tmp_path)
        assert verify.main([]) == 1
        said = capsys.readouterr().out
        assert said.startswith("不符 [") and said.count("\n") == 1
        assert spoils.named(wanted, said), said


def test_every_bad_fact_that_is_left_out_is_missed(year: tuple[Book, Members], tmp_path: Path) -> None:
    _book, members = year
    for line in lines_of(members):
        if line["doc"]["kind"] in packmaker.BAD:
            spoiled, wanted = spoils.drop(members, line["doc"]["id"])
            assert spoils.named(wanted, verdict(spoiled, tmp_path)[1])


def test_another_history_of_the_same_project_fails_against_an_old_root_only(tmp_path: Path) -> None:
    truth, _ = packmaker.a_year(20, 3)
    _, members = packmaker.a_year(20, 4)
    assert verdict(members, tmp_path) == ("", "")
    assert [verdict(members, tmp_path, seal["root"])[0] for seal in truth.seals] == ["ROOT"] * 4


def test_facts_after_the_snapshot_and_closed_ones_that_do_not_matter_change_nothing(tmp_path: Path) -> None:
    book, members = packmaker.a_year(30, 7)
    lines = lines_of(members)
    assert any("body" not in line for line in lines)
    cut = next(line for line in lines if line["doc"]["kind"] == verify.TAKEN)["links"][0]["leaf"]
    after = [line for line in lines if line["links"][0]["leaf"] > cut]
    assert [line["doc"]["kind"] for line in after] == ["complaint.fault"]
    for line in after:
        del line["body"], line["salt"]
    changed = with_manifest({**members, "facts.jsonl": packmaker.joined(lines)}, manifest_of(members))
    assert verdict(changed, tmp_path) == ("", "")


def _member(name: str, content: bytes) -> Any:
    return lambda members: {**members, name: content}


def _without(name: str) -> Any:
    return lambda members: {key: content for key, content in members.items() if key != name}


def _manifest(**changes: Any) -> Any:
    return lambda members: with_manifest(members, {**manifest_of(members), **changes})


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_without("facts.jsonl"), "FILE"), (_without("standard.json"), "FILE"), (_without("说明.txt"), "FILE"),
        (_member("basis.json", b"{"), "FILE"), (_member("pack.json", b"\xff"), "FILE"), (_member("pack.json", b"[" * 100_000), "FILE"),
        (_member("pack.json", b"[]"), "FORMAT"), (_member("pack.json", b"{}"), "FORMAT"), (_member("basis.json", b"3"), "FORMAT"),
        (_member("facts.jsonl", b""), "LINE"), (_member("facts.jsonl", b"[" * 100_000), "LINE"), (_member("facts.jsonl", b"{}"), "LINE"),
        (_member("facts.jsonl", b'{"doc": {"v": 2, "id": 1, "kind": 2, "regards": 3}, "links": 7}'), "LINE"),
        (_manifest(heads=[]), "HEAD"), (_manifest(size="x"), "FORMAT"), (_manifest(size=-1), "SEAL"), (_manifest(root="zz"), "FORMAT"),
        (_manifest(path=[]), "SEAL"), (_manifest(roots=[{"size": 1, "root": "00" * 32, "path": []}]), "ROOT"),
        (_manifest(roots=[{"size": 0, "root": "00" * 32, "path": []}]), "ROOT"),
        (_member("result.json", b"[]"), "RESULT"),
    ],
)  # fmt: skip
def test_a_broken_pack_gets_one_sentence(
    spoil: Any, code: str, year: Any, tmp_path: Path, monkeypatch: Any, capsys: Any
) -> None:
    packmaker.lay(spoil(year[1]), tmp_path)
    monkeypatch.chdir(tmp_path)
    assert verify.main([]) == 1
    said = capsys.readouterr().out
    assert said.startswith(f"不符 [{code}] ") and said.count("\n") == 1


@pytest.mark.parametrize("arguments", [["--help"], ["--root"], ["--root=ab"], ["a", "b"], ["--root", "a", "b"]])
def test_other_arguments_are_told_how_to_write_it(arguments: list[str], capsys: Any) -> None:
    assert verify.main(arguments) == 1
    assert "[USAGE]" in capsys.readouterr().out


def test_run_as_a_program_it_answers_with_its_exit_code(
    year: Any, tmp_path: Path, monkeypatch: Any, capsys: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    packmaker.lay(year[1], tmp_path)
    monkeypatch.setattr(sys, "argv", ["verify.py"])
    before = sys.getrecursionlimit()
    with pytest.raises(SystemExit) as left:
        runpy.run_path(str(packs.VERIFIER), run_name="__main__")
    sys.setrecursionlimit(before)
    assert left.value.code == 0 and capsys.readouterr().out.startswith("VERIFIED\n")


def made(document: dict[str, Any], rows: list[dict[str, Any]], result: Any = None) -> Members:
    """A pack whose facts are such rows: replaced and disputed ones by facts that say so, in any order of receipt."""
    book = Book(len(rows))
    for row in rows:
        name = book.write(
            row["kind"], PROJECT, received=row["recorded_on"], occurred_on=row["occurred_on"], trust=row["trust"],
            valid_until=row["valid_until"] or None, quantity=millionths(row["quantity"]),
        )  # fmt: skip
        row["id"], row["subject"] = name, PROJECT
        if row["superseded_by"]:
            book.write("ledger.superseded", PROJECT, received=row["recorded_on"], regards=name)
        if row["disputed"] == "true":
            book.write("ledger.dispute_opened", PROJECT, received=row["recorded_on"], regards=name, valid_until=AS_OF)
    kinds = sorted({row["kind"] for row in rows})
    files = book.snapshot(document, result or scored(document, rows), kinds)
    return book.pack(book.seal(), files, (*kinds, *ABOUT, verify.TAKEN))


@settings(max_examples=120, deadline=None)
@given(facts=many_facts(), formula=formulas())
def test_verifier_and_product_agree_on_every_standard(
    facts: list[dict[str, Any]], formula: str, tmp_path_factory: Any
) -> None:
    for row in facts:
        row["disputed"] = row["disputed"].lower()
        # The ledger takes no more than six decimals.
        row["quantity"] = quantity_text(int(Fraction(row["quantity"]) * 1_000_000))
    document = example_standard(formula, f"10 * ({formula})", "sum('k.a')")
    document["groups"].append(
        {
            "id": "B",
            "points": 5,
            "indicators": [{"id": "B1", "points": 5, "formula": f"5 - ({formula})", "no_data": "skip"}],
        }
    )
    document["vetoes"] = [
        {"id": "V1", "when": formula, "max_stars": 1},
        {"id": "V2", "when": "has('k.b')", "max_stars": 4},
    ]
    document["grades"] = [
        {"stars": 2, "min": "0"}, {"stars": 3, "min": "5", "group_min": 0.1}, {"stars": 5, "min": "12", "floors": {"A": "0.4", "B": 0.2}},
    ]  # fmt: skip
    assert verdict(made(document, facts), tmp_path_factory.mktemp("pack")) == ("", "")


@pytest.mark.parametrize(
    "document",
    [
        example_standard("1 / 0", "ratio(1, 0)"), example_standard("1 / 0") | {"grades": [{"stars": 1, "min": "0", "floors": {"A": "1"}}]},
        example_standard() | {"vetoes": [], "grades": []}, example_standard("+3 - -2", "not 1", "\t(1 if\n 2 > 1 else 0) "),
        example_standard("1 < 2 < 3", "1 < 3 < 2", "(2 or 0) + (0 or 3) + (2 and 3) + (0 and 1)"),
        example_standard("+".join(["sum('m.due')"] * 400)),
        example_standard("count('m.due', 1)", "days('m.due', 120)", "clamp(5, 9, 2)", "min(1, 2, 0.5) + max(.5, 1.)"),
    ],
)  # fmt: skip
def test_they_agree_on_the_corners_too(document: dict[str, Any], tmp_path: Path) -> None:
    rows = [example("1", "m.due"), example("2", "v.found", "2"), example("3", "m.due_done", valid_until="2026-03-05")]
    assert verdict(made(document, rows), tmp_path) == ("", "")


@pytest.mark.parametrize(
    "formula",
    [
        "", "1 +", "x", "__import__('os')", "count", "count(a)", "count('a').real", "lambda: 1", "[1, 2]", "'a'", "1e3", "1_000", "0x10",
        "2 ** 9", "5 // 2", "~1", "1 in [1]", "True", "count('a', months=3)", "count(*'a')", "count('a', 0)", "count('a', 121)",
        "count('a', 1.5)", "active('a', 3)", "has('a', 3)", "sum()", "sum('a', 3, 4)", "ratio(1)", "clamp(1, 2)", "bands(1, 2)",
        "bands(1, [[1]])", "(y := 5)", "print(1)", "abs(1)", "Add(1, 2)", "min(1)", "(" * 300 + "1" + ")" * 300, "\0",
    ],
)  # fmt: skip
def test_what_is_outside_the_language_is_never_run(formula: str, tmp_path: Path) -> None:
    with pytest.raises(Problem):
        compile_formula(formula)
    rows = [example("1", "m.due")]
    members = made(example_standard(formula), rows, result={"explained": {}, "exact": {}})
    code, words = verdict(members, tmp_path)
    assert code == "FORMULA" and formula[:20] in words


def test_consistency_proofs_of_every_pair_of_sizes() -> None:
    leaves = [merkle.leaf_hash(bytes([number])) for number in range(40)]
    roots = [merkle.root(leaves[:size]) for size in range(41)]
    for new in range(1, 41):
        for old in range(1, new + 1):
            path = [node.hex() for node in merkle.consistency_proof(old, new, merkle.over(leaves))]
            assert verify.consistent(old, new, path, roots[old], roots[new])
            assert not verify.consistent(old, new, path, roots[old][::-1], roots[new])
            assert not verify.consistent(old, new, [*path, "00" * 32], roots[old], roots[new])
    assert not verify.consistent(0, 5, [], roots[0], roots[5])


def test_a_fact_of_the_first_form_is_shown_whole(tmp_path: Path) -> None:
    book = Book()
    book.write("m.due", PROJECT)
    row = book.waiting[0]
    doc = {**row["doc"], **row["body"], "v": 1}
    del doc["body"]
    row["doc"] = doc
    rows = [packmaker.contract_row(doc["id"], "m.due")]
    document = example_standard("sum('m.due')")
    files = book.snapshot(document, scored(document, rows), ["m.due"])
    members = book.pack(book.seal(), files, (verify.TAKEN,))
    assert verdict(members, tmp_path) == ("", "")
    lines = lines_of(members)
    lines[0]["doc"]["quantity"] = 2_000_000
    code, words = verdict(respun(members, lines), tmp_path)
    assert code == "PROOF" and doc["id"] in words


def test_a_snapshot_that_a_later_one_of_the_same_seal_replaced_is_refused(tmp_path: Path) -> None:
    book = Book()
    name = book.write("m.due", PROJECT)
    document = example_standard("sum('m.due')")
    result = scored(document, [packmaker.contract_row(name, "m.due")])
    files = book.snapshot(document, result, ["m.due"])
    book.write("m.due", PROJECT, received=AS_OF)
    book.snapshot({**document, "cutoff": "2026-10-30"}, result, ["m.due"])
    seal = book.seal()
    assert verdict(book.pack(seal, files, ("m.due", verify.TAKEN)), tmp_path)[0] == "STANDARD"
    assert verdict(book.pack(seal, files, ("m.due",)), tmp_path)[0] == "SNAPSHOT"


def test_a_correction_is_known_from_its_receipt_or_its_admission(tmp_path: Path) -> None:
    """After the cut-off a correction switches nothing off, unless it or the new fact was admitted."""
    document = example_standard("sum('m.due')", "sum('rest.day')")
    for admitted in (False, True):
        book = Book()
        old = book.write("m.due", PROJECT)
        new = book.write("m.due", PROJECT, received="2026-10-02")
        book.write("ledger.superseded", PROJECT, received="2026-10-02", regards=old, details={"by": new})
        if admitted:
            book.write("rating.late_admitted", PROJECT, received="2026-10-03", regards=new, occurred_on="2026-09-30")
        rows = [
            packmaker.contract_row(old, "m.due", superseded_by=new if admitted else ""),
            packmaker.contract_row(new, "m.due", recorded_on="2026-09-30" if admitted else "2026-10-02"),
        ]
        files = book.snapshot(document, scored(document, rows), ["m.due", "rest.day"])
        members = book.pack(book.seal(), files, ("m.due", *ABOUT, "rating.late_admitted", verify.TAKEN))
        assert verdict(members, tmp_path) == ("", "")


def test_other_pythons_here_say_the_same(year: tuple[Book, Members], tmp_path: Path) -> None:
    """Whatever Pythons this machine has beside our own; the one that runs the tests in any case."""
    packmaker.lay({**year[1], "verify.py": packs.VERIFIER.read_bytes()}, tmp_path)
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = [path / "bin/python3" for path in versions.glob("3.*") if int(path.name.split(".")[1]) >= 8]
    for python in [Path(sys.executable), *found]:
        done = subprocess.run([python, "verify.py"], cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == 0, (python, done.stdout, done.stderr)
