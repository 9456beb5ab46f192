"""The house rule of a month: reported, checked at once, corrected by oneself or found too high, planned, given back.

And of an account: supplied by others, being converted, supplied by the grid itself. Days are figures of ``statutes``.
"""

from __future__ import annotations

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from wuxie.kernel.clock.days import add_months
from wuxie.kernel.clock.now import today
from wuxie.kernel.workflow.table import Step, Workflow, guard, within

from . import facts, queries, rules
from .figures import term
from .models import Account, Month
from .models.months import next_start

S, A = Month.State, Account.State
BILL, MENDING, VERDICT, PLAN, REFERRAL = "电网账单", "更正说明", "转供电核验单", "转供电超收清退清单", "转供电移送函"
ADVICE, SUPPLY = "一户一表改造建议书", "直供送电单"
LAW = gettext_noop("电力法第44条、第66条")


def submit_by(account: Account) -> datetime.date:
    """So many days after the end of the first month that nobody has reported yet."""
    return add_months(next_start(account), 1) - datetime.timedelta(days=1) + datetime.timedelta(days=term("submit"))


@guard(lambda month: _("还有表没抄：%(meters)s。抄齐了再报。") % {"meters": queries.some(queries.unread(month))})
def is_complete(month: Month) -> bool:
    return not queries.unread(month)


@guard(gettext_lazy("这个户号下还没有终端用户表。先登记电表。"))
def has_tenants(month: Month) -> bool:
    return month.account.meters.there().filter(role="tenant").exists()


@guard(gettext_lazy("有居民用户，账单里要写居民电价。先改电网账单。"))
def has_resident_price(month: Month) -> bool:
    return month.resident_price is not None or not month.account.meters.there().filter(klass="resident").exists()


@guard(lambda month: _("账期到 %(day)s 才完，完了才能报。") % {"day": month.ends_on})
def is_over(month: Month) -> bool:
    return month.ends_on < today()


@guard(lambda month: _("自行纠正的期限到 %(day)s 已经过了，由协会复核。") % {"day": month.correct_by})
def in_time(month: Month) -> bool:
    return month.correct_by is None or today() <= month.correct_by


@guard(lambda month: _("企业自行纠正的期限到 %(day)s。之后才能认定。") % {"day": month.correct_by})
def window_over(month: Month) -> bool:
    return month.correct_by is not None and today() > month.correct_by


@guard(gettext_lazy("已经退过钱了，不能再改数。照核验结果退完。"))
def nothing_paid(month: Month) -> bool:
    return not month.refunded.exclude(state="due").exists()


@guard(lambda month: _("还有 %(n)s 户没有退到：%(users)s。每户要有凭证；用户说没收到的要重退。") % {
    "n": len(queries.unsettled(month)), "users": queries.some(queries.unsettled(month))})  # fmt: skip
def all_refunded(month: Month) -> bool:
    return not queries.unsettled(month)


@guard(lambda month: _("%(n)s 个月内只认定过这一次多收，不算多次。") % {"n": term("repeat")})
def is_repeated(month: Month) -> bool:
    return queries.confirmed_before(month)


@guard(gettext_lazy("还有月账没有了结。多收的退完，才能转为直供。"))
def months_settled(account: Account) -> bool:
    return not account.months.exclude(state__in=Month.SETTLED).exists()


submit_due = within(
    0, "day", name="submit", label=gettext_lazy("报送月账"), on=submit_by, during=(A.RESALE, A.CONVERTING), whose=rules.keeper,
    remind=(3, 1), ladder=rules.ladder,
)  # fmt: skip
mend_due = within(
    lambda _case: term("self_correct"), "day", name="mend", label=gettext_lazy("校正抄表"), during=(S.REVIEW,), whose=rules.keeper,
    remind=(3, 1), ladder=rules.ladder,
)  # fmt: skip
correct_due = within(
    lambda _case: term("self_correct"), "day", name="correct", label=gettext_lazy("自行纠正"), during=(S.SUSPECTED,), whose=rules.keeper,
    remind=(3, 1), basis=LAW,
)  # fmt: skip
review_due = within(
    lambda _case: term("review"), "working_day", name="review", label=gettext_lazy("协会复核"), during=(S.SUSPECTED,),
    whose=rules.secretariat, remind=(3, 1),
)  # fmt: skip
plan_due = within(
    lambda _case: term("plan"), "day", name="plan", label=gettext_lazy("提出清退方案"), during=(S.CONFIRMED,), orelse="escalate",
    whose=rules.keeper, remind=(7, 3, 1), basis=LAW,
)  # fmt: skip
refund_due = within(
    lambda _case: term("refund"), "day", name="refund", label=gettext_lazy("清退到户"), during=(S.PLANNED,), orelse="escalate",
    whose=rules.keeper, remind=(15, 7, 3, 1), basis=LAW,
)  # fmt: skip

