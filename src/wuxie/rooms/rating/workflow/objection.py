"""Anyone objects to a published result; it is answered with reasons by someone without an interest."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from wuxie.kernel.workflow.table import Step, Workflow, within

from .. import facts
from ..models import Objection
from ..rules import leading_group, no_interest, secretariat

S = Objection.State
answer_due = within(
    10,
    name="answer",
    label=_("异议答复"),
    overdue_kind=facts.OBJECTION_OVERDUE,
    ladder=leading_group,
    whose=secretariat,
)

TITLE = gettext_noop("公示异议")
STAR_OBJECTION = Workflow(
    "star_objection",
    Objection,
    label=_("公示异议"),
    initial=S.RECEIVED,
    final=(S.UPHELD, S.REJECTED),
    subject=lambda case: case.application.project.key,
    title=lambda case: f"{case.application.project.estate.name} · {TITLE}",
    url=lambda pk: f"/rating/objections/{pk}/",
    opens=(answer_due,),
    steps={
        "uphold": Step(
            S.RECEIVED, S.UPHELD, facts.OBJECTION_UPHELD, by=secretariat & no_interest, label=_("认定异议成立"),
            papers=("异议处理意见",), says=_("写明事实与依据，更正有误的事实后重新冻结并复算；得分变了，重新公示7日。"),
        ),
        "reject": Step(
            S.RECEIVED, S.REJECTED, facts.OBJECTION_REJECTED, by=secretariat & no_interest, label=_("认定异议不成立"),
            papers=("异议处理意见",), says=_("写明事实与依据，维持公示结果。"),
        ),
    },
)  # fmt: skip
