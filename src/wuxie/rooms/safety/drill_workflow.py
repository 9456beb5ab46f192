"""The house rule of a drill: due in its part of the year, announced, held, judged by another, closed once its lessons are drawn."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.workflow.table import Rung, Step, Workflow, guard, within

from . import queries, work_facts, work_queries, work_rules
from .models import Drill

S = Drill.State
PHOTO, PAPER = "演练照片", "演练评估表"


@guard(lambda drill: _("演练立的隐患“%(what)s”还没有销号，销号后再办结。") % {"what": drill.hazard})
def hazard_is_gone(drill: Drill) -> bool:
    return drill.hazard is None or drill.hazard.is_over


@guard(gettext_lazy("评估说要修订责任清单。先启用新版清单，再办结。"))
def list_is_revised(drill: Drill) -> bool:
    return not drill.revise_list or work_queries.revised_since(drill.project_id, drill.evaluated_at)


hold_due = within(
    0, "day", name="hold", label=gettext_lazy("做演练"), on=lambda case: case.due_on, during=Drill.WAITING,
    whose=work_rules.organiser, overdue_kind=work_facts.DRILL_OVERDUE, remind=(30, 7, 1), basis="应急管理部令第2号",
    ladder=(Rung(0, work_rules.manager), Rung(3, work_rules.director), Rung(10, work_rules.principal), Rung(20, work_rules.community)),
)  # fmt: skip
evaluate_due = within(
    lambda _case: queries.term("drill_evaluate"), name="evaluate", label=gettext_lazy("评估演练"), during=(S.HELD,),
    whose=work_rules.evaluator, remind=(1,), ladder=(Rung(0, work_rules.director),),
)  # fmt: skip
close_due = within(
    lambda _case: queries.term("drill_close"), name="close", label=gettext_lazy("办结演练"), during=(S.EVALUATED,),
    whose=work_rules.drill_closer, remind=(1,), ladder=(Rung(0, work_rules.director), Rung(3, work_rules.principal)),
)  # fmt: skip

DRILL = Workflow(
    "drill",
    Drill,
    label=gettext_lazy("演练"),
    initial=S.PLANNED,
    final=Drill.OVER,
    subject=lambda case: case.project.key,
    title=lambda case: f"{case.project.estate.name} · {case}",
    url=lambda pk: f"/safety/drills/{pk}/",
    opens=(hold_due,),
    steps={
        "announce": Step(
            Drill.WAITING, S.ANNOUNCED, work_facts.DRILL_ANNOUNCED, by=work_rules.organiser, label=gettext_lazy("定日子、发通知"),
            says=gettext_lazy("写明哪天、演什么；住户会听到警铃的，提前告示。"),
        ),
        "hold": Step(
            S.ANNOUNCED, S.HELD, work_facts.DRILL_DONE, by=work_rules.organiser, label=gettext_lazy("登记演练情况"),
            papers=(PHOTO,), then=evaluate_due, says=gettext_lazy("放现场照片，写人数、用时和带队人；由别人评估。"),
        ),
        "evaluate": Step(
            S.HELD, S.EVALUATED, work_facts.DRILL_EVALUATED, by=work_rules.evaluator, label=gettext_lazy("评估演练"),
            papers=(PAPER,), then=close_due, says=gettext_lazy("没做好的照实写；要立隐患、要改责任清单的当场定。"),
        ),
        "close": Step(
            S.EVALUATED, S.CLOSED, work_facts.DRILL_CLOSED, by=work_rules.drill_closer, label=gettext_lazy("办结演练"),
            needs=[hazard_is_gone, list_is_revised], says=gettext_lazy("该改的都改了再办结；办结后计入演练次数。"),
        ),
        "drop": Step(
            Drill.WAITING, S.DROPPED, work_facts.DRILL_DROPPED, by=work_rules.director, label=gettext_lazy("不再需要"), quiet=True,
            says=gettext_lazy("只用于设施已经没有了的，例如电梯已拆。"),
        ),
    },
)  # fmt: skip
