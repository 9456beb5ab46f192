"""Sheets come in as the market writes them, go out and come in again unchanged, and say what is wrong by cell."""

from __future__ import annotations

import datetime
import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.parties.models import Organisation, Person
from wuxie.kernel.tabular import actions as sheets
from wuxie.kernel.tabular import registry, vault
from wuxie.kernel.tabular.models import Upload
from wuxie.rooms.register.actions import levels, many, manyunits
from wuxie.rooms.register.models import Building, Estate, Holding, Ownership, Post, Project, Unit

from . import factories as make

pytestmark = pytest.mark.django_db
DAY = datetime.date


def book(**pages: list[list[object]]) -> bytes:
    """An xlsx with these sheets."""
    kept = io.BytesIO()
    made = xlsxwriter.Workbook(kept)
    for name, rows in pages.items():
        page = made.add_worksheet(name)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    made.close()
    return kept.getvalue()


def bring(content: bytes | str, name: str, by, title: str = "表.xlsx") -> Upload:
    return sheets.receive(content.encode() if isinstance(content, str) else content, title, name, by=by)


def said(upload: Upload) -> dict[str, str]:
    return {flaw.address: flaw.message for flaw in sheets.flaws_of(upload)}


def counts() -> list[int]:
    return [
        m.objects.count()
        for m in (Estate, Building, Unit, Person, Ownership, Organisation, Project, Post, Holding, Fact)
    ]


# Out and in again


@pytest.mark.parametrize(("name", "sheet"), [
    ("estates", "estates"), ("companies", "companies"), ("projects", "contracts"), ("posts", "posts"), ("units", "units"),
])  # fmt: skip
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_export_comes_in_unchanged(desk, office, city, name, sheet, kind):
    home = make.estate(address="=1+1", built_year=2019, developer="某开发公司", klass="old_estate")
    make.estate("雨水园", "510403001001", households=0, area=0)
    company = make.company()
    project = make.project(home, company, contract_number="HT-1", fee=23_800, stage="initial")
    make.project(
        home, make.company("乙物业", 2), starts_on=DAY(2020, 1, 1), ends_on=DAY(2023, 12, 31), left_on=DAY(2023, 6, 30)
    )
    make.holding(make.post(project, is_management=True))
    make.owner(
        make.unit(
            home, "0101", "A", inner_area=7010, status="unsold", use="shop", delivered_on=DAY(2020, 5, 1), floor=-1
        )
    )
    make.unit(home, "102", "A", entrance="")
    models = (Estate, Building, Unit, Organisation, Project, Post, Holding, Ownership)
    before = (
        [list(model.objects.values()) for model in models],
        Fact.objects.exclude(kind__startswith="office.").count(),
        Estate.history.count(),
        Unit.history.count(),
    )

    content = make.whole(desk.get(reverse(f"register:{name}"), {"format": kind}))
    upload = bring(content, sheet, office, f"out.{kind}")
    assert (upload.state, said(upload)) == (Upload.State.CHECKED, {})
    assert sheets.write(upload, by=office) > 0
    after = (
        [list(model.objects.values()) for model in models],
        Fact.objects.exclude(kind__startswith="office.").count(),
        Estate.history.count(),
        Unit.history.count(),
    )
    assert after == before


# The market's sheets


def test_estates_as_the_market_writes_them(office, city):
    text = (
        "小区名称;行政区;物业类型;竣工时间;总户数;总建面积;物业费;开发商\n"
        "海棠国际(商住楼);东区;商住楼;2020年;714户;暂无;2.95;海棠房地产开发有限公司\n"
        "新景家园;西;住宅;2002年建成;1,124户;12.5万㎡;1.14至2.48元/平米/月;暂无\n"
    )
    upload = bring(text.encode("gb18030"), "estates", office, "wuhan.csv")
    settle(upload, office)

    assert said(upload) == {}
    sheets.write(upload, by=office)
    found = Estate.objects.order_by("code").values_list(
        "code", "name", "place", "klass", "built_year", "households", "area", "developer"
    )
    assert list(found) == [
        ("510402-0001", "海棠国际(商住楼)", "510402", "mixed", 2020, 714, 0, "海棠房地产开发有限公司"),
        ("510403-0001", "新景家园", "510403", "new_residential", 2002, 1124, 12_500_000, ""),
    ]
    assert Estate.history.filter(history_change_reason="表格导入").count() == 2


