"""The house rule of a dispute: registered, accepted, mediated by somebody without interest, agreed, kept, visited.

Three layers of time are kept apart. The association's own service has its periods (``service_…``); what runs under a registered people's
mediation committee has the month of that law instead (``people_conclude``); what goes to a government office as a petition has the clock of
that regulation (``petition_workflow``). Days are figures of ``statutes``.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from wuxie.kernel.clock.now import today
from wuxie.kernel.workflow.table import Rung, Step, Workflow, guard, within

from . import facts, queries, rules
from .figures import term
from .models import Dispute

S = Dispute.State
ACCEPTANCE, REJECTION, TRANSFER, NOTICE = "受理通知书", "不予受理告知书", "转办函", "调解通知书"
PEOPLES, ORDINARY, ENDING, COURT, RECEIPT, VISIT = (
    "人民调解协议书",
    "和解协议书",
    "调解终结书",
    "司法确认申请书",
    "履行回执",
    "回访记录",
)
RULING, WITHDRAWAL, CONSENT, GROUND, EVENT_PAPER = (
    "确认裁定书",
    "撤回申请",
    "延期同意书",
    "中止依据",
    "群体事件认定文书",
)
MEDIATING = (S.ASSIGNED, S.INVESTIGATING, S.IN_SESSION)
RUNNING = (S.ACCEPTED, *MEDIATING, S.SUSPENDED)


@guard(gettext_lazy("先选类别、写摘要，再受理。"))
def is_classified(case: Dispute) -> bool:
    return bool(case.category and case.summary)


@guard(gettext_lazy("企业已经答复过。要补充的，放进材料。"))
def is_unanswered(case: Dispute) -> bool:
    return case.replied_at is None


@guard(gettext_lazy("申请人一方还没有登记。不公开身份的反映，要本人同意公开才能开调解会。"))
def has_applicant(case: Dispute) -> bool:
    return case.parties.filter(side="applicant").exists()


@guard(gettext_lazy("还没有开过调解会。"))
def has_met(case: Dispute) -> bool:
    return case.sittings.filter(kind="sitting", held_at__isnull=False).exists()


@guard(gettext_lazy("还没有约调解会。先通知双方时间地点。"))
def is_invited(case: Dispute) -> bool:
    return case.sittings.filter(kind="sitting", held_at__isnull=True).exists()


@guard(gettext_lazy("协议还没有条款。每一条写明谁、做什么、什么时候做完。"))
def has_clauses(case: Dispute) -> bool:
    return case.clauses.exists()


@guard(
    lambda case: _("%(who)s没有和解权限。补上写明和解权限的委托书，或请本人来。") % {"who": "、".join(_powerless(case))}
)
def may_promise(case: Dispute) -> bool:
    return not _powerless(case)


def _powerless(case: Dispute) -> list[str]:
    return [
        str(one) for one in case.parties.select_related("organisation") if one.side != "third" and not one.may_settle
    ]


@guard(gettext_lazy("已经延长过一次，不能再延长。"))
def not_extended(case: Dispute) -> bool:
    return not case.extended


@guard(gettext_lazy("没有到期未履行的条款。"))
def is_late(case: Dispute) -> bool:
    due = queries.next_due(case)
    return due is not None and due < today()


@guard(gettext_lazy("还有条款没有履行。"))
def all_kept(case: Dispute) -> bool:
    return queries.next_due(case) is None


accept_due = within(
    lambda _case: term("accept"), name="service_accept", label=gettext_lazy("协会服务：决定是否受理"), during=(S.REGISTERED,), whose=rules.office,
    remind=(1,), ladder=(Rung(1, rules.president),),
)  # fmt: skip
reply_due = within(
    lambda _case: term("complaint.reply"), "hour", name="company_reply", label=gettext_lazy("企业投诉服务：答复"), during=Dispute.OPEN,
    whose=rules.company_side, remind=(),
)  # fmt: skip
assign_due = within(
    lambda _case: term("assign"), name="service_assign", label=gettext_lazy("协会服务：指派调解员"), during=(S.ACCEPTED,), whose=rules.office, remind=(1,),
)  # fmt: skip
evidence_due = within(
    lambda _case: term("evidence"), name="service_evidence", label=gettext_lazy("协会服务：举证"), during=(S.ASSIGNED, S.INVESTIGATING),
    whose=rules.company_side, remind=(1,),
)  # fmt: skip
first_due = within(
    lambda _case: term("first_sitting"), name="service_first", label=gettext_lazy("协会服务：第一次调解"), during=(S.ASSIGNED, S.INVESTIGATING),
    whose=rules.mediator, remind=(3, 1), ladder=(Rung(1, rules.office),),
)  # fmt: skip
conclude_due = within(
    lambda _case: term("conclude"), "day", name="service_conclude", label=gettext_lazy("协会服务：调解终结"), during=RUNNING, whose=rules.handler,
    remind=(7, 3, 1), ladder=(Rung(1, rules.office), Rung(5, rules.president)), applies=lambda case: not case.is_peoples,
)  # fmt: skip
people_due = within(
    lambda _case: term("deadline.mediation.complete"), "month", name="people_conclude", label=gettext_lazy("人民调解：调解完毕"), during=RUNNING,
    whose=rules.handler, remind=(7, 3, 1), ladder=(Rung(1, rules.office),), applies=lambda case: case.is_peoples,
    basis=gettext_noop("人民调解工作若干规定第33条"),
)  # fmt: skip
suspend_due = within(
    lambda _case: term("suspend"), "day", name="service_suspend", label=gettext_lazy("协会服务：中止最长"), during=(S.SUSPENDED,), orelse="resume",
    whose=rules.handler, remind=(7, 1),
)  # fmt: skip
confirm_due = within(
    lambda _case: term("deadline.mediation.confirm"), "day", name="court_confirm", label=gettext_lazy("司法确认：共同申请"), during=(S.SETTLED,),
    orelse="begin", whose=rules.handler, remind=(15, 7, 3), basis=gettext_noop("人民调解法第33条；民事诉讼法第205条"),
    applies=lambda case: case.is_peoples,
)  # fmt: skip
kept_due = within(
    0, "day", name="kept", label=gettext_lazy("履行协议"), on=lambda case: queries.next_due(case), during=Dispute.AGREED, whose=rules.table,
    remind=lambda: (term("reminder"), 1), applies=lambda case: queries.next_due(case) is not None,
)  # fmt: skip
check_due = within(
    0, "day", name="check", label=gettext_lazy("核查履行"), on=queries.check_by, during=Dispute.AGREED, whose=rules.handler, orelse="breach",
    remind=(3, 1), applies=lambda case: queries.next_due(case) is not None,
)  # fmt: skip
visit_due = within(
    lambda _case: term("visit"), "day", name="visit", label=gettext_lazy("协会服务：回访"), during=(S.PERFORMED,), whose=rules.office, remind=(3,),
)  # fmt: skip
again_due = within(
    lambda _case: term("visit_again"), "day", name="visit_again", label=gettext_lazy("协会服务：半年后再访"), whose=rules.office, remind=(7,),
)  # fmt: skip

DISPUTE = Workflow(
    "dispute",
    Dispute,
    label=gettext_lazy("调解案件"),
    initial=S.REGISTERED,
    final=Dispute.OVER,
    subject=lambda case: case.project.key,
    title=lambda case: f"{case.project.estate.name} · {case.title}",
    url=lambda pk: f"/mediation/disputes/{pk}/",
    opens=(accept_due, reply_due),
    steps={
        "classify": Step(
            (S.REGISTERED, S.ACCEPTED), None, by=rules.office, label=gettext_lazy("定类别、写摘要"),
            says=gettext_lazy("摘要给双方和主管部门看：只写事，不写是谁反映的。"),
        ),
        "accept": Step(
            S.REGISTERED, S.ACCEPTED, None, by=rules.office, label=gettext_lazy("受理"), needs=[is_classified],
            then=(assign_due, conclude_due, people_due), papers=(ACCEPTANCE,),
            says=gettext_lazy("出受理通知书，开始计时。调解自愿、免费，不妨碍起诉。"),
        ),
        "reject": Step(
            S.REGISTERED, S.NOT_ACCEPTED, facts.NOT_ACCEPTED, by=rules.office, label=gettext_lazy("不予受理"), quiet=True, papers=(REJECTION,),
            says=gettext_lazy("依法不能调解的：写明为什么，一次告知该去哪里。"),
        ),
        "transfer": Step(
            S.REGISTERED, S.TRANSFERRED, facts.TRANSFERRED, by=rules.office, label=gettext_lazy("转办"), quiet=True, papers=(TRANSFER,),
            says=gettext_lazy("归别的单位管的：出转办函送过去，并告诉反映人。"),
        ),
        "hand_over": Step(
            S.REGISTERED, S.TRANSFERRED, facts.TRANSFERRED, by=rules.office, label=gettext_lazy("交政府按信访办"), quiet=True, papers=(TRANSFER,),
            says=gettext_lazy("要政府部门出面的：交街道、区县或市里，按信访条例的期限办，不算协会的期限。"),
        ),
        "merge": Step(
            S.REGISTERED, S.MERGED, by=rules.office, label=gettext_lazy("并入同一件"), quiet=True,
            says=gettext_lazy("同一件事几个人、几个渠道反映的，并成一件。每个回执号照样查得到。"),
        ),
        "reply": Step(
            Dispute.OPEN, None, by=rules.company_side, label=gettext_lazy("企业答复"), needs=[is_unanswered],
            says=gettext_lazy("先把情况说清楚、说怎么办。按时答复的记入按期答复。"),
        ),
        "party": Step(
            (S.ACCEPTED, *MEDIATING), None, by=rules.handler, label=gettext_lazy("登记当事人和权限"), quiet=True,
            says=gettext_lazy("谁来、能不能当场答应。代理人要有写明和解权限的委托书。"),
        ),
        "assign": Step(
            S.ACCEPTED, S.ASSIGNED, facts.ASSIGNED, by=rules.office, label=gettext_lazy("指派调解员"), then=(evidence_due, first_due),
            says=gettext_lazy("和企业同一单位、有关联、在同一街道竞争的专家不能选。"),
        ),
        "refuse": Step(
            MEDIATING, S.ACCEPTED, facts.REFUSED, by=rules.refuser, label=gettext_lazy("申请更换调解员"), then=assign_due, quiet=True,
            reopens=True, says=gettext_lazy("每一方可以申请更换一次，写明理由。"),
        ),
        "evidence": Step(
            (*MEDIATING, *Dispute.AGREED), None, by=rules.table, label=gettext_lazy("交材料"), quiet=True,
            says=gettext_lazy("合同、照片、票据、签好字的协议等。只有双方和调解员看得到。"),
        ),
        "investigate": Step(
            S.ASSIGNED, S.INVESTIGATING, by=rules.mediator, label=gettext_lazy("开始举证和勘查"),
            says=gettext_lazy("告诉双方权利义务，说清还缺什么材料。"),
        ),
        "survey": Step(
            (S.INVESTIGATING, S.IN_SESSION), None, by=rules.mediator, label=gettext_lazy("记现场勘查"), quiet=True,
            says=gettext_lazy("两人以上到场，双方在场或请社区见证。"),
        ),
        "invite": Step(
            (S.INVESTIGATING, S.IN_SESSION), None, by=rules.mediator, label=gettext_lazy("通知调解会"), needs=[has_applicant],
            says=gettext_lazy("提前规定的工作日通知双方。双方同意的可以提前开。"),
        ),
        "hold": Step(
            (S.INVESTIGATING, S.IN_SESSION), S.IN_SESSION, facts.HELD, by=rules.mediator, label=gettext_lazy("记调解会"), needs=[is_invited],
            says=gettext_lazy("写明到场的人和笔录。笔录加密保存，不公开。"),
        ),
        "absent": Step(
            (S.INVESTIGATING, S.IN_SESSION), None, by=rules.mediator, label=gettext_lazy("记企业无故不到场"), quiet=True,
            says=gettext_lazy("通知过、没有正当理由不来或不交资料的才记。会影响企业的星级。"),
        ),
        "extend": Step(
            MEDIATING, None, by=rules.handler, label=gettext_lazy("双方同意延期"), needs=[not_extended], quiet=True, papers=(CONSENT,),
        ),
        "suspend": Step(
            S.IN_SESSION, S.SUSPENDED, facts.SUSPENDED, by=rules.mediator, label=gettext_lazy("中止"), then=suspend_due, quiet=True,
            papers=(GROUND,), says=gettext_lazy("等鉴定等。写明事由，放上依据；期间不计时。"),
        ),
        "resume": Step(
            S.SUSPENDED, S.IN_SESSION, facts.RESUMED, by=rules.mediator | rules.the_clock, label=gettext_lazy("恢复调解"),
        ),
        "clause": Step(
            S.IN_SESSION, None, by=rules.mediator, label=gettext_lazy("写一条协议条款"), needs=[has_met],
            says=gettext_lazy("一条一件事：谁做、做什么、多少钱、最迟哪天。没有日期的不收。"),
        ),
        "strike": Step(S.IN_SESSION, None, by=rules.mediator, label=gettext_lazy("划掉一条"), needs=[has_clauses], quiet=True),
        "settle": Step(
            S.IN_SESSION, S.SETTLED, None, by=rules.mediator, label=gettext_lazy("达成协议"), needs=[has_met, has_clauses, may_promise],
            then=(confirm_due, kept_due, check_due), says=gettext_lazy("双方看过、签字。协议出成文书，条款到期前提醒。"),
        ),
        "fail": Step(
            (S.INVESTIGATING, S.IN_SESSION), S.FAILED, facts.FAILED, by=rules.mediator, label=gettext_lazy("终结，没有达成"), quiet=True,
            papers=(ENDING,), says=gettext_lazy("出终结书，写明双方认可的事实和接下来可以走的路。"),
        ),
        "withdraw": Step(
            (S.REGISTERED, S.ACCEPTED, *MEDIATING), S.WITHDRAWN, facts.WITHDRAWN, by=rules.handler, label=gettext_lazy("申请人撤回"), quiet=True,
            papers=(WITHDRAWAL,),
        ),
        "court": Step(
            S.SETTLED, S.CONFIRMING, facts.APPLIED, by=rules.handler, label=gettext_lazy("共同申请司法确认"), papers=(COURT,),
            says=gettext_lazy("协议生效起三十日内，双方一起向法院申请。不收费。"),
        ),
        "confirmed": Step(
            S.CONFIRMING, S.PERFORMING, facts.CONFIRMED, by=rules.handler, label=gettext_lazy("法院已确认"), papers=(RULING,),
        ),
        "unconfirmed": Step(S.CONFIRMING, S.PERFORMING, by=rules.handler, label=gettext_lazy("法院没有确认"), quiet=True),
        "begin": Step(
            S.SETTLED, S.PERFORMING, by=rules.handler | rules.the_clock, label=gettext_lazy("不申请确认，直接履行"), quiet=True,
        ),
        "keep": Step(
            Dispute.AGREED, None, by=rules.handler, label=gettext_lazy("登记一条已履行"),
            says=gettext_lazy("对方确认收到、做完了才登记。"),
        ),
        "finish": Step(
            Dispute.AGREED, S.PERFORMED, facts.PERFORMED, by=rules.the_clock, label=gettext_lazy("全部履行"), needs=[all_kept], then=visit_due,
        ),
        "breach": Step(
            Dispute.AGREED, S.BREACHED, facts.BREACHED, by=rules.handler | rules.the_clock, label=gettext_lazy("到期没有履行"), needs=[is_late],
            quiet=True, says=gettext_lazy("催过还是没有做的。确认过的可以申请法院执行，没有确认的可以起诉。"),
        ),
        "visit": Step(
            S.PERFORMED, S.CLOSED, facts.VISITED, by=rules.office, label=gettext_lazy("回访"), then=again_due, papers=(VISIT,),
        ),
        "visit_again": Step(S.CLOSED, None, facts.VISITED, by=rules.office, label=gettext_lazy("半年后再访"), quiet=True),
        "judge": Step(
            tuple(S), None, by=rules.office, label=gettext_lazy("登记核实结果"), quiet=True,
            says=gettext_lazy("只有查实企业有责的才记到企业名下；来访次数本身不扣分。"),
        ),
        "group": Step(
            tuple(S), None, by=rules.authority, label=gettext_lazy("认定群体事件"), quiet=True, papers=(EVENT_PAPER,),
            says=gettext_lazy("只凭主管部门的文书：因企业责任引起。会影响星级。"),
        ),
    },
)  # fmt: skip
