"""The command line: answers on standard output, one refusal on standard error, honest exit codes, no Django."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from wuxie.config import cli


def wuxie(*arguments: str, body: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "wuxie.config.cli", *arguments], input=body, capture_output=True, check=False,
        env={**os.environ, **environment},
    )  # fmt: skip


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
        (b"", "json", "$"),
        (b"\xef\xbb\xbf{}", "json", "$"),
        (b'{"total": "1", "total": "2", "units": []}', "duplicate", "$.total"),
        (b'{"total": "1", "units": [], "\\u0000\\n": 1}', "unknown_key", "$.\0\n"),
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


@pytest.mark.parametrize("arguments", [["price"], [], ["vote", "a", "b"], ["vote", "--quick"]])
def test_arguments_that_make_no_sense_are_bad_input_in_the_same_form(arguments):
    done = wuxie("calc", *arguments)

    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (2, b"", 1)
    assert json.loads(done.stderr)["error"]["code"] == "reference"


def test_help_lists_everything_and_an_unknown_command_is_bad_input():
    listed = wuxie("--help")
    assert listed.returncode == 0
    for word in (*cli.COMMANDS, "calc vote", "calc apportion", "calc deadline", "calc score"):
        assert word in listed.stdout.decode()

    unknown = wuxie("bogus")
    assert (unknown.returncode, unknown.stdout) == (2, b"")


def test_documents_go_out_in_utf8_whatever_the_terminal_speaks():
    body = '{"total": "1.00", "units": [{"id": "一栋\\ud83d\\ude00", "area": "1"}]}'.encode()
    done = wuxie("calc", "apportion", body=body, PYTHONIOENCODING="gb2312", PYTHONUTF8="0")

    assert done.returncode == 0
    assert json.loads(done.stdout.decode("utf-8"))["shares"][0]["id"] == "一栋😀"


def test_a_fault_of_the_program_is_neither_a_no_nor_bad_input(monkeypatch, capsys):
    def broken(name: str) -> None:
        raise RuntimeError("disk on fire")

    monkeypatch.setattr(cli, "calculator", broken)
    assert cli.main(["calc", "vote", "-"]) == cli.FAULT
    assert capsys.readouterr().out == ""


def test_a_pipe_that_closes_early_is_no_fault(tmp_path):
    units = [{"id": f"u{n}", "area": "1"} for n in range(20_000)]
    paper = tmp_path / "cost.json"
    paper.write_text(json.dumps({"total": "1000.00", "units": units}), encoding="utf-8")
    asking = subprocess.Popen(
        [sys.executable, "-m", "wuxie.config.cli", "calc", "apportion", str(paper)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )  # fmt: skip
    assert asking.stdout and asking.stderr
    asking.stdout.read(10)
    asking.stdout.close()
    complaint = asking.stderr.read()
    asking.stderr.close()

    assert (asking.wait(), complaint) == (0, b"")


def test_the_command_line_counts_with_what_was_confirmed_in_the_city(tmp_path):
    row = {
        "key": "deadline.petition.accept", "group": "x", "label": "x", "region": "510400", "value": "10", "unit": "working_day",
        "article": "本地办法", "read": "text", "since": "2026-01-01", "used_by": ["x"], "confirmed": True,
    }  # fmt: skip
    (tmp_path / "statutes.json").write_text(json.dumps([row]), encoding="utf-8")
    (tmp_path / "holidays.json").write_text(
        json.dumps([{"year": 2026, "days": [{"date": "2026-06-02", "name": "", "isOffDay": True}]}]), encoding="utf-8"
    )
    body = b'{"rule": "petition.accept", "from": "2026-06-01", "region": "510402"}'

    answer = json.loads(wuxie("calc", "deadline", body=body, WUXIE_HOME=str(tmp_path)).stdout)

    assert (answer["due"], answer["unit"], answer["source"]) == ("2026-06-16", "working_day", "本地办法")


@pytest.mark.parametrize("name", ["vote", "apportion", "deadline"])
def test_a_calculator_starts_neither_django_nor_the_database_engines(name):
    code = (
        f"import sys, wuxie.config.cli as c; c.calculator({name!r}); "
        "print([m for m in ('django', 'duckdb', 'numpy', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
