"""The house rule of a hazard: named to somebody, made safe, mended, checked by another, closed; the major ones reported.

Hours and days are figures of ``statutes`` or of the library; a state with no step left for a person is over.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from wuxie.kernel.clock.now import today
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.workflow.table import Rung, Step, Workflow, guard, within

from . import facts, queries, rules
from .models import Hazard

S = Hazard.State
#: From the order to mend it until it is mended.
UNMENDED = (S.ASSIGNED, S.CONTROLLED, S.REPORTED, S.RECTIFYING, S.EXTENDED)
BEFORE, AFTER, INTERIM = "整改前照片", "整改后照片", "临时措施照片"
#: What is written for a major hazard before it is mended.
CLEARS = {
    "person": gettext_lazy("责任人"), "measure": gettext_lazy("措施"), "money": gettext_lazy("资金"),
    "time": gettext_lazy("时限"), "plan": gettext_lazy("预案"),
}  # fmt: skip


@guard(gettext_lazy("重大隐患要先采取临时措施并拍照，再动手整改。"))
def made_safe(hazard: Hazard) -> bool:
    return not hazard.is_major or hazard.state != S.ASSIGNED


@guard(gettext_lazy("重大隐患要先报主管部门（安全生产法第41条），再转整改。"))
def told_authority(hazard: Hazard) -> bool:
    return not hazard.is_major or hazard.reported_on is not None


@guard(gettext_lazy("只有重大隐患才报主管部门。"))
def is_major(hazard: Hazard) -> bool:
    return hazard.is_major


@guard(gettext_lazy("这件已经报过主管部门。"))
def not_yet_told(hazard: Hazard) -> bool:
    return hazard.reported_on is None


def lacking(hazard: Hazard) -> list[str]:
    """Which of the five a major hazard still lacks."""
    return [str(label) for name, label in CLEARS.items() if not hazard.clears.get(name)] if hazard.is_major else []


@guard(gettext_lazy("延期只有一次，这件已经延过。"))
def not_extended(hazard: Hazard) -> bool:
    return not hazard.added_control


@guard(lambda hazard: _("整改期限 %(day)s 已经过了，不能再延期。") % {"day": hazard.due_on})
def not_late(hazard: Hazard) -> bool:
    return hazard.due_on is None or today() <= hazard.due_on


@guard(gettext_lazy("自己人查出的隐患不能撤，只能改好销号。"))
def came_from_outside(hazard: Hazard) -> bool:
    return hazard.source == Hazard.Source.PUBLIC


@guard(gettext_lazy("重大隐患要登记主管部门的回执号才能销号。"))
def has_receipt(hazard: Hazard) -> bool:
    return not hazard.is_major or bool(hazard.authority_receipt)


@guard(gettext_lazy("还没有报主管部门，先报告再登记回执号。"))
def was_told(hazard: Hazard) -> bool:
    return hazard.reported_on is not None


@guard(gettext_lazy("回执号已经登记。"))
def lacks_receipt(hazard: Hazard) -> bool:
    return not hazard.authority_receipt


def upgraded_on(hazard: Hazard) -> datetime.date:
    """The day after which a general hazard that is still there counts as a major one."""
    return (hazard.due_on or today()) + datetime.timedelta(days=queries.term("hazard_upgrade"))


def control_hours(hazard: Hazard) -> int:
    """Within how many hours it is made safe: as the library says, else as for every hazard."""
    return hazard.hours or queries.term("hazard_control")


def _late_subject(hazard: Hazard) -> str:
    """Held against the project once: a hazard that is sent back does not come late a second time."""
    ours = Fact.objects.filter(subject=hazard.project.key, kind=facts.OVERDUE.code)
    return "" if ours.filter(source__startswith=f"hazard:{hazard.pk}/overdue/").exists() else hazard.project.key


def _term(name: str) -> Any:
    return lambda _hazard: queries.term(name)


assign_due = within(
    _term("hazard_assign"), "hour", name="assign", label=gettext_lazy("派单"), whose=rules.manager, during=(S.FOUND,),
    ladder=(Rung(0, rules.director), Rung(1, rules.principal)),
)  # fmt: skip
control_due = within(
    control_hours, "hour", name="control", label=gettext_lazy("临时管控"), whose=rules.fixer, during=(S.ASSIGNED,),
    ladder=(Rung(0, rules.director), Rung(0, rules.principal)),
)  # fmt: skip
start_due = within(
    _term("hazard_start"), name="start", label=gettext_lazy("开始整改"), whose=rules.fixer,
    during=(S.ASSIGNED, S.CONTROLLED, S.REPORTED), remind=(), ladder=(Rung(1, rules.manager),),
)  # fmt: skip
#: The states in which the authority has to be told of a major hazard within its hours.
TO_TELL = (S.CONTROLLED, S.RECTIFYING, S.EXTENDED, S.FIXED, S.VERIFIED)


def must_tell(hazard: Hazard) -> bool:
    return hazard.is_major and hazard.reported_on is None and hazard.state in TO_TELL


report_due = within(
    _term("hazard_report"), "hour", name="report", label=gettext_lazy("报主管部门"), orelse="leave_unreported",
    whose=rules.principal, during=TO_TELL, applies=must_tell, basis=gettext_noop("安全生产法第41条"),
)  # fmt: skip
fix_due = within(
    0, "day", name="fix", label=gettext_lazy("整改到位"), on=lambda case: case.due_on, during=UNMENDED, whose=rules.fixer,
    overdue_kind=facts.OVERDUE, overdue_subject=_late_subject, ladder=rules.ladder,
)  # fmt: skip
upgrade_due = within(
    0, "day", name="upgrade", label=gettext_lazy("逾期升级"), on=upgraded_on, during=UNMENDED, orelse="upgrade", remind=(),
    applies=lambda case: not case.is_major,
)  # fmt: skip
verify_due = within(
    _term("hazard_verify"), name="verify", label=gettext_lazy("复核"), whose=rules.verifier, remind=(1,),
    during=(S.FIXED,), ladder=(Rung(0, rules.director),),
)  # fmt: skip

HAZARD = Workflow(
    "hazard",
    Hazard,
    label=gettext_lazy("隐患"),
    initial=S.FOUND,
    final=Hazard.OVER,
    subject=lambda case: case.project.key,
    title=lambda case: f"{case.project.estate.name} · {case.label}",
    url=lambda pk: f"/safety/hazards/{pk}/",
    opens=(assign_due,),
    steps={
        "assign": Step(
            S.FOUND, S.ASSIGNED, facts.ASSIGNED, by=rules.manager, label=gettext_lazy("派单"),
            then=(control_due, start_due, fix_due, upgrade_due),
            says=gettext_lazy("定级、指定整改人，出隐患整改通知书；整改期限从发现日起算。"),
        ),
        "dismiss": Step(
            S.FOUND, S.DISMISSED, facts.DISMISSED, by=rules.manager, label=gettext_lazy("查无此隐患"), quiet=True,
            needs=[came_from_outside], says=gettext_lazy("写明到现场看到了什么；反映的人凭回执号能看到。"),
        ),
        "control": Step(
            S.ASSIGNED, S.CONTROLLED, facts.CONTROLLED, by=rules.fixer, label=gettext_lazy("登记临时管控"), then=report_due,
            says=gettext_lazy("先让人离开危险，再谈整改。重大隐患必须拍照；可出一张临时管控告示贴在现场。"),
        ),
        "report_major": Step(
            S.CONTROLLED, S.REPORTED, facts.REPORTED, by=rules.principal, label=gettext_lazy("报主管部门"),
            needs=[is_major, not_yet_told], papers=("重大隐患报告书",), then=start_due,
            says=gettext_lazy("出重大隐患报告书；有回执号的一并登记，没有的收到后补。"),
        ),
        "report_late": Step(
            (S.RECTIFYING, S.EXTENDED, S.FIXED, S.VERIFIED), None, facts.REPORTED, by=rules.principal,
            label=gettext_lazy("补报主管部门"), needs=[is_major, not_yet_told], papers=("重大隐患报告书",), quiet=True,
            says=gettext_lazy("整改途中升为重大的，在时限内补报。"),
        ),
        "start": Step(
            (S.ASSIGNED, S.CONTROLLED, S.REPORTED), S.RECTIFYING, facts.STARTED, by=rules.fixer,
            label=gettext_lazy("开始整改"), needs=[made_safe, told_authority],
        ),
        "extend": Step(
            S.RECTIFYING, S.EXTENDED, facts.EXTENDED, by=rules.director, label=gettext_lazy("批准延期"), quiet=True,
            needs=[not_extended, not_late], then=(fix_due, upgrade_due),
            says=gettext_lazy("只能延一次，不超过原期限那么长，并写明延期期间增加什么管控。"),
        ),
        "fix": Step(
            (S.RECTIFYING, S.EXTENDED), S.FIXED, facts.FIXED, by=rules.fixer, label=gettext_lazy("报改好"),
            papers=(BEFORE, AFTER), then=verify_due, says=gettext_lazy("放上改好后的照片，写明怎样改的；由别人复核。"),
        ),
        "verify": Step(
            S.FIXED, S.VERIFIED, facts.VERIFIED, by=rules.verifier, label=gettext_lazy("复核通过"), papers=("复核单",),
            says=gettext_lazy("到现场看过再写。整改的人不能自己复核。"),
        ),
        "reject": Step(
            S.FIXED, S.RECTIFYING, facts.REJECTED, by=rules.verifier, label=gettext_lazy("退回重改"),
            then=(fix_due, upgrade_due), says=gettext_lazy("写明哪里没有改好，记一次返工。期限不变。"),
        ),
        "note_receipt": Step(
            (S.REPORTED, S.RECTIFYING, S.EXTENDED, S.FIXED, S.VERIFIED), None, facts.RECEIPT, by=rules.principal,
            label=gettext_lazy("登记报告回执号"), needs=[is_major, was_told, lacks_receipt], quiet=True,
        ),
        "close": Step(
            S.VERIFIED, S.CLOSED, facts.CLOSED, by=rules.the_clock, label=gettext_lazy("销号"), needs=[has_receipt],
            papers=("隐患销号单",),
        ),
        "reopen": Step(
            S.CLOSED, S.RECTIFYING, facts.REOPENED, by=rules.overseer, label=gettext_lazy("重开"), reopens=True, quiet=True,
            then=(fix_due, upgrade_due), says=gettext_lazy("同一处又出现或没有真改的，写明看到了什么；期限从今天重新起算。"),
        ),
        "upgrade": Step(
            UNMENDED, None, facts.UPGRADED, by=rules.the_clock, label=gettext_lazy("逾期升为重大，督办"), then=report_due,
        ),
        "leave_unreported": Step(
            (S.CONTROLLED, S.RECTIFYING, S.EXTENDED, S.FIXED, S.VERIFIED), None, facts.REPORT_MISSED, by=rules.the_clock,
            label=gettext_lazy("没有按时报主管部门"),
        ),
    },
)  # fmt: skip