def understood(upload: Upload) -> dict[str, str]:
    """The columns as they were understood; what was not is left out."""
    return {f"{sheet}.{column}": name for name, (sheet, column) in upload.layout["columns"].items()}


def test_estates_of_the_market_say_what_is_wrong(office, city):
    make.estate("海棠国际", "510402", code="510402-0009")
    text = (
        "小区编码,小区名称,所在社区,物业类型,竣工时间,总户数\n"
        "510402-0001,海棠国际,东区,住宅,2020年,714户\n"
        ",新景家园,青阳区,宫殿,去年,约700户\n"
        ",新景家园,东区,住宅,2020,\n"
        ",新景家园,东区,住宅,2021,\n"
        ",,东区,住宅,2021,\n"
    )
    upload = bring(text, "estates", office)
    told = said(upload)

    assert told["A2"] == "这个社区已有“海棠国际”，编码 510402-0009"
    assert told["C3"] == "没有所在社区“青阳区”"
    assert told["D3"].startswith("类别要是 新建商品住宅、老旧小区")
    assert told["E3"] == "竣工年份要是整数"
    assert "不是准数" in told["F3"]
    assert told["B5"] == "510402-新景家园 已在第 4 行出现"
    assert told["B6"] == "小区名称没有填"
    with pytest.raises(Problem, match="还有 7 处错"):
        sheets.apply(upload, by=office)
    assert Estate.objects.count() == 1


def test_a_list_without_headings_in_the_old_encoding_is_matched_by_hand(office, city):
    text = "莲花逸都 2室2厅 71.34平米,2018/03,165,东区\n国嘉新视界 2室1厅 58.42平米,2018/03,130,西区\n"
    upload = bring(text.encode("gb18030"), "estates", office, "deals.csv")
    assert (upload.state, upload.row_count, upload.column_count) == (Upload.State.HEADINGS, 2, 4)
    page = sheets.headings.list_headings(sheets.load(upload), sheets.Layout.from_dict(upload.layout))
    assert [(one.text, one.sample) for one in page][1] == ("B 列", "2018/03")

    sheets.match(upload, {"0.0": "name", "0.3": "place"}, by=office)
    assert said(upload) == {}
    sheets.write(upload, by=office)
    assert set(Estate.objects.values_list("name", "place")) == {("莲花逸都", "510402"), ("国嘉新视界", "510403")}


def test_a_district_one_letter_off_is_offered_the_right_one(office, city):
    from wuxie.kernel.places.models import Place

    Place.objects.create(code="5101", name="成都市", level=1)
    Place.objects.create(code="510105", name="青羊区", level=2, parent_id="5101")
    upload = bring("小区名称,行政区\n竹叶园,青阳区\n", "estates", office)
    assert [flaw.suggestion for flaw in sheets.flaws_of(upload)] == ["青羊区"]
    sheets.mend_all(upload, "所在社区查不到", by=office)
    sheets.write(upload, by=office)
    assert Estate.objects.get().place_id == "510105"


ONE_SHEET = [
    "楼号", "单元", "房间", "楼层", "总层数", "是否有电梯", "房屋类型", "房屋户型", "建筑面积", "室内面积", "租金", "房屋状态", "业主名称",
    "性别", "手机号", "身份证号", "业主类型",
]  # fmt: skip


def one_row(**changed: object) -> list[object]:
    row = dict(zip(ONE_SHEET, [
        "1栋", "2单元", "1203室", 12, 18, "是", "住宅", "三室两厅", 89.5, 72.3, 0, "已入住", "王样一", "男", "13900000001",
        "11010519491231002X", "业主",
    ], strict=True))  # fmt: skip
    return list((row | changed).values())


