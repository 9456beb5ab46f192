"""The papers of the room: the monthly notice, the check, the list of refunds, the referral, the advice on conversion.

Word and PDF by the kernel; what stands on them is Chinese whoever is signed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.papers.models import Document
from wuxie.kernel.papers.sets import Form, Papers
from wuxie.kernel.papers.visibility import register_rows

from .models import Account, Month

ACCOUNT, MONTH = "power_account", "power_month"
_HEAD = (("project_name", "小区"), ("entity", "转供电主体"), ("account_no", "电网户号"))

FORMS = Papers({
    "转供电电费公示表": Form(
        "power_notice", "ZGD-{account_no}-{month}-{seq:2}",
        (*_HEAD, ("period", "账期"), ("kwh", "总表电量"), ("amount", "电网账单金额"), ("refunds", "电网退费"), ("average", "平均购电单价"),
         ("mode", "结算方式"), ("allowed", "允许的单价"), ("own", "自用电量"), ("terminal", "终端电量"), ("loss", "损耗"), ("rate", "线损率（占总表）"),
         ("charged", "收取单价"), ("surcharge", "按度数另收"), ("verdict", "核验结果"), ("check", "用户怎样查自己的")), ("转供电主体",), posting=True,
    ),
    "转供电核验单": Form(
        "power_review", "ZGDHY-{account_no}-{seq:3}",
        (*_HEAD, ("period", "账期"), ("average", "平均购电单价"), ("allowed", "允许的单价"), ("users", "多收户数"), ("over", "多收金额"),
         ("found", "发现"), ("basis", "依据")), ("协会秘书处",),
    ),
    "转供电超收清退清单": Form(
        "power_refund_list", "ZGDQT-{account_no}-{seq:3}",
        (*_HEAD, ("period", "账期"), ("users", "户数"), ("over", "应退合计"), ("plan", "清退方案"), ("until", "清退期限"), ("basis", "依据")),
        ("转供电主体", "终端用户"), posting=True,
    ),
    "转供电移送函": Form(
        "power_referral", "ZGDYS-{year}-{seq:3}",
        (*_HEAD, ("period", "账期"), ("over", "多收金额"), ("unpaid", "没有清退"), ("why", "移送原因"), ("basis", "依据")), ("协会秘书处",),
    ),
    "一户一表改造建议书": Form(
        "power_conversion", "ZGDGZ-{account_no}-{seq:2}",
        (*_HEAD, ("grid", "供电企业"), ("transformer", "变压器"), ("users", "终端用户表"), ("own", "自用表"), ("plan", "改造安排")), ("转供电主体",),
    ),
})  # fmt: skip


def register() -> None:
    FORMS.register()
    register_rows(ACCOUNT, Account)
    register_rows(MONTH, Month)


def write(
    name: str, case: str, account: Account, *, by: Actor, month: str = "", table: Mapping[str, Any] | None = None,
    closing: tuple[str, ...] = (), signed_by: str = "", **given: str,
) -> Document:  # fmt: skip
    """Number and issue one paper about an account."""
    values = {
        "project_name": account.project.estate.name, "entity": account.entity, "account_no": account.account_no,
        "grid": account.grid, **given,
    }  # fmt: skip
    return FORMS.write(
        name,
        case,
        values,
        by=by.key,
        extra={"month": month},
        table=table,
        closing=closing,
        signed_by=signed_by or account.entity,
    )
