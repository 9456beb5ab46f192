"""The house rule of a permit of dangerous work: asked for, made safe, allowed by another, done in its hours, looked after.

Hours, minutes and limits are figures of ``statutes``.
"""

from __future__ import annotations

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.clock.now import local, now
from wuxie.kernel.workflow.table import Step, Workflow, guard, within

from . import queries, work_facts, work_queries, work_rules
from .models import GasReading, Permit
from .permit_words import measures_of

S = Permit.State
SITE, AFTER, PAPER, SLIP = "作业现场照片", "完工现场照片", "危险作业票", "完工清场单"
MINUTE, HOUR = datetime.timedelta(minutes=1), datetime.timedelta(hours=1)


def unticked(permit: Permit) -> list[str]:
    """The measures that nobody has confirmed yet."""
    return [str(label) for code, label in measures_of(permit.kind).items() if code not in permit.measures]


@guard(lambda permit: _("还没确认的措施：%(what)s。") % {"what": "；".join(unticked(permit))})
def all_ticked(permit: Permit) -> bool:
    return not unticked(permit)


@guard(gettext_lazy("措施已经全部确认。"))
def some_left(permit: Permit) -> bool:
    return bool(unticked(permit))


def last_reading(permit: Permit) -> GasReading | None:
    return permit.readings.first()


def _gas_fault(permit: Permit) -> str:
    """Why the air is not known to be safe now, or nothing."""
    if not permit.wants_gas:
        return ""
    reading, minutes = last_reading(permit), queries.term("permit_gas_valid")
    if reading is None:
        return _("还没有气体检测读数。先检测，合格再作业。")
    if reading.beyond:
        return _("最近一次气体检测不合格：%(what)s。通风后重测。") % {"what": "；".join(reading.beyond)}
    if now() - reading.taken_at > minutes * MINUTE:
        return _("气体检测是 %(at)s 做的，过了 %(n)s 分钟就不算数，请重测。") % {
            "at": f"{local(reading.taken_at):%H:%M}", "n": minutes}  # fmt: skip
    return ""


@guard(_gas_fault)
def air_is_safe(permit: Permit) -> bool:
    return not _gas_fault(permit)


@guard(gettext_lazy("这张票不用测气体。"))
def wants_gas(permit: Permit) -> bool:
    return permit.wants_gas


@guard(
    lambda permit: (
        _("作业人的证书 %(day)s 到期，盖不住作业时间，请换持有效证的人。") % {"day": permit.certificate_until}
    )
)
def certified(permit: Permit) -> bool:
    return permit.certificate_until >= local(permit.ends_at).date()


@guard(
    lambda permit: (
        _("票上的时间是 %(from)s 到 %(to)s，现在不在这段时间里。")
        % {"from": f"{local(permit.starts_at):%m-%d %H:%M}", "to": f"{local(permit.ends_at):%m-%d %H:%M}"}
    )
)
def in_hours(permit: Permit) -> bool:
    return permit.is_in_its_hours


@guard(
    lambda permit: (
        _("票上的时间 %(to)s 已经过了，不能再批。请重新申请。") % {"to": f"{local(permit.ends_at):%m-%d %H:%M}"}
    )
)
def not_past(permit: Permit) -> bool:
    return now() < permit.ends_at


def _busy_with(permit: Permit) -> str:
    other = work_queries.at_other_work(permit)
    if other is None:
        return ""
    return _("%(who)s 同一时间在另一张票上（%(number)s），一个人不能同时在两处。") % {
        "who": work_queries.whose(permit, other), "number": other.number or other.pk}  # fmt: skip


@guard(_busy_with)
def nobody_elsewhere(permit: Permit) -> bool:
    return not _busy_with(permit)


def watched_until(permit: Permit) -> datetime.datetime:
    """Until when somebody stays after the end: hot work smoulders."""
    minutes = queries.term("permit_watch") if permit.kind == Permit.Kind.HOT else 0
    return (permit.finished_at or now()) + minutes * MINUTE


@guard(lambda permit: _("动火完工后要看守到 %(at)s，到点再复查。") % {"at": f"{local(watched_until(permit)):%H:%M}"})
def watch_is_over(permit: Permit) -> bool:
    return now() >= watched_until(permit)


def check_by(permit: Permit) -> datetime.datetime:
    return watched_until(permit) + queries.term("permit_check") * HOUR