def settle(upload: Upload, by) -> Upload:
    """Go on with the columns as they were understood."""
    if upload.state == Upload.State.HEADINGS:
        sheets.match(upload, understood(upload), by=by)
        upload.refresh_from_db()
    return upload


def test_the_one_sheet_form_of_one_estate(office, city):
    home = make.estate()
    rows = [
        ONE_SHEET, one_row(), one_row(房间="1204", 业主名称="李样二、赵样三", 身份证号="", 手机号="13900000002"),
        one_row(房间="1205", 房屋状态="未销售", 业主名称="", 手机号="", 身份证号=""),
        one_row(房间="1206", 业主名称="租客甲", 业主类型="租户", 身份证号=""),
    ]  # fmt: skip
    upload = settle(bring(book(资产信息=rows), f"units-{home.pk}", office), office)
    assert said(upload) == {}
    sheets.write(upload, by=office)

    first = Unit.objects.get(number="1203")
    assert (str(first), first.area, first.inner_area, first.floor, first.status, first.layout) == (
        "1-2-1203", 8950, 7230, 12, "delivered", "三室两厅")  # fmt: skip
    assert (first.building.floors, first.building.has_lift) == (18, True)
    assert [(o.person.name, o.designated) for o in Ownership.objects.filter(unit__number="1204")] == [
        ("李样二", True),
        ("赵样三", False),
    ]
    assert not Ownership.objects.filter(unit__number__in=["1205", "1206"]).exists()
    assert Unit.history.filter(history_type="+").count() == 4
    assert Person.objects.by_id_number("11010519491231002x").get().name == "王样一"


def five_sheets() -> dict[str, list[list[object]]]:
    return {
        "楼栋单元": [["楼栋号", "单元编号", "总层数", "是否有电梯"], ["1", "1", 18, "有"]],
        "业主信息": [["编号", "业主名称", "性别", "年龄", "手机号", "身份证号", "业主类型", "业主编号"],
                     ["Y1", "王样一", "男", 40, "13900000001", "11010519491231002X", "业主", ""]],
        "费用设置": [["费用编号", "费用类型"], ["F1", "物业费"]],
        "房屋信息": [["房屋编号", "楼栋编号", "单元编号", "房屋楼层", "房屋户型", "建筑面积", "业主编号", "房屋费用", "费用开始时间",
                      "房屋类型", "室内面积", "租金"],
                     ["101", "1", "1", 1, "两室", 70.25, "Y1", "F1", "2024-01-01", "住宅", 60, 0],
                     ["102", "1", "1", 1, "两室", 70.25, "", "F1", "2024-01-01", "住宅", 60, 0]],
        "车位信息": [["停车场编号", "车位编码", "停车场类型", "面积", "业主编号", "车牌号"],
                     ["地下", "B1-1", "地下停车场", 12.5, "Y1", "川D00000"]],
    }  # fmt: skip


def test_the_five_sheet_form_joins_owners_and_buildings(office, city):
    home = make.estate()
    upload = settle(bring(book(**five_sheets()), f"units-{home.pk}", office), office)
    assert said(upload) == {}
    sheets.write(upload, by=office)

    assert {str(unit): unit.area for unit in Unit.objects.all()} == {"1-1-101": 7025, "1-1-102": 7025}
    assert Ownership.objects.get().unit.number == "101"
    assert Building.objects.get().floors == 18

    spaces = settle(bring(book(**five_sheets()), f"parking-{home.pk}", office), office)
    assert said(spaces) == {}
    sheets.write(spaces, by=office)
    space = Unit.objects.get(use="parking")
    assert (str(space), space.area, space.ownerships.get().person.name) == ("地下-B1-1", 1250, "王样一")
    assert Person.objects.count() == 1 + 1  # the owner, and who imports


def test_a_wrong_number_in_the_five_sheets_is_named(office, city):
    pages = five_sheets()
    pages["房屋信息"][1][6] = "Y9"
    upload = settle(bring(book(**pages), f"units-{make.estate().pk}", office), office)
    assert "业主信息 里没有编号 Y9" in said(upload).values()


