"""Verbs on plan, budget and the quarter's disclosure."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.amounts import in_yuan, plain
from wuxie.kernel.clock.now import today
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal

from .. import papers, queries, rules
from ..models import Activity, BudgetLine, Category, Disclosure, Entry
from ..workflow import DISCLOSURE
from ..workflow.money import NOTICE
from .common import save

#: What no association may take money for (评比达标表彰活动管理办法；行业协会商会收费的规定).
FORBIDDEN = ("评比费", "评选费", "评审费", "牌匾费", "强制培训", "回扣", "指定检测")


@transaction.atomic
def plan_activity(*, by: Actor, year: int, quarter: int, title: str, doer: str) -> Activity:
    """One thing that the year's plan holds."""
    may(rules.office, None, by, _("登记年度计划"))
    return Activity.objects.create(year=year, quarter=quarter, title=said(title, _("请写活动。"))[:120], doer=doer)


@transaction.atomic
def finish_activity(row: Activity, *, by: Actor, done_on: datetime.date, outcome: str) -> Activity:
    may(rules.office, None, by, _("登记活动办成"))
    if done_on > today():
        raise Refusal("guard", _("办成日 %(day)s 还没有到。") % {"day": done_on})
    save(row, done_on=done_on, outcome=said(outcome, _("请写结果。"))[:300])
    return row


@transaction.atomic
def add_line(*, by: Actor, year: int, category: str, label: str, planned: int) -> BudgetLine:
    """One line of a budget; income that the law forbids has no line."""
    may(rules.office, None, by, _("登记预算"))
    what = said(label, _("请写项目。"))[:80]
    word = next((one for one in FORBIDDEN if one in what), "")
    if word:
        raise Refusal("guard", _("协会不得有“%(word)s”这类收支：评比、强制培训、指定机构都不准收费。") % {"word": word})
    if BudgetLine.objects.filter(year=year, category=category, label=what).exists():
        raise Refusal("guard", _("%(year)s 年预算里已经有“%(label)s”。") % {"year": year, "label": what})
    return BudgetLine.objects.create(year=year, category=category, label=what, planned=planned)


@transaction.atomic
def book(line: BudgetLine, *, by: Actor, on: datetime.date, amount: int, voucher: str, note: str = "") -> Entry:
    """Money that came in or went out; not into a quarter that is in public already."""
    may(rules.office, None, by, _("记一笔收支"))
    if on.year != line.year or on > today():
        raise Refusal("guard", _("日期要在 %(year)s 年里，且不晚于今天。") % {"year": line.year})
    if Disclosure.objects.filter(
        year=on.year, quarter=queries.quarter_of(on), state=Disclosure.State.PUBLISHED
    ).exists():
        raise Refusal(
            "guard", _("%(day)s 所在的季度已经公示，不能再记账。更正记在本季，写明更正哪一笔。") % {"day": on}
        )
    number = said(voucher, _("请写凭证号。"))[:40]
    if Entry.objects.filter(line=line, voucher=number).exists():
        raise Refusal("guard", _("凭证号 %(number)s 在这个项目里已经记过。") % {"number": number})
    return Entry.objects.create(line=line, on=on, amount=amount, voucher=number, note=note.strip()[:120])


@transaction.atomic
def prepare(*, by: Actor, year: int, quarter: int) -> Disclosure:
    """A quarter that is over is drawn up for the public."""
    may(rules.office, None, by, _("编制收支公示"))
    if queries.span(year, quarter)[1] >= today():
        raise Refusal("guard", _("%(year)s 年第 %(quarter)s 季度还没有过完。") % {"year": year, "quarter": quarter})
    if not BudgetLine.objects.filter(year=year).exists():
        raise Refusal("guard", _("还没有 %(year)s 年的预算，没有可公示的。") % {"year": year})
    if Disclosure.objects.filter(year=year, quarter=quarter).exists():
        raise Refusal("guard", _("%(year)s 年第 %(quarter)s 季度已经编过。") % {"year": year, "quarter": quarter})
    case = Disclosure(year=year, quarter=quarter, prepared_by=by.key)
    engine.open_case(DISCLOSURE, case, by=by)
    return case


@transaction.atomic
def publish(case: Disclosure, *, by: Actor, note: str = "") -> Event:
    """The figures of today stand from now on; the notice is issued."""
    engine.check(DISCLOSURE, "publish", case, by=by)
    lines = queries.accounts(case.year, case.quarter)
    sums = queries.totals(lines)
    rows = [
        [
            f"{Category(line['category']).label} {line['label']}",
            *(plain(line[name]) for name in ("planned", "quarter", "year")),
        ]
        for line in lines
    ]
    table: dict[str, Any] = {
        "columns": [{"label": "项目", "wide": True}, *({"label": label, "number": True} for label in ("全年预算（元）", "本季（元）", "今年累计（元）"))],
        "rows": rows,
    }  # fmt: skip
    notice = papers.write(
        NOTICE, DISCLOSURE.key(case), by=by.key, table=table, period=f"{case.year} 年第 {case.quarter} 季度", income=in_yuan(sums["income"]),
        expense=in_yuan(sums["expense"]),
    )  # fmt: skip
    event = engine.take(DISCLOSURE, "publish", case, by=by, note=note, papers=notice)
    save(case, lines=lines, published_on=today())
    return event
