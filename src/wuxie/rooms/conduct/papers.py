"""The papers of a proceeding, written by the kernel in Word and PDF; none of them names who told of it."""

from __future__ import annotations

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.labels import kept
from wuxie.kernel.papers.models import Document
from wuxie.kernel.papers.sets import Form, Papers
from wuxie.kernel.papers.visibility import register_rows

from .models import Proceeding, Record
from .words import Charge
from .workflow.discipline import CHARGES, DECISION, DISCIPLINE, FILING, LIFTING, NOTICE, REFUSAL, REVIEW, TALLY
from .workflow.record import ANSWER, RECORD, REPAIR, RESULT
from .workflow.record import NOTICE as NOTICE_OF_RECORD

COMMON = (("company", "企业"), ("charge", "事由"), ("occurred", "发生日"))
OFFICE, PANEL = "秘书处", "惩戒委员会"

FORMS = Papers({
    FILING: Form("discipline_filing", "CJLA-{year}-{seq:3}", (*COMMON, ("words", "反映的情况"), ("clause", "依据")), (OFFICE,)),
    REFUSAL: Form("discipline_refusal", "CJBL-{year}-{seq:3}", (*COMMON, ("why", "理由")), (OFFICE,)),
    NOTICE: Form(
        "discipline_investigation", "CJDC-{year}-{seq:3}",
        (*COMMON, ("clause", "依据"), ("hands", "调查人"), ("duty", "配合事项"), ("right", "权利")), (OFFICE,),
    ),
    CHARGES: Form(
        "discipline_notice", "CJGZ-{year}-{seq:3}",
        (*COMMON, ("findings", "事实"), ("evidence", "证据"), ("clause", "依据"), ("measure", "拟采取的措施"), ("right", "申辩与听证权利"),
         ("until", "期限")), (OFFICE,),
    ),
    TALLY: Form(
        "discipline_vote", "CJBJ-{year}-{seq:3}",
        (*COMMON, ("entitled", "能表决的委员"), ("present", "到会"), ("counts", "意见"), ("measure", "结果")), (PANEL,),
    ),
    DECISION: Form(
        "discipline_decision", "CJJD-{year}-{seq:3}",
        (*COMMON, ("findings", "事实"), ("defence", "申辩与是否采纳"), ("clause", "依据"), ("measure", "措施"), ("months", "期限"),
         ("appeal", "复议途径"), ("repair", "解除条件")), (PANEL,),
    ),
    REVIEW: Form(
        "discipline_review", "CJFY-{year}-{seq:3}",
        (*COMMON, ("grounds", "复议理由"), ("council", "理事会"), ("outcome", "结果"), ("measure", "措施"), ("why", "理由")), ("理事会",),
    ),
    LIFTING: Form("discipline_lifting", "CJJC-{year}-{seq:3}", (*COMMON, ("measure", "原措施"), ("why", "审核意见"), ("lifted", "解除日")), (OFFICE,)),
})  # fmt: skip


RECORDS = Papers({
    NOTICE_OF_RECORD: Form(
        "credit_notice", "XYGZ-{year}-{seq:3}",
        (("company", "企业"), ("line", "条目"), ("words", "事实"), ("paper", "依据文书"), ("points", "拟计分"), ("months", "计分期"), ("right", "权利")),
        ("市级主管部门",),
    ),
    REPAIR: Form(
        "credit_repair_application", "XYXF-{year}-{seq:3}",
        (("company", "企业"), ("record", "记录编号"), ("mended", "整改情况"), ("hours", "培训学时"), ("promise", "承诺")), ("企业",),
    ),
    RESULT: Form(
        "credit_repair", "XYJD-{year}-{seq:3}",
        (("company", "企业"), ("record", "记录编号"), ("why", "审核意见"), ("effect", "效果")), ("市级主管部门",),
    ),
    ANSWER: Form(
        "credit_objection_answer", "XYYY-{year}-{seq:3}",
        (("company", "企业"), ("record", "记录编号"), ("objection", "异议"), ("why", "答复")), ("市级主管部门",),
    ),
})  # fmt: skip


def register() -> None:
    FORMS.register()
    RECORDS.register()
    register_rows(RECORD.name, Record)
    register_rows(DISCIPLINE.name, Proceeding)


def write(name: str, case: Proceeding, *, by: Actor, **given: str) -> Document:
    """Number and issue one paper of a case."""
    values = {
        "company": case.respondent.name,
        "charge": kept(Charge(case.charge).label),
        "occurred": case.occurred_on.isoformat(),
        **given,
    }
    return FORMS.write(name, DISCIPLINE.key(case), values, by=by.key)


def write_record(name: str, case: Record, *, by: Actor, **given: str) -> Document:
    """Number and issue one paper of a credit record."""
    values = {"company": case.company.name, "record": str(case), **given}
    return RECORDS.write(name, RECORD.key(case), values, by=by.key)