#: The hours of the permit end: what has not begun is over, what goes on is told up the ladder.
never_begun = within(
    0, "hour", name="begin", label=gettext_lazy("批准并开工"), at=lambda case: case.ends_at, during=(S.APPLIED, S.APPROVED),
    orelse="expire", remind=(),
)  # fmt: skip
end_due = within(
    0, "hour", name="end", label=gettext_lazy("在票上时间内完工"), at=lambda case: case.ends_at, during=Permit.RUNNING,
    whose=work_rules.crew, overdue_kind=work_facts.PERMIT_OVERRUN, ladder=work_rules.ladder, remind=(),
)  # fmt: skip
check_due = within(
    0, "hour", name="check", label=gettext_lazy("完工后现场复查"), at=check_by, during=(S.FINISHED,), whose=work_rules.checker,
    ladder=work_rules.ladder, remind=(),
)  # fmt: skip

PERMIT = Workflow(
    "permit",
    Permit,
    label=gettext_lazy("作业票"),
    initial=S.APPLIED,
    final=Permit.OVER,
    subject=lambda case: case.project.key,
    title=lambda case: f"{case.project.estate.name} · {case}",
    url=lambda pk: f"/safety/permits/{pk}/",
    opens=(never_begun,),
    steps={
        "measure": Step(
            S.APPLIED, None, work_facts.PERMIT_MEASURED, by=work_rules.crew, label=gettext_lazy("逐条确认措施"), needs=[some_left],
            says=gettext_lazy("到现场看一条勾一条，放一张现场照片。没做到的不要勾。"),
        ),
        "gas": Step(
            (S.APPLIED, S.APPROVED, S.STARTED, S.SUSPENDED), None, work_facts.PERMIT_GAS, by=work_rules.crew,
            label=gettext_lazy("登记气体检测"), needs=[wants_gas], quiet=True,
            says=gettext_lazy("把检测仪上的数照写。超限的，正在作业会马上暂停。"),
        ),
        "approve": Step(
            S.APPLIED, S.APPROVED, work_facts.PERMIT_APPROVED, by=work_rules.approver, label=gettext_lazy("批准作业"),
            needs=[not_past, all_ticked, air_is_safe, certified, nobody_elsewhere], papers=(SITE, PAPER),
            says=gettext_lazy("到现场核过再批。批准后出作业票，贴在现场。"),
        ),
        "refuse": Step(
            S.APPLIED, S.REFUSED, work_facts.PERMIT_REFUSED, by=work_rules.approver, label=gettext_lazy("不批准"), quiet=True,
            says=gettext_lazy("写明差什么、怎样再申请。"),
        ),
        "start": Step(
            S.APPROVED, S.STARTED, work_facts.PERMIT_STARTED, by=work_rules.crew, label=gettext_lazy("开工"),
            needs=[in_hours, air_is_safe, nobody_elsewhere], then=end_due, says=gettext_lazy("监护人到场再开工，中途不离开。"),
        ),
        "suspend": Step(
            S.STARTED, S.SUSPENDED, work_facts.PERMIT_SUSPENDED, by=work_rules.stopper, label=gettext_lazy("暂停作业"), quiet=True,
            says=gettext_lazy("有不对就停，人先撤出来，写明看到了什么。"),
        ),
        "resume": Step(
            S.SUSPENDED, S.STARTED, work_facts.PERMIT_RESUMED, by=work_rules.approver, label=gettext_lazy("恢复作业"),
            needs=[in_hours, air_is_safe], says=gettext_lazy("停下来的原因消除了，才恢复。"),
        ),
        "finish": Step(
            Permit.RUNNING, S.FINISHED, work_facts.PERMIT_FINISHED, by=work_rules.crew, label=gettext_lazy("报完工"),
            then=check_due, says=gettext_lazy("人和工具都撤出来了再报。动火的从这时起看守。"),
        ),
        "check": Step(
            S.FINISHED, S.CHECKED, work_facts.PERMIT_CHECKED, by=work_rules.checker, label=gettext_lazy("现场复查"),
            needs=[watch_is_over], papers=(AFTER,), says=gettext_lazy("没有余火、没有遗留，孔洞盖好，停的设施恢复了，拍一张。"),
        ),
        "close": Step(
            S.CHECKED, S.CLOSED, work_facts.PERMIT_CLOSED, by=work_rules.closer, label=gettext_lazy("办结"), papers=(SLIP,),
        ),
        "cancel": Step(
            (S.APPLIED, S.APPROVED), S.CANCELLED, work_facts.PERMIT_CANCELLED, by=work_rules.canceller,
            label=gettext_lazy("取消"), quiet=True,
        ),
        "expire": Step(
            (S.APPLIED, S.APPROVED), S.EXPIRED, work_facts.PERMIT_EXPIRED, by=work_rules.the_clock, label=gettext_lazy("过期"),
        ),
    },
)  # fmt: skip
