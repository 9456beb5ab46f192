"""The house rule of a vote: taken up, announced with its roll, roll frozen, collected, closed, counted, published, in effect.

Days are figures of ``statutes``; the day of opening and the moment of the close are the decision's own. Nobody closes a vote
before its time, and before the close there is nothing to count: ballots stay in their envelopes.
"""

from __future__ import annotations

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from wuxie.kernel.amounts import plain
from wuxie.kernel.clock.now import local, now, start_of, today
from wuxie.kernel.workflow.table import Step, Workflow, guard, within

from . import facts, queries, rules
from .models import Decision, Objection
from .words import Duty

S = Decision.State
NOTICE, ROLL, LETTER = "业主表决公告", "表决名册公示", "告知居民委员会的函"
RESULT, FILING, RULING, OFFICIAL = "表决结果公告", "业主共同决定备案表", "撤销文书", "官方电子投票结果"


def _moment(moment: datetime.datetime | None) -> str:
    return f"{local(moment):%Y-%m-%d %H:%M}" if moment else ""


@guard(gettext_lazy("还没有表决事项，请先加上。"))
def has_agenda(case: Decision) -> bool:
    return case.items.exists()


@guard(gettext_lazy("还没有填开始收票日和截止时间。"))
def has_days(case: Decision) -> bool:
    return case.opens_on is not None and case.closes_at is not None


@guard(lambda case: _("要在开始收票的 %(n)s 日前公告（物业管理条例第14条），今天公告的话，开始收票日不能早于 %(day)s。") % {
    "n": queries.notice_days(), "day": today() + datetime.timedelta(days=queries.notice_days())})  # fmt: skip
def is_in_time(case: Decision) -> bool:
    return case.opens_on is None or case.opens_on >= today() + datetime.timedelta(days=queries.notice_days())


@guard(lambda case: _("名册公示到 %(day)s，公示期没有满。") % {"day": case.roll_until})
def is_publicised(case: Decision) -> bool:
    return case.roll_until is not None and today() > case.roll_until


@guard(lambda case: _("还有 %(n)s 件名册异议没有答复。") % {"n": queries.open_objections(case, Objection.About.ROLL)})
def is_undisputed(case: Decision) -> bool:
    return not queries.open_objections(case, Objection.About.ROLL)


@guard(lambda case: _("名册面积合计比证载总面积%(way)s %(area)s ㎡，请先核对户室面积或证载面积。") % {
    "way": _("多") if queries.roll_difference(case) > 0 else _("少"),
    "area": plain(abs(queries.roll_difference(case)))})  # fmt: skip
def is_whole(case: Decision) -> bool:
    return not case.entries.exists() or not queries.roll_difference(case)


@guard(lambda case: _("开始收票日是 %(day)s，还没有到。") % {"day": case.opens_on})
def has_come(case: Decision) -> bool:
    return case.opens_on is not None and today() >= case.opens_on


def people(case: Decision, duty: str) -> int:
    return case.helpers.active().filter(duty=duty).count()


@guard(gettext_lazy("上门收票要两个人一起，请先添两名收票人。"))
def has_collectors(case: Decision) -> bool:
    return people(case, Duty.COLLECTOR) >= 2


@guard(lambda case: _("收票到 %(at)s 截止，不能提前截止；截止后才能开封计票。") % {"at": _moment(case.closes_at)})
def has_ended(case: Decision) -> bool:
    return queries.is_over(case)


@guard(lambda case: _("收票已在 %(at)s 截止，不能再延长。") % {"at": _moment(case.closes_at)})
def is_running(case: Decision) -> bool:
    return case.closes_at is not None and now() < case.closes_at


@guard(lambda case: _("还有 %(n)s 张票没有录完两遍，或者有疑问没有核定。") % {"n": queries.untyped(case)})
def is_typed(case: Decision) -> bool:
    return not queries.untyped(case)


@guard(gettext_lazy("计票要有两名计票人和一名监票人，请先添上。"))
def has_counters(case: Decision) -> bool:
    return case.is_official or people(case, Duty.COUNTER) >= 2 and people(case, Duty.SUPERVISOR) >= 1


@guard(gettext_lazy("还没有导入官方系统的结果：先点“导入官方结果”，表核对过了再采用。"))
def has_official(case: Decision) -> bool:
    return case.official is not None


@guard(lambda case: _("结果公示到 %(day)s，公示期没有满。") % {"day": case.result_until})
def is_shown(case: Decision) -> bool:
    return case.result_until is not None and today() > case.result_until


@guard(
    lambda case: _("还有 %(n)s 件对结果的异议没有答复。") % {"n": queries.open_objections(case, Objection.About.RESULT)}
)
def is_accepted(case: Decision) -> bool:
    return not queries.open_objections(case, Objection.About.RESULT)


def first_moment(case: Decision) -> datetime.datetime:
    """Midnight at which collecting begins."""
    assert case.opens_on is not None
    return start_of(case.opens_on)


