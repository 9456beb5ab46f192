"""The papers of a repair: notice of the plan, ledger of shares, application, emergency form, record of acceptance, notice of the result.

Word and PDF by the kernel; Chinese whoever is signed in. They name doors and never owners.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.amounts import plain
from wuxie.kernel.papers.models import Document
from wuxie.kernel.papers.sets import Form, Papers
from wuxie.kernel.papers.visibility import register_rows

from .models import Repair

CASE = "repair"
COMMON = (("project_name", "小区"), ("title", "维修事项"), ("where", "位置"))

FORMS = Papers({
    "维修资金使用方案公示": Form(
        "fund_plan_notice", "WX-{project}-{year}-{seq:3}",
        (*COMMON, ("reason", "维修原因"), ("scope", "列支范围"), ("method", "维修方案"), ("budget", "预算"), ("quotes", "报价对比"),
         ("contractor", "施工单位"), ("share", "分摊办法"), ("until", "公示至"), ("voting", "表决安排"), ("objections", "异议渠道")),
        ("业主委员会（没有的由社区代章）", "社区居委会"), posting=True,
    ),
    "维修资金分摊清册": Form(
        "fund_ledger", "WXFT-{project}-{year}-{seq:3}",
        (*COMMON, ("total", "预算"), ("units", "户数"), ("area", "总面积"), ("basis", "分摊依据")), ("业主委员会（没有的由社区代章）",),
    ),
    "维修资金应急使用申请与现场确认表": Form(
        "fund_emergency_form", "WXYJ-{year}-{seq:3}",
        (*COMMON, ("danger", "险情类别"), ("guarded", "围护情况"), ("estimate", "估价"), ("applicant", "申请人"), ("basis", "依据"),
         ("promise", "事后公示承诺")), ("申请人", "街道办事处", "维修资金管理中心"),
    ),
    "维修资金使用申请": Form(
        "fund_application", "WXSQ-{year}-{seq:3}",
        (*COMMON, ("scope", "列支范围"), ("contractor", "施工单位"), ("budget", "预算"), ("vote", "表决结果"), ("reference", "表决依据"),
         ("account", "请拨付")), ("申请人", "业主委员会（没有的由社区代章）"),
    ),
    "竣工验收单": Form(
        "fund_acceptance", "WXYS-{year}-{seq:3}",
        (*COMMON, ("contractor", "施工单位"), ("contract", "合同价"), ("started", "开工日"), ("accepted", "验收日"),
         ("representatives", "业主代表"), ("opinion", "验收意见")), ("业主代表", "业主委员会（没有的由社区代章）", "施工单位"),
    ),
    "维修资金使用结果公示": Form(
        "fund_result_notice", "WXJG-{year}-{seq:3}",
        (*COMMON, ("contractor", "施工单位"), ("contract", "合同价"), ("settled", "审定价"), ("auditor", "审价单位"), ("drawn", "账户支付"),
         ("to_pay", "业主补交"), ("warranty", "质保至"), ("accepted", "验收"), ("basis", "分摊依据")),
        ("业主委员会（没有的由社区代章）", "物业企业"), posting=True,
    ),
})  # fmt: skip


def register() -> None:
    FORMS.register()
    register_rows(CASE, Repair)


def table(rows: Iterable[Sequence[int | str]], *labels: str) -> Mapping[str, Any]:
    """A table of doors: the first column is the door, the others are hundredths (of a yuan, of a square metre)."""
    columns = [{"label": "户号", "wide": True}, *({"label": label, "number": True} for label in labels)]
    return {"columns": columns, "rows": [[row[0], *(plain(int(cell)) for cell in row[1:])] for row in rows]}


def write(name: str, case: Repair, *, by: Actor, table: Mapping[str, Any] | None = None, **given: str) -> Document:
    """Number and issue one paper of a repair."""
    estate, company = case.project.estate, case.project.company
    values = {"project_name": estate.name, "title": case.title, "where": case.where, **given}
    return FORMS.write(
        name,
        f"{CASE}:{case.pk}",
        values,
        by=by.key,
        extra={"project": str(case.project_id)},
        signed_by=company.name,
        table=table,
    )
