"""A group's task is given to a member, delivered in time, and accepted by somebody who did not do it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from wuxie.kernel.workflow.table import Rung, Step, Workflow, guard, within

from .. import facts, queries, rules
from ..models import Task
from .meetings import term

S = Task.State
LETTER, RESULT, ACCEPTANCE = "工作组任务书", gettext_noop("工作成果"), "成果验收单"


@guard(lambda case: _("%(group)s还没有会员。先在会员资料里把会员编进组。") % {"group": case.group})
def has_members(case: Task) -> bool:
    return queries.members_of(case.group).exists()


assign_due = within(
    term("task_assign"), name="assign", label=gettext_lazy("分配任务"), during=(S.PLANNED,), whose=rules.manager, remind=(1,),
)  # fmt: skip
deliver_due = within(
    0, "day", name="deliver", label=gettext_lazy("交付成果"), on=lambda case: case.due_on, during=(S.ASSIGNED,), whose=rules.doer,
    remind=(7, 1), ladder=(Rung(0, rules.manager),),
)  # fmt: skip
accept_due = within(
    term("task_accept"), name="accept", label=gettext_lazy("验收成果"), during=(S.DELIVERED,), whose=rules.acceptor, remind=(3,),
    ladder=(Rung(0, rules.office),),
)  # fmt: skip
redeliver_due = within(
    term("task_redeliver"), name="redeliver", label=gettext_lazy("改好再交"), during=(S.RETURNED,), whose=rules.doer, remind=(3, 1),
    ladder=(Rung(0, rules.manager),),
)  # fmt: skip

TASK = Workflow(
    "group_task",
    Task,
    label=gettext_lazy("工作组任务"),
    initial=S.PLANNED,
    final=Task.DONE,
    subject=lambda case: queries.association_key(),
    title=lambda case: f"{case.group} · {case.title}",
    url=lambda pk: f"/association/tasks/{pk}/",
    opens=(assign_due,),
    steps={
        "assign": Step(
            S.PLANNED, S.ASSIGNED, facts.TASK_ASSIGNED, by=rules.manager, label=gettext_lazy("分配任务"), needs=[has_members], papers=(LETTER,),
            then=deliver_due, says=gettext_lazy("选承办会员，写明交付物、验收标准、期限和工时，出任务书。"),
        ),
        "deliver": Step(
            S.ASSIGNED, S.DELIVERED, by=rules.doer, label=gettext_lazy("交付成果"), papers=(RESULT,), then=accept_due,
            says=gettext_lazy("放上成果文件。由别人验收。"),
        ),
        "redeliver": Step(
            S.RETURNED, S.DELIVERED, by=rules.doer, label=gettext_lazy("改好再交"), papers=(RESULT,), then=accept_due,
        ),
        "accept": Step(
            S.DELIVERED, S.ACCEPTED, facts.TASK_ACCEPTED, by=rules.acceptor, label=gettext_lazy("验收"), papers=(ACCEPTANCE,),
            says=gettext_lazy("对照验收标准打质量分。记承办会员一项成果和一次义务履行。承办单位的人不能验收。"),
        ),
        "return": Step(
            S.DELIVERED, S.RETURNED, by=rules.acceptor, label=gettext_lazy("退回修改"), quiet=True, reopens=True, then=redeliver_due,
        ),
        "reassign": Step(
            (S.ASSIGNED, S.RETURNED), S.PLANNED, by=rules.manager, label=gettext_lazy("收回改派"), quiet=True, reopens=True, then=assign_due,
        ),
        "drop": Step(S.PLANNED, S.DROPPED, by=rules.office, label=gettext_lazy("不办了"), quiet=True),
    },
)  # fmt: skip
