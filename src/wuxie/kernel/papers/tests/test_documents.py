"""Numbered papers: no gap, no second number, checkable by anybody who holds one."""

import datetime
import os
import subprocess
import sys

import pytest
from django.db import connection, transaction
from django.http import Http404

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.papers import actions, pdf, qr, registry, store, views, visibility
from wuxie.kernel.papers.attached import names_on
from wuxie.kernel.papers.models import Document, Series

from .test_attachments import ALICE, CHARLIE, get

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 11, 17)


@pytest.fixture(autouse=True)
def papers(monkeypatch):
    monkeypatch.setattr(registry, "_papers", {})
    monkeypatch.setattr(visibility, "_rules", {})
    visibility.register_case_visibility("star", lambda actor, pk: actor.key == "person:1")
    registry.register_paper("score_sheet", "得分明细表", "XJDF-{year}-{seq:4}", (("project", "项目"), ("total", "总分")),
                            signers=("评审组长",))  # fmt: skip
    registry.register_paper("application", "申报表", "XJ-{year}-{district}-{seq:4}", ("项目名称",))
    registry.register_paper("decision", "授星决定书", "{authority_doc_no}", ("项目",))


def sheet(on=DAY, **values):
    return actions.issue(
        "score_sheet", "star:17", {"project": "江湾壹号", "total": "91.2"} | values, by="person:1", on=on
    )


def test_numbers_run_on_within_a_year_and_begin_anew():
    numbers = [sheet().number, sheet().number, sheet(datetime.date(2027, 1, 4)).number, sheet().number]
    assert numbers == ["XJDF-2026-0001", "XJDF-2026-0002", "XJDF-2027-0001", "XJDF-2026-0003"]


def test_each_district_has_its_own_run():
    def application(district):
        return actions.issue(
            "application", "star:17", {"项目名称": "x"}, by="person:1", on=DAY, extra={"district": district}
        ).number

    assert [application("510402"), application("510403"), application("510402")] == [
        "XJ-2026-510402-0001", "XJ-2026-510403-0001", "XJ-2026-510402-0002"]  # fmt: skip
    with pytest.raises(Problem, match="district"):
        actions.issue("application", "star:17", {}, by="person:1", on=DAY)


def test_a_number_given_from_outside_is_used_once():
    def decision(number):
        return actions.issue(
            "decision", "star:17", {}, by="person:1", on=DAY, extra={"authority_doc_no": number}
        ).number

    assert decision("云建发〔2026〕8号") == "云建发〔2026〕8号"
    with pytest.raises(Problem, match="已经用过"):
        decision("云建发〔2026〕8号")
    assert decision("云建发〔2026〕9号") == "云建发〔2026〕9号"


def test_a_paper_that_could_not_be_made_takes_no_number(monkeypatch):
    sheet()
    with monkeypatch.context() as broken:
        broken.setattr(pdf, "render", lambda *args, **kwargs: 1 / 0)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            sheet()
    assert sheet().number == "XJDF-2026-0002"
    assert Series.objects.get().last == 2


def test_a_void_paper_keeps_its_number_and_says_so():
    made = sheet()
    before = actions.printed(made)
    actions.declare_void(made, reason="总分算错", by="person:1")
    assert actions.printed(made) != before
    assert store.get(made.pdf_sha256) == before
    assert sheet().number == "XJDF-2026-0002"
    with pytest.raises(Problem, match="已经作废"):
        actions.declare_void(made, reason="再来", by="person:1")


def test_an_issued_paper_counts_as_a_paper_of_its_case_until_void():
    made = sheet()
    assert names_on("star:17") == {"得分明细表"}
    actions.declare_void(made, reason="错", by="person:1")
    assert names_on("star:17") == set()


def test_an_unknown_field_or_paper_is_refused():
    with pytest.raises(Problem, match="没有这一项：other"):
        sheet(other="x")
    with pytest.raises(LookupError):
        actions.issue("none", "star:17", {}, by="person:1")


def test_the_same_paper_gives_the_same_bytes():
    made = sheet()
    content = made.values["content"]
    again = actions._print(registry.get("score_sheet"), made, content)
    assert again == store.get(made.pdf_sha256)
    assert again.startswith(b"%PDF-")


@pytest.mark.parametrize(
    "hostile",
    [
        '#eval("1")',
        '#read("/etc/passwd")',
        "$x^2$",
        "*b* _i_ `c`",
        "\\u{41}",
        "]#panic()[",
        '"; #x',
        "@ref",
        "<label>",
        "{{ x }}",
    ],
)
def test_a_value_is_never_read_as_markup(hostile):
    assert sheet(project=hostile).pdf_sha256


