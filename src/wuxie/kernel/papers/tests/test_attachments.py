"""Attachments: judged by content, never swapped or removed, shown to those who may see the case."""

import hashlib
import io
import zipfile

import pytest
from django.core.management import call_command
from django.http import Http404
from django.test import RequestFactory
from PIL import Image

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.papers import actions, intake, store, views, visibility
from wuxie.kernel.papers.attached import names_on
from wuxie.kernel.papers.models import Attachment, Withdrawal

from .files import PDF, camera_picture, picture, word_template, zipped

pytestmark = pytest.mark.django_db


class Acting:
    seats = ()

    def __init__(self, key, *roles):
        self.key, self.roles = key, frozenset(roles)

    def holds(self, *roles):
        return bool(self.roles & set(roles))

    def organisations(self, *roles):
        return set()

    def places(self, *roles):
        return set()


ALICE, CHARLIE = Acting("person:1"), Acting("person:3")


@pytest.fixture(autouse=True)
def rules(monkeypatch):
    monkeypatch.setattr(visibility, "_rules", {})
    visibility.register_case_visibility("star", lambda actor, pk: actor.key == "person:1" and pk == "17")


def get(view, actor, *args, **query):
    request = RequestFactory().get("/", query)
    request.actor = actor
    return view(request, *args)


def test_a_file_lies_in_its_case_under_its_name():
    made = actions.attach("star:17", PDF, "C:\\fake\\整改 报告?.exe", kind="补正通知", by="person:1")
    assert (made.title, made.mime, made.sha256) == ("整改 报告.pdf", "application/pdf", hashlib.sha256(PDF).hexdigest())
    assert names_on("star:17") == {"补正通知"}
    assert list(Attachment.objects.on("star:17")) == [made]
    assert list(Attachment.objects.on("star:18")) == []


def test_a_photo_is_shown_without_what_the_camera_wrote_and_its_claims_are_kept():
    made = actions.attach("star:17", camera_picture(), "a.jpg", by="person:1")
    assert (made.taken_at, made.taken_where) == ("2026-11-24 09:41:00", "26.581233,101.718639")
    answer = get(views.attachment, ALICE, made.pk)
    assert b"SecretCamera" not in answer.content
    with Image.open(io.BytesIO(answer.content)) as shown:
        assert not shown.getexif()
        assert shown.size == (30, 60), "turned upright"
    assert b"SecretCamera" in store.get(made.sha256)


def test_the_place_of_a_photo_is_not_in_the_open():
    made = actions.attach("star:17", camera_picture(), "a.jpg", by="person:1")
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT taken_where FROM papers_attachment WHERE id = %s", [made.pk])
        assert b"101.7" not in bytes(cursor.fetchone()[0])


@pytest.mark.parametrize("content", [
    picture(kind="PNG", mode="RGBA"), picture(kind="PNG", mode="P"), picture(kind="PNG", mode="1"), picture(kind="WEBP"),
    picture(kind="JPEG", mode="L"), picture(kind="JPEG", mode="CMYK"), picture(3000, 10)])  # fmt: skip
def test_pictures_of_any_usual_make_are_taken(content):
    taken = intake.look_at(content)
    with Image.open(io.BytesIO(taken.public)) as shown:
        assert (shown.format, max(shown.size) <= intake.SHOWN_SIDE) == ("JPEG", True)


def test_a_picture_with_a_broken_claim_is_taken_without_it():
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (0.0,), 3: "E", 4: (1.0, 2.0)})
    exif.get_ifd(0x8769)[36867] = "yesterday"
    taken = intake.look_at(picture(exif=exif))
    assert (taken.taken_at, taken.taken_where) == ("", "")


def tail():
    return picture() + b"<script>alert(1)</script>"


