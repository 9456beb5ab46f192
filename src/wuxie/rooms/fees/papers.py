"""The papers of a change of fee: what it costs, the options, questions and answers, the agreement, the return to the old fee.

Word and PDF by the kernel; Chinese whoever is signed in. They name items and sums of one estate and nobody's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.papers.models import Document
from wuxie.kernel.papers.sets import Form, Papers
from wuxie.kernel.papers.visibility import register_rows

from .models import Adjustment, Disclosure, Finding

CASE, DISCLOSURE, FINDING = "fee_adjustment", "disclosure", "fee_finding"
COMMON = (("project_name", "小区"), ("company", "物业企业"))
SIGNERS = ("物业企业", "业主委员会（没有的由社区代章）")

FORMS = Papers({
    "物业费成本公示表": Form(
        "fee_costs", "TJC-{project}-{year}-{seq:3}",
        (*COMMON, ("years", "年度"), ("total", "最近一年成本"), ("area", "收费面积"), ("rate", "收缴率"), ("offset", "公共收益补贴"),
         ("margin", "利润"), ("even", "收支相抵的单价"), ("current", "现行单价"), ("reviewer", "审核单位"), ("review", "审核意见"), ("until", "公示至"),
         ("ask", "怎么提问"), ("basis", "依据")), SIGNERS, posting=True,
    ),
    "物业费调价方案": Form(
        "fee_proposal", "TJA-{project}-{year}-{seq:3}",
        (*COMMON, ("reason", "为什么要调"), ("clause", "合同约定"), ("current", "现行单价"), ("promises", "承诺的改进"), ("until", "公示至"),
         ("ask", "怎么提问"), ("next", "之后怎么办"), ("undo", "没兑现怎么办"), ("basis", "依据")), SIGNERS, posting=True,
    ),
    "物业费调价答疑记录": Form(
        "fee_answers", "TJD-{project}-{year}-{seq:3}",
        (*COMMON, ("heard", "说明会"), ("count", "提问"), ("chosen", "交付表决的方案")), SIGNERS, posting=True,
    ),
    "物业费补充协议": Form(
        "fee_agreement", "TJX-{project}-{year}-{seq:3}",
        (*COMMON, ("chosen", "方案"), ("price", "单价"), ("effective", "执行日"), ("vote", "表决依据"), ("promises", "承诺的改进"),
         ("undo", "没兑现怎么办")), SIGNERS,
    ),
    "恢复原物业费通知": Form(
        "fee_rollback", "TJH-{project}-{year}-{seq:3}",
        (*COMMON, ("why", "为什么恢复"), ("price", "恢复到"), ("on", "恢复日"), ("basis", "依据")), SIGNERS[1:], posting=True,
    ),
})  # fmt: skip


def register() -> None:
    FORMS.register()
    register_rows(CASE, Adjustment)
    register_rows(FINDING, Finding)
    register_rows(DISCLOSURE, Disclosure)


def write(name: str, case: Adjustment, *, by: Actor, table: Mapping[str, Any] | None = None, **given: str) -> Document:
    """Number and issue one paper of a change of fee."""
    estate, company = case.project.estate, case.project.company
    values = {"project_name": estate.name, "company": company.name, **given}
    extra = {"project": str(case.project_id)}
    return FORMS.write(name, f"{CASE}:{case.pk}", values, by=by.key, extra=extra, signed_by=company.name, table=table)


def table(columns: list[str], rows: list[list[str]], *, words: int = 1) -> Mapping[str, Any]:
    """A table whose first columns (``words`` of them) are words and whose others are figures."""
    shown = [
        {"label": label, "wide": True} if place < words else {"label": label, "number": True}
        for place, label in enumerate(columns)
    ]
    return {"columns": shown, "rows": rows}