def test_units_by_hostile_cells(office, city):
    home = make.estate()
    rows = [
        ["小区编码", "楼号", "单元", "房号", "面积", "业主", "电话", "证件号", "交付日"],
        [home.code, "1", "1", "101", "89.5平", "=HYPERLINK(\"x\")", "1390000", "110105194912310021", "2023-02-30"],
        [home.code, "1", "1", "101", "0", "", "13900000001", "", 43646],
        ["没有", "1", "1", "103", "约 118", "", "", "", "2019年6月30日"],
        [home.code, "", "1", "x" * 40, "1e400", "", "", "", ""],
    ]  # fmt: skip
    kept = io.BytesIO()
    made = xlsxwriter.Workbook(kept, {"strings_to_formulas": False})
    page = made.add_worksheet()
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    made.close()
    before = counts()
    upload = settle(bring(kept.getvalue(), "units", office), office)
    told = said(upload)

    assert told["E2"] == "建筑面积要是数字，最多两位小数"
    assert "7 位" in told["G2"]
    assert told["H2"] == "第 18 位应为 X，现为 1。照证件重抄"
    assert told["I2"] == "2023 年 2 月没有 30 日"
    assert told["D3"] == "1-1-101 已在第 2 行出现"
    assert told["F3"] == "有电话或证件号，没有业主名称"
    assert told["A4"] == "没有小区编码“没有”"
    assert "不是准数" in told["E4"]
    assert told["B5"] == "楼号没有填"
    assert "110105194912310021" not in "".join(told.values())
    with pytest.raises(Problem, match="处错"):
        sheets.apply(upload, by=office)
    assert counts()[:5] == before[:5]


def test_a_second_sheet_changes_owners_and_keeps_the_old_ones(office, city):
    home = make.estate()
    head = ["楼号", "单元", "房间", "建筑面积", "业主名称", "手机号"]
    first = [head, ["1", "1", "101", 80, "王样一", "13900000001"], ["1", "1", "102", 80, "李样二", "13900000002"]]
    for rows in (first, first, [head, ["1", "1", "101", 81, "赵样三", "13900000003"], ["1", "1", "102", 80, "", ""]]):
        sheets.write(settle(bring(book(a=rows), f"units-{home.pk}", office), office), by=office)

    told = [(o.unit.number, o.person.name, o.starts_on, o.ends_on) for o in Ownership.objects.order_by("pk")]
    assert told == [
        ("101", "王样一", None, DAY(2026, 11, 24)), ("102", "李样二", None, None), ("101", "赵样三", DAY(2026, 11, 25), None),
    ]  # fmt: skip
    assert Unit.objects.get(number="101").area == 8100
    assert Unit.history.filter(history_type="~").count() == 1


def test_units_of_somebody_elses_estate_are_refused(actor, city):
    mine, other = make.project(make.estate()), make.project(make.estate("雨水园"), make.company("乙物业", 2))
    own = actor("刘洋", "company_admin", organisation=mine.company)
    assert registry.get(f"units-{mine.estate_id}").may(own)
    assert not registry.get(f"units-{other.estate_id}").may(own)
    text = f"小区编码,楼号,房间,建筑面积\n{other.estate.code},1,101,80\n"
    upload = bring(text, "units", own)
    with pytest.raises(Problem, match="不是你在管的小区"):
        sheets.write(upload, by=own)
    assert not Unit.objects.exists()
    assert registry.get("units-99999") is None
    assert registry.get("estates-1") is None


