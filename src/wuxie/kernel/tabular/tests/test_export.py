"""What goes out comes in again unchanged, and nothing in it runs."""

import datetime
from decimal import Decimal

import pytest

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.tabular import child, reader
from wuxie.kernel.tabular.export import rows_file, rows_response

HOSTILE = ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1", "=cmd|' /C calc'!A0",
           "http://example.com", "=HYPERLINK(\"x\")", "'=1", "''=1", "'", "a,b;c\td", '"', 'a"b', "两\n行", " 空 ", "00123",
           "123456789012345678", "1e5", "TRUE", "2019-06-30", "_x0041_", "a\x01b"]  # fmt: skip


MOMENT = datetime.datetime(2019, 6, 30, 8, 5, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))


@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_every_export_imports_unchanged(tmp_path, format):
    path = tmp_path / f"a.{format}"
    rows = [[value, f"第{number}行"] for number, value in enumerate(HOSTILE)]
    assert rows_file(path, ["名称", "说明"], iter(rows)) == len(HOSTILE)
    assert reader.read(path)[0].rows == [["名称", "说明"], *rows]


def test_no_cell_of_a_workbook_is_a_formula_or_a_link(tmp_path):
    import zipfile

    rows_file(tmp_path / "a.xlsx", ["=1"], [[value] for value in HOSTILE])
    with zipfile.ZipFile(tmp_path / "a.xlsx") as packed:
        content = packed.read("xl/worksheets/sheet1.xml")
        assert not [name for name in packed.namelist() if "externalLink" in name or "sheet1.xml.rels" in name]
    assert b"<f>" not in content
    assert b"hyperlink" not in content


def test_no_field_of_a_csv_begins_like_a_formula():
    response = rows_response("名册", ["=x"], [[value] for value in HOSTILE], "csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    import csv
    import io

    for (field,) in csv.reader(io.StringIO(text, newline="")):
        assert not field.startswith(tuple(child.LEADS))


def test_numbers_and_dates_keep_their_kind(tmp_path):
    row = [12, Decimal("89.50"), Decimal("-3.20"), datetime.date(2019, 6, 30), None, True, 10**17, MOMENT]
    for format, decimals in (("xlsx", ["89.5", "-3.2"]), ("csv", ["89.50", "-3.20"])):
        rows_file(tmp_path / f"a.{format}", list("abcdefgh"), [row])
        assert reader.read(tmp_path / f"a.{format}")[0].rows[1] == [
            "12", *decimals, "2019-06-30", "", "是", "100000000000000000", "2019-06-30 08:05:00"]  # fmt: skip


@pytest.mark.django_db
def test_a_download_is_private_and_named():
    response = rows_response("户室清册", ["a"], [["b"]])
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E6%88%B7")
    assert response["Cache-Control"] == "private, no-store"
    assert b"".join(response.streaming_content).startswith(b"PK")
    response.file_to_stream.close()


def test_another_format_is_refused():
    with pytest.raises(Problem, match="xlsx 或 csv"):
        rows_response("a", [], [], "exe")


def test_a_text_that_no_cell_holds_is_refused_with_its_row(tmp_path):
    with pytest.raises(Problem) as caught:
        rows_file(tmp_path / "a.xlsx", ["a"], [["短"], ["长" * 32_768]])
    assert caught.value.message == "第 3 行有一格超过 32767 个字，表格放不下。"
    with pytest.raises(Problem, match="第 2 行有一格超过"):
        rows_response("a", ["a"], [["长" * 32_768]])


def test_a_long_list_leaves_in_pieces():
    pieces = list(rows_response("a", ["a"], [["x" * 1000]] * 100, "csv").streaming_content)
    assert len(pieces) > 2
    assert b"".join(pieces).count(b"x" * 1000) == 100
