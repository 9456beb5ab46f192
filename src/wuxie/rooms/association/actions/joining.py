"""Verbs on joining and leaving: asked for, looked at, decided; nobody is kept."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import THE_CLOCK, Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal

from .. import rules
from ..models import Admission, Leaving, Member
from ..workflow import ADMISSION, LEAVING
from . import members
from .common import save


@transaction.atomic
def apply(organisation: Organisation, *, by: Actor, statement: str, group: str = "") -> Admission:
    """A unit asks to join."""
    case = Admission(organisation=organisation, statement=said(statement, _("请写入会说明。"))[:400], group=group)
    may(rules.applicant, case, by, _("申请入会"))
    if Member.objects.filter(organisation=organisation).exists():
        raise Refusal("guard", _("“%(name)s”已经是会员。") % {"name": organisation.name})
    if Admission.objects.filter(organisation=organisation).exclude(state__in=Admission.DONE).exists():
        raise Refusal("guard", _("“%(name)s”已经有一份申请在办。") % {"name": organisation.name})
    engine.open_case(ADMISSION, case, by=by)
    return case


@transaction.atomic
def check(case: Admission, *, by: Actor, opinion: str) -> Event:
    """The office has looked at it and says what it found."""
    engine.check(ADMISSION, "check", case, by=by)
    save(case, opinion=said(opinion, _("请写审核意见。"))[:300])
    return engine.take(ADMISSION, "check", case, by=by, note=case.opinion)


@transaction.atomic
def admit(case: Admission, *, by: Actor, note: str = "") -> Event:
    """The unit is a member from today."""
    event = engine.take(ADMISSION, "admit", case, by=by, note=note)
    members.admit(case.organisation, by=by, joined_on=today(), group=case.group)
    return event


@transaction.atomic
def ask_to_leave(member: Member, *, by: Actor, last_day: datetime.date, reason: str = "") -> Leaving:
    """A member says that it leaves, and from when."""
    case = Leaving(member=member, last_day=last_day, reason=reason.strip()[:300])
    may(rules.payer, case, by, _("申请退会"))
    if member.left_on is not None:
        raise Refusal("guard", _("已登记 %(day)s 退会。") % {"day": member.left_on})
    if last_day < today():
        raise Refusal("guard", _("最后一天 %(day)s 已经过了，请改成今天或以后。") % {"day": last_day})
    if member.leavings.filter(state=Leaving.State.ASKED).exists():
        raise Refusal("guard", _("已经有一份退会申请在办。"))
    engine.open_case(LEAVING, case, by=by)
    return case


@transaction.atomic
def settle(case: Leaving, *, by: Actor, note: str = "") -> Event:
    """The member leaves on the day it named; nothing that it owes is forgiven by that."""
    event = engine.take(LEAVING, "settle", case, by=by, note=note)
    if case.member.left_on is None:
        members.leave(case.member, by=by, on=case.last_day)
    return event


@LEAVING.by_time("settle")
def settled(case: Leaving) -> Event:
    """The office kept silent: leaving is free, so it is done."""
    return settle(case, by=THE_CLOCK)
