"""What a person may send: every honest file is read, every hostile one is refused in words, and the server lives."""

import csv
import datetime
import io
import zipfile

import pytest
import xlsxwriter

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.tabular import child, gate, reader

from .sheets import write

SHEET = """<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<sheetData>{rows}</sheetData></worksheet>"""
REST = {
    "[Content_Types].xml": """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/></Types>""",
    "_rels/.rels": """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
 Target="xl/workbook.xml"/></Relationships>""",
    "xl/workbook.xml": """<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>
<sheet name="户室" sheetId="1" r:id="rId1"/></sheets></workbook>""",
    "xl/_rels/workbook.xml.rels": """<?xml version="1.0"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>
</Relationships>""",
}


def craft(path, rows, prologue="", **changes):
    """An xlsx written by hand, as no honest program would."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in {**REST, **changes}.items():
            packed.writestr(name, content)
        packed.writestr("xl/worksheets/sheet1.xml", prologue + SHEET.format(rows=rows))
    return path


def here(path):
    """The same reading without a child around it: for files that endanger nobody."""
    kept = csv.field_size_limit()
    try:
        return reader.grids_of(child.answer_to(path))
    finally:
        csv.field_size_limit(kept)


@pytest.fixture(params=[reader.read, here], ids=["child", "here"])
def read(request):
    return request.param


def refused(path, read=reader.read):
    with pytest.raises(Problem) as caught:
        read(path)
    return caught.value


def test_numbers_dates_and_formulas_come_as_a_person_reads_them(tmp_path, read):
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet = book.add_worksheet("户室")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, [89.53, 0.1 + 0.2, 13800000000, True])
    sheet.write_datetime(1, 0, datetime.datetime(2019, 6, 30), day)
    sheet.write_formula(1, 1, "=1+1", None, 2)
    sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
    sheet.write_formula(1, 3, "=A1", None, "")
    sheet.write_number(2, 0, 510402195001100001)
    sheet.merge_range("B4:B6", "合并")
    sheet.write_datetime(
        6, 0, datetime.datetime(2019, 6, 30, 8, 5), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    )
    sheet.write_datetime(6, 1, datetime.time(8, 5), book.add_format({"num_format": "hh:mm"}))
    sheet.write_datetime(6, 2, datetime.timedelta(hours=30, minutes=5), book.add_format({"num_format": "[h]:mm"}))
    book.close()
    (grid,) = read(tmp_path / "a.xlsx")
    assert grid.rows[:3] == [["89.53", "0.3", "13800000000", "TRUE"], ["2019-06-30", "2", "", ""],
                             ["5.104021950011e+17", "", "", ""]]  # fmt: skip
    assert grid.rows[6][:3] == ["2019-06-30 08:05:00", "08:05:00", "30:05"]
    assert grid.merges == [[3, 1, 5, 1]]
    assert grid.hollow == {"C2": "error", "D2": "unsaved"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_is_read_in_any_usual_encoding_and_delimiter(tmp_path, encoding, delimiter, read):
    path = tmp_path / "x.csv"
    path.write_bytes(delimiter.join(["小区", "面积"]).encode(encoding) + b"")
    path.write_text(f'小区{delimiter}面积\r\n"江湾,壹号"{delimiter}89.50\r\n', encoding=encoding, newline="")
    assert read(path)[0].rows == [["小区", "面积"], ["江湾,壹号", "89.50"]]


def test_the_content_decides_and_not_the_name(tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_text("小区,面积\n江湾,1\n", encoding="utf-8")
    assert reader.read(path)[0].rows[1] == ["江湾", "1"]


def test_hidden_sheets_are_left_out_and_empty_ones_too(tmp_path, read):
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    book.add_worksheet("空")
    book.add_worksheet("户室").write_string(0, 0, "楼号")
    hidden = book.add_worksheet("藏")
    hidden.write_string(0, 0, "x")
    hidden.hide()
    book.close()
    assert [grid.name for grid in read(tmp_path / "a.xlsx")] == ["户室"]


def test_one_cell_at_the_far_end_is_refused_by_its_address(tmp_path, read):
    path = craft(tmp_path / "a.xlsx", '<row r="1"><c r="A1"><v>1</v></c></row>'
                 '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')  # fmt: skip
    problem = refused(path, read)
    assert (problem.code, problem.path) == ("range", "$.XFD1048576")
    assert "XFD1048576 有内容" in problem.message


def test_a_styled_empty_cell_at_the_far_end_is_harmless(tmp_path, read):
    path = craft(tmp_path / "a.xlsx", '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"/></row>')
    assert read(path)[0].rows == [["1"]]


def test_a_far_cell_hidden_from_the_check_kills_the_child_only(tmp_path):
    path = craft(tmp_path / "a.xlsx", '<row r="1"><c r="A1"><v>1</v></c></row>'
                 '<row r="1048576"><c r="&#88;FD1048576"><v>1</v></c></row>')  # fmt: skip
    assert "XFD" not in (problem := refused(path)).message
    assert problem.code in ("range", "type")


def test_a_gigabyte_in_one_cell_is_refused_before_it_is_unfolded(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in REST.items():
            packed.writestr(name, content)
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member:
            member.write(b'<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>')
            for _ in range(600):
                member.write(b"a" * 2**20)
    assert "解开后有 600 MB" in refused(path).message
    assert refused(path, here).message == refused(path).message


def test_a_cell_longer_than_excel_allows_is_named(tmp_path, read):
    text = "长" * 40_000
    path = craft(tmp_path / "a.xlsx", f'<row r="3"><c r="B3" t="inlineStr"><is><t>{text}</t></is></c></row>')
    assert "户室!B3 有 40000 个字" in refused(path, read).message
    (tmp_path / "a.csv").write_text(f"楼号,面积\n1,{text}\n", encoding="utf-8")
    assert "第 2 行有一格超过" in refused(tmp_path / "a.csv", read).message


def test_a_row_of_many_long_cells_is_no_cell_too_long(tmp_path, read):
    text = "长" * 20_000
    cells = "".join(f'<c r="{column}1" t="inlineStr"><is><t>{text}</t></is></c>' for column in "AB")
    assert read(craft(tmp_path / "a.xlsx", f'<row r="1">{cells}</row>'))[0].rows == [[text, text]]


def test_empty_rows_at_the_end_are_left_away(tmp_path, read):
    empty = '<row r="2"><c r="A2" t="inlineStr"><is><t></t></is></c></row>'
    path = craft(tmp_path / "a.xlsx", f'<row r="1"><c r="A1"><v>1</v></c></row>{empty}')
    assert read(path)[0].rows == [["1"]]


def test_more_columns_than_a_sheet_may_have_are_refused(tmp_path, read):
    (tmp_path / "a.csv").write_text("," * 400 + "\n", encoding="utf-8")
    assert refused(tmp_path / "a.csv", read).message == "表格太大，最多 200000 行、400 列。请分成几份上传。"


@pytest.mark.parametrize("rows", ['<row r="1"><c t="n"><v>1</v></c></row>', "<row/>", ""])
def test_a_sheet_of_cells_without_an_address_is_looked_through(tmp_path, rows):
    """The gate measures by addresses; where there are none, there is no far end."""
    assert gate.kind_of(craft(tmp_path / "a.xlsx", rows)) == "xlsx"


def test_formulas_are_told_only_of_cells_with_an_address_and_not_without_end(tmp_path):
    broken = "".join(f'<c r="A{row}" t="e"><f>1/0</f><v>#DIV/0!</v></c>' for row in (1, 2, 3))
    path = craft(tmp_path / "a.xlsx", f'<row><c t="e"><f>1/0</f></c><c r="B1"><f>1</f><v>1</v></c>{broken}</row>')
    assert gate.hollow_cells(path, most=2) == [{"A1": "error", "A2": "error"}]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"xl/workbook.xml": '<workbook><sheets><sheet name="户室"/></sheets></workbook>'}, [{}]),
        ({"xl/workbook.xml": '<workbook><sheets><sheet name="户室" r:id="rId7"/></sheets></workbook>'}, [{}]),
    ],
)
def test_a_sheet_whose_file_is_not_told_has_no_formulas_to_tell(tmp_path, changes, found):
    assert gate.hollow_cells(craft(tmp_path / "a.xlsx", "", **changes)) == found


def test_a_book_without_its_list_of_files_has_no_formulas_to_tell(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(zipped(**{"xl/workbook.xml": "<workbook/>"}))
    assert gate.hollow_cells(tmp_path / "a.xlsx") == []


def test_too_many_members_are_refused(tmp_path, read):
    path = craft(tmp_path / "a.xlsx", "", **{f"xl/{number}.xml": "" for number in range(2001)})
    assert "个部分" in refused(path, read).message


def test_entities_are_never_unfolded(tmp_path):
    bomb = '<!DOCTYPE x [<!ENTITY a "' + "ha" * 1000 + '">' + "".join(
        f'<!ENTITY {new} "{f"&{old};" * 100}">' for old, new in zip("abcd", "bcde", strict=True)) + "]>"  # fmt: skip
    path = craft(tmp_path / "a.xlsx", '<row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row>', prologue=bomb)
    try:
        grids = reader.read(path)
    except Problem as problem:
        assert problem.code in ("type", "empty", "range")
    else:
        assert len(grids[0].rows[0][0]) < 10_000


def old_office(name):
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + name.encode("utf-16-le") + b"\0" * 600


ODS = "application/vnd.oasis.opendocument.spreadsheet"
LOCKED = """<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data></manifest:encryption-data></manifest:file-entry></manifest:manifest>"""


def zipped(**members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "文件是空的"),
        (b"%PDF-1.7 ...", "这是 PDF"),
        (b"\x89PNG\r\n\x1a\n....", "这是图片"),
        (b"\xff\xd8\xff\xe0....", "这是图片"),
        (b"PK\x03\x04 broken", "文件已损坏"),
        (zipped(**{"word/document.xml": "x"}), "Word 文档"),
        (zipped(**{"inner.zip": zipped(a="b")}), "压缩包"),
        (zipped(**{"xl/workbook.bin": "x"}), "xlsb"),
        (zipped(**{"xl/workbook.xml": "not xml"}), "重新导出"),
        (zipped(mimetype=ODS, **{"content.xml": "not xml"}), "内容不完整"),
        (zipped(mimetype=ODS, **{"META-INF/manifest.xml": LOCKED, "content.xml": ""}), "打开密码"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "内容是网页"),
        (old_office("EncryptedPackage"), "打开密码"),
        (old_office("WordDocument"), "没有表格"),
        (old_office("Workbook"), "重新导出"),
        ('楼号,面积\n"1,2\n3,4\n'.encode(), "引号没有成对"),
        ("楼号,面积\n1,".encode() + b"\xff\xff\xfe\n", "第 2 行有认不出的字"),
        (b"a\0b\0c\0", "不是表格"),
        (b"\n\n\n", "没有内容"),
    ],
)
def test_what_is_no_sheet_is_refused_with_what_it_is_and_the_mend(tmp_path, content, words, read):
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    message = refused(path, read).message
    assert words in message
    assert message.endswith("。")


def test_a_truncated_sheet_is_refused(tmp_path, read):
    whole = write(tmp_path / "a.xlsx", {"户室": [["楼号"], *[[str(number)] for number in range(2000)]]}).read_bytes()
    (tmp_path / "b.xlsx").write_bytes(whole[: len(whole) // 2])
    assert refused(tmp_path / "b.xlsx", read).code == "type"


def test_a_file_too_large_is_not_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(gate, "MAX_BYTES", 10)
    (tmp_path / "a.csv").write_bytes(b"a" * 11)
    with pytest.raises(Problem, match="MB"):
        gate.kind_of(tmp_path / "a.csv")


def test_a_child_that_dies_is_told_as_too_much(tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_bytes(b"a,b\n1,2\n")
    monkeypatch.setattr(reader.sys, "executable", "/bin/false")
    assert refused(tmp_path / "a.csv").message.startswith("文件内容过大或已损坏")


def test_a_child_that_never_answers_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(reader, "WALL_SECONDS", 0.001)
    (tmp_path / "a.csv").write_bytes(b"a,b\n1,2\n")
    assert refused(tmp_path / "a.csv").code == "range"


def test_the_child_knows_neither_database_nor_keys(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    assert set(reader._environment()) <= {"PATH", "PYTHONPATH", "HOME", "LANG", "TMPDIR"}


def test_a_hundred_thousand_rows_fit_under_the_limits(tmp_path):
    path = tmp_path / "big.csv"
    line = "9901-0118,3,2,1203,12,89.53,住宅,王建国,13800001111,51040219500110000X,2019-06-30\n"
    path.write_text("h\n" + line * 100_000, encoding="utf-8")
    assert len(reader.read(path)[0].rows) == 100_001


@pytest.mark.parametrize("value", ["=1+1", "+1", "-x", "@a", "\ta", "＝1", "'=1", "''=1", "a=1", "'", "''", "'a", ""])
def test_the_quote_of_the_export_comes_off_again(value):
    from wuxie.kernel.tabular.export import quoted

    assert child.unquote(quoted(value)) == value
    assert not quoted(value).startswith(tuple(child.LEADS))
