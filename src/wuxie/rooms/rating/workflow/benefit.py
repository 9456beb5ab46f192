"""A star's benefits are owed: by somebody, by a day, against a proof."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from wuxie.kernel.workflow.table import Step, Workflow, guard, within

from .. import facts
from ..models import Benefit
from ..rules import company, leading_group, owes_it, the_clock

S = Benefit.State


@guard(_("奖励金额要有当年的预算文件；没有文号，只能标为待落实。"))
def has_budget(benefit: Benefit) -> bool:
    return benefit.kind != "reward" or bool(benefit.application.cycle.budget_number)


def _government_owner(benefit: Benefit) -> str:
    """The government unit that a late delivery is held against, empty when the association owes it."""
    return benefit.owner.key if benefit.owner and benefit.owner.kind == "government_unit" else ""


plan_due = within(
    10, name="schedule", label=_("安排兑现"), orelse="publish_as_pending", during=(S.PROMISED,), whose=owes_it
)
replan_due = within(10, name="delivery_plan", label=_("安排兑现"), ladder=leading_group, whose=owes_it)
delivery_due = within(
    0, "day", name="deliver", label=_("兑现"), on=lambda case: case.due_on, during=(S.PROMISED, S.SCHEDULED, S.BLOCKED),
    overdue_kind=facts.BENEFIT_OVERDUE, overdue_subject=_government_owner, ladder=leading_group, remind=(10, 3, 1),
    whose=owes_it,
)  # fmt: skip
receipt_due = within(10, name="confirm", label=_("确认回执"), orelse="auto_confirm", whose=company)

STAR_BENEFIT = Workflow(
    "star_benefit",
    Benefit,
    label=_("权益兑现"),
    initial=S.PROMISED,
    final=(S.CONFIRMED, S.REVERSED),
    subject=lambda case: case.application.project.key,
    title=lambda case: f"{case.application.project.estate.name} · {case.label}",
    url=lambda pk: f"/rating/benefits/{pk}/",
    opens=(plan_due, delivery_due),
    steps={
        "schedule": Step(
            S.PROMISED, S.SCHEDULED, facts.BENEFIT_SCHEDULED, by=owes_it, label=_("安排兑现"), needs=[has_budget],
            papers=("兑现计划",),
        ),
        "no_budget": Step(
            S.PROMISED, S.BLOCKED, facts.BENEFIT_BLOCKED, by=owes_it, label=_("标为待落实"), papers=("说明",), quiet=True,
            says=_("公开为“待落实”，不显示为已享受；预算到位后继续。"),
        ),
        "publish_as_pending": Step(
            S.PROMISED, None, facts.BENEFIT_PENDING, by=the_clock, label=_("按待落实公布")
        ),
        "budget_arrived": Step(
            S.BLOCKED, S.SCHEDULED, facts.BENEFIT_FUNDED, by=owes_it, label=_("预算到位，安排兑现"), papers=("预算文件",)
        ),
        "deliver": Step(
            S.SCHEDULED, S.DELIVERED, facts.BENEFIT_DELIVERED, by=owes_it, label=_("登记已兑现"),
            papers=("拨付凭证或链接或文号",), then=receipt_due,
        ),
        "confirm": Step(
            S.DELIVERED, S.CONFIRMED, facts.BENEFIT_CONFIRMED, by=company, label=_("确认收到"), papers=("确认回执",)
        ),
        "auto_confirm": Step(
            S.DELIVERED, S.CONFIRMED, facts.BENEFIT_AUTO_CONFIRMED, by=the_clock, label=_("逾期视为确认")
        ),
        "reverse_on_revoke": Step(
            (S.PROMISED, S.SCHEDULED, S.DELIVERED, S.CONFIRMED, S.BLOCKED), S.REVERSED, facts.BENEFIT_REVERSED,
            by=the_clock, label=_("随星级冲回"), papers=("冲回单",),
        ),
    },
)  # fmt: skip
