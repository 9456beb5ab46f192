"""The age format: whole or refused, for its recipients only; written as other programs read it."""

import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxie.kernel.custody import age, bech32, officers
from wuxie.kernel.custody.refusal import Refused

KEY = age.PrivateKey.new()


def sealed(data: bytes, *recipients) -> bytes:
    out = io.BytesIO()
    writer = age.Writer(out, recipients or [KEY.public])
    writer.write(data)
    writer.finish()
    return out.getvalue()


def opened(content: bytes, *identities) -> bytes:
    return age.Reader(io.BytesIO(content), identities or [KEY]).read()


@pytest.mark.parametrize("size", [0, 1, age.PIECE - 1, age.PIECE, age.PIECE + 1, 3 * age.PIECE])
def test_what_goes_in_comes_out(size):
    assert opened(sealed(b"x" * size)) == b"x" * size


def test_each_officer_opens_it_and_nobody_else():
    first, second, stranger = (age.PrivateKey.new() for _each in range(3))
    content = sealed(b"secret", first.public, second.public)

    assert opened(content, first) == opened(content, second) == b"secret"
    with pytest.raises(Refused, match="打不开"):
        opened(content, stranger)
    assert b"secret" not in content


def test_a_backup_cut_anywhere_is_refused():
    content = sealed(b"x" * (2 * age.PIECE + 100))
    body = len(content) - (2 * age.PIECE + 100 + 3 * age.TAG)
    for length in (
        *range(0, body, 7),
        body,
        body + 1,
        body + age.PIECE + age.TAG,
        body + 2 * (age.PIECE + age.TAG),
        len(content) - 1,
    ):
        with pytest.raises(Refused):
            opened(content[:length])
    # Cut exactly between two pieces: each that is left is genuine, but none says that it is the last.
    with pytest.raises(Refused, match="截断"):
        opened(content[: body + age.PIECE + age.TAG])


@given(st.data())
def test_a_backup_changed_anywhere_is_refused(data):
    content = bytearray(sealed(b"y" * 300))
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Refused):
        opened(bytes(content))


def test_pieces_cannot_change_places_or_be_added():
    piece = age.PIECE + age.TAG
    content = sealed(b"a" * age.PIECE + b"b" * age.PIECE + b"c")
    body = len(content) - 2 * piece - 1 - age.TAG
    swapped = (
        content[:body]
        + content[body + piece : body + 2 * piece]
        + content[body : body + piece]
        + content[body + 2 * piece :]
    )
    for wrong in (swapped, content + b"z", content + content[body : body + piece]):
        with pytest.raises(Refused):
            opened(wrong)


def test_a_recipient_taken_out_of_the_header_is_noticed():
    other = age.PrivateKey.new()
    lines = sealed(b"x", KEY.public, other.public).split(b"\n", 6)
    with pytest.raises(Refused, match="改动"):
        opened(b"\n".join([*lines[:3], *lines[5:]]))


def test_only_what_was_authenticated_is_handed_out():
    content = bytearray(sealed(b"x" * (2 * age.PIECE)))
    content[-20] ^= 1
    reader = age.Reader(io.BytesIO(bytes(content)), [KEY])
    assert reader.read(age.PIECE) == b"x" * age.PIECE
    with pytest.raises(Refused):
        reader.read(1)


def test_keys_survive_being_copied_by_hand_or_are_refused():
    public, private = str(KEY.public), str(KEY)
    assert (public[:4], private[:16]) == ("age1", "AGE-SECRET-KEY-1")
    assert (len(public), len(private)) == (62, 74)
    assert age.PublicKey.read(public) == KEY.public
    assert age.PrivateKey.read(f" {private[:30]} {private[30:]}\n") == KEY
    for at in range(4, len(public)):
        other = "q" if public[at] != "q" else "p"
        with pytest.raises(Refused, match="公钥"):
            age.PublicKey.read(public[:at] + other + public[at + 1 :])
    with pytest.raises(Refused, match="私钥抄错了"):
        age.PrivateKey.read(public)
    assert private not in repr(KEY)


@given(st.binary(max_size=80))
def test_bech32_goes_both_ways(data):
    assert bech32.decode(bech32.encode("age", data)) == ("age", data)


def test_the_published_form_of_bech32():
    """A valid one of BIP 173, and the same with one letter changed."""
    assert bech32.decode("A12UEL5L") == ("a", b"")
    with pytest.raises(ValueError):
        bech32.decode("A12UEL5P")


def test_a_private_part_is_kept_under_a_passphrase(tmp_path):
    path = tmp_path / "a.key"
    with pytest.raises(Refused, match="太短"):
        officers.write_identity(path, KEY, "short")
    officers.write_identity(path, KEY, "three unrelated words", work=10)

    assert path.stat().st_mode & 0o777 == 0o600
    assert str(KEY).encode() not in path.read_bytes()
    assert officers.is_locked(path)
    assert officers.read_identity(path, "three unrelated words") == KEY
    with pytest.raises(Refused, match="口令不对"):
        officers.read_identity(path, "three unrelated word")
    with pytest.raises(Refused, match="已经存在"):
        officers.write_identity(path, KEY, "three unrelated words", work=10)


