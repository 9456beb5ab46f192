"""The result: posted up, counted anew, in effect, annulled."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import THE_CLOCK, Actor
from wuxie.kernel.clock.days import add_months
from wuxie.kernel.clock.now import today
from wuxie.kernel.facts import ledger
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.facts.queries import not_replaced
from wuxie.kernel.labels import kept
from wuxie.kernel.papers import actions as filing
from wuxie.kernel.papers.models import Document
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import said
from wuxie.kernel.workflow.models import Event

from .. import facts, papers, queries
from ..models import Decision
from ..words import REASONS, Organiser
from ..workflow import DECISION, FILING, RESULT, RULING

S = Decision.State


def verdict(one: Mapping[str, Any]) -> str:
    """One item's result in words."""
    if one["passed"]:
        return _("通过")
    return _("未通过：%(why)s") % {"why": "；".join(str(REASONS[reason]) for reason in one["reasons"])}


def result_table(decision: Decision) -> dict[str, Any]:
    """The result as it stands on paper."""
    columns = [{"label": "事项", "wide": True}, {"label": "参与面积 ㎡", "number": True}, {"label": "参与人数", "number": True},
               {"label": "同意面积 ㎡", "number": True}, {"label": "同意人数", "number": True}, {"label": "结论", "wide": True}]  # fmt: skip
    rows = [
        [f"{one['item']}. {one['title']}", one["participating"]["area"], str(one["participating"]["heads"]), one["for"]["area"],
         str(one["for"]["heads"]), verdict(one)]
        for one in decision.result or []
    ]  # fmt: skip
    return {"columns": columns, "rows": rows}


def _strict(decision: Decision) -> str:
    """What would be without the silent ones, where the estate's rules let them take part."""
    found = [
        f"{one['item']}. {verdict(one['not_participating_result'])}"
        for one in decision.result or []
        if "not_participating_result" in one
    ]
    return "；".join(found)


def _result_notice(decision: Decision, by: Actor) -> Document:
    """The notice of the result, with how it is checked and how long one may go to court."""
    found = decision.result or []
    total, came = found[0]["total"], found[0]["participating"]
    years = queries.term("vote.annulment").number
    return papers.write(
        RESULT, decision, by=by, total=f"{total['heads']} 人，{total['area']} ㎡", came=f"{came['heads']} 人，{came['area']} ㎡（第 1 项）",
        verdict="；".join(f"{one['item']}. {verdict(one)}" for one in found), strict=_strict(decision),
        check="打开公开平台“核对我的票”，输入回执上的号码，只看得到自己的那一张", until=str(decision.result_until),
        annulment=f"认为决定侵害合法权益的，知道或者应当知道之日起 {years} 年内可以请求法院撤销（民法典第280条）", table=result_table(decision),
    )  # fmt: skip


@transaction.atomic
def publish(decision: Decision, *, by: Actor, note: str = "") -> Event:
    """Post the result up; how each owner checks their own ballot stands on it, and how long one may go to court."""
    engine.check(DECISION, "publish", decision, by=by)
    days = queries.term("assembly.result_publicity").number
    decision.result_until = today() + datetime.timedelta(days=days)
    decision.keep_until = add_months(today(), 12 * queries.term("vote.retention").number)
    decision.save(update_fields=["result_until", "keep_until"])
    with translation.override(settings.LANGUAGE_CODE):
        paper = _result_notice(decision, by)
    return engine.take(DECISION, "publish", decision, by=by, note=note, papers={RESULT: f"document:{paper.pk}"})


@transaction.atomic
def recount(decision: Decision, *, by: Actor, note: str) -> Event:
    """Back to the papers; the old result stays with the event."""
    reason = said(note, _("请写明重新计票的理由。"))
    before = decision.result
    event = engine.take(DECISION, "recount", decision, by=by, note=reason, result=before)
    decision.result = None
    decision.save(update_fields=["result"])
    return event


def _filing_form(decision: Decision, by: Actor) -> Document:
    """What goes to the street office."""
    found = decision.result or []
    return papers.write(
        FILING, decision, by=by, organiser=kept(Organiser(decision.organiser).label), root=decision.ballots_root,
        verdict="；".join(f"{one['item']}. {verdict(one)}" for one in found), keep=str(decision.keep_until), table=result_table(decision),
    )  # fmt: skip


@transaction.atomic
def conclude(decision: Decision, *, by: Actor, note: str = "") -> Event:
    """The decision takes effect: each item is announced to whoever waits for it, and filed."""
    engine.check(DECISION, "conclude", decision, by=by)
    found = decision.result or []
    with translation.override(settings.LANGUAGE_CODE):
        paper = _filing_form(decision, by)
    event = engine.take(DECISION, "conclude", decision, by=by, note=note, papers={FILING: f"document:{paper.pk}"})
    for one in found:
        kind = facts.CARRIED if one["passed"] else facts.NOT_CARRIED
        ledger.announce(
            kind.code, decision.estate.key, occurred_on=today(), by=by.key, note=one["title"],
            source=f"{DECISION.key(decision)}/item/{one['item']}/{decision.version}",
            details={
                "case": DECISION.key(decision), "estate": str(decision.estate_id), "item": one["item"], "matter": one["matter"],
                "passed": "yes" if one["passed"] else "no", "quorate": "yes" if one["quorate"] else "no", "source": decision.source,
            },
        )  # fmt: skip
    return event


DECISION.by_time("conclude")(lambda case: conclude(case, by=THE_CLOCK))


def _carried(decision: Decision) -> list[Fact]:
    """The facts of this decision that other rooms have acted on."""
    kinds = [facts.CARRIED.code, facts.NOT_CARRIED.code]
    rows = Fact.objects.filter(
        subject=decision.estate.key, kind__in=kinds, source__startswith=f"{DECISION.key(decision)}/"
    )
    return list(not_replaced(rows))


@transaction.atomic
def annul(decision: Decision, *, by: Actor, paper: tuple[str, bytes], note: str) -> Event:
    """A court or the office annulled it: what was announced counts no more; the fact tells every room that acted on it."""
    reason = said(note, _("请写明谁在什么时候撤销的，为什么。"))
    engine.check(DECISION, "annul", decision, by=by)
    name, content = paper
    kept_ = filing.attach(DECISION.key(decision), content, name, kind=RULING, by=by.key)
    for fact in _carried(decision):
        ledger.withdraw(fact, by=by.key, reason=reason)
    details = {"case": DECISION.key(decision), "estate": str(decision.estate_id), "source": decision.source}
    return engine.take(
        DECISION,
        "annul",
        decision,
        by=by,
        note=reason,
        papers={RULING: f"attachment:{kept_.pk}"},
        fact={"details": details},
    )
