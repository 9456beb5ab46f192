"""The regulation on petitions as a table (信访工作条例, in force 2022-05-01): told within fifteen days, answered within sixty, looked at twice above.

Its clock is the office's own and has nothing to do with the association's service or with people's mediation.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from wuxie.kernel.clock import days
from wuxie.kernel.clock.now import today
from wuxie.kernel.clock.tables import calendar
from wuxie.kernel.workflow.table import Rung, Step, Workflow, guard, within

from . import facts, rules
from .figures import term
from .models import Petition

S = Petition.State
TOLD, OPINION, REVIEW, FINAL = "信访受理告知书", "信访处理意见书", "信访复查意见书", "信访复核意见书"


@guard(
    lambda case: (
        _("不属职权的，要在收到起 %(n)s 个工作日内提出。已经过了，按受理办。")
        % {"n": term("deadline.petition.objection")}
    )
)
def may_object(case: Petition) -> bool:
    last = days.add(case.received_on, term("deadline.petition.objection"), "working_day", calendar()).on
    return today() <= last


@guard(gettext_lazy("已经延长过一次，不能再延长。"))
def not_extended(case: Petition) -> bool:
    return not case.extended


def _days(name: str) -> Callable[[Petition], int]:
    """A period of the regulation as it is in force on the day it begins."""
    return lambda _case: term(f"deadline.petition.{name}")


accept_due = within(
    _days("accept"), "day", name="petition_accept", label=gettext_lazy("信访：告知是否受理"), during=(S.RECEIVED,), whose=rules.handling_office,
    remind=(5, 1), ladder=(Rung(1, rules.above),), basis=gettext_noop("信访工作条例第23条"),
)  # fmt: skip
conclude_due = within(
    _days("conclude"), "day", name="petition_conclude", label=gettext_lazy("信访：办结"), during=(S.ACCEPTED,), whose=rules.handling_office,
    remind=(15, 5, 1), ladder=(Rung(1, rules.above),), basis=gettext_noop("信访工作条例第34条"),
)  # fmt: skip
ask_review = within(
    _days("review"), "day", name="petition_ask_review", label=gettext_lazy("信访：请求复查"), during=(S.ANSWERED,), orelse="lapse",
    whose=rules.handling_office, remind=(), basis=gettext_noop("信访工作条例第35条"),
)  # fmt: skip
review_due = within(
    _days("review"), "day", name="petition_review", label=gettext_lazy("信访：作出复查意见"), during=(S.REVIEWING,), whose=rules.above,
    remind=(7, 1), ladder=(Rung(1, rules.top),), basis=gettext_noop("信访工作条例第35条"),
)  # fmt: skip
ask_final = within(
    _days("reexamine"), "day", name="petition_ask_final", label=gettext_lazy("信访：请求复核"), during=(S.REVIEWED,), orelse="lapse",
    whose=rules.above, remind=(), basis=gettext_noop("信访工作条例第36条"),
)  # fmt: skip
final_due = within(
    _days("reexamine"), "day", name="petition_final", label=gettext_lazy("信访：作出复核意见"), during=(S.FINAL,), whose=rules.top,
    remind=(7, 1), basis=gettext_noop("信访工作条例第36条"),
)  # fmt: skip

PETITION = Workflow(
    "petition",
    Petition,
    label=gettext_lazy("信访事项"),
    initial=S.RECEIVED,
    final=(S.CONCLUDED,),
    subject=lambda case: case.project.key,
    title=lambda case: f"{case.project.estate.name} · {case.title}",
    url=lambda pk: f"/mediation/petitions/{pk}/",
    opens=(accept_due,),
    steps={
        "accept": Step(
            S.RECEIVED, S.ACCEPTED, facts.P_ACCEPTED, by=rules.handling_office, label=gettext_lazy("受理并书面告知"), then=conclude_due,
            papers=(TOLD,), says=gettext_lazy("出受理告知书。从受理起六十日内办结。"),
        ),
        "object": Step(
            S.RECEIVED, S.OBJECTED, facts.P_OBJECTED, by=rules.handling_office, label=gettext_lazy("提出不属职权"), needs=[may_object], quiet=True,
            says=gettext_lazy("写明归谁管。由上一级重新交办。"),
        ),
        "reassign": Step(
            S.OBJECTED, S.RECEIVED, by=rules.above, label=gettext_lazy("重新交办"), then=accept_due, reopens=True,
        ),
        "extend": Step(
            S.ACCEPTED, None, by=rules.handling_office, label=gettext_lazy("延长办理期限"), needs=[not_extended], quiet=True,
            says=gettext_lazy("情况复杂的可以延长一次，理由要告诉信访人。"),
        ),
        "answer": Step(
            S.ACCEPTED, S.ANSWERED, facts.P_ANSWERED, by=rules.handling_office, label=gettext_lazy("作出处理意见"), then=ask_review,
            papers=(OPINION,), says=gettext_lazy("出处理意见书，送信访人，写明可以请求复查。"),
        ),
        "ask_review": Step(
            S.ANSWERED, S.REVIEWING, by=rules.handling_office | rules.above, label=gettext_lazy("登记复查请求"), then=review_due, quiet=True,
        ),
        "review": Step(
            S.REVIEWING, S.REVIEWED, facts.P_REVIEWED, by=rules.above, label=gettext_lazy("作出复查意见"), then=ask_final, papers=(REVIEW,),
        ),
        "ask_final": Step(
            S.REVIEWED, S.FINAL, by=rules.above | rules.top, label=gettext_lazy("登记复核请求"), then=final_due, quiet=True,
        ),
        "conclude": Step(
            S.FINAL, S.CONCLUDED, facts.P_CONCLUDED, by=rules.top, label=gettext_lazy("作出复核意见"), papers=(FINAL,),
            says=gettext_lazy("复核意见是终结意见，同一事实和理由再来的不再受理。"),
        ),
        "lapse": Step(
            (S.ANSWERED, S.REVIEWED), S.CONCLUDED, facts.P_CONCLUDED, by=rules.the_clock, label=gettext_lazy("期满没有请求复查、复核"),
        ),
    },
)  # fmt: skip
