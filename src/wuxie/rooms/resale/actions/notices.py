"""The papers of a month, written in Chinese whoever acts: the notice, the check, the list of refunds, the referral."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import THE_CLOCK, Actor
from wuxie.kernel.amounts import plain, yuan_and_cents
from wuxie.kernel.papers import actions as filing
from wuxie.kernel.papers.models import Document

from .. import check, papers, queries
from ..models import Month
from ..money import energy, unit_price
from ..words import Mode, kept
from ..workflow import LAW, PLAN, POWER_MONTH, REFERRAL, VERDICT

chinese = translation.override(settings.LANGUAGE_CODE)
OFFICE = "协会秘书处"
VERDICTS = {
    check.COMPLIANT: gettext_noop("没有多收"),
    check.REVIEW: gettext_noop("抄表对不上，校正后重新核验"),
    check.SUSPECTED: gettext_noop("正在核对和纠正"),
}


def findings(month: Month) -> str:
    """What the check found, as it is stored."""
    return "；".join(kept(finding) for finding in month.result.get("findings", []))


def period(month: Month) -> str:
    return f"{month.starts_on.isoformat()} — {month.ends_on.isoformat()}"


@chinese
def posted(month: Month) -> Document:
    """What is posted up where bills are paid: prices and losses, and no user's consumption."""
    result, account = month.result, month.account
    tenants = [row for row in queries.readings_of(month) if row.is_tenant]
    prices = [unit_price(price) for price in sorted({row.price for row in tenants})]
    extra = sum(row.surcharge for row in tenants if row.meter.klass != check.CHARGER)
    with filing.print_later():
        return papers.write(
            "转供电电费公示表", POWER_MONTH.key(month), account, by=THE_CLOCK, month=f"{month.ends_on:%Y%m}", period=period(month),
            kwh=energy(month.kwh), amount=yuan_and_cents(month.amount), refunds=yuan_and_cents(month.refunds), average=f"{result['average']} 元/度",
            mode=str(Mode(account.mode).label), allowed=f"{result['allowed']} 元/度", own=f"{result['own']} 度",
            terminal=f"{result['terminal']} 度", loss=f"{result['loss']} 度", rate=result["rate"],
            charged=" — ".join(dict.fromkeys([*prices[:1], *prices[-1:]])), surcharge=yuan_and_cents(extra), verdict=VERDICTS[month.verdict],
            check="凭电费单上的查询号，在协会网站“查我的电费”里看允许收多少、退了没有",
        )  # fmt: skip


@chinese
def verdict(month: Month, *, by: Actor) -> Document:
    """What the association found, with every user's sum."""
    result = month.result
    return papers.write(
        VERDICT, POWER_MONTH.key(month), month.account, by=by, period=period(month), average=f"{result['average']} 元/度",
        allowed=f"{result['allowed']} 元/度", users=str(month.refunded.count()), over=yuan_and_cents(month.over), found=findings(month), basis=LAW,
        table=_listed(month), signed_by=OFFICE,
    )  # fmt: skip


@chinese
def refund_list(month: Month, until: datetime.date, *, by: Actor) -> Document:
    """Who gets what back and until when, with room for every signature."""
    return papers.write(
        PLAN, POWER_MONTH.key(month), month.account, by=by, period=period(month), users=str(month.refunded.count()), over=yuan_and_cents(month.over),
        plan=month.plan, until=until.isoformat(), basis=LAW, table=_listed(month),
    )  # fmt: skip


@chinese
def referral(month: Month, why: str, *, by: Actor) -> Document:
    """To the office that watches over markets, with every user's sum."""
    with filing.print_later():
        return papers.write(
            REFERRAL, POWER_MONTH.key(month), month.account, by=by, period=period(month), over=yuan_and_cents(month.over),
            unpaid=yuan_and_cents(queries.owed(month)), why=why, basis=LAW, table=_listed(month), signed_by=OFFICE,
        )  # fmt: skip


def _listed(month: Month) -> dict[str, Any]:
    """Who gets what back, as a table of a paper."""
    return {
        "columns": [
            {"label": "用户", "wide": True}, {"label": "表号"}, {"label": "应退（元）", "number": True}, {"label": "退款方式和日期"}, {"label": "签收"},
        ],
        "rows": [
            [row.user, row.meter.code, plain(row.amount), f"{row.get_way_display()} {row.paid_on}" if row.paid_on else "", ""]
            for row in month.refunded.select_related("meter")
        ],
    }  # fmt: skip
