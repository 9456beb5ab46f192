"""What several pages of the room show."""

from __future__ import annotations

import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from wuxie.kernel.clock.now import today
from wuxie.kernel.labels import said
from wuxie.web import words
from wuxie.web.cells import Chip

from ..models import Inspection, Obligation
from ..words import Level

S = Inspection.State
TONES = {
    S.DUE: "blue", S.REMINDED: "amber", S.BOOKED: "blue", S.OVERDUE: "red", S.INSPECTED: "blue", S.FAILED: "red",
    S.RECTIFIED: "amber", S.PASSED: "green", S.WITHDRAWN: "",
}  # fmt: skip


def state(case: Inspection) -> Chip:
    """The state; whatever has been arranged since, a passed due date is said first."""
    label = str(S(case.state).label)
    if case.overdue_on and case.state in (S.BOOKED, S.INSPECTED):
        return Chip(_("逾期：%(state)s") % {"state": label}, "red")
    return Chip(label, TONES[S(case.state)])


def due_chip(row: Obligation) -> Chip:
    """How far the due date is, in one word."""
    if row.exempt_why:
        return Chip(_("判定不适用"))
    if row.ended_on:
        return Chip(_("不再适用"))
    if row.due_on is None:
        return Chip(_("缺上次日期"), "amber")
    distance = (row.due_on - today()).days
    if distance < 0:
        return Chip(_("逾期 %(n)s 日") % {"n": -distance}, "red")
    return Chip(_("剩 %(n)s 日") % {"n": distance}, "amber" if distance <= row.spec.lead else "green")


def why(row: Obligation, base: datetime.date | None = None) -> str:
    """Why an item applies and how its due date came about, in one sentence."""
    if row.exempt_why:
        return _("%(why)s；依据：%(basis)s") % {"why": row.exempt_why, "basis": row.exempt_basis}
    if row.ended_on:
        return row.ended_why
    rule = f"{Level(row.level).label} · {said(row.spec.basis)}"
    if row.due_on is None:
        return _("%(said)s · 没有上次日期，算不出应检日") % {"said": rule}
    if row.guessed:
        return _("%(said)s · 上次没有记录，按基准日推到下一个应检日 %(due)s") % {"said": rule, "due": row.due_on}
    return _("%(said)s · 从基准日 %(base)s 推算，应检日 %(due)s") % {
        "said": rule,
        "base": row.base_on or base,
        "due": row.due_on,
    }


def duty_row(row: Obligation, *, keeps: bool, base: datetime.date | None = None) -> dict[str, Any]:
    """An obligation as a line, with what may be done about it."""
    acts = []
    if keeps and not row.ended_on and not row.exempt_why:
        acts = [
            {"label": _("登记现有报告"), "url": reverse("inspections:report", args=[row.pk])},
            {"label": _("登记上次日期"), "url": reverse("inspections:last", args=[row.pk])},
            {"label": _("现在办"), "url": reverse("inspections:begin", args=[row.pk])},
        ]
    return {"text": said(row.label), "note": why(row, base), "chip": due_chip(row), "acts": acts}


def case_row(case: Inspection) -> dict[str, Any]:
    """An inspection as a line."""
    notes = [_("应检 %(day)s") % {"day": words.day(case.due_on)}]
    if case.inspected_on:
        notes.append(_("检验 %(day)s") % {"day": words.day(case.inspected_on)})
    notes += [text for text in (case.agency, case.report_number, case.reason) if text]
    return {"text": said(case.label), "note": " · ".join(notes), "url": case.get_absolute_url(), "chip": state(case)}


def tabs(here: str) -> list[dict[str, Any]]:
    """The lists of the room beside one another."""
    listed = [
        ("duties", _("应检事项")), ("cases", _("检验办理")), ("projects", _("项目一览")), ("assets", _("设备台账")), ("pools", _("集中询价")),
    ]  # fmt: skip
    return [
        {"label": label, "url": reverse(f"inspections:{name}"), "count": None, "current": name == here}
        for name, label in listed
    ]
