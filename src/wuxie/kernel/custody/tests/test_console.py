"""What a keeper of the backups types: keys are made, registered and taken away, and each refusal says what helps."""

import getpass

import pytest

from wuxie.kernel.custody import age, console, officers

KEY = age.PrivateKey.new()
PHRASE = "three unrelated words"


@pytest.fixture
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("WUXIE_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    return tmp_path


@pytest.fixture
def typed(monkeypatch):
    """What is typed where a passphrase is asked for."""
    answers = []

    def ask(_words):
        if not answers:
            raise EOFError
        return answers.pop(0)

    monkeypatch.setattr(getpass, "getpass", ask)
    return answers


def test_keepers_are_registered_listed_and_taken_away(own_home, capsys):
    assert console.backup_key(["list"]) == console.DONE
    assert capsys.readouterr().out == "还没有登记保管人。\n"
    line = f"{KEY.public.fingerprint}  张样  {KEY.public}\n"
    assert console.backup_key(["add", str(KEY.public), "--name", "张样"]) == console.DONE
    assert capsys.readouterr().out.startswith(line + "只有一位保管人")
    other = age.PrivateKey.new().public
    assert console.backup_key(["add", str(other), "--name", "李样"]) == console.DONE
    assert capsys.readouterr().out == f"{line}{other.fingerprint}  李样  {other}\n"
    assert console.backup_key(["remove", other.fingerprint]) == console.DONE
    assert capsys.readouterr().out == f"{line}以后的备份他打不开；以前的备份他仍能打开，请不要让他再拿到。\n"
    assert console.backup_key(["remove", "0" * 12]) == console.BAD_INPUT
    assert "没有指纹" in capsys.readouterr().err


def test_a_key_is_made_under_a_passphrase_that_is_typed_twice(own_home, typed, capsys):
    typed += [PHRASE, PHRASE]
    assert console.backup_key(["new", "--to", str(own_home / "a.key")]) == console.DONE
    said = capsys.readouterr().out
    private = officers.read_identity(own_home / "a.key", PHRASE)
    assert str(private.public) in said
    assert str(private) not in said


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([PHRASE, "another"], "两次输入的口令不同，没有生成密钥。请再试一次。\n"),
        ([], "没有输入口令。请在终端里运行，或加 --passphrase-file。\n"),
    ],
)
def test_no_key_is_made_without_a_passphrase_that_is_sure(own_home, typed, capsys, answers, words):
    typed += answers
    assert console.backup_key(["new", "--to", str(own_home / "a.key")]) == console.BAD_INPUT
    assert capsys.readouterr().err == words
    assert not (own_home / "a.key").exists()


def test_a_passphrase_file_that_is_not_there_is_named(own_home, capsys):
    missing = own_home / "phrase"
    code = console.backup_key(["new", "--to", str(own_home / "a.key"), "--passphrase-file", str(missing)])
    assert (code, capsys.readouterr().err) == (
        console.BAD_INPUT, f"读不到口令文件 {missing}：No such file or directory。\n")  # fmt: skip


def test_the_sealed_paper_holds_a_key_that_is_shown_nowhere_else(own_home, capsys):
    paper = own_home / "paper.pdf"
    assert console.backup_key(["paper", "--to", str(paper)]) == console.DONE
    said = capsys.readouterr().out
    assert paper.read_bytes().startswith(b"%PDF-")
    assert "age1" in said and "AGE-SECRET-KEY" not in said
    assert console.backup_key(["paper", "--to", str(own_home / "no" / "paper.pdf")]) == console.BAD_INPUT
    assert capsys.readouterr().err == f"写不了 {own_home / 'no' / 'paper.pdf'}：No such file or directory。\n"


def test_a_locked_private_part_asks_for_its_passphrase(own_home, typed, capsys):
    officers.write_identity(own_home / "a.key", KEY, PHRASE, work=10)
    typed.append(PHRASE)
    missing, into = own_home / "b.age", own_home / "new"
    code = console.restore_command([str(missing), "--identity", str(own_home / "a.key"), "--into", str(into)])
    assert (code, capsys.readouterr().err) == (
        console.BAD_INPUT, f"读不到备份 {missing}：No such file or directory。请检查文件名。\n")  # fmt: skip
    assert not into.exists()