def test_nothing_hidden_behind_a_picture_is_handed_out():
    assert b"<script>" not in intake.look_at(tail()).public


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "文件是空的"),
        (b"MZ\x90\x00 program", "收不了"),
        (b"<html><script>alert(1)</script></html>", "收不了"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "收不了"),
        (b"GIF89a....", "收不了"),
        (picture()[:200], "图片打不开"),
        (b"\x89PNG\r\n\x1a\n broken", "图片打不开"),
        (b"\xff\xd8\xff broken", "图片打不开"),
        (b"RIFF....WEBP broken", "图片打不开"),
        (PDF[:20], "缺了结尾"),
        (PDF.replace(b"<<>>", b"<</Encrypt 1 0 R>>"), "密码"),
        (b"PK\x03\x04 broken", "已损坏"),
        (zipped(**{"a.txt": "x"}), "压缩包收不了"),
        (zipped(**{"inner.zip": zipped(a="b")}), "压缩包收不了"),
        (zipped(**{"word/document.xml": "x", "word/vbaProject.bin": "x"}), "有宏"),
        (zipped(**{"word/document.xml": "x", "[Content_Types].xml": "macroEnabled"}), "有宏"),
        (zipped(**{"word/document.xml": "x", **{f"{n}": "" for n in range(2001)}}), "远大于正常"),
    ],
)
def test_what_is_not_taken_is_refused_in_words(content, words):
    with pytest.raises(Problem, match=words):
        actions.attach("star:17", content, "a.jpg", by="person:1")
    assert Attachment.objects.count() == 0


def test_a_picture_bomb_is_refused_by_its_size():
    import struct
    import zlib

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )
    with pytest.raises(Problem, match="万像素|打不开"):
        intake.look_at(bomb)


def test_a_zip_bomb_is_refused(monkeypatch):
    monkeypatch.setattr(intake, "MAX_UNPACKED", 1000)
    with pytest.raises(Problem, match="远大于正常"):
        intake.look_at(word_template("长" * 5000))


def test_a_file_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(intake, "MAX_BYTES", 100)
    with pytest.raises(Problem, match="最多"):
        intake.look_at(PDF + b" " * 100)


def test_a_stranger_gets_not_found_and_so_does_a_case_that_nobody_answers_for():
    seen = actions.attach("star:17", PDF, "a.pdf", by="person:1")
    sibling = actions.attach("star:18", PDF, "a.pdf", by="person:1")
    nobodys = actions.attach("other:17", PDF, "a.pdf", by="person:1")
    assert get(views.attachment, ALICE, seen.pk).status_code == 200
    for actor, made in ((CHARLIE, seen), (ALICE, sibling), (ALICE, nobodys)):
        with pytest.raises(Http404):
            get(views.attachment, actor, made.pk)
    assert list(Attachment.objects.visible_to(ALICE)) == [seen]
    assert list(Attachment.objects.visible_to(CHARLIE)) == []


def test_what_is_handed_out_is_private_and_not_guessed_at():
    made = actions.attach("star:17", PDF, '报告".pdf', by="person:1")
    answer = get(views.attachment, ALICE, made.pk)
    assert answer["Content-Disposition"].startswith("attachment;")
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_withdrawn_paper_leaves_the_case_and_the_file_stays():
    made = actions.attach("star:17", PDF, "a.pdf", kind="补正通知", by="person:1")
    with pytest.raises(Problem, match="理由"):
        actions.withdraw(made, reason=" ", by="person:1")
    actions.withdraw(made, reason="传错了", by="person:1")
    assert names_on("star:17") == set()
    assert store.get(made.sha256) == PDF
    with pytest.raises(Problem, match="已经撤回"):
        actions.withdraw(made, reason="再来", by="person:1")


def test_there_is_no_verb_that_removes():
    public = {name for name in dir(actions) if not name.startswith("_") and callable(getattr(actions, name))}
    assert not {name for name in public if name.startswith(("delete", "remove", "replace"))}
    assert not hasattr(store, "delete")