def test_contracts_that_overlap_are_named_before_anything_is_written(office, city):
    home, body = make.estate(), make.company()
    make.project(home, body, starts_on=DAY(2024, 1, 1), ends_on=DAY(2025, 12, 31))
    other = make.company("乙物业", 2)
    text = (
        "小区编码,物业企业,服务起始日,合同到期日,物业费\n"
        f"{home.code},{other.uscc},2025-06-01,2026-12-31,2.38元/平米/月\n"
        f"{home.code},乙物业,2026-06-01,2027-12-31,1.14至2.48元/平米/月\n"
        f"{home.code},丙物业,2030-01-01,2029-01-01,\n"
    )
    upload = bring(text, "contracts", office)
    told = said(upload)
    assert "把起始日改到 2026-01-01 或以后" in told["C2"]
    assert told["C3"] == "和第 2 行是同一个小区，那份到 2026-12-31 才到期"
    assert "不是准数" in told["E3"]
    assert told["B4"] == "没有物业企业“丙物业”"
    assert Project.objects.count() == 1

    good = f"小区编码,物业企业,服务起始日,合同到期日,物业费\n{home.code},{other.uscc},2026-01-01,,2.385元/平方米·月\n"
    bad = bring(good, "contracts", office)
    assert said(bad) == {"E2": "物业费要是数字，最多两位小数"}
    fine = bring(good.replace("2.385", "2.38"), "contracts", office)
    sheets.write(fine, by=office)
    assert Project.objects.get(company=other).fee == 23_800
    assert Fact.objects.filter(kind="register.service_began").count() == 2


def test_posts_with_their_holders(office, actor, city):
    project = make.project()
    own = actor("刘洋", "company_admin", organisation=project.company)
    head = "小区编码,岗位类别,岗位名称,管理岗,应持证书,任岗人姓名,手机号,证书编号,有效期,到岗日\n"
    bad = bring(head + f"{project.estate.code},消控,消控 1 班,否,消防操作员,李样二,,,2020-01-01,\n", "posts", own)
    assert sorted(said(bad)) == ["G2", "H2", "I2"]
    good = head + (
        f"{project.estate.code},消控,消控 1 班,否,消防操作员,李样二,13900000002,X-1,2028-01-01,2026-01-01\n"
        f"{project.estate.code},经理,项目经理,是,,,,,,\n"
    )
    for _turn in range(2):
        sheets.write(bring(good, "posts", own), by=own)
    assert list(Post.objects.order_by("name").values_list("name", "is_management")) == [
        ("消控 1 班", False),
        ("项目经理", True),
    ]
    assert Holding.objects.get().certificate_number == "X-1"
    assert not Fact.objects.filter(kind="party.management_posts").exists()


def test_companies_by_code_and_by_name(office, db):
    Organisation.objects.create(kind="developer", name="某开发公司", uscc="91110000600037341L")
    make.company()
    text = "企业名称,统一社会信用代码\n角宿物业,91110000600037341L\n亢宿物业,9111000060003734IL\n氐宿物业,91110000600037341M\n"
    upload = bring(text, "companies", office)
    told = said(upload)
    assert "登记在“某开发公司”（开发企业）名下" in told["B2"]
    assert "校验码" in told["B4"]
    assert [f.suggestion for f in sheets.flaws_of(upload) if f.address == "B3"] == ["91110000600037341L"]


def test_a_hundred_units_cost_no_more_statements_than_three(office, city):
    home = make.estate()

    def rows(count: int, floor: int) -> list[dict]:
        return [
            {"row": n, "estate": home.pk, "building": "1", "entrance": "1", "number": f"{floor}{n:03d}", "area": 8000, "floor": 1,
             "owner": f"王样{n}", "phone": f"139{floor:04d}{n:04d}", "id_number": None, "owner_kind": "owner"}
            for n in range(count)
        ]  # fmt: skip

    manyunits.write_units(rows(1, 1), by=office)
    asked = []
    for floor, count in ((2, 3), (3, 100)):
        with CaptureQueriesContext(connection) as seen:
            manyunits.write_units(rows(count, floor), by=office)
        asked.append(len(seen))
    assert asked[1] <= asked[0] + 6
    assert Unit.history.count() == Unit.objects.count() == 104