def test_a_private_part_typed_from_paper(tmp_path):
    path = tmp_path / "paper.key"
    text = str(KEY).lower()
    path.write_text(" ".join(text[at : at + 6] for at in range(0, len(text), 6)) + "\n")
    assert officers.read_identity(path) == KEY


def test_keepers_are_added_once_and_taken_away(tmp_path, monkeypatch):
    monkeypatch.setenv("WUXIE_HOME", str(tmp_path))
    with pytest.raises(Refused, match="还没有保管人"):
        officers.chosen([])
    officers.add(KEY.public, "张样")
    with pytest.raises(Refused, match="已经登记"):
        officers.add(KEY.public, "李样")
    assert officers.chosen([]) == [KEY.public]
    other = age.PrivateKey.new().public
    assert officers.chosen([str(other)]) == [other]
    assert officers.remove(KEY.public.fingerprint) == []
    with pytest.raises(Refused, match="没有指纹"):
        officers.remove("0" * 12)


def test_a_hostile_amount_of_work_is_refused():
    content = sealed(b"x", age.Passphrase("three unrelated words", 10)).replace(b" 10\n", b" 40\n", 1)
    with pytest.raises(Refused):
        opened(content, age.Passphrase("three unrelated words"))


def test_the_commands_on_paper_can_be_typed_as_they_stand():
    """Typst makes a dash of two hyphens unless they stand in a text of their own."""
    house = Path(__file__).parents[3]
    lines = [line for path in house.rglob("*.typ") for line in path.read_text("utf-8").splitlines()]
    assert any("--identity" in line for line in lines)
    assert [line for line in lines if "--" in re.sub(r'"[^"]*"', "", line)] == []


def refused(act, *args):
    with pytest.raises(Refused) as caught:
        act(*args)
    return caught.value.message


NOTHING = age._base64(bytes(32))


@pytest.mark.parametrize(
    ("words", "body"),
    [(("X25519",), 32), (("X25519", "AAAA"), 32), (("X25519", NOTHING), 31), (("X25519", NOTHING), 32)],
)
def test_a_share_that_nobody_could_have_made_is_refused(words, body):
    assert refused(KEY.unwrap, age.Stanza(words, bytes(body))) == age.ALTERED


def test_a_passphrase_leaves_the_shares_of_keys_to_their_keys():
    with pytest.raises(Refused, match="打不开"):
        opened(sealed(b"x"), age.Passphrase("three unrelated words"))


def test_nothing_is_encrypted_to_nobody():
    assert refused(age.Writer, io.BytesIO(), []) == "没有指定公钥。请加 --key，或先用 wuxie backup-key add 登记。"


def test_an_empty_piece_more_is_noticed():
    out = io.BytesIO()
    writer = age.Writer(out, [KEY.public])
    writer._piece(b"x" * age.PIECE, last=False)
    writer._piece(b"", last=True)
    assert refused(opened, out.getvalue()) == age.ALTERED


def test_a_header_without_end_is_refused():
    endless = age.VERSION + b"\n" + b"-> other\n\n" * age.LONGEST_HEADER
    assert refused(opened, endless) == age.ALTERED


def test_a_share_of_another_program_may_be_longer_than_a_line():
    head = age.VERSION + b"\n-> other\n" + b"A" * 64 + b"\n\n--- AA\n"
    assert age._header(io.BytesIO(head))[0] == [age.Stanza(("other",), bytes(48))]


def test_only_one_writing_of_the_same_bytes_is_taken():
    assert age._unbase64("AA") == b"\0"
    assert refused(age._unbase64, "AB") == age.ALTERED


@pytest.mark.parametrize("text", ["A12uel5l", "12uel5l", "a1uel5l"[:-3], "a12uel5b", "nothing"])
def test_what_is_no_bech32_is_refused(text):
    with pytest.raises(ValueError):
        bech32.decode(text)
    with pytest.raises(Refused, match="私钥抄错了：应以 AGE-SECRET-KEY-1 开头，共 74 个字符。请照原文重抄。"):
        age.PrivateKey.read(text)


def test_left_over_bits_are_refused():
    letters = "".join(bech32.LETTERS[group] for group in [1, *bech32._checksum("a", [1])])
    with pytest.raises(ValueError, match="padding"):
        bech32.decode(f"a1{letters}")


def test_a_keeper_has_a_name():
    assert refused(officers.add, KEY.public, " ") == "没有写保管人。请加 --name 姓名或“密封纸件”。"


def test_a_private_file_that_cannot_be_written_or_read_is_named(tmp_path):
    nowhere = tmp_path / "no" / "a.key"
    words = f"写不了文件 {nowhere}：No such file or directory。"
    assert refused(officers.write_identity, nowhere, KEY, "three unrelated words") == words
    assert refused(officers.read_identity, nowhere) == f"读不到私钥文件 {nowhere}：No such file or directory。"
    (tmp_path / "b.key").write_text("# nothing\n")
    assert (
        refused(officers.read_identity, tmp_path / "b.key") == f"文件 {tmp_path / 'b.key'} 里没有私钥。请检查文件名。"
    )
