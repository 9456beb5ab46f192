"""The two packs: a stranger verifies them, nothing names anybody in the public one, and what was changed is noticed."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile

import pytest

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts import sealer
from wuxie.kernel.facts.canonical import canonical, sha256
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.facts.refusal import Refused
from wuxie.rooms.assembly import commitments, packs
from wuxie.rooms.assembly.verifier import verify_vote

from .factories import AFTER, ALL_FOR, DAY

pytestmark = pytest.mark.django_db
MIXED = ALL_FOR | {"1-1-102": "against", "2-1-102": "abstain"}


@pytest.fixture
def case(world):
    made = world.published(MIXED, "fund_use", "fund_raising")
    with frozen(AFTER):
        sealer.seal()
    return made


def lay(members, folder):
    for old in folder.iterdir():
        old.unlink()
    for name, content in members.items():
        (folder / name).write_bytes(content)


def verdict(members, folder, **asked):
    lay(members, folder)
    try:
        verify_vote.verify(folder, **asked)
    except verify_vote.Unfit as unfit:
        return unfit.args[0]
    return ""


def again(members, name, content):
    """With one member changed, and the list of members made to fit."""
    pack = json.loads(members["pack.json"])
    pack["members"][name] = sha256(content)
    return members | {name: content, "pack.json": canonical(pack)}


@pytest.mark.parametrize("rows", [False, True])
def test_a_stranger_verifies_it_with_python_alone(case, tmp_path, rows):
    with zipfile.ZipFile(io.BytesIO(packs.build(case, rows=rows))) as file:
        file.extractall(tmp_path)
    entry = case.entries.get(label="1-1-102")
    receipt = commitments.receipt(case.secret, entry.unit_id, 1)
    done = subprocess.run(
        [sys.executable, "-I", "verify_vote.py", "--receipt", receipt.lower()],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    lines = done.stdout.splitlines()
    assert lines[0] == "VERIFIED" and any(f"票号 {entry.paper}：第 1 项 反对；第 2 项 反对。" in line for line in lines)
    assert "第 1 项 事项 fund_use：通过" in lines and "第 2 项 事项 fund_raising：未通过" in lines
    wrong = subprocess.run(
        [sys.executable, "-I", "verify_vote.py", "--root", "0" * 64],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert wrong.returncode == 1 and "[ROOT]" in wrong.stdout


def test_the_verifier_is_short_and_needs_nothing():
    text = packs.VERIFIER.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 300
    named = [line for line in text.splitlines() if line.startswith(("import ", "from "))]
    assert named == [
        "import hashlib, itertools, json, sys",
        "from fractions import Fraction",
        "from pathlib import Path",
    ]


def test_the_public_pack_names_no_door_no_area_no_owner(case):
    with zipfile.ZipFile(io.BytesIO(packs.build(case))) as file:
        content = b"".join(file.read(name) for name in file.namelist() if name != "verify_vote.py").decode()
    for secret in ("1-1-102", "甲一", case.secret, *(f'"area":{entry.area}' for entry in case.entries.all())):
        assert secret not in content
    assert "89.50" not in content and "rows.jsonl" not in file.namelist()


def test_before_the_seal_there_is_no_pack(world):
    made = world.published(ALL_FOR)
    with pytest.raises(Refused, match="还没有封存"):
        packs.build(made)


def test_the_auditors_pack_stands_in_the_journal(case, world):
    with frozen(AFTER):
        packs.audit(case, by=world["street"], reason="复核投诉")
    line = Fact.objects.get(kind="office.exported")
    assert line.by == world["street"].key and line.details["table"] == "assembly_audit"


def test_a_pack_made_anew_is_the_same_to_the_byte(case):
    assert packs.build(case) == packs.build(case)


def test_every_thing_that_is_changed_is_noticed(case, tmp_path):
    members = packs.members_of(case, rows=True)
    assert verdict(members, tmp_path) == ""
    rows = [json.loads(line) for line in members["rows.jsonl"].splitlines()]

    def with_rows(change):
        changed = json.loads(json.dumps(rows))
        change(changed)
        return again(members, "rows.jsonl", b"".join(canonical(row) + b"\n" for row in changed))

    def with_json(name, change):
        document = json.loads(members[name])
        change(document)
        return again(members, name, canonical(document))

    lines = members["commitments.txt"].decode().splitlines(keepends=True)
    facts = members["facts.jsonl"].splitlines(keepends=True)
    attacks = {
        "area": (with_rows(lambda found: found[0].update(area=99999)), "ROLL"),
        "head": (with_rows(lambda found: found[0].update(head="h99999")), "ROLL"),
        "side": (with_rows(lambda found: found[1].update(choices={"1": "for", "2": "for"})), "CHOICE"),
        "envelope": (with_rows(lambda found: found[0].update(envelope="0" * 64)), "BALLOT"),
        "left out": (with_rows(lambda found: found.pop()), "ROLL"),
        "unsaid": (with_rows(lambda found: found[0].update(state="none", choices={})), "BALLOT"),
        "passed": (with_json("result.json", lambda found: found["items"][1].update(passed=True, reasons=[])), "RESULT"),
        "rule": (with_json("vote.json", lambda found: found.update(silent_rule="participates_abstain")), "RULE"),
        "matter": (with_json("vote.json", lambda found: found["items"][1].update(matter="other")), "ITEMS"),
        "thresholds": (with_json("vote.json", lambda found: found["thresholds"].update(special="1/100")), "RESULT"),
        "commitment": (again(members, "commitments.txt", "".join([lines[0][:-5] + "0000\n", *lines[1:]]).encode()), "COMMIT"),
        "short": (again(members, "commitments.txt", "".join(lines[1:]).encode()), "COMMIT"),
        "fact gone": (again(members, "facts.jsonl", b"".join(facts[:2] + facts[3:])), "MISSING"),
        "last fact gone": (again(members, "facts.jsonl", b"".join(facts[:-1])), "HEAD"),
        "fact changed": (again(members, "facts.jsonl", b"".join(facts).replace(b'"ballots":"6"', b'"ballots":"5"')), "FACT"),
        "member": (members | {"vote.json": members["vote.json"] + b" "}, "MEMBER"),
    }  # fmt: skip
    assert {name: verdict(spoiled, tmp_path) for name, (spoiled, _code) in attacks.items()} == {
        name: code for name, (_spoiled, code) in attacks.items()
    }


def test_an_owner_checks_by_the_receipt_alone(case, world, client):
    entry = case.entries.get(label="2-1-101")
    receipt = commitments.receipt(case.secret, entry.unit_id, 1)
    with frozen(DAY(2027, 4, 6)):
        sent = client.post("/votes/check/", {"code": " ".join((receipt[:5], receipt[5:].lower()))})
        assert sent.status_code == 302
        page = client.get(sent["Location"])
        text = page.content.decode()
        assert "你的票计入了结果" in text and "同意" in text and "no-store" in page["Cache-Control"]
        commitment = dict(line.split(" ") for line in packs.members_of(case)["commitments.txt"].decode().splitlines())[
            entry.paper
        ]
        assert commitment in text and entry.label not in text
        assert client.post("/votes/check/", {"code": "AAAA"}).status_code == 422
        assert client.get(f"/votes/check/{receipt[:-1]}2/").status_code == 404
        answer = client.get(f"/votes/{case.pk}/pack/")
        assert answer.status_code == 200 and answer["Content-Type"] == "application/zip"
