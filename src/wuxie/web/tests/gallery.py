"""Addresses and made-up things for the tests of this floor's components."""

from __future__ import annotations

import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from allauth.account import views as account
from django import forms
from django.contrib.auth.models import Permission
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path
from django_cotton.compiler_regex import CottonCompiler

from wuxie.kernel.clock.now import now, today
from wuxie.web.answers import import_stages
from wuxie.web.cells import Chip
from wuxie.web.fields import Searched
from wuxie.web.tables import Bulk, Column, Filter, Segment, Table, table_page

#: What someone might type as a name.
HOSTILE = '<b onclick="x">&"\'{{ 7 }}'


class Visit(forms.Form):
    name = forms.CharField(label="来访人", help_text="按身份证件上的写法。")
    kind = forms.ChoiceField(label="事由", choices=[("a", "漏水"), ("b", "收费")], widget=forms.RadioSelect)
    where = forms.ChoiceField(label="小区", choices=[("", "请选择"), ("1", "翠屏花园")], widget=Searched())
    note = forms.CharField(label="说明", widget=forms.Textarea(attrs={"rows": 2}), required=False)
    agreed = forms.BooleanField(label="已告知会公开处理结果")


def things() -> dict[str, Any]:
    """One of everything that a component takes."""
    day = datetime.timedelta(days=1)
    step = SimpleNamespace(says="答复须写明事实、依据和是否影响得分。", quiet=False)
    moment = now()
    return {
        "hostile": HOSTILE,
        "crumbs": [("星级评定", "#y"), ("XJ-2026-0137", "")],
        "path": [
            {"label": "申报", "state": "done", "when": "9月18日", "by": "恒信物业 刘洋", "outcome": ""},
            {"label": "形式审查", "state": "done", "when": "9月24日", "by": "秘书处 陈晓岚", "outcome": "补正 1 次"},
            {"label": "公示", "state": "now", "when": "今天 24:00 期满", "by": "7 日", "outcome": "异议 1 件"},
            {"label": "授星", "state": "next", "when": "5 个工作日内", "by": "", "outcome": ""},
        ],
        "case": SimpleNamespace(pk=7, number="XJ-2026-0137"),
        "mine": [SimpleNamespace(name="answer", label="作出异议答复", step=step, reason="")],
        "aside": [],
        "closed": [
            SimpleNamespace(name="award", label="授予四星", step=step, reason="公示今天 24:00 才满。最早 11月25日。")
        ],
        "deadline": SimpleNamespace(due_on=today() + 9 * day, due_at=None, unit="day"),
        "today": today(),
        "tomorrow": today() + day,
        "yesterday": today() - day,
        "total": "86.6",
        "grades": [(60, "1★"), (70, "2★"), (78, "3★"), (86, "4★"), (93, "5★")],
        "floors": [(60, "四星门槛"), (70, "五星门槛")],
        "option": {
            "xAxis": {"type": "category", "data": ["一", "二", "三"]},
            "yAxis": {"type": "value"},
            "series": [{"type": "line", "data": [10, 40, 62]}],
        },
        "documents": [
            SimpleNamespace(
                label="授星决定书",
                number="攀星决〔2026〕7号",
                issued_on=today(),
                void=None,
                get_absolute_url="/papers/1/",
            ),
            SimpleNamespace(
                label="告知书", number="攀星告〔2026〕8号", issued_on=today(), void=True, get_absolute_url="/papers/2/"
            ),
        ],
        "headers": ["日", "参与 %"],
        "chart_rows": [["一", 10], ["二", 40], ["三", 62]],
        "events": [
            SimpleNamespace(
                at=moment,
                label="收到异议补充材料 2 份",
                private=True,
                by_name="李明",
                by_title="业主",
                note="",
                fact_id="F2",
            ),
            SimpleNamespace(
                at=moment - day,
                label="公示开始",
                private=False,
                by_name="陈晓岚",
                by_title="秘书处",
                note="张贴照片 3 张",
                fact_id="F1",
            ),
        ],
        "numbers": {"F1": 1288},
        "form": Visit({"name": ""}),
        "facts": [
            {
                "text": "1,108 次按时履职",
                "source": "企业上传",
                "icon": "circle-check",
                "pairs": [("可信度", "2"), ("人", "刘洋")],
                "url": "#f",
                "number": 12,
            }
        ],
        "pairs": [("申报企业", "恒信物业服务有限公司"), ("状态", Chip("有效", "green")), ("异议人", None)],
        "diff": [("C1 业主满意度", 6, 9)],
        "tabs": [
            {"label": "我的", "url": "#t", "count": 16, "current": True},
            {"label": "全部", "url": "#u", "count": 41, "current": False},
        ],
    }


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component on one page."""
    source = (Path(__file__).parent / "gallery.html").read_text()
    template = engines["django"].from_string(CottonCompiler().process(source))
    return HttpResponse(template.render(things(), request))


def _rows() -> Any:
    return Permission.objects.all()


PERMISSIONS = Table(
    "permissions",
    "权限",
    columns=[
        Column("name", "名称", link=lambda row: f"/one/{row.pk}/", sort="name"),
        Column("content_type.app_label", "应用"),
        Column("codename", "代号", sort=("codename",)),
        Column("state", "状态", text=lambda row: Chip("在用", "green"), kind="state"),
        Column("pk", "号", sort="pk", align="right"),
    ],
    search=["name", "codename"],
    filters=[Filter("app", "应用", [("auth", "账号"), ("sessions", "会话")], lookup="content_type__app_label")],
    segments=[Segment("view", "查看类", Q(codename__startswith="view_"))],
    order=["codename"],
    related=["content_type"],
    bulk=[Bulk("停用选中的权限", "/bulk/")],
    export=True,
    empty="还没有权限。",
)


def listing(request: HttpRequest) -> HttpResponse:
    act = {"label": "新增权限", "url": "/new/"}
    return table_page(request, PERMISSIONS, _rows(), act=act, lead="一句话。")


def nothing(request: HttpRequest) -> HttpResponse:
    return table_page(request, PERMISSIONS, _rows().none())


def page(name: str, **context: Any) -> Any:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(engines["django"].get_template(name).render(things() | context, request))

    return view


def case_step(request: HttpRequest, pk: int, step: str = "") -> HttpResponse:
    return HttpResponse(step)


IMPORT: dict[str, Any] = {
    "verdict": {
        "ok": False,
        "title": "还不能写入：2 行里有 2 处错",
        "note": "10 行没有问题。",
        "good": 10,
        "bad": 2,
        "total": 12,
    },
    "letters": [("B", "小区"), ("D", "面积 ㎡")],
    "lines": [
        {
            "number": 1203,
            "cells": [{"text": "江湾壹号", "wrong": False}, {"text": HOSTILE, "wrong": True}],
            "faults": [{"ref": "D1203", "message": "面积要是数字，最多两位小数。改成 89.50", "suggestion": "89.50"}],
        }
    ],
    "faults_total": 2,
    "mend_url": "#m",
    "again_url": "#a",
    "annotated_url": "#d",
    "write_url": "#w",
    "reasons": [
        {"label": "面积写成了文字", "note": "去掉“平”和空格", "count": 2, "url": "?reason=area", "current": True}
    ],
    "columns": [
        {"header": "建面", "name": "col_3", "samples": ["89.5", "102.36"], "target": "area"},
        {"header": "备注2", "name": "col_9", "samples": [], "target": ""},
    ],
    "targets": [("area", "面积"), ("use", "用途")],
    "missing": ["用途"],
}
DESK: dict[str, Any] = {
    "sentence": "1 件逾期，随后还有 1 件。",
    "desk": SimpleNamespace(
        changes=[
            SimpleNamespace(
                title="翠屏花园 · 四星申报",
                url="/gallery/",
                workflow=SimpleNamespace(label="星级评定"),
                event=SimpleNamespace(
                    at=now(), label="公示收到第 2 份补充材料", private=False, by_name="陈晓岚", by_title="秘书处"
                ),
            )
        ]
    ),
    "groups": [
        {
            "key": "late",
            "label": "已逾期",
            "icon": "alert-circle",
            "tone": "red",
            "note": "逾期从期满次日起算",
            "rows": [
                SimpleNamespace(
                    due_on=today() - datetime.timedelta(days=2),
                    due_at=None,
                    labels=["指派"],
                    title="锦绣苑漏水纠纷",
                    number="TJ-2026-0418",
                    url="#1",
                    workflow=SimpleNamespace(label="调解"),
                )
            ],
        }
    ],
}
cases = (
    [
        path("case/<int:pk>/<slug:step>/", case_step, name="case_step"),
        path("case/<int:pk>/follow/", case_step, name="case_follow"),
    ],
    "g",
)
urlpatterns = [
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("i18n/", include("wuxie.web.urls")),
    path("", include((cases[0], "g"))),
    path("desk/", gallery, name="desk"),
    path("gallery/", gallery, name="gallery"),
    path("list/", listing, name="list"),
    path("nothing/", nothing, name="nothing"),
    path("detail/", page("web/detail.html", title="翠屏花园", history=things()["events"])),
    path(
        "form/",
        page("web/form.html", title="登记来访", send="登记这次来访", after="登记后当天转到值班调解员。", back="/list/"),
    ),
    path(
        "step/",
        page(
            "web/step.html",
            title="翠屏花园 · 四星申报",
            offer=SimpleNamespace(label="作出异议答复", step=SimpleNamespace(says="")),
            back="/list/",
        ),
    ),
    path("case/", page("web/case.html", base="g:case", state_label="公示中", tone="amber", deadlines=[], papers=[])),
    path("public/", page("web/list.html", title="小区名录", layout="web/public.html")),
    path(
        "import/",
        page(
            "web/import.html", title="核对：12 个小区的户室清册", stage="check", stages=import_stages("check"), **IMPORT
        ),
    ),
    path("import-file/", page("web/import.html", title="导入户室", stage="file", stages=import_stages("file"))),
    path(
        "import-columns/",
        page("web/import.html", title="对列名", stage="columns", stages=import_stages("columns"), **IMPORT),
    ),
    path("desk-page/", page("web/desk.html", **DESK)),
    path("print/", page("web/print.html", title="公示")),
    path("e404/", page("404.html")),
    path("e403/", page("403.html")),
    path("e500/", page("500.html")),
]
