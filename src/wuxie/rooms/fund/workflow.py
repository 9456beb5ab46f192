"""The house rule of a repair: made safe, surveyed, classified; planned, published, voted on, paid for, built, accepted, settled, shared out.

An emergency goes another way: confirmed on site by street and fund centre, built at once, published and audited afterwards. Periods are
figures of ``statutes``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from wuxie.kernel.clock.now import local, now, today
from wuxie.kernel.workflow.table import Guard, Rung, Step, Workflow, guard, within
from wuxie.rooms.register.rules import city, community, company, neighbour, street

from . import facts, queries, rules
from .models import Repair
from .words import Lane, Stuck

S = Repair.State
GUARD_PHOTO, SURVEY, RESULT, CONTRACT, AUDIT, RULING, MENDED = (
    "围护照片",
    "查勘或鉴定意见",
    "表决汇总和计票清单",
    "施工合同",
    "审价报告",
    "认定文书",
    "返修照片",
)
NOTICE, LEDGER, ASKING, APPLYING, ACCEPTANCE, OUTCOME = (
    "维修资金使用方案公示", "维修资金分摊清册", "维修资金应急使用申请与现场确认表", "维修资金使用申请", "竣工验收单", "维修资金使用结果公示",
)  # fmt: skip


@guard(gettext_lazy("会伤到人的，先围护、拍照，再查勘。"))
def is_safe(case: Repair) -> bool:
    return not case.is_dangerous or case.guarded_at is not None


@guard(gettext_lazy("围护已经核实过了。"))
def is_unchecked(case: Repair) -> bool:
    return case.guarded_at is not None and not case.guard_checked


def is_classified(case: Repair) -> bool:
    return bool(case.lane)


def on_lane(*lanes: str) -> Guard:
    """That the repair was found to go one of these ways; the sentence says which way it goes and by which article."""

    def sentence(case: Repair) -> str:
        if not case.lane:
            return _("先回答几个问题，认定由谁出钱。")
        return _("已认定为“%(lane)s”（%(basis)s），不走这一步。") % {
            "lane": case.get_lane_display(),
            "basis": case.basis,
        }

    return Guard(sentence, lambda case: case.lane in lanes)


on_fund, on_emergency, on_others, is_paid = (
    on_lane(Lane.FUND), on_lane(Lane.EMERGENCY), on_lane(Lane.WARRANTY, Lane.LIABLE, Lane.UTILITY, Lane.OWED, Lane.OWNER),
    on_lane(Lane.FUND, Lane.EMERGENCY),
)  # fmt: skip


@guard(gettext_lazy("先划定列支范围：哪些户室受益、分摊（民法典第283条）。"))
def has_scope(case: Repair) -> bool:
    return case.shares.exists()


@guard(gettext_lazy("没有等着返修的。质保期内又坏了，先登记。"))
def is_defective(case: Repair) -> bool:
    return queries.open_defects(case) > 0


@guard(gettext_lazy("方案拟定以后不能再改列支范围；应急维修的，结算前都可以划。"))
def scope_is_open(case: Repair) -> bool:
    return case.is_emergency or case.state == S.APPRAISED


@guard(
    lambda case: (
        _("至少要有 %(n)s 家密封报价，现在 %(have)s 家。")
        % {"n": queries.term("quotes_least"), "have": case.quotes.count()}
    )
)
def has_quotes(case: Repair) -> bool:
    return case.quotes.count() >= queries.term("quotes_least")


@guard(gettext_lazy("报价已经拆封，不再收。"))
def is_sealed(case: Repair) -> bool:
    return not case.quotes.filter(opened_at__isnull=False).exists()


@guard(
    lambda case: (
        _("约定 %(at)s 拆封，还没有到：报价要到点当场一起拆。") % {"at": f"{local(case.opens_at):%Y-%m-%d %H:%M}"}
        if case.opens_at
        else _("还没有约定拆封时间：收第一份报价时约定，到点当场一起拆。")
    )
)
def may_open(case: Repair) -> bool:
    return case.opens_at is not None and case.opens_at <= now()


@guard(gettext_lazy("报价还没有拆封。到约定时间由业委会（没有的由社区）当场一起拆。"))
def is_opened(case: Repair) -> bool:
    return case.quotes.filter(opened_at__isnull=False).exists()


@guard(lambda case: _("方案要公示到 %(day)s，期满第二天起才能表决。") % {"day": case.publicity_until})
def publicity_is_over(case: Repair) -> bool:
    return case.publicity_until is not None and today() > case.publicity_until


@guard(gettext_lazy("表决期只能延长一次。"))
def may_extend(case: Repair) -> bool:
    return not case.extended


def stuck_for(*reasons: str) -> Guard:
    return Guard(
        gettext_lazy("卡住的原因不同，办法不同：参与不够的再征集，其他的改好方案重新公示。"),
        lambda case: case.stuck in reasons,
    )


def days(name: str) -> Callable[[Any], int]:
    """So long as a figure says today."""
    return lambda _case: queries.term(name)


guard_due = within(
    days("guard"), "hour", name="guard", label=gettext_lazy("围护危险部位"), during=(S.REPORTED,), whose=rules.keeper,
    applies=lambda case: case.is_dangerous, ladder=(Rung(0, company | community), Rung(1, street)),
)  # fmt: skip
appraise_due = within(
    days("appraise"),
    name="appraise",
    label=gettext_lazy("查勘或鉴定"),
    during=(S.REPORTED, S.GUARDED),
    whose=rules.keeper,
)
plan_due = within(
    days("plan"), name="plan", label=gettext_lazy("拟定使用方案"), during=(S.APPRAISED,), whose=rules.proposer,
    applies=lambda case: case.lane == Lane.FUND,
)  # fmt: skip
confirm_due = within(
    days("emergency_decide"), name="confirm", label=gettext_lazy("现场确认"), during=(S.ASKED,), whose=street | rules.center, remind=(1,),
    ladder=(Rung(0, city),), basis=gettext_noop("建设部令第165号第24条"),
)  # fmt: skip
publicity = within(
    days("plan_publicity"), "day", name="publicity", label=gettext_lazy("方案公示"), during=(S.PUBLISHED,), whose=rules.organiser, remind=(),
)  # fmt: skip
vote_due = within(
    days("vote"), "day", name="vote", label=gettext_lazy("列支范围内表决"), during=(S.VOTING,), whose=rules.organiser, remind=(7, 3, 1),
    basis=gettext_noop("民法典第278条第2款"),
)  # fmt: skip
release_due = within(
    days("release"), name="release", label=gettext_lazy("审核拨付"), during=(S.APPLIED,), whose=rules.center, ladder=(Rung(0, city),),
    basis=gettext_noop("建设部令第165号第22条"),
)  # fmt: skip
start_due = within(days("start"), name="start", label=gettext_lazy("开工"), during=(S.ADVANCED,), whose=rules.keeper)
emergency_start = within(
    days("emergency_start"),
    name="start_now",
    label=gettext_lazy("应急开工"),
    during=(S.CONFIRMED,),
    whose=rules.keeper,
    remind=(1,),
)
settle_due = within(
    days("settle"),
    "day",
    name="settle",
    label=gettext_lazy("审价结算"),
    during=(S.ACCEPTED,),
    whose=rules.center,
    remind=(7, 1),
)
allocate_due = within(
    days("allocate"), "day", name="allocate", label=gettext_lazy("公布各户分摊"), during=(S.SETTLED,), whose=rules.publisher,
    ladder=(Rung(0, neighbour), Rung(3, rules.authority)),
)  # fmt: skip
result_due = within(
    lambda case: queries.term("emergency_publicity" if case.is_emergency else "result_publicity"), "day", name="result",
    label=gettext_lazy("使用结果公示"), during=(S.ALLOCATED,), orelse="finish", remind=(),
)  # fmt: skip
warranty_end = within(
    0, "day", name="warranty", label=gettext_lazy("质保期"), on=lambda case: case.warranty_until, during=(S.WARRANTY,), orelse="close",
    whose=neighbour, remind=(60, 15),
)  # fmt: skip

REPAIR = Workflow(
    "repair",
    Repair,
    label=gettext_lazy("共用部位维修"),
    initial=S.REPORTED,
    final=(S.CLOSED,),
    subject=lambda case: case.project.key,
    title=lambda case: f"{case.project.estate.name} · {case.title}",
    url=lambda pk: f"/fund/repairs/{pk}/",
    opens=(guard_due, appraise_due),
    steps={
        "guard": Step(
            S.REPORTED, S.GUARDED, facts.GUARDED, by=rules.keeper, label=gettext_lazy("登记围护"), papers=(GUARD_PHOTO,),
            says=gettext_lazy("拉好围栏、挂网、立牌，拍一张照片。从报告起两小时内。"),
        ),
        "check_guard": Step(
            (S.GUARDED, S.APPRAISED), None, by=neighbour, label=gettext_lazy("核实围护"), needs=[is_unchecked],
            says=gettext_lazy("到现场看过围护还在、管用。物业自己不能核实自己。"),
        ),
        "appraise": Step(
            (S.REPORTED, S.GUARDED), S.APPRAISED, facts.APPRAISED, by=rules.proposer, label=gettext_lazy("登记查勘意见"), needs=[is_safe],
            papers=(SURVEY,), says=gettext_lazy("写明谁查勘、怎么说，放上查勘或鉴定意见。"),
        ),
        "classify": Step(
            S.APPRAISED, None, facts.CLASSIFIED, by=rules.proposer, label=gettext_lazy("认定谁出钱"), then=plan_due, done=is_classified,
            says=gettext_lazy("逐条回答，系统按法条给出走哪条路。"),
        ),
        "refer": Step(
            S.APPRAISED, S.REFERRED, facts.REFERRED, by=rules.proposer, label=gettext_lazy("转责任方维修"), needs=[on_others],
            says=gettext_lazy("不动用维修资金。写明责任方，通知书放进材料。"),
        ),
        "mended": Step(
            S.REFERRED, S.CLOSED, by=rules.organiser, label=gettext_lazy("责任方已修好"), says=gettext_lazy("到现场看过，确实修好了。"),
        ),
        "take_back": Step(
            S.REFERRED, S.APPRAISED, by=rules.proposer, label=gettext_lazy("责任方不修，重新认定"), quiet=True, reopens=True,
        ),
        "scope": Step(
            (S.APPRAISED, S.ASKED, S.CONFIRMED, S.BUILDING, S.ACCEPTED), None, by=rules.proposer, label=gettext_lazy("划定列支范围"),
            needs=[is_paid, scope_is_open], done=has_scope.test, says=gettext_lazy("选受益的楼栋和单元。没卖出的房子也要分摊，由建设单位出。"),
        ),
        "quote": Step(
            S.APPRAISED, None, by=rules.proposer, label=gettext_lazy("收一份密封报价"), needs=[on_fund, is_sealed],
            done=has_quotes.test, says=gettext_lazy("只登记谁报的、几点收的。价格密封着，到点一起拆。谁收的报价，谁就不能拆。"),
        ),
        "open_quotes": Step(
            S.APPRAISED, None, facts.QUOTES_OPENED, by=rules.opener, label=gettext_lazy("当场拆封报价"),
            needs=[on_fund, has_quotes, is_sealed, may_open], says=gettext_lazy("一次拆完、一次登记。少拆一家、提前拆都不行。"),
        ),
        "plan": Step(
            S.APPRAISED, S.PLANNED, facts.PLANNED, by=rules.proposer, label=gettext_lazy("拟定使用方案"), needs=[on_fund, has_scope, is_opened],
            says=gettext_lazy("选一家报价、写维修方案，系统按面积算好每户分摊。"),
        ),
        "publish": Step(
            S.PLANNED, S.PUBLISHED, facts.PUBLISHED, by=rules.organiser, label=gettext_lazy("公示方案"), then=publicity,
            papers=(NOTICE, LEDGER), says=gettext_lazy("出公示和分摊清册，贴到列支范围内每个单元门口。"),
        ),
        "vote": Step(
            S.PUBLISHED, S.VOTING, facts.VOTE_CALLED, by=rules.organiser, label=gettext_lazy("开始表决"), needs=[publicity_is_over], then=vote_due,
            says=gettext_lazy("只由列支范围内的业主表决：三分之二以上参与，参与的过半数同意。"),
        ),
        "extend": Step(
            S.VOTING, None, by=rules.organiser, label=gettext_lazy("延长表决期"), needs=[may_extend], then=vote_due, quiet=True,
        ),
        "approve": Step(
            S.VOTING, S.APPROVED, facts.APPROVED, by=rules.counter, label=gettext_lazy("登记表决结果"),
            says=gettext_lazy("照计票清单填数，放上清单。通过没通过由系统按法定比例算。"),
        ),
        "reject": Step(S.VOTING, S.REJECTED, facts.REJECTED, by=rules.counter, label=gettext_lazy("表决未通过"), quiet=True),
        "no_quorum": Step(S.VOTING, S.STUCK, facts.STUCK, by=rules.counter, label=gettext_lazy("参与不够"), quiet=True),
        "replan": Step(S.REJECTED, S.APPRAISED, by=rules.proposer, label=gettext_lazy("重拟方案"), reopens=True),
        "halt": Step(
            (S.APPRAISED, S.PLANNED, S.PUBLISHED, S.VOTING, S.APPROVED, S.APPLIED), S.STUCK, facts.STUCK, by=rules.proposer,
            label=gettext_lazy("报告卡住了"), quiet=True, says=gettext_lazy("说明卡在哪里，街道和协会看得到，好来帮忙。"),
        ),
        "retry": Step(
            S.STUCK, S.VOTING, facts.VOTE_CALLED, by=rules.organiser, label=gettext_lazy("再征集一轮"), needs=[stuck_for(Stuck.QUORUM)], then=vote_due,
            reopens=True, says=gettext_lazy("方案没有变，只补征没有表态的户。"),
        ),
        "go_on": Step(
            S.STUCK, S.APPRAISED, by=rules.proposer, label=gettext_lazy("改好方案接着办"), reopens=True,
            needs=[stuck_for(Stuck.MONEY, Stuck.NO_COMMITTEE, Stuck.DISPUTE)], then=plan_due,
        ),
        "apply": Step(
            S.APPROVED, S.APPLIED, facts.APPLIED, by=rules.proposer, label=gettext_lazy("申请拨付"), papers=(APPLYING,), then=release_due,
            says=gettext_lazy("连同表决汇总和分摊清册一起报维修资金管理中心。"),
        ),
        "return": Step(S.APPLIED, S.APPROVED, by=rules.center, label=gettext_lazy("退回补正"), quiet=True),
        "release": Step(
            S.APPLIED, S.ADVANCED, facts.ADVANCED, by=rules.center, label=gettext_lazy("拨付首款"), then=start_due,
            says=gettext_lazy("首款不超过合同价的规定比例，其余结算后付。"),
        ),
        "ask": Step(
            S.APPRAISED, S.ASKED, facts.ASKED, by=rules.reporter, label=gettext_lazy("申请应急使用"), needs=[on_emergency], then=confirm_due,
            papers=(ASKING,), says=gettext_lazy("险情六类之一，先修后公示。街道和维修资金管理中心到现场确认。"),
        ),
        "witness": Step(
            S.ASKED, None, by=rules.witness, label=gettext_lazy("现场确认"), says=gettext_lazy("到现场看过，确有险情。街道和中心都确认了就可以先修。"),
        ),
        "deny": Step(S.ASKED, S.APPRAISED, by=street | rules.center, label=gettext_lazy("不属于应急"), quiet=True, reopens=True),
        "confirm": Step(
            S.ASKED, S.CONFIRMED, facts.CONFIRMED, by=rules.the_clock, label=gettext_lazy("各方都已确认"), then=emergency_start,
        ),
        "build": Step(
            (S.ADVANCED, S.CONFIRMED), S.BUILDING, facts.STARTED, by=rules.keeper, label=gettext_lazy("登记开工"), papers=(CONTRACT,),
            says=gettext_lazy("放上施工合同。"),
        ),
        "rework": Step(S.BUILDING, None, by=rules.organiser, label=gettext_lazy("验收不合格，返工"), quiet=True),
        "accept": Step(
            S.BUILDING, S.ACCEPTED, facts.ACCEPTED, by=rules.organiser, label=gettext_lazy("验收合格"), papers=(ACCEPTANCE,), then=settle_due,
            says=gettext_lazy("由业委会（没有的由社区）带业主代表验收。物业和施工方不能自己验自己。"),
        ),
        "settle": Step(
            S.ACCEPTED, S.SETTLED, facts.SETTLED, by=rules.center, label=gettext_lazy("登记审定价"), needs=[has_scope], then=allocate_due,
            says=gettext_lazy("照审价报告填审定价。超出预算太多的，要重新申请。"),
        ),
        "allocate": Step(
            S.SETTLED, S.ALLOCATED, facts.ALLOCATED, by=rules.publisher, label=gettext_lazy("公布各户分摊"), then=result_due, papers=(OUTCOME,),
            says=gettext_lazy("按面积摊到分，从各户账户支付，不够的由业主补交。公示后不能改。"),
        ),
        "finish": Step(S.ALLOCATED, S.WARRANTY, by=rules.the_clock, label=gettext_lazy("公示期满"), then=warranty_end),
        "recall": Step(
            S.WARRANTY, None, by=rules.recaller, label=gettext_lazy("登记质保期内又坏了"), quiet=True,
            says=gettext_lazy("施工单位免费返修。写明哪里又坏了，项目经理马上收到消息。"),
        ),
        "make_good": Step(
            S.WARRANTY, None, by=rules.inspector, label=gettext_lazy("确认返修好了"), needs=[is_defective],
            done=lambda case: not is_defective.test(case), says=gettext_lazy("到现场看过再确认，写明怎么修的，放一张照片。物业不能替施工方确认。"),
        ),
        "close": Step(S.WARRANTY, S.CLOSED, facts.CLOSED, by=rules.the_clock, label=gettext_lazy("质保期满")),
        "misuse": Step(
            (S.ADVANCED, S.BUILDING, S.ACCEPTED, S.SETTLED, S.ALLOCATED, S.WARRANTY), None, by=rules.authority,
            label=gettext_lazy("登记套取、挪用"), quiet=True, papers=(RULING,),
            says=gettext_lazy("只凭处罚决定、判决等认定文书登记；记到企业名下，影响星级。"),
        ),
    },
)  # fmt: skip
