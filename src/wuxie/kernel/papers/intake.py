"""What may become an attachment: looked at by content, not by name, before anything is kept."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from wuxie.kernel.calc.problems import Problem

MAX_BYTES = 30 * 1024 * 1024
MAX_PIXELS = 60_000_000
MAX_MEMBERS = 2000
MAX_UNPACKED = 300 * 1024 * 1024
#: The longer side of the copy that others see.
SHOWN_SIDE = 2560

PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "application/pdf": ".pdf", DOCX: ".docx",
           XLSX: ".xlsx"}  # fmt: skip


@dataclass(frozen=True)
class Taken:
    """What a file is. ``public``: for a picture, the copy without what the camera wrote into it."""

    mime: str
    content: bytes
    public: bytes | None = None
    width: int | None = None
    height: int | None = None
    taken_at: str = ""
    taken_where: str = ""
    notes: dict[str, Any] = field(default_factory=dict)


#: What is drawn on the copy of a picture that others see.
Dress = Callable[[Image.Image], Image.Image]


def is_picture(content: bytes) -> bool:
    """Whether a file begins as a photo does that is taken: JPEG, PNG or WebP."""
    return content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (
        content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    )


def look_at(content: bytes, *, dress: Dress | None = None) -> Taken:
    """Say what a file is, or raise a ``Problem`` that says why it is not taken and what to send instead.

    ``dress`` draws on the copy of a picture that others see, before it is written.
    """
    if not content:
        raise Problem("empty", "$.file", _("文件是空的。请重新选择。"))
    if len(content) > MAX_BYTES:
        raise Problem("range", "$.file", _("文件有 %(have)s MB，最多 %(most)s MB。请压缩或分开上传。")
                      % {"have": len(content) // 2**20, "most": MAX_BYTES // 2**20})  # fmt: skip
    if is_picture(content):
        return _picture(content, dress)
    if content[:1024].lstrip().startswith(b"%PDF-"):
        return _pdf(content)
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    raise Problem(
        "type", "$.file", _("这种文件收不了。请上传照片（jpg、png、webp）、PDF、Word（docx）或表格（xlsx）。")
    )


def _picture(content: bytes, dress: Dress | None) -> Taken:
    """Decode it wholly, with a bomb refused by its size, and draw it anew for others to see."""
    broken = Problem("type", "$.file", _("图片打不开，可能没有传完。请重新拍照或选择。"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=list(PICTURES)) as picture:
                width, height = picture.size
                if width * height > MAX_PIXELS:
                    raise Problem("range", "$.file", _("图片有 %(have)s 万像素，最多 %(most)s 万。请缩小后上传。")
                                  % {"have": width * height // 10_000, "most": MAX_PIXELS // 10_000})  # fmt: skip
                if getattr(picture, "n_frames", 1) > 1:
                    raise Problem("type", "$.file", _("动图收不了。请上传普通照片。"))
                kind = PICTURES[str(picture.format)]
                taken_at, where = _camera(picture)
                return Taken(kind, content, _redrawn(picture, dress), width, height, taken_at, where)
    except Problem:
        raise
    except (OSError, SyntaxError, ValueError, MemoryError, Image.DecompressionBombError,
            Image.DecompressionBombWarning, IndexError, TypeError, EOFError) as fault:  # fmt: skip
        raise broken from fault


def _redrawn(picture: Image.Image, dress: Dress | None) -> bytes:
    """The pixels alone, upright, at most ``SHOWN_SIDE`` long: no camera, no place, no hidden tail."""
    picture.draft("RGB", (SHOWN_SIDE, SHOWN_SIDE))
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
    see_through = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    clean = Image.new("RGB", upright.size, "white")
    if see_through:
        layer = upright.convert("RGBA")
        clean.paste(layer, mask=layer.getchannel("A"))
    else:
        clean.paste(upright.convert("RGB"))
    made = io.BytesIO()
    (dress(clean) if dress else clean).save(made, "JPEG", quality=86, optimize=True)
    return made.getvalue()


def _camera(picture: Image.Image) -> tuple[str, str]:
    """What the camera claims: ``2026-11-24 09:41:00`` and ``26.581234,101.718637``; empty where it says nothing."""
    try:
        exif = picture.getexif()
        said = exif.get_ifd(0x8769)
        moment = str(said.get(36867) or exif.get(306) or "")[:19]
        place = exif.get_ifd(0x8825)
        return _moment(moment), _place(place)
    except Exception:
        return "", ""


def _moment(text: str) -> str:
    date, _blank, time = text.partition(" ")
    made = f"{date.replace(':', '-')} {time}"
    return made if len(made) == 19 and made.replace("-", "").replace(":", "").replace(" ", "").isdigit() else ""


def _place(gps: dict[int, Any]) -> str:
    if not {1, 2, 3, 4} <= set(gps):
        return ""
    north = _degrees(gps[2]) * (-1 if gps[1] == "S" else 1)
    east = _degrees(gps[4]) * (-1 if gps[3] == "W" else 1)
    return f"{north / 10**6:.6f},{east / 10**6:.6f}" if abs(north) <= 90 * 10**6 and abs(east) <= 180 * 10**6 else ""


def _degrees(parts: Any) -> int:
    """Degrees, minutes, seconds as millionths of a degree."""
    degrees, minutes, seconds = (part for part in parts)
    return int(round((degrees + minutes / 60 + seconds / 3600) * 1_000_000))


def _pdf(content: bytes) -> Taken:
    if b"%%EOF" not in content[-2048:]:
        raise Problem("type", "$.file", _("PDF 没有传完，缺了结尾。请重新上传。"))
    if b"/Encrypt" in content:
        raise Problem("type", "$.file", _("PDF 设了密码或限制。请去掉后再上传。"))
    return Taken("application/pdf", content)


def _office(content: bytes) -> Taken:
    """A docx or xlsx without macros; anything else in a zip is refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            members = packed.infolist()
            names = {member.filename for member in members}
            unpacked = sum(member.file_size for member in members)
            first = packed.read("[Content_Types].xml")[:200_000] if "[Content_Types].xml" in names else b""
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, NotImplementedError, EOFError) as broken:
        raise Problem("type", "$.file", _("文件已损坏，打不开。请重新上传。")) from broken
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED:
        raise Problem("range", "$.file", _("文件解开后远大于正常的文档。请另存后再上传。"))
    if any(name.lower().endswith("vbaproject.bin") for name in names) or b"macroEnabled" in first:
        raise Problem("type", "$.file", _("文件里有宏。请另存为不带宏的 docx 或 xlsx。"))
    if "word/document.xml" in names:
        return Taken(DOCX, content)
    if "xl/workbook.xml" in names:
        return Taken(XLSX, content)
    raise Problem("type", "$.file", _("压缩包收不了。请逐个上传里面的文件。"))
