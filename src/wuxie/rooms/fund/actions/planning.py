"""Before the money: who is in scope, sealed quotes opened together, the plan with every unit's share, publicity, the vote."""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Iterable, Mapping
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import THE_CLOCK, Actor
from wuxie.kernel.amounts import in_yuan, metres, plain, yuan
from wuxie.kernel.clock import days
from wuxie.kernel.clock.now import now, today
from wuxie.kernel.clock.tables import calendar
from wuxie.kernel.labels import Sentence
from wuxie.kernel.parties.models import check_uscc
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import said
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.register.models import Unit

from .. import law, papers, queries, rules
from ..models import Quote, Repair, Share
from ..words import Stuck
from ..workflow import LEDGER, NOTICE, REPAIR, RESULT
from .common import File, issued, keep, save

QUOTE = "报价文件"
#: What the owners decide on; the word of the contract for votes.
MATTER = "fund_use"
CHOSEN = Sentence(gettext_noop("选用 %(who)s，%(sum)s"))
FEW = Sentence(gettext_noop("列支范围内参与表决不够，参与 %(area)s、%(heads)s 人"))


@transaction.atomic
def set_scope(
    case: Repair, *, by: Actor, entrances: Iterable[tuple[int, str | None]], uses: Collection[str], note: str = ""
) -> Event:
    """The units that benefit and pay: of whole buildings, or of single entrances, by their uses; unsold ones too.

    ``entrances``: building and entrance; ``None`` for all of a building.
    """
    engine.check(REPAIR, "scope", case, by=by)
    wanted = Q(pk__in=[])
    for building, entrance in entrances:
        wanted |= Q(building=building) if entrance is None else Q(building=building, entrance=entrance)
    found = Unit.objects.filter(wanted, estate=case.project.estate_id, use__in=uses).select_related("building")
    units = list(found.order_by("building__name", "entrance", "number", "pk"))
    if not units:
        raise Refusal(
            "guard",
            _(
                "列支范围里没有户室。至少要有一户受益并分摊（民法典第283条）；先在户室清册里登记这几栋的户室，或改选范围。"
            ),
        )
    case.shares.all().delete()
    Share.objects.bulk_create([Share(repair=case, unit=unit, area=unit.area) for unit in units], batch_size=500)
    label = _scope_label(units)
    event = engine.take(REPAIR, "scope", case, by=by, note=note, scope=label, units=len(units))
    save(case, scope_label=label)
    return event


def _scope_label(units: list[Unit]) -> str:
    """``3 栋 1、2 单元``: the doors by building and entrance."""
    found: dict[str, dict[str, None]] = {}
    for unit in units:
        found.setdefault(unit.building.name, {})[unit.entrance] = None
    parts = []
    for building, entrances in found.items():
        named = "、".join(entrance for entrance in entrances if entrance)
        parts.append(f"{building}（{named}）" if named else building)
    return "；".join(parts)[:200]


@transaction.atomic
def receive_quote(
    case: Repair, *, by: Actor, contractor: str, uscc: str, opens_at: datetime.datetime | None = None, note: str = ""
) -> Event:
    """A sealed offer came in; the first one fixes when all are opened. The company that serves the estate may not offer itself."""
    engine.check(REPAIR, "quote", case, by=by)
    name, code = said(contractor, _("请写报价单位。"))[:120], said(uscc, _("请写报价单位的统一社会信用代码。"))
    check_uscc(code)
    if code == case.project.company.uscc:
        raise Refusal("guard", _("报价单位就是申请使用资金的物业企业，不能自己报给自己。请另找施工单位。"))
    if case.quotes.filter(uscc=code).exists():
        raise Refusal("guard", _("这个信用代码已经收过一份报价，同一家单位只能报一次。"))
    few = case.quotes.count() < queries.term("quotes_least")
    if case.opens_at is None or (few and case.opens_at <= now()):
        if opens_at is None or opens_at <= now():
            raise Refusal("guard", _("请约定一个以后的拆封时间，几家到点当场一起拆。"))
        save(case, opens_at=opens_at)
    elif case.opens_at <= now():
        raise Refusal("guard", _("已经过了约定的拆封时间，不再收报价。"))
    Quote.objects.create(repair=case, contractor=name, uscc=code, received_at=now(), received_by=by.key)
    return engine.take(REPAIR, "quote", case, by=by, note=note, contractor=name)


