"""Before anybody else sees it: may the fee be changed at all, what the year cost, on what it is reckoned, the options, the promises."""

from __future__ import annotations

import datetime
from fractions import Fraction

from django.db import transaction
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.amounts import in_yuan, metres, plain
from wuxie.kernel.clock.now import today
from wuxie.kernel.facts import ledger
from wuxie.kernel.facts.trust import Trust
from wuxie.kernel.papers.models import Attachment
from wuxie.kernel.parties.models import check_uscc
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.register.models import Project

from .. import facts, law, queries, rules
from ..models import Adjustment, CostLine, Option, Promise
from ..words import FIELDS, MUSTS, Cost, Kind
from ..workflow import ADJUSTMENT, CLAUSE, REVIEW, VOUCHER
from .common import File, keep, save, take

#: No estate's books begin before this year.
FIRST_YEAR = 2000


@transaction.atomic
def begin(
    project: Project, *, by: Actor, reason: str, clause: str, last_changed_on: datetime.date, min_years: int = 0, current: int | None = None,
    guide_basis: str = "", file: File | None = None,
) -> Adjustment:  # fmt: skip
    """The company wants to change the fee: what the contract says of it, and since when the present price holds.

    ``current``: ten-thousandths of a yuan per m² and month; without it that of the register's contract.
    """
    may(rules.keeper, project, by, _("提出物业费调整"))
    Project.objects.select_for_update().get(pk=project.pk)
    price = current or project.fee
    if not price:
        raise Refusal("guard", _("合同里还没有登记物业费单价。请先到项目里登记，或者在“现行单价”里填。"))
    if last_changed_on > today():
        raise Refusal("guard", _("“现行标准从哪天起”不能晚于今天。"))
    if Adjustment.objects.running().filter(project__estate=project.estate_id).exists():
        raise Refusal("guard", _("这个小区已经有一件正在办的物业费调整，办完再提。"))
    cool = queries.cool_until(project)
    if cool is not None and today() < cool:
        raise Refusal("guard", _("上一次表决没有通过，%(day)s 起才能再提。") % {"day": cool})
    if project.stage == Project.Stage.INITIAL and not guide_basis.strip():
        raise Refusal("guard", _("前期物业的收费有政府指导价，请写“政府指导价依据”：当地价格主管部门的文件和文号。"))
    case = Adjustment(
        project=project, opened_by=by.key, reason=said(reason, _("请写为什么要调。"))[:400], clause=said(clause, _("请写合同怎么约定调价。"))[:400],
        min_years=min_years, last_changed_on=last_changed_on, current=price, guide_basis=guide_basis.strip()[:120], place_code=project.estate.place_id,
    )  # fmt: skip
    engine.open_case(ADJUSTMENT, case, by=by)
    case.number = f"TJ-{today().year}-{case.pk:04d}"
    case.save(update_fields=["number"])
    keep(case, CLAUSE, file, by, _("请放上物业服务合同里约定调价的那几页。"))
    return case


@transaction.atomic
def set_base(
    case: Adjustment, *, by: Actor, area: int, vacant: int, rate: int, offset: int = 0, margin: int = 0
) -> Event:
    """Chargeable area and its empty part, collection rate (hundredths of a percent), common income and margin (cents a year)."""
    engine.check(ADJUSTMENT, "base", case, by=by)
    if area <= 0 or vacant > area:
        raise Refusal("guard", _("收费面积要大于零，空置面积不能比它大。"))
    if not 0 < rate <= 10_000:
        raise Refusal("guard", _("收缴率要大于 0、不超过 100%。"))
    save(case, area=area, vacant=vacant, rate=rate, offset=offset, margin=margin)
    return take("base", case, by=by, area=area, vacant=vacant, rate=rate, offset=offset, margin=margin)


@transaction.atomic
def add_cost(
    case: Adjustment, *, by: Actor, year: int, item: str, amount: int, file: File | None, words: str = ""
) -> Event:
    """What one item cost in one year (cents), with the voucher behind it."""
    engine.check(ADJUSTMENT, "cost", case, by=by)
    if item not in Cost.values:
        raise Refusal("guard", _("“成本项”只能从名单里选。"))
    if not FIRST_YEAR <= year <= today().year:
        raise Refusal("guard", _("“年度”要在 %(from)s 和今年之间。") % {"from": FIRST_YEAR})
    if amount <= 0:
        raise Refusal("guard", _("“金额”要大于零。"))
    if item == Cost.AGREED and not words.strip():
        raise Refusal("guard", _("“业主同意的其他费用”要写明业主什么时候、怎么同意的。"))
    if case.costs.filter(year=year, item=item).exists():
        raise Refusal(
            "guard",
            _("%(year)s 年的“%(item)s”已经登记过，要改先去掉那一笔。") % {"year": year, "item": Cost(item).label},
        )
    given = keep(case, VOUCHER, file, by, _("请放上凭证：合同、发票、工资表汇总或审计报告。没有凭证的不算成本。"))
    paper = Attachment.objects.get(pk=given[VOUCHER].partition(":")[2])
    CostLine.objects.create(
        adjustment=case, year=year, item=item, amount=amount, words=words.strip()[:200], voucher=given[VOUCHER], sha256=paper.sha256,
    )  # fmt: skip
    return take("cost", case, by=by, papers=given, note=f"{year} {in_yuan(amount)}", item=item, sha256=paper.sha256)


