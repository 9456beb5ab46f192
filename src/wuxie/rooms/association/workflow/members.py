"""Joining and leaving of one's own will; dues with a day to pay."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from wuxie.kernel.workflow.table import Rung, Step, Workflow, guard, within

from .. import facts, queries, rules
from ..models import Admission, Due, Leaving, Member
from .meetings import term

A, L, D = Admission.State, Leaving.State, Due.State


@guard(gettext_lazy("这家单位已经是会员。"))
def is_no_member(case: Admission) -> bool:
    return not Member.objects.filter(organisation=case.organisation_id).exists()


check_due = within(
    term("admission_check"), name="check", label=gettext_lazy("审核入会申请"), during=(A.APPLIED,), whose=rules.office, remind=(1,),
    ladder=(Rung(0, rules.president),),
)  # fmt: skip
decide_due = within(
    term("admission_decide"), name="decide", label=gettext_lazy("决定是否同意入会"), during=(A.CHECKED,), whose=rules.president, remind=(3, 1),
    ladder=(Rung(0, rules.office),),
)  # fmt: skip

ADMISSION = Workflow(
    "admission",
    Admission,
    label=gettext_lazy("入会申请"),
    initial=A.APPLIED,
    final=Admission.DONE,
    subject=lambda case: queries.association_key(),
    title=lambda case: case.organisation.name,
    url=lambda pk: f"/association/admissions/{pk}/",
    opens=(check_due,),
    steps={
        "check": Step(
            A.APPLIED, A.CHECKED, by=rules.office, label=gettext_lazy("审核入会申请"), needs=[is_no_member], then=decide_due,
            says=gettext_lazy("核对单位在名录里、说明属实，写审核意见。入会自愿，不收申请费。"),
        ),
        "admit": Step(
            A.CHECKED, A.ADMITTED, facts.ADMITTED, by=rules.president, label=gettext_lazy("同意入会"), needs=[is_no_member],
            says=gettext_lazy("进会员名册，编会员编号。"),
        ),
        "refuse": Step(
            A.CHECKED, A.REFUSED, facts.REFUSED, by=rules.president, label=gettext_lazy("不同意入会"), quiet=True,
            says=gettext_lazy("写明理由，申请单位看得到；可以再申请。"),
        ),
        "withdraw": Step((A.APPLIED, A.CHECKED), A.WITHDRAWN, by=rules.applicant, label=gettext_lazy("撤回申请"), quiet=True),
    },
)  # fmt: skip

leave_due = within(
    term("leaving"), name="leave", label=gettext_lazy("办理退会"), during=(L.ASKED,), orelse="settle", whose=rules.office, remind=(1,),
)  # fmt: skip

LEAVING = Workflow(
    "leaving",
    Leaving,
    label=gettext_lazy("退会申请"),
    initial=L.ASKED,
    final=Leaving.DONE,
    subject=lambda case: queries.association_key(),
    title=lambda case: case.member.organisation.name,
    url=lambda pk: f"/association/leavings/{pk}/",
    opens=(leave_due,),
    steps={
        "settle": Step(
            L.ASKED, L.LEFT, facts.LEFT, by=rules.settler, label=gettext_lazy("办理退会"),
            says=gettext_lazy("退会自由，不能不办。欠的会费照欠，没交的任务由组长改派。到期没办的，系统照办。"),
        ),
        "withdraw": Step(L.ASKED, L.WITHDRAWN, by=rules.payer, label=gettext_lazy("撤回退会"), quiet=True),
    },
)  # fmt: skip

pay_due = within(
    0, "day", name="pay", label=gettext_lazy("缴会费"), on=lambda case: case.due_on, during=(D.BILLED,), orelse="overdue", whose=rules.payer,
    remind=(30, 7, 1),
)  # fmt: skip

DUE = Workflow(
    "due",
    Due,
    label=gettext_lazy("会费"),
    initial=D.BILLED,
    final=Due.DONE,
    subject=lambda case: queries.association_key(),
    title=lambda case: f"{case.member} · {case.year}",
    url=lambda pk: f"/association/dues/{pk}/",
    opens=(pay_due,),
    steps={
        "pay": Step(
            (D.BILLED, D.LATE), D.PAID, facts.DUE_PAID, by=rules.office, label=gettext_lazy("登记到账"),
            says=gettext_lazy("写到账日和票据号。金额要和应缴的一分不差。"),
        ),
        "waive": Step(
            (D.BILLED, D.LATE), D.WAIVED, facts.DUE_WAIVED, by=rules.president, label=gettext_lazy("减免会费"), quiet=True,
            says=gettext_lazy("写明理由，会员自己看得到。"),
        ),
        "overdue": Step(D.BILLED, D.LATE, by=rules.the_clock, label=gettext_lazy("会费逾期")),
    },
)  # fmt: skip