@transaction.atomic
def open_quotes(case: Repair, *, by: Actor, opened: Mapping[int, tuple[int, File]], note: str = "") -> Event:
    """All offers are opened at once in front of the owners' side: quote → price (cents) and its paper."""
    quotes = list(case.quotes.all())
    if rules.organiser.test(by, case) and any(quote.received_by == by.key for quote in quotes):
        raise Refusal(
            "guard", _("收报价的人不能自己拆封。请业委会另一位委员来拆；没有业委会的，请社区另一位工作人员来拆。")
        )
    engine.check(REPAIR, "open_quotes", case, by=by)
    if set(opened) != {quote.pk for quote in quotes}:
        raise Refusal("guard", _("报价要当场一起拆：收了 %(n)s 份，这次只拆了 %(m)s 份。一家都不能先拆，也不能漏拆。")
                      % {"n": len(quotes), "m": len(opened)})  # fmt: skip
    if any(amount <= 0 for amount, _file in opened.values()):
        raise Refusal("guard", _("每一份报价都要有大于零的金额。"))
    for quote in quotes:
        quote.amount, file = opened[quote.pk]
        quote.opened_at = now()
        keep(case, QUOTE, file, by)
    told = "；".join(f"{quote.contractor} {in_yuan(quote.amount or 0)}" for quote in quotes)
    event = engine.take(REPAIR, "open_quotes", case, by=by, note=note or told, quotes=len(quotes))
    Quote.objects.bulk_update(quotes, ["amount", "opened_at"])
    return event


@transaction.atomic
def plan(case: Repair, *, by: Actor, quote: Quote, method: str, reason: str = "") -> Event:
    """One offer is chosen (a dearer one for a reason); every unit's share of it is reckoned to the cent."""
    engine.check(REPAIR, "plan", case, by=by)
    how = said(method, _("请写维修方案：做法、材料、工期。"))[:600]
    if quote.repair_id != case.pk or quote.amount is None:
        raise Refusal("guard", _("请从已经拆封的报价里选一家。"))
    cheapest = min(one.amount for one in case.quotes.all() if one.amount is not None)
    if quote.amount > cheapest and not reason.strip():
        raise Refusal("guard", _("没有选最低的报价（%(sum)s），请写明理由，会一起公示。") % {"sum": yuan(cheapest)})
    case.quotes.update(chosen=False)
    Quote.objects.filter(pk=quote.pk).update(chosen=True)
    lines = queries.reckon(case, quote.amount)
    for line in lines:
        line.share.planned = line.draw.share
    Share.objects.bulk_update([line.share for line in lines], ["planned"], batch_size=500)
    save(case, method=how, budget=quote.amount, contractor=quote.contractor, contract_sum=None)
    note = reason.strip() or CHOSEN(who=quote.contractor, sum=in_yuan(quote.amount))
    return engine.take(REPAIR, "plan", case, by=by, note=note, budget=plain(quote.amount))


@transaction.atomic
def publish(case: Repair, *, by: Actor, contact: str, voting: str = "") -> Event:
    """The plan and the ledger of shares hang at every door in scope."""
    engine.check(REPAIR, "publish", case, by=by)
    phone = said(contact, _("请写异议找谁、电话多少。"))[:120]
    until = days.add(today(), queries.term("plan_publicity"), "day", calendar()).on
    budget, scope = case.budget or 0, queries.totals(case)
    lines = queries.reckon(case, budget)
    quotes = "；".join(f"{quote.contractor} {in_yuan(quote.amount or 0)}" for quote in case.quotes.all())
    ledger = papers.write(
        LEDGER, case, by=by, total=in_yuan(budget), units=str(scope.units), area=metres(scope.area), basis=queries.share_basis(),
        table=papers.table(
            ((str(one.share), one.share.area, one.draw.share, one.balance, one.draw.drawn, one.draw.to_pay) for one in lines),
            "面积（㎡）", "分摊（元）", "账户余额（元）", "账户支付（元）", "业主补交（元）",
        ),
    )  # fmt: skip
    notice = papers.write(
        NOTICE, case, by=by, reason=case.findings or case.words, scope=f"{case.scope_label}，{scope.units} 户，{metres(scope.area)}",
        method=case.method, budget=in_yuan(budget), quotes=quotes, contractor=case.contractor, share=queries.share_basis(), until=until.isoformat(),
        voting=voting.strip()[:200], objections=phone,
    )  # fmt: skip
    event = engine.take(REPAIR, "publish", case, by=by, papers=issued(notice) | issued(ledger), until=until.isoformat())
    save(case, publicity_until=until)
    return event