@transaction.atomic
def drop_cost(case: Adjustment, *, by: Actor, line: CostLine, note: str = "") -> Event:
    """A line was wrong: out of the reckoning; its voucher stays with the case."""
    engine.check(ADJUSTMENT, "uncost", case, by=by)
    what = f"{line.year} {in_yuan(line.amount)}"
    event = take("uncost", case, by=by, note=note or what, item=line.item)
    case.costs.filter(pk=line.pk).delete()
    return event


@transaction.atomic
def set_option(
    case: Adjustment, *, by: Actor, kind: str, words: str, price: int, first_price: int | None = None, months: int | None = None,
    special: int = 0, cut: int = 0, subsidy: int = 0,
) -> Event:  # fmt: skip
    """One way out; writing the same kind again replaces it. Prices in ten-thousandths of a yuan, sums in cents a year."""
    engine.check(ADJUSTMENT, "option", case, by=by)
    if kind not in Kind.values:
        raise Refusal("guard", _("“方案”只能从五类里选。"))
    figures = {
        "price": price,
        "first_price": first_price,
        "months": months,
        "special": special,
        "cut": cut,
        "subsidy": subsidy,
    }
    wrong = law.misfits(kind, case.current, figures)
    if wrong:
        raise Refusal("guard", "；".join(f"“{FIELDS[name]}”{MUSTS[must]}" for name, must in wrong) + "。")
    top = queries.ceiling() if case.project.stage == Project.Stage.INITIAL else None
    if top is not None and Fraction(price + special, law.PER_CENT) > top:
        raise Refusal("guard", _("超过了前期物业的政府指导价 %(top)s 元/㎡·月（%(article)s），不能这样定。") % {
            "top": float(top), "article": queries.article("guided_price")})  # fmt: skip
    shape = {"first_price": first_price if kind == Kind.E else None, "months": months if kind == Kind.E else None}
    values = {
        "words": said(words, _("请写方案的说明。"))[:400],
        "price": price,
        "special": special,
        "cut": cut,
        "subsidy": subsidy,
    }
    Option.objects.update_or_create(adjustment=case, kind=kind, defaults=values | shape)
    return take("option", case, by=by, note=str(Kind(kind).name))


@transaction.atomic
def add_promise(case: Adjustment, *, by: Actor, words: str, measure: str) -> Event:
    """One improvement, and how anybody can tell."""
    engine.check(ADJUSTMENT, "promise", case, by=by)
    what = said(words, _("请写承诺什么。"))[:200]
    Promise.objects.create(adjustment=case, words=what, measure=said(measure, _("请写怎么核对。"))[:200])
    return take("promise", case, by=by, note=what)


@transaction.atomic
def review(
    case: Adjustment, *, by: Actor, reviewer: str, uscc: str, opinion: str, allowed: dict[int, int], file: File | None,
) -> Event:  # fmt: skip
    """Somebody independent looked at every line; what is not borne out is cut. ``allowed``: line → cents."""
    engine.check(ADJUSTMENT, "review", case, by=by)
    who, code = said(reviewer, _("请写审核单位。"))[:120], said(uscc, _("请写审核单位的统一社会信用代码。"))
    check_uscc(code)
    if code == case.project.company.uscc:
        raise Refusal("guard", _("审核单位就是收费的物业企业，不能自己审自己。请另找会计师事务所或造价咨询单位。"))
    lines = list(case.costs.all())
    for line in lines:
        line.allowed = allowed.get(line.pk, line.amount)
        if line.allowed > line.amount:
            raise Refusal("guard", _("“%(line)s”审核后的金额不能比申报的多。") % {"line": line})
    given = keep(case, REVIEW, file, by, _("请放上审核报告。"))
    words = said(opinion, _("请写审核意见。"))[:600]
    event = take("review", case, by=by, note=words, papers=given, reviewer=who)
    CostLine.objects.bulk_update(lines, ["allowed"])
    save(case, reviewer=who, review=words, reviewed_on=today())
    assert case.rate is not None
    # Read by the owners' side, not by the association: on record, and counted once the association has verified it.
    ledger.announce(
        facts.COLLECTION, case.project.key, occurred_on=today(), quantity=plain(case.rate),
        trust=Trust.COUNTERPART_CONFIRMED, by=by.key, source=f"{ADJUSTMENT.key(case)}/review/{case.version}", note=metres(case.area or 0),
    )  # fmt: skip
    return event
