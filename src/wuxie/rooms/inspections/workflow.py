"""The house rule of an inspection: reminded, booked, done, passed or mended; and what the clock does to one that nobody did.

Days and months are figures of ``statutes`` or of the catalogue; a case opens so many days before its due date.
"""

from __future__ import annotations

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from wuxie.kernel.clock.days import add_months
from wuxie.kernel.workflow.table import Rung, Step, Workflow, guard, within

from . import facts, queries, rules
from .models import Inspection

S = Inspection.State
REPORT, FAILED_REPORT = "检测报告", "不合格通知"
NOTICE = "停止使用告示"
WAITING = Inspection.WAITING
UNSETTLED = (S.OVERDUE, S.BOOKED, S.INSPECTED, S.FAILED, S.RECTIFIED)


@guard(
    lambda case: (
        _("“%(what)s”是特种设备的法定检验，不能判为不适用。设备停用、报废的，在台账里登记。") % {"what": case.label}
    )
)
def may_be_exempt(case: Inspection) -> bool:
    return not case.spec.special


def ask_by(case: Inspection) -> datetime.date:
    """Until when the body has to be asked: of special equipment a month before the due date (特种设备安全法第40条), of others half of the lead time."""
    if case.spec.special:
        return add_months(case.due_on, -queries.term("lift_apply"))
    return case.due_on - datetime.timedelta(days=case.spec.lead // 2)


request_due = within(
    0, "day", name="request", label=gettext_lazy("提出检验要求"), on=ask_by, during=(S.DUE,), orelse="remind", whose=rules.keeper,
    remind=(15, 3), basis=gettext_noop("特种设备安全法第40条（特种设备）"), applies=lambda case: not case.is_restart,
)  # fmt: skip
expiry = within(
    0, "day", name="expiry", label=gettext_lazy("应检日"), on=lambda case: case.due_on, during=(S.DUE, S.REMINDED, S.BOOKED),
    orelse="expire", whose=rules.keeper, remind=queries.ladder_days, applies=lambda case: not case.is_restart,
)  # fmt: skip
settle_due = within(
    0, "day", name="settle", label=gettext_lazy("补检"), on=lambda case: case.due_on, during=UNSETTLED, whose=rules.keeper, remind=(),
    ladder=rules.ladder,
)  # fmt: skip
mend_due = within(
    lambda _case: queries.term("rectify"), "day", name="mend", label=gettext_lazy("整改"), during=(S.FAILED,), whose=rules.keeper,
    remind=(7, 1), ladder=(Rung(0, rules.director), Rung(1, rules.principal)),
)  # fmt: skip

INSPECTION = Workflow(
    "inspection",
    Inspection,
    label=gettext_lazy("检验检测"),
    initial=S.DUE,
    final=Inspection.OVER,
    subject=lambda case: case.project.key,
    title=lambda case: f"{case.project.estate.name} · {case.label}",
    url=lambda pk: f"/inspections/cases/{pk}/",
    opens=(request_due, expiry),
    steps={
        "remind": Step(S.DUE, S.REMINDED, facts.REMINDED, by=rules.the_clock, label=gettext_lazy("催办")),
        "book": Step(
            (S.DUE, S.REMINDED, S.OVERDUE), S.BOOKED, facts.BOOKED, by=rules.keeper, label=gettext_lazy("预约"),
            says=gettext_lazy("写明机构、资质证号、价格和约定日期。预约不算检过，过了应检日仍是逾期。"),
        ),
        "inspect": Step(
            WAITING, S.INSPECTED, facts.INSPECTED, by=rules.keeper, label=gettext_lazy("登记已检"),
            says=gettext_lazy("写现场检验的日期。报告到了再登记结果。"),
        ),
        "pass": Step(
            (S.INSPECTED, S.RECTIFIED), S.PASSED, facts.PASSED, by=rules.keeper, label=gettext_lazy("登记合格报告"), papers=(REPORT,),
            says=gettext_lazy("写报告编号，放上报告。下次应检日按到期月往后推，不按这次检验的日子。"),
        ),
        "fail": Step(
            (S.INSPECTED, S.RECTIFIED), S.FAILED, facts.FAILED, by=rules.keeper, label=gettext_lazy("登记不合格"), then=mend_due,
            says=gettext_lazy("写明哪里不合格。会自动立一件隐患；特种设备同时禁止使用。"),
        ),
        "rectify": Step(
            S.FAILED, S.RECTIFIED, facts.RECTIFIED, by=rules.keeper, label=gettext_lazy("报整改完"),
            says=gettext_lazy("写明怎样整改的，然后约机构复检。"),
        ),
        "exempt": Step(
            WAITING, S.WITHDRAWN, by=rules.director, label=gettext_lazy("判定不适用"), quiet=True,
            needs=[may_be_exempt], says=gettext_lazy("写明理由和依据，例如当地主管部门的清单。以后不再提醒，记录留着。"),
        ),
        "expire": Step(
            (S.DUE, S.REMINDED, S.BOOKED), S.OVERDUE, facts.EXPIRED, by=rules.the_clock, label=gettext_lazy("过了应检日"), then=settle_due,
        ),
        "withdraw": Step(
            (*WAITING, S.INSPECTED, S.FAILED, S.RECTIFIED), S.WITHDRAWN, by=rules.the_clock, label=gettext_lazy("撤销"), quiet=True,
        ),
    },
)  # fmt: skip
