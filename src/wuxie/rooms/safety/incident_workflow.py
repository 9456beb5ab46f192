"""The house rule of an incident: taken down, graded, told within the hour, the place kept, looked into, mended, learnt from.

Hours and days are figures of ``statutes``. Nothing here is ever deleted.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from wuxie.kernel.clock.now import local, today
from wuxie.kernel.workflow.table import Rung, Step, Workflow, guard, within

from . import queries, work_facts, work_queries, work_rules
from .models import Incident

S = Incident.State
SITE, DONE, FLASH, REPORT, FINDING = "事故现场照片", "整改后照片", "事故快报", "事故调查报告", "事故责任认定文书"
#: Until the authority has been told.
UNTOLD = (S.REPORTED, S.GRADED)
#: After it has been told, or need not be.
LATER = (S.TOLD, S.INVESTIGATING, S.MENDING, S.DONE)


@guard(gettext_lazy("先定级，再往下办。"))
def is_graded(incident: Incident) -> bool:
    return bool(incident.grade)


@guard(gettext_lazy("险情不用报主管部门；有人受伤或有损失的，先改等级。"))
def is_reportable(incident: Incident) -> bool:
    return incident.is_reportable


@guard(gettext_lazy("先报主管部门，再调查。时限是一小时，过了也要补报。"))
def authority_knows(incident: Incident) -> bool:
    return not incident.is_reportable or incident.told_at is not None


@guard(gettext_lazy("先写明现场怎样保护，放一张照片。"))
def site_is_kept(incident: Incident) -> bool:
    return bool(incident.site_kept)


@guard(gettext_lazy("要登记主管部门的回执号才能结案。"))
def has_receipt(incident: Incident) -> bool:
    return not incident.is_reportable or bool(incident.authority_receipt)


@guard(gettext_lazy("回执号已经登记，或者还没有报告。"))
def lacks_receipt(incident: Incident) -> bool:
    return incident.told_at is not None and not incident.authority_receipt


@guard(gettext_lazy("事故之后要修订责任清单并重新签责任书。先启用新版清单，再结案。"))
def list_is_revised(incident: Incident) -> bool:
    return not incident.is_reportable or work_queries.revised_since(incident.project_id, incident.opened_at)


def supplement_until(incident: Incident) -> datetime.date:
    return local(incident.happened_at).date() + datetime.timedelta(days=queries.term("incident_supplement"))


@guard(lambda incident: _("补报期到 %(day)s 为止，已经过了。") % {"day": supplement_until(incident)})
def may_supplement(incident: Incident) -> bool:
    return not incident.grade or today() <= supplement_until(incident)


@guard(gettext_lazy("责任已经认定。认定有变的，在事实账本里更正。"))
def not_judged(incident: Incident) -> bool:
    return not incident.judged


def _term(name: str) -> Any:
    return lambda _case: queries.term(name)


grade_due = within(
    _term("incident_grade"), "hour", name="grade", label=gettext_lazy("定级"), whose=work_rules.grader, during=(S.REPORTED,),
    ladder=(Rung(0, work_rules.principal),),
)  # fmt: skip
tell_due = within(
    _term("accident_report"), "hour", name="tell", label=gettext_lazy("报主管部门"), whose=work_rules.teller, during=UNTOLD,
    orelse="leave_untold", basis=gettext_noop("生产安全事故报告和调查处理条例第9条"),
)  # fmt: skip
fix_due = within(
    0, "day", name="fix", label=gettext_lazy("整改到位"), on=lambda case: case.due_on, during=(S.MENDING,),
    whose=work_rules.mender,
    ladder=(Rung(0, work_rules.manager), Rung(1, work_rules.principal), Rung(3, work_rules.street), Rung(5, work_rules.district)),
)  # fmt: skip
revise_due = within(
    _term("incident_revise"), "day", name="revise", label=gettext_lazy("修订责任清单"), during=(S.MENDING, S.DONE),
    whose=work_rules.manager, applies=lambda case: case.is_reportable,
    ladder=(Rung(0, work_rules.director), Rung(3, work_rules.principal)),
)  # fmt: skip
verify_due = within(
    _term("incident_verify"), name="verify", label=gettext_lazy("验证整改"), during=(S.DONE,), whose=work_rules.verifier,
    remind=(1,), ladder=(Rung(0, work_rules.director), Rung(3, work_rules.principal)),
)  # fmt: skip

INCIDENT = Workflow(
    "incident",
    Incident,
    label=gettext_lazy("事故险情"),
    initial=S.REPORTED,
    final=(S.CLOSED,),
    subject=lambda case: case.project.key,
    title=lambda case: f"{case.project.estate.name} · {case}",
    url=lambda pk: f"/safety/incidents/{pk}/",
    opens=(grade_due, tell_due),
    steps={
        "grade": Step(
            S.REPORTED, S.GRADED, work_facts.INCIDENT_GRADED, by=work_rules.grader, label=gettext_lazy("定级"),
            says=gettext_lazy("按现在知道的写死亡、重伤、损失，等级由条例第3条算出；有变化再补报。"),
        ),
        "tell": Step(
            UNTOLD, S.TOLD, work_facts.INCIDENT_TOLD, by=work_rules.teller, label=gettext_lazy("报主管部门"),
            needs=[is_reportable], papers=(FLASH,), says=gettext_lazy("先打电话，再在这里登记。出事故快报；有回执号的一并登记。"),
        ),
        "keep_site": Step(
            (*UNTOLD, S.TOLD), None, work_facts.INCIDENT_SITE, by=work_rules.staff, label=gettext_lazy("登记现场保护"),
            papers=(SITE,), quiet=True, says=gettext_lazy("救人要移动的，先拍照、做记号。"),
        ),
        "supplement": Step(
            LATER, None, work_facts.INCIDENT_SUPPLEMENT, by=work_rules.teller, label=gettext_lazy("补报、改等级"),
            needs=[may_supplement], quiet=True, says=gettext_lazy("伤亡或损失有变化的，写新的数，并告诉主管部门。"),
        ),
        "note_receipt": Step(
            LATER, None, work_facts.INCIDENT_RECEIPT, by=work_rules.teller, label=gettext_lazy("登记报告回执号"),
            needs=[lacks_receipt], quiet=True,
        ),
        "investigate": Step(
            (S.GRADED, S.TOLD), S.INVESTIGATING, work_facts.INCIDENT_INVESTIGATED, by=work_rules.investigator,
            label=gettext_lazy("开始调查"), needs=[is_graded, authority_knows, site_is_kept],
        ),
        "decide": Step(
            S.INVESTIGATING, S.MENDING, work_facts.INCIDENT_CAUSED, by=work_rules.investigator,
            label=gettext_lazy("查明原因、定整改"), papers=(REPORT,), then=(fix_due, revise_due),
            says=gettext_lazy("原因查到管理上，不只写“操作不当”。出事故调查报告。"),
        ),
        "done": Step(
            S.MENDING, S.DONE, work_facts.INCIDENT_DONE, by=work_rules.mender, label=gettext_lazy("报整改做完"), papers=(DONE,),
            then=verify_due, says=gettext_lazy("放整改后的照片；由别人验证。"),
        ),
        "verify": Step(
            S.DONE, S.CLOSED, work_facts.INCIDENT_VERIFIED, by=work_rules.verifier, label=gettext_lazy("验证通过，结案"),
            needs=[has_receipt, list_is_revised], says=gettext_lazy("到现场看过再写。"),
        ),
        "reject": Step(
            S.DONE, S.MENDING, work_facts.INCIDENT_REJECTED, by=work_rules.verifier, label=gettext_lazy("退回重改"),
            then=fix_due,
        ),
        "judge": Step(
            (*LATER, S.CLOSED), None, work_facts.INCIDENT_JUDGED, by=work_rules.judge, label=gettext_lazy("登记责任认定"),
            needs=[not_judged], papers=(FINDING,), quiet=True,
            says=gettext_lazy("以事故调查批复为准，附上文书。认定有责的较大以上或死亡事故，计入星级一票否决。"),
        ),
        "leave_untold": Step(
            UNTOLD, None, work_facts.INCIDENT_MISSED, by=work_rules.the_clock, label=gettext_lazy("没有按时报主管部门"),
        ),
    },
)  # fmt: skip