POWER_MONTH = Workflow(
    "power_month",
    Month,
    label=gettext_lazy("转供电月账"),
    initial=S.DRAFT,
    final=Month.SETTLED,
    subject=lambda month: month.account.project.key,
    title=lambda month: f"{month.account.project.estate.name} · {month}",
    url=lambda pk: f"/power/months/{pk}/",
    steps={
        "submit": Step(
            S.DRAFT, S.SUBMITTED, facts.SUBMITTED, by=rules.keeper, label=gettext_lazy("报送月账"), papers=(BILL,),
            needs=[is_over, has_tenants, has_resident_price, is_complete], says=gettext_lazy("报送后马上核验，出公示表。"),
        ),
        "check": Step(S.SUBMITTED, S.CHECKED, by=rules.the_clock, label=gettext_lazy("核验")),
        "clear": Step(S.CHECKED, S.COMPLIANT, facts.CLEARED, by=rules.the_clock, label=gettext_lazy("核验通过")),
        "doubt": Step(
            S.CHECKED, S.REVIEW, facts.DOUBTED, by=rules.the_clock, label=gettext_lazy("抄表对不上"), then=mend_due,
        ),
        "suspect": Step(
            S.CHECKED, S.SUSPECTED, facts.SUSPECTED, by=rules.the_clock, label=gettext_lazy("疑似多收"), then=(correct_due, review_due),
        ),
        "amend": Step(
            (S.REVIEW, S.SUSPECTED), S.DRAFT, facts.AMENDED, by=rules.keeper, label=gettext_lazy("更正数据"), papers=(MENDING,),
            needs=[in_time, nothing_paid],
            says=gettext_lazy("抄错、录错才更正：写明哪里错、怎么发现的，放上更正说明。改完再报，重新核验。原来的数留着。"),
        ),
        "correct": Step(
            S.SUSPECTED, S.CORRECTED, facts.CORRECTED, by=rules.keeper, label=gettext_lazy("报自行纠正"), papers=(MENDING,),
            needs=[in_time, all_refunded], says=gettext_lazy("逐户退完、凭证齐了再报。自行纠正的不记多收。"),
        ),
        "confirm": Step(
            S.SUSPECTED, S.CONFIRMED, facts.CONFIRMED, by=rules.secretariat, label=gettext_lazy("认定多收"), needs=[window_over],
            then=plan_due, says=gettext_lazy("按核验结果认定，出核验单和逐户清单。多收金额记入事实账本。"),
        ),
        "plan": Step(
            S.CONFIRMED, S.PLANNED, facts.PLANNED, by=rules.keeper, label=gettext_lazy("提出清退方案"), then=refund_due,
            says=gettext_lazy("写明怎么退、什么时候退完。出逐户清退清单。"),
        ),
        "refund": Step(
            (S.PLANNED, S.ESCALATED), S.REFUNDED, facts.REFUNDED, by=rules.keeper, label=gettext_lazy("报清退完"), needs=[all_refunded],
            says=gettext_lazy("每户都有凭证、没有人说没收到，才能报完。"),
        ),
        "escalate": Step(
            (S.CONFIRMED, S.PLANNED), S.ESCALATED, facts.ESCALATED, by=rules.the_clock, label=gettext_lazy("逾期移送"),
        ),
        "refer": Step(
            (S.CONFIRMED, S.PLANNED), None, facts.ESCALATED, by=rules.secretariat, label=gettext_lazy("多次多收，发移送函"),
            needs=[is_repeated], quiet=True, says=gettext_lazy("把核验单和逐户清单移送市场监管部门。清退照常进行。"),
        ),
    },
)  # fmt: skip

POWER_ACCOUNT = Workflow(
    "power_account",
    Account,
    label=gettext_lazy("转供电户号"),
    initial=A.RESALE,
    final=(A.DIRECT,),
    subject=lambda account: account.project.key,
    title=lambda account: f"{account.project.estate.name} · {account.account_no}",
    url=lambda pk: f"/power/accounts/{pk}/",
    opens=(submit_due,),
    steps={
        "report": Step(
            (A.RESALE, A.CONVERTING), None, by=rules.keeper, label=gettext_lazy("报送月账"), then=submit_due,
            says=gettext_lazy("填电网账单，抄表，报送。"),
        ),
        "convert": Step(
            A.RESALE, A.CONVERTING, facts.CONVERTING, by=rules.keeper, label=gettext_lazy("开始一户一表改造"), quiet=True,
            says=gettext_lazy("出改造建议书，送供电企业和业主。改造完以前月账照报。"),
        ),
        "drop": Step(
            A.CONVERTING, A.RESALE, by=rules.keeper, label=gettext_lazy("改造没有办成"), quiet=True,
        ),
        "direct": Step(
            A.CONVERTING, A.DIRECT, facts.DIRECT, by=rules.keeper, label=gettext_lazy("登记直供到户"), quiet=True, papers=(SUPPLY,),
            needs=[months_settled], says=gettext_lazy("供电企业已装表到户、直接收费。放上送电单，以后不再报月账。"),
        ),
    },
)  # fmt: skip