def test_a_content_is_written_once():
    name = store.put(b"x")
    path = store.path_of(name)
    before = path.stat()
    assert store.put(b"x") == name
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.stat().st_mode & 0o222 == 0


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "a" * 63, "A" * 64, "a" * 64 + "/x"])
def test_only_a_hash_is_a_name(name):
    with pytest.raises(ValueError, match="no content"):
        store.path_of(name)


def test_swapped_and_missing_files_are_named_and_never_handed_out(capsys):
    kept, swapped, gone = (
        actions.attach("star:17", PDF + str(n).encode() + b"%%EOF", f"{n}.pdf", by="person:1") for n in range(3)
    )
    path = store.path_of(swapped.sha256)
    path.chmod(0o644)
    path.write_bytes(b"%PDF-1.7 forged %%EOF")
    store.path_of(gone.sha256).unlink()
    with pytest.raises(SystemExit):
        call_command("papers_verify")
    said = capsys.readouterr().out
    assert f"被改动 {swapped.sha256} star:17 1.pdf" in said
    assert f"缺失 {gone.sha256} star:17 2.pdf" in said
    assert "2 个有问题" in said
    for made in (swapped, gone):
        with pytest.raises(Http404):
            get(views.attachment, ALICE, made.pk)
    assert get(views.attachment, ALICE, kept.pk).status_code == 200


def test_an_office_file_whose_packing_is_broken_is_refused_in_words():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>" * 200)
    content = bytearray(made.getvalue())
    start = 30 + len("[Content_Types].xml")
    content[start : start + 8] = b"\xff" * 8  # no such block: zlib complains, not the zip reader
    with pytest.raises(Problem, match="文件已损坏"):
        intake.look_at(bytes(content))


def test_a_picture_of_too_many_pixels_is_refused_by_its_size(monkeypatch):
    monkeypatch.setattr(intake, "MAX_PIXELS", 10_000)
    with pytest.raises(Problem) as caught:
        intake.look_at(picture(300, 200))
    assert caught.value.message == "图片有 6 万像素，最多 1 万。请缩小后上传。"


def test_the_check_of_all_files_looks_at_papers_and_templates_too(capsys):
    from wuxie.kernel.papers.models import Document, WordTemplate

    paper = store.put(PDF)
    Document.objects.create(
        code="x", label="决定书", number="第 1 号", case="star:17", values={}, issued_on="2026-11-17", pdf_sha256=paper,
        year=2026, series="x", seq=1,
        check_code="ABC", issued_by="person:1",
    )  # fmt: skip
    WordTemplate.objects.create(code="x", title="模板.docx", sha256=store.put(word_template("x")), by="person:1")
    call_command("papers_verify")
    assert "共 2 个文件，0 个有问题。" in capsys.readouterr().out
    WordTemplate.objects.create(code="x", title="丢了.docx", sha256="0" * 64, by="person:1")
    with pytest.raises(SystemExit):
        call_command("papers_verify")
    assert f"缺失 {'0' * 64} 丢了.docx" in capsys.readouterr().out


def test_a_moving_picture_is_refused_and_a_sheet_is_taken():
    first, second = (Image.new("RGB", (8, 8), color) for color in ("red", "blue"))
    made = io.BytesIO()
    first.save(made, "WEBP", save_all=True, append_images=[second], duration=100)
    with pytest.raises(Problem) as caught:
        intake.look_at(made.getvalue())
    assert caught.value.message == "动图收不了。请上传普通照片。"
    assert intake.look_at(zipped(**{"xl/workbook.xml": "x"})).mime == intake.XLSX


def test_a_withdrawn_paper_says_why():
    made = actions.attach("star:17", PDF, "a.pdf", by="person:1")
    assert str(Withdrawal.objects.create(attachment=made, reason="传错了", by="person:1")) == "传错了"


def test_what_a_camera_wrote_and_nobody_can_read_is_left_aside():
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (26.0, 34.0), 3: "E", 4: (101.0, 43.0, 7.1)})
    taken = intake.look_at(picture(exif=exif))
    assert (taken.taken_at, taken.taken_where, taken.mime) == ("", "", "image/jpeg")
