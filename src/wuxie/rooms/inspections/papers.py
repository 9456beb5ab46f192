"""The papers of the room: notice that an asset must not be used, order to an agency, calendar of a year, report on the burden.

Word and PDF by the kernel; what stands on them is Chinese whoever is signed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.papers.models import Document
from wuxie.kernel.papers.sets import Form, Papers
from wuxie.kernel.papers.visibility import register_case_visibility, register_rows
from wuxie.rooms.register.models import Project

from .models import Inspection, Pool, seen_by

CASE, OF_PROJECT, POOL = "inspection", "inspection_project", "inspection_pool"


FORMS = Papers({
    "停止使用告示": Form(
        "inspection_stop", "JCTZ-{project}-{year}-{seq:4}",
        (("project_name", "小区"), ("asset", "设备"), ("place", "位置"), ("why", "原因"), ("since", "停止使用起"), ("until", "恢复条件"),
         ("basis", "依据"), ("phone", "找谁")), posting=True,
    ),
    "检验检测委托单": Form(
        "inspection_order", "JCWT-{project}-{year}-{seq:4}",
        (("project_name", "小区"), ("company", "委托单位"), ("agency", "受托机构"), ("licence", "机构资质证号"), ("item", "检验项目"),
         ("asset", "设备"), ("due", "应检日"), ("visit", "约定日期"), ("price", "价格"), ("payer", "列支渠道"), ("basis", "依据")),
        ("委托单位", "受托机构"),
    ),
    "集中询价函": Form(
        "inspection_rfq", "JCXJ-{year}-{seq:3}",
        (("title", "名称"), ("item", "检验项目"), ("basis", "依据"), ("quantity", "总数量"), ("projects", "项目数"), ("note", "说明")),
        ("协会秘书处",),
    ),
    "年度检验检测日历": Form(
        "inspection_calendar", "JC-{project}-{year}-{seq:3}",
        (("project_name", "项目"), ("company", "企业"), ("year", "年度"), ("count", "应检次数"), ("budget", "预算")), ("安全总监",),
    ),
    "检验检测负担分析报告": Form(
        "inspection_burden", "JCFD-{project}-{year}-{seq:3}",
        (("project_name", "项目"), ("company", "企业"), ("households", "户数"), ("visits", "每年次数"), ("cost", "每年费用"),
         ("per_household", "每户每年"), ("statutory", "其中法定"), ("merged", "可合并的上门")), ("企业负责人",),
    ),
})  # fmt: skip


def register() -> None:
    FORMS.register()
    register_rows(CASE, Inspection)
    register_rows(POOL, Pool)
    register_case_visibility(
        OF_PROJECT, lambda actor, pk: pk.isdecimal() and Project.objects.filter(seen_by(actor, at=""), pk=pk).exists()
    )


def of_project(project: Project) -> list[Document]:
    """The calendars and reports of a project, the newest first: read by whoever reads the project, the authority too."""
    return list(Document.objects.on(f"{OF_PROJECT}:{project.pk}").select_related("void"))


def write(
    name: str, case: str, project: Project, *, by: Actor, table: Mapping[str, Any] | None = None,
    closing: tuple[str, ...] = (), **given: str,
) -> Document:  # fmt: skip
    """Number and issue one paper about a project."""
    values = {"project_name": project.estate.name, "company": project.company.name, **given}
    return FORMS.write(
        name, case, values, by=by.key, extra={"project": str(project.pk)}, signed_by=project.company.name, table=table,
        closing=closing,
    )  # fmt: skip


def write_to_all(name: str, case: str, *, by: Actor, **given: str) -> Document:
    """Number and issue one paper of the association's that is about no single project."""
    return FORMS.write(name, case, given, by=by.key)
