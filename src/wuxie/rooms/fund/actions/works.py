"""From the application to the end of the warranty: paid in advance, built, accepted, audited, shared out, kept good."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.amounts import in_yuan, metres, plain, yuan
from wuxie.kernel.clock.days import add_months
from wuxie.kernel.clock.now import today
from wuxie.kernel.facts import ledger
from wuxie.kernel.labels import Sentence
from wuxie.kernel.notify.tell import tell
from wuxie.kernel.papers.attached import digests_of
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import said
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal

from .. import banksheet, facts, law, papers, queries, rules
from ..models import Account, Repair, Share
from ..workflow import ACCEPTANCE, APPLYING, AUDIT, CONTRACT, MENDED, OUTCOME, REPAIR, RULING
from .accounts import tell_low
from .common import File, issued, keep, picture, save

AGAIN = Sentence(gettext_noop("质保期内又坏了，请施工单位返修：%(what)s"))


@transaction.atomic
def apply(case: Repair, *, by: Actor, account: str, note: str = "") -> Event:
    """The fund centre is asked to pay, with the vote and the ledger."""
    engine.check(REPAIR, "apply", case, by=by)
    where, counted = said(account, _("请写款项拨到施工单位的哪个账户。"))[:200], case.vote
    vote = "；".join(
        _counted(label, counted.get(name)) for label, name in (("总数", "total"), ("参与", "part"), ("同意", "yes"))
    )
    paper = papers.write(
        APPLYING, case, by=by, scope=case.scope_label, contractor=case.contractor, budget=in_yuan(case.budget or 0), vote=vote,
        reference=case.vote_reference, account=where,
    )  # fmt: skip
    return engine.take(REPAIR, "apply", case, by=by, note=note, papers=issued(paper))


def _counted(label: str, pair: list[int] | None) -> str:
    """``参与 1,200.00 ㎡、14 人`` on a paper."""
    return f"{label} {metres(pair[0])}、{pair[1]} 人" if pair else f"{label}见表决依据"


@transaction.atomic
def release(case: Repair, *, by: Actor, amount: int, basis: str = "", note: str = "") -> Event:
    """The fund centre pays a part in advance: no more than the figure that was confirmed here, or by the paper it names."""
    engine.check(REPAIR, "release", case, by=by)
    budget, limit = case.budget or 0, queries.known("advance")
    if amount <= 0:
        raise Refusal("guard", _("首款要大于零。"))
    if limit is not None and amount > law.most(budget, limit.fraction):
        raise Refusal("guard", _("首款最多 %(most)s：预算 %(budget)s 的 %(part)s（%(article)s）。") % {
            "most": yuan(law.most(budget, limit.fraction)), "budget": yuan(budget), "part": limit.value, "article": limit.article})  # fmt: skip
    if limit is None and not basis.strip():
        raise Refusal("guard", _("本地的首款比例还没有核定，请写按哪份文件拨这个数。"))
    if amount > budget:
        raise Refusal("guard", _("首款不能多于预算 %(budget)s。") % {"budget": yuan(budget)})
    event = engine.take(REPAIR, "release", case, by=by, note=note or basis.strip(), amount=plain(amount))
    save(case, advance=amount)
    return event


@transaction.atomic
def build(
    case: Repair,
    *,
    by: Actor,
    started_on: datetime.date,
    contract_sum: int,
    contractor: str = "",
    file: File | None = None,
    note: str = "",
) -> Event:
    """The contractor begins; the contract is filed. It may not be dearer than what was published."""
    engine.check(REPAIR, "build", case, by=by)
    if started_on > today():
        raise Refusal("guard", _("开工日不能晚于今天。"))
    if contract_sum <= 0:
        raise Refusal("guard", _("合同价要大于零。"))
    name = case.contractor or said(contractor, _("请写施工单位。"))[:120]
    if not case.is_emergency and contract_sum > (case.budget or 0):
        raise Refusal(
            "guard",
            _("合同价高于公示并表决过的预算 %(sum)s。改预算要重新公示、表决。") % {"sum": yuan(case.budget or 0)},
        )
    if case.advance is not None and contract_sum < case.advance:
        raise Refusal("guard", _("合同价比已经拨的首款 %(sum)s 还少，请核对。") % {"sum": yuan(case.advance)})
    kept = keep(case, CONTRACT, file, by, _("请放上施工合同。"))
    event = engine.take(REPAIR, "build", case, by=by, note=note, papers=kept, contract=plain(contract_sum))
    save(case, started_on=started_on, contract_sum=contract_sum, contractor=name)
    return event


@transaction.atomic
def accept(
    case: Repair, *, by: Actor, accepted_on: datetime.date, representatives: int, opinion: str, file: File | None = None
) -> Event:
    """The owners' side accepts, with at least so many of those who pay; the warranty begins."""
    engine.check(REPAIR, "accept", case, by=by)
    if accepted_on > today() or (case.started_on is not None and accepted_on < case.started_on):
        raise Refusal("guard", _("验收日要在开工日 %(day)s 和今天之间。") % {"day": case.started_on})
    least = queries.term("representatives_least")
    if representatives < least:
        raise Refusal("guard", _("至少要有 %(n)s 位列支范围内的业主代表参加验收。") % {"n": least})
    words = said(opinion, _("请写验收意见。"))[:400]
    until = add_months(accepted_on, 12 * queries.term("warranty.waterproof"))
    paper = papers.write(
        ACCEPTANCE, case, by=by, contractor=case.contractor, contract=in_yuan(case.contract_sum or 0), started=str(case.started_on or ""),
        accepted=accepted_on.isoformat(), representatives=str(representatives), opinion=words,
    )  # fmt: skip
    given = issued(paper) | keep(case, "签字的验收单", file, by)
    event = engine.take(REPAIR, "accept", case, by=by, note=words, papers=given, representatives=representatives)
    save(case, accepted_on=accepted_on, representatives=representatives, warranty_until=until)
    return event


