"""Files as people and attackers send them."""

import io
import zipfile

from PIL import Image


def picture(width=40, height=30, kind="JPEG", exif=None, mode="RGB", **more):
    made = io.BytesIO()
    image = Image.new(mode, (width, height), (200, 30, 30) if mode == "RGB" else 0)
    if exif:
        more["exif"] = exif
    image.save(made, kind, **more)
    return made.getvalue()


def camera_picture():
    """A photo whose camera knows when, where and by whom."""
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = 6
    exif.get_ifd(0x8769)[36867] = "2026:11:24 09:41:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (26.0, 34.0, 52.44), 3: "E", 4: (101.0, 43.0, 7.1)})
    return picture(60, 30, exif=exif)


def zipped(**members):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return made.getvalue()


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def word_template(*paragraphs, rows=()):
    """A docx with these paragraphs, and a table of these rows."""
    import docx

    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def words_in(content):
    """All text of a docx."""
    import docx

    document = docx.Document(io.BytesIO(content))
    texts = [paragraph.text for paragraph in document.paragraphs]
    return texts + [cell.text for table in document.tables for row in table.rows for cell in row.cells]
