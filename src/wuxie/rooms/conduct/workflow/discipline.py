"""The house rule of discipline: a clue, filed or not, investigated by two, told, answered, heard, voted on, served, reviewed, in force, ended.

Periods and shares are figures of ``statutes`` (the charter's, where it says otherwise).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.clock.days import add_months
from wuxie.kernel.clock.now import today
from wuxie.kernel.labels import said
from wuxie.kernel.workflow.table import Rung, Step, Workflow, guard, within

from .. import facts, law, queries, rules
from ..models import Proceeding
from ..words import Measure

S = Proceeding.State
FILING, REFUSAL, NOTICE, CHARGES, TALLY, DECISION, REVIEW, LIFTING = (
    "立案表", "不予处理告知", "调查通知", "拟惩戒告知书", "惩戒表决记录", "行业自律惩戒决定书", "复议决定书", "自律措施解除通知",
)  # fmt: skip
REPORT, DEFENCE, MINUTES, RECEIPT, APPEAL, COUNCIL, MENDED, REFERRAL = (
    "调查报告", "陈述申辩书", "听证笔录", "送达回证", "复议申请", "理事会会议记录", "整改证明", "移送函",
)  # fmt: skip


def blame(case: Proceeding) -> str:
    """All that the company is blamed for, as text."""
    return f"{case.title}\n{case.words}\n{case.findings}"


@guard(
    lambda case: (
        _(
            "不能立案：报价低、收费低、不参加统一行动都不是违约。协会处理低价就是组织垄断协议（%(rule)s）。请不予处理，怀疑倾销的移送主管部门。"
        )
        % {"rule": said(law.ANTITRUST)}
    )
)
def is_lawful(case: Proceeding) -> bool:
    return not law.price_charge(case.charge, blame(case))


@guard(lambda case: _("%(day)s 时该企业不是会员，公约管不到它。可以移送主管部门。") % {"day": case.occurred_on})
def was_member(case: Proceeding) -> bool:
    return queries.is_member(case.respondent_id, case.occurred_on)


@guard(gettext_lazy("同一件事已经立过案，不能处理两次。"))
def is_new(case: Proceeding) -> bool:
    return queries.same_matter(case) is None


@guard(gettext_lazy("调查期只能延长一次。"))
def may_extend(case: Proceeding) -> bool:
    return not case.extended


@guard(gettext_lazy("调查人已经够了。"))
def is_short(case: Proceeding) -> bool:
    return len(queries.investigators(case)) < queries.term("investigators")


@guard(gettext_lazy("还没有听证：企业要求了，或者拟除名。先听证再表决。"))
def is_heard(case: Proceeding) -> bool:
    return not case.needs_hearing or case.state == S.HEARING


@guard(
    lambda case: (
        _("到会不够：能表决的委员 %(entitled)s 人，已表决 %(present)s 人，要有 %(share)s 以上并且不少于 %(least)s 人。")
        % {"entitled": len(queries.panel_of(case)), "present": len(queries.ballots_of(case)), "share": queries.share("quorum"),
           "least": queries.term("panel_least")}
    )
)  # fmt: skip
def is_quorate(case: Proceeding) -> bool:
    return queries.decided(case).quorate


@guard(gettext_lazy("企业已经退会，不能再暂停权利或除名；可以改用较轻的一档，公示照旧。"))
def still_member(case: Proceeding) -> bool:
    return case.proposed not in (Measure.SUSPEND, Measure.EXPEL) or queries.is_member(case.respondent_id, today())


@guard(gettext_lazy("企业还没有申请解除。"))
def was_asked(case: Proceeding) -> bool:
    return case.repair_asked_on is not None


@guard(gettext_lazy("已经申请过解除，等秘书处审核。"))
def not_asked(case: Proceeding) -> bool:
    return case.repair_asked_on is None


def repair_from(case: Proceeding) -> Any:
    """The first day on which a measure may be lifted for good conduct."""
    return (
        add_months(case.effective_on, int(law.pact()["measures"][case.measure]["repair"]))
        if case.effective_on
        else None
    )


@guard(
    lambda case: (
        _("%(measure)s生效后要满规定的月数，%(day)s 起才能申请解除。")
        % {"measure": case.get_measure_display(), "day": repair_from(case)}
    )
)
def has_waited(case: Proceeding) -> bool:
    first = repair_from(case)
    return first is not None and today() >= first


def days(name: str) -> Callable[[Any], int]:
    """So long as a figure says today."""
    return lambda _case: queries.term(name)


filing_due = within(
    days("filing"), name="filing", label=gettext_lazy("决定是否立案"), during=(S.CLUE,), whose=rules.office, ladder=(Rung(0, rules.president),),
)  # fmt: skip
start_due = within(
    days("start"), name="start", label=gettext_lazy("通知调查"), during=(S.FILED,), whose=rules.office, remind=()
)
report_due, extended_due = (
    within(
        days(name), "day", name="report", label=gettext_lazy("调查"), during=(S.INVESTIGATING,), whose=rules.investigator, remind=(7, 3, 1),
        ladder=(Rung(0, rules.president),),
    )
    for name in ("investigate", "extension")
)  # fmt: skip
reply_due = within(
    days("reply"), name="reply", label=gettext_lazy("陈述申辩"), during=(S.PROPOSED,), orelse="waive", whose=rules.company,
)  # fmt: skip
vote_due = within(
    days("vote"), name="vote", label=gettext_lazy("表决"), during=(S.DEFENDED, S.HEARING), whose=rules.voter, ladder=(Rung(0, rules.president),),
)  # fmt: skip
serve_due = within(
    days("serve"),
    name="serve",
    label=gettext_lazy("送达决定"),
    during=(S.VOTED,),
    whose=rules.office,
    ladder=(Rung(0, rules.president),),
)
lapse_due = within(
    days("serve_most"), "day", name="lapse", label=gettext_lazy("逾期不送达决定作废"), during=(S.VOTED,), orelse="lapse", remind=(),
)  # fmt: skip
appeal_due = within(
    days("appeal"), "day", name="appeal", label=gettext_lazy("申请复议"), during=(S.SERVED,), orelse="no_appeal", whose=rules.company,
)  # fmt: skip
review_due = within(
    days("appeal_decide"), name="review", label=gettext_lazy("复议"), during=(S.APPEALED,), whose=rules.chair, ladder=(Rung(0, rules.secretariat),),
)  # fmt: skip
lift_due = within(
    days("credit.repair"), name="lift", label=gettext_lazy("审核解除"), during=(S.EFFECTIVE,), whose=rules.office, ladder=(Rung(0, rules.president),),
)  # fmt: skip
valid_until = within(
    0, "day", name="valid", label=gettext_lazy("措施有效期"), on=lambda case: case.ends_on, during=(S.EFFECTIVE,), orelse="expire", remind=(),
)  # fmt: skip

DISCIPLINE = Workflow(
    "discipline",
    Proceeding,
    label=gettext_lazy("行业自律案件"),
    initial=S.CLUE,
    final=Proceeding.CLOSED,
    subject=lambda case: case.respondent.key,
    title=lambda case: f"{case.respondent} · {case.title}",
    url=lambda pk: f"/conduct/cases/{pk}/",
    opens=(filing_due,),
    steps={
        "file": Step(
            S.CLUE, S.FILED, facts.FILED, by=rules.office, label=gettext_lazy("立案"), needs=[is_lawful, was_member, is_new], then=start_due,
            papers=(FILING,), says=gettext_lazy("只按公约列明的事由立案。系统核对会员身份、是否处理过、是不是在怪人低价。"),
        ),
        "dismiss": Step(
            S.CLUE, S.DISMISSED, facts.DISMISSED, by=rules.office, label=gettext_lazy("不予立案"), papers=(REFUSAL,),
            says=gettext_lazy("写明理由，告知反映人。企业不会看到这条线索。"),
        ),
        "refer": Step(
            (S.CLUE, S.FILED, S.INVESTIGATING, S.PROPOSED, S.DEFENDED, S.HEARING), None, by=rules.office, label=gettext_lazy("移送主管部门"), quiet=True,
            papers=(REFERRAL,), says=gettext_lazy("涉嫌违法的移送。协会只管公约，不管处罚。"),
        ),
        "investigate": Step(
            S.FILED, S.INVESTIGATING, facts.INVESTIGATED, by=rules.office, label=gettext_lazy("指定两人调查"), then=report_due, papers=(NOTICE,),
            says=gettext_lazy("两人都不能与企业、反映单位有利害关系。企业从这一步起看得到案件。"),
        ),
        "challenge": Step(
            (S.INVESTIGATING, S.PROPOSED, S.DEFENDED, S.HEARING), None, by=rules.company, label=gettext_lazy("申请回避"), quiet=True,
            says=gettext_lazy("认为谁与本案有利害关系，写明是谁、为什么。由会长决定。"),
        ),
        "recuse": Step(
            (S.FILED, S.INVESTIGATING, S.PROPOSED, S.DEFENDED, S.HEARING), None, by=rules.chair, label=gettext_lazy("决定回避"), quiet=True,
            says=gettext_lazy("被回避的人不能再调查、表决，已投的意见不算。"),
        ),
        "assign": Step(
            S.INVESTIGATING, None, by=rules.office, label=gettext_lazy("补派调查人"), needs=[is_short], quiet=True,
            says=gettext_lazy("有人回避了，补足两人。"),
        ),
        "extend": Step(
            S.INVESTIGATING, None, by=rules.investigator, label=gettext_lazy("延长调查"), needs=[may_extend], then=extended_due, quiet=True,
        ),
        "drop": Step(
            S.INVESTIGATING, S.DISMISSED, facts.DISMISSED, by=rules.investigator, label=gettext_lazy("查无实据，销案"), papers=(REFUSAL,), quiet=True,
        ),
        "propose": Step(
            S.INVESTIGATING, S.PROPOSED, facts.PROPOSED, by=rules.investigator, label=gettext_lazy("提出处理意见"), then=reply_due,
            papers=(REPORT, CHARGES), says=gettext_lazy("写明查明的事实和拟采取的措施，先看相似案件。告知书同时送企业。"),
        ),
        "defend": Step(
            S.PROPOSED, S.DEFENDED, facts.DEFENDED, by=rules.company, label=gettext_lazy("陈述申辩"), then=vote_due,
            says=gettext_lazy("对事实、依据、措施都可以申辩。公开谴责以上的可以要求听证。"),
        ),
        "waive": Step(S.PROPOSED, S.DEFENDED, facts.WAIVED, by=rules.the_clock, label=gettext_lazy("期满没有申辩"), then=vote_due),
        "hear": Step(
            S.DEFENDED, S.HEARING, facts.HEARD, by=rules.panel, label=gettext_lazy("登记听证"), then=vote_due, papers=(MINUTES,),
            says=gettext_lazy("放上双方签名的听证笔录。"),
        ),
        "vote": Step(
            (S.DEFENDED, S.HEARING), None, by=rules.voter, label=gettext_lazy("委员表决"), needs=[is_heard],
            says=gettext_lazy("选你认为最重可以到哪一档；不构成违约的选“不构成违约”。计票前可以改。"),
        ),
        "count": Step(
            (S.DEFENDED, S.HEARING), S.VOTED, facts.VOTED, by=rules.office, label=gettext_lazy("计票并作出决定"),
            needs=[is_heard, is_quorate, still_member], then=(serve_due, lapse_due), papers=(TALLY,),
            says=gettext_lazy("到会三分之二以上，过半数能接受的最重一档；除名要三分之二。多数认为不构成违约的，案件撤销。"),
        ),
        "clear": Step((S.DEFENDED, S.HEARING), S.WITHDRAWN, facts.CLEARED, by=rules.office, label=gettext_lazy("没有认定违约"), quiet=True),
        "serve": Step(
            S.VOTED, S.SERVED, facts.SERVED, by=rules.office, label=gettext_lazy("送达决定"), then=appeal_due, papers=(DECISION, RECEIPT),
            says=gettext_lazy("出决定书，写明复议途径，放上送达回证。"),
        ),
        "lapse": Step(S.VOTED, S.WITHDRAWN, facts.LAPSED, by=rules.the_clock, label=gettext_lazy("逾期没有送达，作废")),
        "appeal": Step(
            S.SERVED, S.APPEALED, facts.APPEALED, by=rules.company, label=gettext_lazy("申请复议"), then=review_due, papers=(APPEAL,),
            says=gettext_lazy("由理事会复议，复议期间不生效、不公示，也不会改得更重。"),
        ),
        "uphold": Step(
            S.APPEALED, S.EFFECTIVE, facts.UPHELD, by=rules.chair, label=gettext_lazy("登记复议结果"), papers=(REVIEW, COUNCIL), then=valid_until,
            says=gettext_lazy("勾选到会的理事单位，填赞成改变的票数，放上会议记录。维持、改轻还是撤销由票数定。"),
        ),
        "lighten": Step(S.APPEALED, S.EFFECTIVE, facts.UPHELD, by=rules.chair, label=gettext_lazy("复议改轻"), quiet=True, then=valid_until),
        "overturn": Step(S.APPEALED, S.WITHDRAWN, facts.OVERTURNED, by=rules.chair, label=gettext_lazy("复议撤销"), quiet=True),
        "no_appeal": Step(S.SERVED, S.EFFECTIVE, facts.EFFECTIVE, by=rules.the_clock, label=gettext_lazy("期满没有申请复议，生效"), then=valid_until),
        "ask_repair": Step(
            S.EFFECTIVE, None, by=rules.company, label=gettext_lazy("申请解除"), needs=[has_waited, not_asked], quiet=True, papers=(MENDED,), then=lift_due,
            says=gettext_lazy("写明怎样改正，放上证明和承诺。"),
        ),
        "lift": Step(
            S.EFFECTIVE, S.LIFTED, facts.ENDED, by=rules.office, label=gettext_lazy("解除措施"), needs=[was_asked, has_waited], papers=(LIFTING,),
            says=gettext_lazy("核实已经改正。解除后不再公示，也不再计分。"),
        ),
        "deny_repair": Step(S.EFFECTIVE, None, by=rules.office, label=gettext_lazy("不予解除"), needs=[was_asked], quiet=True),
        "expire": Step(S.EFFECTIVE, S.LIFTED, facts.ENDED, by=rules.the_clock, label=gettext_lazy("有效期满")),
    },
)  # fmt: skip