def test_an_import_is_offered_to_its_keepers_only(office, actor, city):
    project = make.project()
    own = actor("刘洋", "company_admin", organisation=project.company)
    street = actor("王芳", "gov_street", place="510402001")
    ours = {"estates", "companies", "contracts", "units", "parking", "posts"}
    assert ours <= {one.name for one in registry.offered_to(office)}
    assert {one.name for one in registry.offered_to(own)} & ours == {"units", "parking", "posts"}
    assert {one.name for one in registry.offered_to(street)} & ours == set()
    assert many.REASON == "表格导入"


def test_a_file_that_is_no_longer_there_is_said_to_be_gone(desk, city):
    sheet = SimpleUploadedFile("表.xlsx", book(x=[["小区名称", "怪列"], ["甲园", "1"]]))
    desk.post(reverse("imports:choose", args=["estates"]), {"file": sheet})
    upload = Upload.objects.get()
    vault.forget(upload.pk)
    for state, name in (("headings", "imports:headings"), ("checked", "imports:upload")):
        Upload.objects.filter(pk=upload.pk).update(state=state)
        answer = desk.get(reverse(name, args=[upload.pk]))
        assert answer.status_code == 410 and "上传的文件已经不在了。请重新上传。" in answer.content.decode()


def test_sheets_change_what_is_there_and_only_where_it_differs(office, city):
    """Estates, companies, contracts and posts, each sent a second time with one thing changed."""
    project = make.project(make.estate(households=300), fee=23_800)
    make.holding(make.post(project), certificate_number="X-1", certificate_until=DAY(2027, 1, 1))
    code, body = project.estate.code, project.company
    levels.confirm_all(project, by=office)
    for name, text in (
        ("estates", f"小区编码,小区名称,行政区,总户数\n{code},立春里,东区,320\n"),
        ("companies", f"企业名称,简称,统一社会信用代码,所在地\n{body.name},甲字物业,{body.uscc},东区\n惊蛰物业服务有限公司,,,\n"),
        ("contracts", f"小区编码,物业企业,服务起始日,合同到期日\n{code},{body.uscc},2024-01-01,2029-12-31\n"),
        ("posts", "小区编码,岗位类别,岗位名称,管理岗,应持证书,任岗人姓名,手机号,证书编号,有效期,到岗日\n"
                  f"{code},消控,消控室,是,,李样二,13900000002,X-2,2029-01-01,2026-01-01\n"),
    ):  # fmt: skip
        upload = settle(bring(text, name, office), office)
        assert said(upload) == {}, name
        sheets.write(upload, by=office)
    project, held = (
        Project.objects.select_related("estate", "company").get(),
        Holding.objects.select_related("post").get(),
    )
    assert (project.estate.households, project.ends_on, project.fee) == (320, DAY(2029, 12, 31), 23_800)
    assert (project.company.short_name, project.company.place_id) == ("甲字物业", "510402")
    assert Organisation.objects.filter(name="惊蛰物业服务有限公司", kind="company").exists()
    assert (held.post.is_management, held.certificate_number, held.certificate_until) == (True, "X-2", DAY(2029, 1, 1))
    assert Estate.history.filter(history_type="~", history_change_reason="表格导入").count() == 1


def test_posts_of_somebody_elses_estate_are_refused(actor, city):
    other = make.project(make.estate("雨水园"), make.company("乙物业", 2))
    own = actor("刘洋", "company_admin", organisation=make.project().company)
    upload = bring(f"小区编码,岗位类别,岗位名称\n{other.estate.code},消控,消控室\n", "posts", own)
    with pytest.raises(Problem, match="“雨水园”不是你在管的小区，这些岗位不能写"):
        sheets.write(upload, by=own)
    assert not Post.objects.exists()


def test_an_owner_without_a_number_of_identity_is_found_by_name_and_telephone(office, city):
    home = make.estate()
    known = make.owner(make.unit(home, "101"), "王样一", "13900000001").person
    rows = [["楼号", "单元", "房间", "建筑面积", "业主名称", "手机号"], ["1", "1", "102", 80, "王样一", "13900000001"]]
    sheets.write(settle(bring(book(a=rows), f"units-{home.pk}", office), office), by=office)
    assert Ownership.objects.get(unit__number="102").person == known
