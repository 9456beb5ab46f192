"""A meeting is called in time, sits only with a quorum, decides item by item, and what it resolved is followed to its end."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from wuxie.kernel.clock.now import local, today
from wuxie.kernel.workflow.table import Rung, Step, Workflow, guard, within

from .. import facts, queries, rules
from ..models import Meeting, Resolution

S, R = Meeting.State, Resolution.State
NOTICE, MINUTES, PROOF = "会议通知", "会议纪要", gettext_noop("落实情况")


@guard(gettext_lazy("还没有议题。先列出要议的事。"))
def has_agenda(case: Meeting) -> bool:
    return case.items.exists()


@guard(gettext_lazy("没有应到的会员：会员名册里没有这一类在会的会员。"))
def has_roll(case: Meeting) -> bool:
    return bool(queries.entitled(case))


@guard(
    lambda case: (
        _("%(body)s要提前 %(n)s 日通知，最早 %(day)s 开。请先改期。")
        % {"body": case.get_body_display(), "n": queries.notice_days(case), "day": queries.earliest(case)}
    )
)
def is_in_time(case: Meeting) -> bool:
    return local(case.held_at).date() >= queries.earliest(case)


@guard(lambda case: _("会议定在 %(day)s，到那天才能开。") % {"day": local(case.held_at).date()})
def is_the_day(case: Meeting) -> bool:
    return today() >= local(case.held_at).date()


def _short(case: Meeting) -> str:
    here = queries.attendance(case)
    return _("应到 %(all)s 家，到会 %(here)s 家，至少要 %(least)s 家（%(share)s）才能开。先登记到会，人不够就改期。") % {
        "all": here.entitled, "here": here.present, "least": queries.quorum().least(here.entitled), "share": queries.share_words("quorum"),
    }  # fmt: skip


@guard(_short)
def has_quorum(case: Meeting) -> bool:
    here = queries.attendance(case)
    return queries.quorum().reached(here.present, here.entitled)


@guard(
    lambda case: _("还有 %(n)s 个议题没有表决。表决或暂缓以后才能散会。") % {"n": case.items.filter(outcome="").count()}
)
def all_decided(case: Meeting) -> bool:
    return not case.items.filter(outcome="").exists()


def term(name: str) -> Any:
    """So long as a figure says today."""
    return lambda _case: queries.term(name)


held = within(
    0, "day", name="held", label=gettext_lazy("开会"), on=lambda case: local(case.held_at).date(), during=(S.CALLED,), whose=rules.roll,
    remind=(3, 1),
)  # fmt: skip
minutes_due = within(
    term("minutes"), name="minutes", label=gettext_lazy("出会议纪要"), during=(S.CLOSED,), whose=rules.office, remind=(1,),
    ladder=(Rung(0, rules.president),),
)  # fmt: skip

MEETING = Workflow(
    "meeting",
    Meeting,
    label=gettext_lazy("协会会议"),
    initial=S.PLANNED,
    final=Meeting.DONE,
    subject=lambda case: queries.association_key(),
    title=lambda case: case.title,
    url=lambda pk: f"/association/meetings/{pk}/",
    steps={
        "add_item": Step(
            S.PLANNED, None, by=rules.convener, label=gettext_lazy("加一个议题"), quiet=True,
            says=gettext_lazy("写清议什么、涉及哪些会员。涉及的会员表决时自动回避。"),
        ),
        "drop_item": Step(S.PLANNED, None, by=rules.convener, label=gettext_lazy("去掉一个议题"), quiet=True, needs=[has_agenda]),
        "call": Step(
            S.PLANNED, S.CALLED, facts.MEETING_CALLED, by=rules.convener, label=gettext_lazy("发会议通知"), papers=(NOTICE,),
            needs=[has_agenda, has_roll, is_in_time], then=held,
            says=gettext_lazy("定下应到名单，出通知，发给每家会员的联络人。发出以后议题不能再改。"),
        ),
        "check_in": Step(
            (S.CALLED, S.SITTING), None, by=rules.office, label=gettext_lazy("登记到会"),
            says=gettext_lazy("照签到表勾选到会的会员单位。"),
        ),
        "recuse": Step(
            (S.CALLED, S.SITTING), None, by=rules.recuser, label=gettext_lazy("登记回避"), quiet=True,
            says=gettext_lazy("和议题有利害关系的会员回避：不算应到，也不计票。"),
        ),
        "open": Step(
            S.CALLED, S.SITTING, facts.MEETING_OPENED, by=rules.office, label=gettext_lazy("宣布开会"), needs=[is_the_day, has_quorum],
        ),
        "postpone": Step(
            (S.PLANNED, S.CALLED), S.PLANNED, by=rules.convener, label=gettext_lazy("改期"), quiet=True, reopens=True,
            says=gettext_lazy("人不够、来不及通知的：议题留着，另定时间；通知过的重新通知。"),
        ),
        "vote": Step(S.SITTING, None, facts.DECIDED, by=rules.office, label=gettext_lazy("登记表决"), needs=[has_quorum]),
        "defer": Step(S.SITTING, None, by=rules.office, label=gettext_lazy("暂缓一个议题"), quiet=True),
        "close": Step(
            S.SITTING, S.CLOSED, by=rules.office, label=gettext_lazy("散会"), needs=[all_decided], then=minutes_due,
        ),
        "record": Step(
            S.CLOSED, S.RECORDED, facts.RECORDED, by=rules.office, label=gettext_lazy("出会议纪要"), papers=(MINUTES,),
            says=gettext_lazy("出纪要，通过的决议立项跟踪；到会的会员记一次义务履行。"),
        ),
        "cancel": Step((S.PLANNED, S.CALLED), S.CANCELLED, by=rules.convener, label=gettext_lazy("取消会议"), quiet=True),
    },
)  # fmt: skip

carry_out = within(
    0, "day", name="carry_out", label=gettext_lazy("落实决议"), on=lambda case: case.due_on, during=(R.OPEN,), whose=rules.carrier,
    remind=(7, 1), ladder=(Rung(0, rules.president),),
)  # fmt: skip
verify_due = within(
    term("verify"), name="verify", label=gettext_lazy("核实决议落实"), during=(R.DONE,), whose=rules.president, remind=(1,),
)  # fmt: skip

RESOLUTION = Workflow(
    "resolution",
    Resolution,
    label=gettext_lazy("决议落实"),
    initial=R.OPEN,
    final=Resolution.FINAL,
    subject=lambda case: queries.association_key(),
    title=lambda case: case.title,
    url=lambda pk: f"/association/resolutions/{pk}/",
    opens=(carry_out,),
    steps={
        "report": Step(
            R.OPEN, R.DONE, by=rules.carrier, label=gettext_lazy("报办理结果"), then=verify_due,
            says=gettext_lazy("写办成了什么，放上凭证。由别人核实。"),
        ),
        "confirm": Step(
            R.DONE, R.CLOSED, facts.RESOLUTION_DONE, by=rules.verifier, label=gettext_lazy("核实已落实"),
            says=gettext_lazy("看过凭证，确实办成了。办的人不能自己核实。"),
        ),
        "send_back": Step(
            R.DONE, R.OPEN, by=rules.verifier, label=gettext_lazy("没有落实，退回"), quiet=True, reopens=True, then=carry_out,
        ),
        "stop": Step(
            R.OPEN, R.STOPPED, by=rules.president, label=gettext_lazy("不再执行"), quiet=True,
            says=gettext_lazy("写明为什么不再执行；记录公开给会员。"),
        ),
    },
)  # fmt: skip