@transaction.atomic
def settle(
    case: Repair, *, by: Actor, amount: int, auditor: str = "", file: File | None = None, note: str = ""
) -> Event:
    """What it cost in the end, by an audit; far beyond the plan it is applied for anew."""
    engine.check(REPAIR, "settle", case, by=by)
    if amount <= 0:
        raise Refusal("guard", _("审定价要大于零。"))
    budget = (case.contract_sum if case.is_emergency else case.budget) or 0
    overrun = queries.ratio("overrun")
    if law.overruns(budget, amount, overrun) and case.is_emergency:
        raise Refusal(
            "guard",
            _(
                "审定价 %(sum)s 比合同价 %(budget)s 多出的超过 %(part)s。应急先修没有表决，多出的不能照此结算："
                "请审价单位和施工单位核对；确实要付的，另立一件维修，先公示、表决。"
            )
            % {"sum": yuan(amount), "budget": yuan(budget), "part": overrun},
        )
    if law.overruns(budget, amount, overrun):
        raise Refusal("guard", _("审定价 %(sum)s 比预算 %(budget)s 多出的超过 %(part)s，要按新预算重新公示、表决、申请。") % {
            "sum": yuan(amount), "budget": yuan(budget), "part": overrun})  # fmt: skip
    waiver = queries.known("audit_waiver")
    waived = waiver is not None and amount <= waiver.number * 100
    kept = keep(case, AUDIT, file, by, "" if waived else _("请放上审价报告。"))
    who = auditor.strip()[:120] if waived else said(auditor, _("请写审价单位。"))[:120]
    event = engine.take(REPAIR, "settle", case, by=by, note=note, papers=kept, amount=plain(amount))
    save(case, settled=amount, auditor=who, settled_on=today())
    return event


@transaction.atomic
def allocate(case: Repair, *, by: Actor, shares: str = "", agreement: str = "") -> Event:
    """Every unit's share is drawn from its account and published; what an account lacks its owner pays.

    ``shares``: the bank's own list, a door and a sum a line; it must name the same doors and add up, and differ from the shares by area
    only where the owners agreed so (``agreement``).
    """
    engine.check(REPAIR, "allocate", case, by=by)
    total, rows = case.settled or 0, queries.in_scope(case)
    accounts = {
        one.unit_id: one
        for one in Account.objects.select_for_update().filter(unit__in=[row.unit_id for row in rows]).order_by("pk")
    }
    have = {pk: one.balance for pk, one in accounts.items()}
    reckoned = law.draws(total, [(row.area, have.get(row.unit_id, 0)) for row in rows])
    basis = queries.share_basis()
    if shares.strip():
        given = banksheet.read(
            shares, [(str(row.unit), one.share) for row, one in zip(rows, reckoned, strict=True)], total, agreement
        )
        reckoned = [
            law.Draw(share, min(share, have.get(row.unit_id, 0)), share - min(share, have.get(row.unit_id, 0)))
            for row, share in zip(rows, given, strict=True)
        ]
        basis = agreement.strip()[:120] or basis
    below = _draw(rows, reckoned, accounts)
    paper = _result(case, rows, by=by, basis=basis)
    event = engine.take(REPAIR, "allocate", case, by=by, papers=issued(paper), basis=basis)
    save(case, allocated_on=today())
    if below:
        tell_low(case.project, below, key=f"topup:repair:{case.pk}")
    return event


