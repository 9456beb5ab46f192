"""How the market writes figures, years, prices and doors; and its real, messy lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from wuxie.kernel.places.load import load_places
from wuxie.kernel.tabular import headings, reader
from wuxie.kernel.tabular.check import check
from wuxie.kernel.tabular.headings import Layout
from wuxie.rooms.register.imports import contracts, estates, market

ESTATES = Path(__file__).resolve().parents[6] / "shared" / "data" / "estates"


@pytest.mark.parametrize(("function", "text", "meant"), [
    (market.count, "714户", "714"), (market.count, "1,124 户", "1124"), (market.count, "暂无", ""), (market.count, "5栋", "5"),
    (market.count, "约700户", "约700"), (market.year, "2009年建成", "2009"), (market.year, "2020年", "2020"),
    (market.year, "2008-05-01", "2008"), (market.year, "未知年建成", ""), (market.year, "去年", "去年"), (market.year, "1899年", "1899年"),
    (market.fee, "2.38元/平米/月", "2.38"), (market.fee, "3.50元/㎡·月", "3.50"), (market.fee, "2.95", "2.95"),
    (market.fee, "1.14至2.48元/平米/月", "1.14至2.48元/平米/月"), (market.fee, "暂无", ""), (market.fee, "每户 50 元", "每户50元"),
    (market.area, "12.5万㎡", "125000"), (market.area, "89.5平米", "89.5"), (market.area, "７１，０００", "71000"),
    (market.estate_name, "莲花逸都 2室2厅 71.34平米", "莲花逸都"), (market.estate_name, "礼顿山1号 2室1厅 90.63平米", "礼顿山1号"),
    (market.estate_name, "宏济新路95号 车位 30平米", "宏济新路95号"), (market.estate_name, "上海花园 二期", "上海花园 二期"),
    (market.building, "3号楼", "3"), (market.building, "12栋", "12"), (market.building, "A座", "A"), (market.building, "栋", "栋"),
    (market.entrance, "2单元", "2"), (market.room, "1203室", "1203"), (market.room, "0101", "0101"),
])  # fmt: skip
def test_what_the_market_means(function, text, meant):
    assert function(text) == meant


REAL = {
    "wuhan_estates.csv": (664, {"name", "klass", "place", "address", "developer", "built_year", "households", "area"}),
    "beijing_estates_2018.csv": (510, {"name", "place", "developer", "built_year", "households"}),
    "beijing_estates_geo_2019.csv": (4_851, {"name", "place", "built_year"}),
    "chengdu_estates_from_rent.csv": (1_075, {"name", "place"}),
    "shanghai_estates_2018_semicolon.csv.gz": (18_155, {"name", "place"}),
}


def open_list(name: str, tmp_path: Path):
    if not ESTATES.exists():
        pytest.skip("the real lists of estates are not at hand")
    source = ESTATES / name
    if name.endswith(".gz"):
        import gzip

        unpacked = tmp_path / name.removesuffix(".gz")
        unpacked.write_bytes(gzip.decompress(source.read_bytes()))
        source = unpacked
    return reader.read(source)


@pytest.mark.django_db
@pytest.mark.parametrize("name", REAL)
def test_the_real_lists_are_read_matched_and_every_wrong_cell_is_explained(name, tmp_path):
    grids = open_list(name, tmp_path)
    load_places()
    count, fields = REAL[name]
    layout = headings.find_layout(estates.SHEET, grids)
    made = check(estates.SHEET, grids, layout, room_check=estates.check)

    assert set(layout.columns) >= fields
    assert len(made.rows) == count
    assert all(flaw.address and flaw.message and flaw.group for flaw in made.flaws)
    assert {flaw.field for flaw in made.flaws} <= {column.field for column in estates.SHEET.columns}
    good = {row["row"] for row in made.rows} - {flaw.row for flaw in made.flaws}
    for row in made.rows:
        if row["row"] in good:
            assert row["name"]
            assert row["place"]
    assert (len(good) > 700) is (name == "chengdu_estates_from_rent.csv")  # the only city whose divisions we carry


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["chengdu_deals_2018_gbk.csv", "chengdu_south_deals_2018_gbk.csv"])
def test_a_real_list_without_headings_in_the_old_encoding_is_matched_by_hand(name, tmp_path):
    grids = open_list(name, tmp_path)
    layout = headings.find_layout(estates.SHEET, grids)
    assert layout == Layout(0, -1)
    layout.columns["name"] = (0, 0)
    made = check(estates.SHEET, grids, layout, room_check=estates.check)

    assert len(made.rows) > 6_000
    names = {row["name"] for row in made.rows}
    assert not any("平米" in name for name in names if name)
    assert {flaw.group for flaw in made.flaws} <= {"所在社区没有填", "同一社区小区重名", "小区名称太长"}


@pytest.mark.django_db
def test_the_prices_of_a_real_list_are_figures_or_explained(tmp_path):
    grids = open_list("beijing_estates_2018.csv", tmp_path)
    layout = headings.find_layout(contracts.SHEET, grids)
    assert "fee" in layout.columns
    made = check(contracts.SHEET, grids, layout, room_check=contracts.check)
    wrong = [flaw for flaw in made.flaws if flaw.field == "fee"]
    prices = [row["fee"] for row in made.rows if row["fee"] is not None]
    assert len(prices) > 200
    assert all("准数" in flaw.message or "数字" in flaw.message for flaw in wrong)
