"""The command line: answers on standard output, one refusal on standard error, honest exit codes, no Django."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


def wuxie(*arguments: str, body: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "wuxie.config.cli", *arguments], input=body, capture_output=True, check=False
    )


def test_an_answer_is_one_document_on_standard_output():
    done = wuxie("calc", "deadline", body=b'{"rule": "petition.accept", "from": "2026-06-01"}')

    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["due"] == "2026-06-16"


@pytest.mark.parametrize(
    ("body", "code", "path"),
    [
        (b"{", "json", "$"),
        (b'{"total": NaN}', "json", "$"),
        ('{"total": "１"}'.encode("gb18030"), "json", "$"),
        (b"[" * 100_000, "json", "$"),
        (b'{"total": "1.00", "units": [{"id": "a", "area": 5}]}', "type", "$.units[0].area"),
    ],
)
def test_a_refusal_is_one_line_on_standard_error(body, code, path):
    done = wuxie("calc", "apportion", body=body)

    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.count(b"\n") == 1
    error = json.loads(done.stderr)["error"]
    assert (error["code"], error["path"]) == (code, path)
    assert any("一" <= letter <= "鿿" for letter in error["message"])


def test_a_file_is_read_and_a_missing_one_is_named(tmp_path):
    paper = tmp_path / "cost.json"
    paper.write_text('{"total": "1.00", "units": [{"id": "a", "area": "1"}]}', encoding="utf-8")

    assert json.loads(wuxie("calc", "apportion", str(paper)).stdout)["shares"] == [{"id": "a", "share": "1.00"}]
    assert wuxie("calc", "apportion", str(tmp_path / "none.json")).returncode == 2


def test_an_unknown_calculator_is_bad_input_and_help_lists_everything():
    assert wuxie("calc", "price").returncode == 2
    listed = wuxie("--help").stdout.decode()
    assert all(
        word in listed for word in ("serve", "ledger", "calc vote", "calc apportion", "calc deadline", "calc score")
    )


def test_a_calculator_does_not_start_django():
    code = "import sys, wuxie.config.cli as c; c.calculator('vote'); print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