def _draw(rows: list[Share], reckoned: list[law.Draw], accounts: dict[int, Account]) -> int:
    """Write every share and every account; how many accounts fell below the line by it."""
    line, below, day = queries.ratio("top_up"), 0, today()
    for row, one in zip(rows, reckoned, strict=True):
        account = accounts.get(row.unit_id)
        row.before = account.balance if account else 0
        row.final, row.drawn, row.to_pay = one.share, one.drawn, one.to_pay
        if account is not None and one.drawn:
            was = law.needs_top_up(account.deposited, account.balance, line)
            account.balance -= one.drawn
            account.as_of = account.drawn_on = day
            below += not was and law.needs_top_up(account.deposited, account.balance, line)
    Share.objects.bulk_update(rows, ["final", "before", "drawn", "to_pay"], batch_size=500)
    Account.objects.bulk_update(accounts.values(), ["balance", "as_of", "drawn_on"], batch_size=500)
    return below


def _result(case: Repair, rows: list[Share], *, by: Actor, basis: str) -> papers.Document:
    return papers.write(
        OUTCOME, case, by=by, contractor=case.contractor, contract=in_yuan(case.contract_sum or 0), settled=in_yuan(case.settled or 0),
        auditor=case.auditor, drawn=in_yuan(sum(row.drawn or 0 for row in rows)), to_pay=in_yuan(sum(row.to_pay or 0 for row in rows)),
        warranty=str(case.warranty_until or ""), accepted=f"{case.accepted_on}，业主代表 {case.representatives} 人", basis=basis,
        table=papers.table(
            ((str(row), row.area, row.final or 0, row.before or 0, row.drawn or 0, row.to_pay or 0, row.after or 0) for row in rows),
            "面积（㎡）", "分摊（元）", "原余额（元）", "账户支付（元）", "业主补交（元）", "现余额（元）",
        ),
    )  # fmt: skip


@REPAIR.by_time("finish")
@transaction.atomic
def finish(case: Repair) -> Event:
    """The result hung for its days and nobody can change it any more: the repair counts as done and published."""
    event = engine.by_clock(REPAIR, "finish", case)
    ledger.announce(
        facts.COMPLETED,
        case.project.key,
        occurred_on=today(),
        quantity="1",
        by="clock",
        source=f"{REPAIR.key(case)}/completed",
        note=case.title,
    )
    return event


@transaction.atomic
def recall(case: Repair, *, by: Actor, note: str) -> Event:
    """What was repaired broke again within the warranty: whoever serves the estate is told to have it made good."""
    event = engine.take(REPAIR, "recall", case, by=by, note=said(note, _("请写哪里又坏了。")))
    tell(
        rules.keeper.people(case), AGAIN(what=case.title), event.note, link=case.get_absolute_url(), key=f"defect:{event.pk}"
    )  # fmt: skip
    return event


@transaction.atomic
def make_good(case: Repair, *, by: Actor, note: str, photo: File) -> Event:
    """The owners' side has looked: what broke again within the warranty is mended, at the contractor's cost."""
    engine.check(REPAIR, "make_good", case, by=by)
    words = said(note, _("请写怎么修的、修得怎么样。"))
    return engine.take(REPAIR, "make_good", case, by=by, note=words, papers=picture(case, MENDED, photo, by))


@transaction.atomic
def misuse(case: Repair, *, by: Actor, number: str, text: str, file: File | None) -> Event:
    """An authority found that money of the fund was taken for something else: held against the company, with its paper."""
    engine.check(REPAIR, "misuse", case, by=by)
    document, words = said(number, _("请写认定文书的文号。"))[:80], said(text, _("请写认定了什么。"))[:300]
    kept = keep(case, RULING, file, by, _("请放上认定文书；没有处罚决定、判决等文书不能登记。"))
    event = engine.take(REPAIR, "misuse", case, by=by, note=f"{document}：{words}", papers=kept)
    ledger.announce(
        facts.MISUSE, case.project.company.key, occurred_on=today(), quantity="1", by=by.key, source=f"{REPAIR.key(case)}/misuse/{event.pk}",
        also_counts_for=[case.project.key], attachments=digests_of(kept.values()), note=f"{document}：{words}"[:300],
    )  # fmt: skip
    return event
