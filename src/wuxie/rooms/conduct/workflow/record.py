"""The house rule of a credit record: found in writing, told, answered, confirmed by a second person, in publicity, counting, ended.

Order 36 of 2026 on repair: a least wait and a longest time by level, both from the day of the paper.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from wuxie.kernel.clock.days import add_months
from wuxie.kernel.clock.now import today
from wuxie.kernel.workflow.table import Rung, Step, Workflow, guard, within

from .. import facts, queries, rules
from ..models import Record

S = Record.State
SOURCE, NOTICE, PROMISE, REPAIR, RESULT, ANSWER = (
    "认定文书",
    "信用信息告知书",
    "信用承诺书和证明",
    "信用修复申请表",
    "信用修复决定",
    "异议处理答复",
)
ORDER = gettext_noop("信用修复管理办法（发改委令第36号）")


def repair_from(case: Record) -> datetime.date:
    """The first day on which a record may be repaired."""
    return add_months(case.issued_on, queries.wait(case.level))


@guard(gettext_lazy("良好行为不用告知，直接认定公示。"))
def is_bad(case: Record) -> bool:
    return not case.is_good


@guard(gettext_lazy("先告知企业，听了陈述申辩（或期满没有申辩）再认定。"))
def is_answered(case: Record) -> bool:
    return case.is_good or case.state == S.STATED


@guard(gettext_lazy("异议还没有答复。"))
def has_objection(case: Record) -> bool:
    return bool(case.objection)


@guard(gettext_lazy("异议正在处理。"))
def no_objection(case: Record) -> bool:
    return not case.objection


@guard(gettext_lazy("良好行为没有修复一说。"))
def may_repair(case: Record) -> bool:
    return not case.is_good


@guard(lambda case: _("“%(level)s”的从文书日起满 %(n)s 个月，%(day)s 起才能申请修复。") % {
    "level": case.get_level_display(), "n": queries.wait(case.level), "day": repair_from(case)})  # fmt: skip
def has_waited(case: Record) -> bool:
    return today() >= repair_from(case)


@guard(gettext_lazy("还有没履行的义务（退款、履行裁判、整改），不能修复。最长公示期满自动停止公示。"))
def is_performed(case: Record) -> bool:
    return not case.duties_open


@guard(gettext_lazy("企业还没有申请修复。"))
def was_asked(case: Record) -> bool:
    return case.repair_asked_on is not None


@guard(gettext_lazy("已经申请过修复，等审核。"))
def not_asked(case: Record) -> bool:
    return case.repair_asked_on is None


def days(name: str) -> Callable[[Any], int]:
    return lambda _case: queries.term(name)


state_due = within(
    days("credit.statement"), name="statement", label=gettext_lazy("陈述申辩"), during=(S.NOTIFIED,), orelse="waive", whose=rules.company_of_record,
)  # fmt: skip
confirm_due = within(
    days("credit.confirm"), name="confirm", label=gettext_lazy("认定"), during=(S.STATED,), whose=rules.recorder, ladder=(Rung(1, rules.recorder),),
)  # fmt: skip
publicity = within(
    days("credit.publicity"), "day", name="publicity", label=gettext_lazy("公示"), during=(S.PUBLISHED,), orelse="count", remind=(),
)  # fmt: skip
answer_due = within(
    days("credit.objection"), name="objection", label=gettext_lazy("答复异议"), during=(S.PUBLISHED, S.EFFECTIVE), whose=rules.recorder,
    ladder=(Rung(1, rules.recorder),),
)  # fmt: skip
repair_due = within(
    days("credit.repair"), name="repair", label=gettext_lazy("审核修复"), during=(S.EFFECTIVE,), whose=rules.recorder, basis=ORDER,
)  # fmt: skip
valid = within(
    0, "day", name="valid", label=gettext_lazy("计分至"), on=lambda case: case.expires_on, during=(S.EFFECTIVE,), orelse="expire", remind=(),
)  # fmt: skip

RECORD = Workflow(
    "credit_record",
    Record,
    label=gettext_lazy("信用记录"),
    initial=S.COLLECTED,
    final=Record.DONE,
    subject=lambda case: case.company.key,
    title=lambda case: f"{case.company} · {case.line} {case.paper_number}",
    url=lambda pk: f"/conduct/records/{pk}/",
    steps={
        "notify": Step(
            S.COLLECTED, S.NOTIFIED, facts.NOTIFIED, by=rules.recorder, label=gettext_lazy("告知企业"), needs=[is_bad], then=state_due,
            papers=(SOURCE, NOTICE), says=gettext_lazy("先告知、后认定。企业五个工作日内可以陈述申辩。"),
        ),
        "state": Step(
            S.NOTIFIED, S.STATED, facts.STATED, by=rules.company_of_record, label=gettext_lazy("陈述申辩"), then=confirm_due,
            says=gettext_lazy("不服的写明理由，放上证据。"),
        ),
        "waive": Step(S.NOTIFIED, S.STATED, by=rules.the_clock, label=gettext_lazy("期满没有申辩"), then=confirm_due),
        "confirm": Step(
            (S.COLLECTED, S.STATED), S.PUBLISHED, facts.CONFIRMED, by=rules.confirmer, label=gettext_lazy("认定并公示"), needs=[is_answered],
            papers=(SOURCE,), then=publicity, says=gettext_lazy("由采集人以外的人复核。公示期满第二天起计分。"),
        ),
        "refuse": Step(
            (S.COLLECTED, S.NOTIFIED, S.STATED), S.DROPPED, facts.REFUSED, by=rules.recorder, label=gettext_lazy("不予认定"), quiet=True,
        ),
        "count": Step(S.PUBLISHED, S.EFFECTIVE, by=rules.the_clock, label=gettext_lazy("公示期满，开始计分"), then=valid),
        "object": Step(
            (S.PUBLISHED, S.EFFECTIVE), None, by=rules.company_of_record, label=gettext_lazy("提出异议"), needs=[no_objection], quiet=True, then=answer_due,
            says=gettext_lazy("异议期间照常计分，页面标明“异议中”。"),
        ),
        "reject": Step((S.PUBLISHED, S.EFFECTIVE), None, by=rules.confirmer, label=gettext_lazy("异议不成立"), needs=[has_objection], papers=(ANSWER,)),
        "correct": Step(
            (S.PUBLISHED, S.EFFECTIVE), S.CORRECTED, facts.CORRECTED, by=rules.confirmer, label=gettext_lazy("异议成立，更正"), needs=[has_objection],
            papers=(ANSWER,), says=gettext_lazy("事实撤回，从来没有计过分。"),
        ),
        "ask_repair": Step(
            S.EFFECTIVE, None, by=rules.company_of_record, label=gettext_lazy("申请修复"), needs=[may_repair, has_waited, not_asked], then=repair_due,
            papers=(REPAIR, PROMISE), quiet=True, says=gettext_lazy("改正了、义务履行了、公开承诺了，才能修复。同一件事只修复一次。"),
        ),
        "repair": Step(
            S.EFFECTIVE, S.REPAIRED, by=rules.confirmer, label=gettext_lazy("准予修复"), needs=[was_asked, has_waited, is_performed], papers=(RESULT,),
            says=gettext_lazy("从今天起停止公示、共享和计分。"),
        ),
        "deny": Step(S.EFFECTIVE, None, by=rules.confirmer, label=gettext_lazy("不予修复"), needs=[was_asked], quiet=True),
        "perform": Step(S.EFFECTIVE, None, by=rules.recorder, label=gettext_lazy("登记义务已履行"), quiet=True),
        "expire": Step(S.EFFECTIVE, S.EXPIRED, by=rules.the_clock, label=gettext_lazy("期满，不再计分")),
    },
)  # fmt: skip