freezing = within(
    0, "day", name="roll", label=gettext_lazy("定名册"), on=lambda case: case.opens_on - datetime.timedelta(days=1),
    during=(S.ANNOUNCED,), whose=rules.organiser, remind=(3, 1),
)  # fmt: skip
opening = within(
    0, name="opening", label=gettext_lazy("开始收票"), at=first_moment, during=(S.FROZEN,), orelse="open", whose=rules.organiser,
    basis=gettext_noop("物业管理条例第14条"),
)  # fmt: skip
closing = within(
    0, name="closing", label=gettext_lazy("收票截止"), at=lambda case: case.closes_at, during=(S.COLLECTING,), orelse="close",
    whose=rules.organiser,
)  # fmt: skip
publicity = within(
    0, "day", name="result", label=gettext_lazy("结果公示期满"), on=lambda case: case.result_until, during=(S.PUBLISHED,),
    orelse="conclude", whose=rules.organiser, remind=(),
)  # fmt: skip

DECISION = Workflow(
    "decision",
    Decision,
    label=gettext_lazy("业主表决"),
    initial=S.PROPOSED,
    final=(S.CONCLUDED, S.WITHDRAWN, S.ANNULLED),
    subject=lambda case: case.estate.key,
    title=lambda case: f"{case.estate} · {case.title}",
    url=lambda pk: f"/votes/case/{pk}/",
    steps={
        "take_up": Step(
            S.PROPOSED, S.DRAFT, by=rules.organiser, label=gettext_lazy("受理"),
            says=gettext_lazy("由你代表的组织人来组织这次表决。"),
        ),
        "announce": Step(
            S.DRAFT, S.ANNOUNCED, facts.ANNOUNCED, by=rules.organiser, label=gettext_lazy("公告并公示名册"),
            needs=[has_agenda, has_days, is_in_time, is_whole], then=freezing,
            says=gettext_lazy("按名册出公告、名册公示和给居委会的函。公示期内业主可以提异议。"),
        ),
        "freeze": Step(
            S.ANNOUNCED, S.FROZEN, facts.ROLL_FROZEN, by=rules.organiser, label=gettext_lazy("定名册"),
            needs=[is_publicised, is_undisputed, is_whole], then=opening,
            says=gettext_lazy("名册从此不再改，每户编票号，摘要记入事实账本。"),
        ),
        "open": Step(
            S.FROZEN, S.COLLECTING, facts.OPENED, by=rules.organiser | rules.the_clock, label=gettext_lazy("开始收票"),
            needs=[has_come, has_collectors], then=closing,
        ),
        "extend": Step(
            S.COLLECTING, S.COLLECTING, facts.EXTENDED, by=rules.organiser, label=gettext_lazy("延长收票"), needs=[is_running],
            then=closing, quiet=True, says=gettext_lazy("写明理由并公告。只能往后延，不能提前。"),
        ),
        "close": Step(
            S.COLLECTING, S.CLOSED, facts.CLOSED, by=rules.organiser | rules.the_clock, label=gettext_lazy("收票截止"),
            needs=[has_ended], says=gettext_lazy("到时间自动截止，之后一张也不收。"),
        ),
        "adopt": Step(
            S.CLOSED, S.CLOSED, facts.CLOSED, by=rules.organiser, label=gettext_lazy("采用官方电子投票结果"), needs=[has_official],
            papers=(OFFICIAL,), quiet=True,
            says=gettext_lazy("官方系统的结果从此是有约束力的结果；本系统收的纸票由它替换，历史和理由都留着。"),
        ),
        "count": Step(
            S.CLOSED, S.COUNTED, facts.COUNTED, by=rules.organiser, label=gettext_lazy("计票"), needs=[has_counters, is_typed],
            says=gettext_lazy("按录好的票一次算出。抽查种子用大家都看得到、事先谁也不知道的数，例如当天某期彩票的开奖号。"),
        ),
        "publish": Step(
            S.COUNTED, S.PUBLISHED, facts.PUBLISHED, by=rules.organiser, label=gettext_lazy("公示结果"), then=publicity,
            says=gettext_lazy("出结果公告。每户可以凭回执核对自己的票。"),
        ),
        "recount": Step(
            (S.COUNTED, S.PUBLISHED), S.CLOSED, facts.RECOUNT, by=rules.organiser, label=gettext_lazy("重新计票"), reopens=True,
            quiet=True, says=gettext_lazy("写明理由，例如采纳了谁的异议。原来的结果留在经过里。"),
        ),
        "conclude": Step(
            S.PUBLISHED, S.CONCLUDED, by=rules.organiser | rules.the_clock, label=gettext_lazy("归档备案"),
            needs=[is_shown, is_accepted], says=gettext_lazy("决定生效，出备案表；每一项通过没有通过都记入事实账本。"),
        ),
        "annul": Step(
            (S.PUBLISHED, S.CONCLUDED), S.ANNULLED, facts.ANNULLED, by=rules.overseer, label=gettext_lazy("登记撤销"),
            papers=(RULING,), quiet=True,
            says=gettext_lazy("法院撤销（民法典第280条），或者主管部门责令改正、撤销（物业管理条例第19条）的，附上文书。"),
        ),
        "withdraw": Step(
            (S.PROPOSED, S.DRAFT, S.ANNOUNCED, S.FROZEN), S.WITHDRAWN, facts.WITHDRAWN, by=rules.organiser,
            label=gettext_lazy("撤回"), quiet=True, says=gettext_lazy("开始收票以前可以撤回，写明理由。"),
        ),
    },
)  # fmt: skip
