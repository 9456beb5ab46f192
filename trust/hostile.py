"""A hundred files that no honest program writes, made here in code; each with a name and its bytes."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator

SEED = 20261127
XML = '<?xml version="1.0"?>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET = XML + '{dtd}<worksheet xmlns="' + MAIN + '"><sheetData>{rows}</sheetData></worksheet>'
TYPES = f'{XML}<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
RELS = (
    f'{XML}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/'
    '{kind}" Target="{target}"/></Relationships>'
)
BOOK = f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>'
ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'
LAUGHS = "".join(f'<!ENTITY {new} "{f"&{old};" * 100}">' for old, new in zip("abcdef", "bcdefg", strict=True))
ENTITIES = (
    f'<!DOCTYPE x [<!ENTITY a "haha">{LAUGHS}]>',
    '<!DOCTYPE x [<!ENTITY g SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE x [<!ENTITY g SYSTEM "http://127.0.0.1:9/x">]>',
    '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;<!ENTITY g "x">]>',
    f'<!DOCTYPE x [<!ENTITY g "{"a" * 100_000}">]>',
)


def packed(parts: dict[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return made.getvalue()


def xlsx(rows: str, dtd: str = "", **more: str | bytes) -> bytes:
    """The least that is an xlsx, around these rows."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES, "_rels/.rels": RELS.format(kind="officeDocument", target="xl/workbook.xml"),
        "xl/workbook.xml": BOOK, "xl/_rels/workbook.xml.rels": RELS.format(kind="worksheet", target="worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": SHEET.format(rows=rows, dtd=dtd),
    }  # fmt: skip
    return packed(parts | more)


def png(width: int, height: int) -> bytes:
    """A picture of one colour, a few kilobytes for any size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    squeezer, body = zlib.compressobj(9), bytearray()
    line = b"\0" * min(1 + (width + 7) // 8, 10_000)
    for _row in range(min(height, 9000)):
        body += squeezer.compress(line)
    body += squeezer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", bytes(body)) + chunk(b"IEND", b"")


def zeros(megabytes: int) -> bytes:
    """A zip member of nothing but zeros."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file, file.open("xl/worksheets/sheet1.xml", "w") as member:
        for _ in range(megabytes):
            member.write(bytes(2**20))
    return made.getvalue()


def files() -> Iterator[tuple[str, bytes]]:
    """One hundred of them, the same in each run."""
    rng = random.Random(SEED)
    for last in (
        "XFD1048576",
        "ALL200001",
        "XFD1",
        "A1048576",
        "ZZZ999999999",
        "&#88;FD1048576",
        "A0",
        "A-1",
        "1A",
        "",
    ):
        yield f"sparse {last}.xlsx", xlsx(f'{ONE}<row r="1048576"><c r="{last}"><v>1</v></c></row>')
    for number, dtd in enumerate(ENTITIES):
        yield f"entity {number}.xlsx", xlsx('<row r="1"><c r="A1" t="inlineStr"><is><t>&g;</t></is></c></row>', dtd)
        yield f"entity {number}.docx", packed({"[Content_Types].xml": TYPES, "word/document.xml": f"{dtd}<x>&g;</x>"})
    for size in (
        (9000, 9000),
        (60_000, 60_000),
        (65_535, 1),
        (1, 65_535),
        (2**31 - 1, 2**31 - 1),
        (0, 0),
        (30_000, 2000),
    ):
        yield f"picture {size[0]}x{size[1]}.png", png(*size)
    for megabytes in (64, 200, 603):
        yield f"zeros {megabytes}.xlsx", zeros(megabytes)
    inner = packed({"a": bytes(2**20)})
    for depth in range(5):
        inner = packed({f"nested{n}.zip": inner for n in range(3)})
        yield f"nested {depth}.zip", inner
        yield f"nested {depth}.xlsx", xlsx(ONE, **{"xl/embeddings/a.zip": inner})
    for name in ("../../../etc/x", "/etc/x", "..\\..\\x", "xl/../../x", "a\0b", "x" * 5000, "CON", "\u202exslx.exe"):
        yield "traversal.xlsx", xlsx(ONE, **{name: "x"})
        yield f"{name[:80]}.csv", "单位名称,统一社会信用代码\n".encode()
    yield "many.xlsx", xlsx(ONE, **{f"xl/{n}.xml": "" for n in range(2500)})
    yield "macro.xlsx", xlsx(ONE, **{"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})
    yield "long cell.xlsx", xlsx(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"长" * 3_000_000}</t></is></c></row>')
    yield "strings.xlsx", xlsx('<row r="1"><c r="A1" t="s"><v>4294967295</v></c></row>')
    yield "wide.csv", b"," * 3_000_000
    yield "quote.csv", b'a,"' + b"b" * 5_000_000
    yield "zero.csv", b"a,b\n\0\0\0"
    yield "nothing.xlsx", b""
    yield "utf16.csv", b"\xff\xfe" + b"\x00\xd8" * 5000
    yield "sylk.csv", b"ID;P\nC;Y1;X1;E=cmd|'/C calc'!A0\nE\n"
    for head in (
        b"%PDF-1.7\n",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"RIFF\0\0\0\0WEBP",
        b"GIF89a",
        b"\xd0\xcf\x11\xe0",
    ):
        yield "polyglot.xlsx", head + xlsx(ONE)
    yield "page.xlsx", b"<html><script>alert(1)</script><table><tr><td>1</table>"
    yield "drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
    whole = xlsx(ONE)
    number = 0
    while True:  # honest files with some of their bytes changed, or cut off
        broken = bytearray(whole)
        for _ in range(rng.randrange(1, 40)):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        yield f"broken {number}.xlsx", bytes(broken[: rng.randrange(20, len(broken))] if number % 2 else broken)
        number += 1
