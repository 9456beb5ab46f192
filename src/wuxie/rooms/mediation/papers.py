"""The papers of a dispute; Word and PDF by the kernel, Chinese whoever is signed in.

An agreement is called a people's mediation agreement only where it was reached under a committee registered with the justice office. Who wants
to stay hidden is named on none of them, other private persons by their family name: they sign with their own hand. Minutes are no paper
here: they stay encrypted and are printed from the case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.papers.models import Document
from wuxie.kernel.papers.sets import Form, Papers
from wuxie.kernel.papers.visibility import register_case_visibility, register_rows

from .models import Dispute, Petition, Voice

CASE = "dispute"
COMMON = (("number", "案号"), ("estate", "小区"), ("title", "事项"))
AGREED = (
    *COMMON, ("parties", "当事人"), ("facts", "争议事实"), ("undisputed", "双方认可的事实"), ("basis", "调解依据"), ("default", "违约责任"),
    ("confirmation", "司法确认"), ("mediators", "调解员"), ("agreed", "协议日"),
)  # fmt: skip

FORMS = Papers({
    "受理通知书": Form(
        "mediation_acceptance", "WXTJ-{year}-{seq:4}",
        (*COMMON, ("category", "类别"), ("service", "程序"), ("until", "办理期限"), ("rights", "权利义务")), ("受理单位",),
    ),
    "不予受理告知书": Form(
        "mediation_rejection", "WXTB-{year}-{seq:4}", (*COMMON, ("why", "理由"), ("where", "可以去哪里"), ("words", "说明")), ("受理单位",),
    ),
    "转办函": Form(
        "mediation_transfer", "WXTZ-{year}-{seq:4}", (*COMMON, ("why", "事由"), ("where", "转往"), ("summary", "诉求摘要"), ("words", "说明")),
        ("转出单位",),
    ),
    "调解通知书": Form(
        "mediation_notice", "WXTH-{year}-{seq:4}", (*COMMON, ("at", "时间"), ("place", "地点"), ("mediators", "调解员"), ("bring", "请带")),
        ("通知单位",),
    ),
    "人民调解协议书": Form(
        "peoples_agreement", "WXRT-{year}-{seq:4}", AGREED, ("申请人", "被申请人", "人民调解员", "人民调解委员会（盖章）"),
    ),
    "和解协议书": Form("ordinary_agreement", "WXHJ-{year}-{seq:4}", AGREED, ("申请人", "被申请人", "调解员")),
    "调解终结书": Form(
        "mediation_ending", "WXZJ-{year}-{seq:4}",
        (*COMMON, ("result", "结果"), ("undisputed", "双方认可的事实"), ("ways", "接下来可以走的路"), ("mediators", "调解员")), ("调解员",),
    ),
    "司法确认申请书": Form(
        "court_application", "WXQR-{year}-{seq:4}",
        (*COMMON, ("parties", "申请人双方"), ("agreement", "协议"), ("agreed", "生效日"), ("court", "申请法院"), ("request", "请求")),
        ("申请人", "被申请人"),
    ),
    "履行回执": Form(
        "performance_receipt", "WXLX-{year}-{seq:4}", (*COMMON, ("what", "条款"), ("due", "期限"), ("performed", "履行日"), ("proof", "凭据")),
        ("收到的一方", "调解员"),
    ),
    "信访受理告知书": Form(
        "petition_told", "WXXS-{year}-{seq:4}", (*COMMON, ("office", "办理单位"), ("received", "收到日"), ("until", "办结期限")), ("办理单位",),
    ),
    "信访处理意见书": Form(
        "petition_opinion", "WXXD-{year}-{seq:4}", (*COMMON, ("office", "办理单位"), ("words", "处理意见"), ("next", "救济途径")), ("办理单位",),
    ),
    "信访复查意见书": Form(
        "petition_review", "WXXC-{year}-{seq:4}", (*COMMON, ("office", "原办理单位"), ("words", "复查意见"), ("next", "救济途径")), ("复查单位",),
    ),
    "信访复核意见书": Form(
        "petition_final", "WXXH-{year}-{seq:4}", (*COMMON, ("office", "原办理单位"), ("words", "复核意见"), ("next", "说明")), ("复核单位",),
    ),
    "回访记录": Form("mediation_visit", "WXHF-{year}-{seq:4}", (*COMMON, ("visited", "回访日"), ("words", "情况")), ("回访人",)),
})  # fmt: skip


def register() -> None:
    FORMS.register()
    register_rows("petition", Petition)
    register_rows("voice", Voice)
    register_case_visibility(
        CASE, lambda actor, pk: pk.isdecimal() and Dispute.objects.inside(actor).filter(pk=pk).exists()
    )


def write(name: str, case: Dispute, *, by: Actor, table: Mapping[str, Any] | None = None, **given: str) -> Document:
    """Number and issue one paper of a dispute."""
    values = {"number": case.number, "estate": case.project.estate.name, "title": case.title, **given}
    return FORMS.write(name, f"{CASE}:{case.pk}", values, by=by.key, table=table)