@transaction.atomic
def call_vote(case: Repair, *, by: Actor, note: str = "") -> Event:
    """The owners in scope are asked; the fact tells the room of votes what, and whom (``VOTE_CALLED``)."""
    return engine.take(REPAIR, "vote", case, by=by, note=note, fact={"details": _question(case)})


@transaction.atomic
def call_again(case: Repair, *, by: Actor, note: str = "") -> Event:
    """Too few took part: the same plan is asked once more."""
    event = engine.take(REPAIR, "retry", case, by=by, note=note, fact={"details": _question(case)})
    save(case, stuck="", stuck_why="")
    return event


def _question(case: Repair) -> dict[str, str]:
    """What the owners decide on. A scope that leaves out doors of an entrance (by their use) cannot be handed over and is not told."""
    units = set(case.shares.values_list("unit", flat=True))
    entrances = sorted(set(Unit.objects.filter(pk__in=units).order_by().values_list("building", "entrance")))
    every = reduce(or_, (Q(building=building, entrance=entrance) for building, entrance in entrances))
    is_whole = set(Unit.objects.filter(every, estate=case.project.estate_id).values_list("pk", flat=True)) == units
    return {
        "estate": str(case.project.estate_id), "title": case.title[:80], "matter": MATTER, "source": REPAIR.key(case),
        "item": f"{case.title[:60]}：{case.scope_label}，{in_yuan(case.budget or 0)}"[:120],
        "scope": json.dumps(entrances, ensure_ascii=False) if is_whole else "",
    }  # fmt: skip


@transaction.atomic
def extend(case: Repair, *, by: Actor, note: str = "") -> Event:
    """The vote runs on once more."""
    event = engine.take(REPAIR, "extend", case, by=by, note=note)
    save(case, extended=True)
    return event


@transaction.atomic
def record_vote(
    case: Repair, *, by: Actor, total_area: int, total_heads: int, part_area: int, part_heads: int, yes_area: int, yes_heads: int,
    reference: str, file: File | None,
) -> Event:  # fmt: skip
    """The result as it stands on the paper, checked against the scope and judged by law (民法典 art. 278)."""
    engine.check(REPAIR, "approve", case, by=by)
    scope = queries.totals(case)
    total, part, yes = (
        law.Count(total_area, total_heads),
        law.Count(part_area, part_heads),
        law.Count(yes_area, yes_heads),
    )
    if total.area != scope.area:
        raise Refusal("guard", _("总面积 %(have)s 和列支范围的 %(want)s 不一样：只能由列支范围内的业主表决，面积按清册合计。") % {
            "have": metres(total.area), "want": metres(scope.area)})  # fmt: skip
    if not 0 < total.heads <= scope.units:
        raise Refusal(
            "guard",
            _("总人数要在 1 和 %(n)s 之间：一户一人，一人多户算一人，没卖出的合起来算建设单位一人。")
            % {"n": scope.units},
        )
    if not part.within(total) or not yes.within(part):
        raise Refusal("guard", _("参与的不能多于总数，同意的不能多于参与的。请对照计票清单重填。"))
    outcome = law.judge(
        total, part, yes, participation=queries.ratio("vote.participation"), approval=queries.ratio("vote.ordinary")
    )
    counted = {
        "total": [total.area, total.heads],
        "part": [part.area, part.heads],
        "yes": [yes.area, yes.heads],
        "reasons": list(outcome.reasons),
    }
    units = set(case.shares.values_list("unit", flat=True))
    return vote_result(
        case, by=by, passed=outcome.passed, quorate=outcome.quorate, matter=MATTER, reference=said(reference, _("请写表决结果文书的编号或名称。")),
        scope=units, counted=counted, papers=keep(case, RESULT, file, by, _("请放上表决汇总和计票清单。")),
    )  # fmt: skip


