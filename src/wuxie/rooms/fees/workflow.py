"""The house rule of a change of fee: true costs, an independent review, both in public, the owners' vote, an agreement, kept promises.

A price never reaches back; promises that fail bring the old price back. Periods are figures of ``statutes``.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from wuxie.kernel.clock.now import start_of, today
from wuxie.kernel.labels import Sentence
from wuxie.kernel.workflow.table import Step, Workflow, guard, within

from . import facts, queries, rules
from .models import Adjustment
from .words import Kind

S = Adjustment.State
TITLE = Sentence(gettext_noop("%(estate)s 物业费调整"))
COSTS, PROPOSAL, ANSWERS, AGREEMENT, UNDO = (
    "物业费成本公示表",
    "物业费调价方案",
    "物业费调价答疑记录",
    "物业费补充协议",
    "恢复原物业费通知",
)
VOUCHER, REVIEW, SIGNED, COUNT, PROOF, CLAUSE, HEARING = (
    gettext_noop("成本凭证"),
    gettext_noop("成本审核报告"),
    gettext_noop("签字的补充协议"),
    gettext_noop("表决汇总和计票清单"),
    gettext_noop("兑现凭证"),
    gettext_noop("物业服务合同调价条款"),
    gettext_noop("说明会记录"),
)


@guard(
    lambda case: _("合同约定 %(n)s 年内不调：%(day)s 起才能提。") % {"n": case.min_years, "day": queries.ripe_on(case)}
)
def is_ripe(case: Adjustment) -> bool:
    return today() >= queries.ripe_on(case)


@guard(gettext_lazy("先填收费面积和收缴率。"))
def has_base(case: Adjustment) -> bool:
    return queries.base(case) is not None


@guard(gettext_lazy("先登记成本，每一项都要有凭证。"))
def has_costs(case: Adjustment) -> bool:
    return case.costs.exists()


@guard(gettext_lazy("至少拟两个方案，其中一个不涨价（B、C 或 D），业主才有得选。"))
def has_options(case: Adjustment) -> bool:
    kinds = set(case.options.values_list("kind", flat=True))
    return len(kinds) >= 2 and bool(kinds & {Kind.B, Kind.C, Kind.D})


@guard(gettext_lazy("先写承诺的改进，一条一条能核对。"))
def has_promises(case: Adjustment) -> bool:
    return case.promises.exists()


@guard(lambda case: _("成本要公示到 %(day)s，期满第二天起才能公示方案。") % {"day": case.costs_until})
def costs_were_shown(case: Adjustment) -> bool:
    return case.costs_until is not None and today() > case.costs_until


@guard(lambda case: _("方案要公示到 %(day)s，期满第二天起才能表决。") % {"day": case.plan_until})
def plan_was_shown(case: Adjustment) -> bool:
    return case.plan_until is not None and today() > case.plan_until


@guard(gettext_lazy("还有问题没有答复，答完再表决。"))
def all_answered(case: Adjustment) -> bool:
    return not case.questions.filter(answered_at=None).exists()


@guard(gettext_lazy("没有等答复的问题。"))
def is_asked(case: Adjustment) -> bool:
    return case.questions.filter(answered_at=None).exists()


@guard(gettext_lazy("还没有开说明会。"))
def was_heard(case: Adjustment) -> bool:
    return case.heard_on is not None


@guard(lambda case: _("表决结果要公示到 %(day)s，期满第二天起才能签。") % {"day": case.result_until})
def result_was_shown(case: Adjustment) -> bool:
    return case.result_until is None or today() > case.result_until


@guard(lambda case: _("承诺要跟踪到 %(day)s。") % {"day": case.check_on})
def was_tracked(case: Adjustment) -> bool:
    return case.check_on is not None and today() >= case.check_on


@guard(gettext_lazy("还有承诺没有核查，或者最近一次核查没有兑现。"))
def all_kept(case: Adjustment) -> bool:
    return queries.promises_stand(case)[0]


@guard(gettext_lazy("没有哪条承诺最近一次核查是没兑现。"))
def one_broken(case: Adjustment) -> bool:
    return queries.promises_stand(case)[1]


@guard(lambda case: _("给企业改到 %(day)s，期满第二天起才能恢复原标准。") % {"day": case.cure_until})
def had_time(case: Adjustment) -> bool:
    return case.cure_until is not None and today() > case.cure_until


def days(name: str) -> Callable[[Any], int]:
    """So long as a figure says today."""
    return lambda _case: queries.term(name)


def dawn(name: str) -> Callable[[Any], datetime.datetime]:
    """The first moment of a day of the case: the page names the day itself, and not its eve."""
    return lambda case: start_of(getattr(case, name))


sign_due = within(
    days("sign"), "day", name="sign", label=gettext_lazy("签补充协议"), during=(S.PASSED,), whose=rules.organiser
)
begin = within(
    0, name="begin", label=gettext_lazy("执行新标准"), at=dawn("effective_on"), during=(S.CONTRACTED,), orelse="take_effect", remind=(),
)  # fmt: skip
second = within(
    0, name="second", label=gettext_lazy("第二步单价"), at=dawn("second_on"), during=(S.EFFECTIVE, S.KEPT), orelse="second_step", remind=(),
    applies=lambda case: case.second_on is not None and not case.stepped,
)  # fmt: skip
check_due = within(
    0, "day", name="check", label=gettext_lazy("核查承诺"), on=lambda case: case.check_on, during=(S.EFFECTIVE,), whose=rules.organiser, remind=(30, 7),
)  # fmt: skip
cure_due = within(
    days("cure"), "day", name="cure", label=gettext_lazy("把承诺改好"), during=(S.FAILING,), whose=rules.keeper, remind=(7, 1),
)  # fmt: skip
undo = within(
    0, name="undo", label=gettext_lazy("恢复原标准"), at=dawn("reverts_on"), during=(S.REVERTING,), orelse="revert", remind=(),
)  # fmt: skip
EARLY, DRAFTING, SHOWN, TRACKED = (
    (S.PREPARING,), (S.PREPARING, S.REVIEWED, S.SHOWN), (S.SHOWN, S.PUBLISHED), (S.EFFECTIVE, S.FAILING),
)  # fmt: skip

ADJUSTMENT = Workflow(
    "fee_adjustment",
    Adjustment,
    label=gettext_lazy("物业费调整"),
    initial=S.PREPARING,
    final=(S.FAILED, S.ROLLED_BACK, S.WITHDRAWN),
    subject=lambda case: case.project.key,
    title=lambda case: TITLE(estate=case.project.estate.name),
    url=lambda pk: f"/fees/adjustments/{pk}/",
    steps={
        "base": Step(
            EARLY, None, by=rules.keeper, label=gettext_lazy("填面积和收缴率"), says=gettext_lazy("单价由成本、收费面积、收缴率算出；空置的也算收费面积。"),
        ),
        "cost": Step(
            EARLY, None, by=rules.keeper, label=gettext_lazy("登记一项成本"),
            says=gettext_lazy("一年一项一笔，放上凭证。保修期内的维修、维修资金出的、罚款、别的生意的花费不能算进来。"),
        ),
        "uncost": Step(EARLY, None, by=rules.keeper, label=gettext_lazy("去掉一项成本"), needs=[has_costs], quiet=True),
        "option": Step(
            DRAFTING, None, by=rules.keeper, label=gettext_lazy("拟一个方案"),
            says=gettext_lazy("五类方案，一类一个。系统只算账，不建议收多少。"),
        ),
        "promise": Step(
            DRAFTING, None, by=rules.keeper, label=gettext_lazy("写一条承诺"), says=gettext_lazy("写业主自己看得出的改进，例如“每单元每周拖地两次”。"),
        ),
        "review": Step(
            S.PREPARING, S.REVIEWED, facts.REVIEWED, by=rules.organiser, label=gettext_lazy("登记独立审核"), needs=[is_ripe, has_base, has_costs],
            papers=(REVIEW,), says=gettext_lazy("由业委会（没有的由社区）请与物业没有关系的单位审，逐项核减，放上报告。"),
        ),
        "send_back": Step(
            S.REVIEWED, S.PREPARING, by=rules.organiser, label=gettext_lazy("退回重报成本"), quiet=True, reopens=True,
        ),
        "show_costs": Step(
            S.REVIEWED, S.SHOWN, facts.COSTS_SHOWN, by=rules.keeper, label=gettext_lazy("公示成本"), papers=(COSTS,),
            says=gettext_lazy("出成本公示表，贴到每个单元门口；上面有查询号，业主不用登录就能看、能问。"),
        ),
        "publish": Step(
            S.SHOWN, S.PUBLISHED, facts.PUBLISHED, by=rules.keeper, label=gettext_lazy("公示方案"), papers=(PROPOSAL,),
            needs=[costs_were_shown, has_options, has_promises], says=gettext_lazy("方案、承诺和每户每月的影响一起公示，公示以后不能改。"),
        ),
        "ask": Step(
            SHOWN, None, by=rules.hearer, label=gettext_lazy("登记纸上或会上的提问"), quiet=True, says=gettext_lazy("不写姓名。和网上提的一起答复。"),
        ),
        "answer": Step(SHOWN, None, by=rules.keeper, label=gettext_lazy("答复提问"), needs=[is_asked], says=gettext_lazy("答复会公开，提问的人凭回执看。")),
        "hear": Step(
            S.PUBLISHED, None, facts.HEARD, by=rules.hearer, label=gettext_lazy("登记说明会"), says=gettext_lazy("请社区到场，写明来了多少人、说了什么。"),
        ),
        "vote": Step(
            S.PUBLISHED, S.VOTING, facts.VOTE_CALLED, by=rules.organiser, label=gettext_lazy("交业主表决"), papers=(ANSWERS,),
            needs=[plan_was_shown, was_heard, all_answered],
            says=gettext_lazy("选一个方案交付表决。欠费的业主也有表决权。三分之二以上参与，参与的过半数同意。"),
        ),
        "call_off": Step(S.VOTING, S.PUBLISHED, by=rules.the_clock, label=gettext_lazy("表决撤回了"), reopens=True),
        "approve": Step(
            S.VOTING, S.PASSED, facts.PASSED, by=rules.counter, label=gettext_lazy("登记表决结果"), then=sign_due, papers=(COUNT,),
            says=gettext_lazy("在“业主表决”里办的会自动回来。纸上办的照计票清单填，通过没通过由系统按法定比例算。"),
        ),
        "reject": Step(S.VOTING, S.FAILED, facts.FAILED, by=rules.counter, label=gettext_lazy("表决未通过"), quiet=True),
        "sign": Step(
            S.PASSED, S.CONTRACTED, facts.CONTRACTED, by=rules.organiser, label=gettext_lazy("签补充协议"), needs=[result_was_shown], then=begin,
            papers=(AGREEMENT,), says=gettext_lazy("单价、承诺、没兑现怎么恢复都写进去。从下一个收费月起执行，不追溯。"),
        ),
        "take_effect": Step(
            S.CONTRACTED, S.EFFECTIVE, facts.PRICED, by=rules.the_clock, label=gettext_lazy("执行新标准"), then=(check_due, second),
        ),
        "second_step": Step((S.EFFECTIVE, S.KEPT), None, facts.PRICED, by=rules.the_clock, label=gettext_lazy("执行第二步单价")),
        "did": Step(
            TRACKED, None, by=rules.keeper, label=gettext_lazy("报告兑现"), says=gettext_lazy("选一条承诺，放一张照片或凭证。由业委会（没有的由社区）核查。"),
        ),
        "check": Step(
            TRACKED, None, by=rules.organiser, label=gettext_lazy("核查一条承诺"), says=gettext_lazy("每月看一次，写看到什么。物业不能自己核查自己。"),
        ),
        "keep": Step(
            TRACKED, S.KEPT, facts.KEPT, by=rules.organiser, label=gettext_lazy("承诺已兑现，办结"), needs=[was_tracked, all_kept], then=second,
        ),
        "fail": Step(
            S.EFFECTIVE, S.FAILING, facts.FAILING, by=rules.organiser, label=gettext_lazy("承诺没兑现，限期改"), needs=[one_broken], then=cure_due,
            quiet=True,
        ),
        "roll_back": Step(
            S.FAILING, S.REVERTING, by=rules.organiser, label=gettext_lazy("恢复原标准"), needs=[had_time, one_broken], papers=(UNDO,), then=undo,
            says=gettext_lazy("按补充协议的约定，从下一个收费月起恢复。"),
        ),
        "revert": Step(S.REVERTING, S.ROLLED_BACK, facts.PRICED, by=rules.the_clock, label=gettext_lazy("恢复了原标准")),
        "annul": Step(
            (S.PASSED, S.CONTRACTED, S.EFFECTIVE, S.FAILING, S.REVERTING, S.KEPT), S.ROLLED_BACK, facts.PRICED, by=rules.the_clock,
            label=gettext_lazy("表决被撤销，恢复原标准"),
        ),
        "withdraw": Step(
            (S.PREPARING, S.REVIEWED, S.SHOWN, S.PUBLISHED), S.WITHDRAWN, by=rules.keeper, label=gettext_lazy("不调了，撤回"), quiet=True,
        ),
    },
)  # fmt: skip