def test_a_long_table_runs_over_pages():
    rows = [[str(number), "云顶国际", "94.1"] for number in range(120)]
    columns = [{"label": "序"}, {"label": "小区", "wide": True}, {"label": "总分", "number": True}]
    made = actions.issue("score_sheet", "star:17", {}, by="person:1", on=DAY, title="公示", intro=("现予公示。",),
                         box=(("公示期", "7日"),), table={"columns": columns, "rows": rows}, signed_by="协会")  # fmt: skip
    assert store.get(made.pdf_sha256).count(b"/Type/Page\n") >= 0
    assert len(made.values["content"]["table"]["rows"]) == 120


def test_the_foot_shows_root_and_checksum(monkeypatch):
    monkeypatch.setattr(actions, "_foot", [lambda: ["封存根 7f3a 91c0 … c21e", "第 1,198 次"]])
    foot = sheet().values["content"]["foot"]
    assert foot[:2] == ["封存根 7f3a 91c0 … c21e", "第 1,198 次"]
    assert foot[2].startswith("内容校验值 ")


def test_only_those_who_may_see_the_case_get_the_paper():
    made = sheet()
    answer = get(views.document, ALICE, made.pk)
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "private, no-store")
    with pytest.raises(Http404):
        get(views.document, CHARLIE, made.pk)


def test_anybody_can_check_a_paper_in_hand_and_learns_no_more_than_that():
    made = sheet(project="机密小区")
    page = get(views.check, CHARLIE, made.check_code.lower())
    assert page.status_code == 200
    text = page.content.decode()
    assert "XJDF-2026-0001" in text
    assert "机密小区" not in text
    actions.declare_void(made, reason="内部理由", by="person:1")
    text = get(views.check, CHARLIE, made.check_code).content.decode()
    assert "已作废" in text
    assert "内部理由" not in text
    assert get(views.check, CHARLIE, "NOSUCHCODE12").status_code == 404


def test_the_code_leads_to_the_page_and_is_written_out():
    content = sheet().values["content"]
    assert content["link"].endswith(f"/papers/check/{Document.objects.get().check_code}/")
    assert content["address"] in content["link"]


def test_qr_codes_are_drawings():
    assert qr.svg("https://x.example/1").startswith("<svg")
    assert "<script" not in qr.svg("</svg><script>alert(1)</script>")


WORKER = """
import os, sys, django
django.setup()
import datetime
from wuxie.kernel.papers import actions, registry
registry.register_paper("score_sheet", "得分明细表", "XJDF-{year}-{seq:4}", (("project", "项目"), ("total", "总分")))
for n in range(8):
    print(actions.issue("score_sheet", "star:17", {}, by="person:1", on=datetime.date(2026, 11, 17)).number)
"""


@pytest.mark.usefixtures("emptied")
def test_two_offices_at_once_get_different_numbers_without_a_gap(tmp_path):
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(tmp_path / "copy.sqlite3")])
        address = f"sqlite:///{tmp_path / 'copy.sqlite3'}"
    else:
        held = connection.settings_dict
        address = f"postgres://{held['USER']}@{held['HOST']}:{held['PORT'] or 5432}/{held['NAME']}"
    env = os.environ | {"DATABASE_URL": address, "PYTHONIOENCODING": "utf-8", "PYTHONWARNINGS": "ignore"}
    workers = [
        subprocess.Popen([sys.executable, "-c", WORKER], env=env, stdout=subprocess.PIPE, text=True) for _n in range(2)
    ]
    numbers = [line for worker in workers for line in worker.communicate(timeout=90)[0].split()]
    assert sorted(numbers) == [f"XJDF-2026-{number:04d}" for number in range(1, 17)]


def test_a_paper_is_void_once_and_for_a_reason():
    made = sheet()
    with pytest.raises(Problem, match="请写明作废的理由。"):
        actions.declare_void(made, reason=" ", by="person:1")
    void = actions.declare_void(made, reason="写错了", by="person:1")
    with pytest.raises(Problem, match="这份文书已经作废。"):
        actions.declare_void(made, reason="再写错", by="person:1")
    assert (str(made), str(void), [str(one) for one in Series.objects.all()]) == (
        "得分明细表 XJDF-2026-0001", "写错了", ["XJDF-{year}-{seq} 2026"])  # fmt: skip


def test_papers_are_listed_to_those_who_see_the_case():
    made = sheet()
    assert list(Document.objects.visible_to(ALICE)) == [made]
    assert list(Document.objects.visible_to(CHARLIE)) == []


def test_a_paper_whose_file_is_gone_is_not_found():
    made = sheet()
    made.pdf_sha256 = "0" * 64
    made.save()
    with pytest.raises(Http404):
        get(views.document, ALICE, made.pk)