@transaction.atomic
def vote_result(
    case: Repair, *, by: Actor, passed: bool, quorate: bool, matter: str, reference: str, scope: Collection[int],
    counted: Mapping[str, list[int] | list[str]] | None = None, papers: Mapping[str, str] | None = None,
) -> Event:  # fmt: skip
    """What a vote came to, wherever it was held: carried, not carried, or too few took part.

    ``scope``: the units that were asked; they must be those that bear the repair. ``reference`` names the vote. Called with the clock as
    ``by`` for a vote held in another room.
    """
    if matter != MATTER:
        raise Refusal("guard", _("这次表决的不是使用维修资金，不能当作本次维修的结果。"))
    if set(scope) != set(case.shares.values_list("unit", flat=True)):
        raise Refusal("guard", _("表决的户室和列支范围不一样：只有列支范围内的业主才能表决，一户不多、一户不少。"))
    step = "approve" if passed else "reject" if quorate else "no_quorum"
    event = engine.take(REPAIR, step, case, by=by, papers=papers, reference=reference, counted=dict(counted or {}))
    save(case, vote={"passed": passed, "quorate": quorate, **(counted or {})}, vote_reference=reference[:80])
    if step == "no_quorum":
        area, heads = (counted or {}).get("part", [0, 0])
        save(case, stuck=Stuck.QUORUM, stuck_why=FEW(area=metres(int(area)), heads=int(heads)))
    return event


@transaction.atomic
def follow_vote(
    *, source: str, passed: bool, quorate: bool, matter: str, case: str, units: Collection[int], **_rest: object
) -> None:
    """A vote held in another room has taken effect. Nothing to do where its result was entered from paper, or others were asked."""
    kind, _colon, pk = source.partition(":")
    if kind != REPAIR.name:
        return
    repair = Repair.objects.select_for_update().filter(pk=pk, state=Repair.State.VOTING).first()
    if repair is not None and set(units) == set(repair.shares.values_list("unit", flat=True)):
        vote_result(repair, by=THE_CLOCK, passed=passed, quorate=quorate, matter=matter, reference=case, scope=units)


@transaction.atomic
def halt(case: Repair, *, by: Actor, stuck: str, why: str) -> Event:
    """It does not go on, and why: those who could help see it."""
    engine.check(REPAIR, "halt", case, by=by)
    if stuck not in Stuck.values:
        raise Refusal("guard", _("请选卡在哪里。"))
    reason = said(why, _("请写为什么卡住，别人才帮得上。"))[:300]
    event = engine.take(REPAIR, "halt", case, by=by, note=reason, stuck=stuck)
    save(case, stuck=stuck, stuck_why=reason)
    return event


@transaction.atomic
def replan(case: Repair, *, by: Actor, note: str = "", step: str = "replan") -> Event:
    """The plan is made anew: quotes are asked for again, what stood before is in the events."""
    engine.check(REPAIR, step, case, by=by)
    case.quotes.all().delete()
    case.shares.update(planned=None)
    save(
        case, opens_at=None, budget=None, contractor="", publicity_until=None, vote={}, vote_reference="", extended=False,
    )  # fmt: skip
    event = engine.take(REPAIR, step, case, by=by, note=note)
    save(case, stuck="", stuck_why="")
    return event


@transaction.atomic
def go_on(case: Repair, *, by: Actor, note: str = "") -> Event:
    """What held it up is out of the way: the plan is made anew."""
    return replan(case, by=by, note=note, step="go_on")


@transaction.atomic
def take_back(case: Repair, *, by: Actor, note: str) -> Event:
    """Who should have repaired it does not: it is classified anew."""
    engine.check(REPAIR, "take_back", case, by=by)
    why = said(note, _("请写责任方为什么不修。"))
    save(case, lane="", basis="", answers={}, liable_party="")
    return engine.take(REPAIR, "take_back", case, by=by, note=why)
