"""The verbs of an account and its meters: registered, put right, taken down; converted to direct supply in the end."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.papers import actions as filing
from wuxie.kernel.receipts import new_number
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.register.models import Project

from .. import papers, queries, rules
from ..models import Account, Meter
from ..words import Klass, Mode, Role
from ..workflow import ADVICE, POWER_ACCOUNT, SUPPLY

File = tuple[str, bytes]


@transaction.atomic
def register(
    project: Project, *, by: Actor, account_no: str, grid: str, mode: str, basis: str, starts_on: datetime.date,
    entity: str = "", transformer: str = "", has_own: bool = True,
) -> Account:  # fmt: skip
    """Say behind which account of the grid others are supplied, and how they are settled with."""
    may(rules.keeper, project, by, _("登记转供电户号"))
    account_no = said(account_no, _("请写电网户号。"))[:30]
    if Account.objects.filter(account_no=account_no).exists():
        raise Refusal("guard", _("户号 %(no)s 已经登记过，一个户号只登记一次。") % {"no": account_no})
    if starts_on > today():
        raise Refusal("guard", _("第一个账期不能从今天以后起。"))
    account = Account(
        project=project, account_no=account_no, number=account_no, entity=entity.strip()[:120] or project.company.name[:120],
        grid=said(grid, _("请写供电企业。"))[:120], transformer=transformer.strip()[:120], mode=Mode(mode), has_own=has_own,
        basis=said(basis, _("请写约定结算方式的文件，例如租赁合同第几条。"))[:200], starts_on=starts_on,
        place_code=project.estate.place_id,
    )  # fmt: skip
    engine.open_case(POWER_ACCOUNT, account, by=by)
    return account


@transaction.atomic
def change(account: Account, *, by: Actor, **known: Any) -> Account:
    """Put an account right; every version is kept."""
    may(rules.keeper, account, by, _("更正转供电户号"))
    for name in ("entity", "grid", "transformer", "mode", "basis", "has_own"):
        if name in known:
            setattr(account, name, known[name])
    account.save()
    return account


def flaws(account: Account, rows: Sequence[dict[str, Any]]) -> Iterator[tuple[int, str, str]]:
    """What is wrong with meters to be written, as ``(place in rows, field, sentence)``: of each alone, and of the tree with all of them."""
    there = {meter.code: meter for meter in Meter.objects.filter(account=account).select_related("parent")}
    roles = {code: meter.role for code, meter in there.items()} | {row["code"]: row["role"] for row in rows}
    parents = {code: meter.parent.code for code, meter in there.items() if meter.parent is not None}
    for row in rows:
        parents.pop(row["code"], None)
        if row.get("parent"):
            parents[row["code"]] = row["parent"]
    circle = queries.loop(parents)
    for place, row in enumerate(rows):
        above = row.get("parent") or ""
        if above and above not in roles:
            yield (
                place,
                "parent",
                _("这个户号下没有表号“%(code)s”。上级表先登记，直接挂在总表下的留空。") % {"code": above},
            )
        elif above and above != row["code"] and roles[above] != Role.BRANCH:
            yield place, "parent", _("“%(code)s”不是分支总表，下面不能再挂表。") % {"code": above}
        if row["code"] in circle:
            yield (
                place,
                "parent",
                _("上级表绕成了环：%(way)s。总有一块要直接挂在总表下。") % {"way": " → ".join(circle)},
            )
        if row["role"] == Role.TENANT and not row.get("user"):
            yield place, "user", _("终端用户表要写用户：店铺招牌或房号，不写个人姓名。")
        if row["role"] != Role.TENANT and row.get("klass") == Klass.RESIDENT:
            yield place, "klass", _("居民用电的表是终端用户表。")


@transaction.atomic
def write_meters(account: Account, rows: Sequence[dict[str, Any]], *, by: Actor) -> int:
    """Write meters of an account: those that are there are changed, the others are new. All of them or none."""
    may(rules.keeper, account, by, _("登记电表"))
    if account.is_over:
        raise Refusal("state", _("已经直供到户，不再登记分表。"))
    for _place, _field, sentence in flaws(account, rows):
        raise Refusal("guard", sentence)
    there = {meter.code: meter for meter in Meter.objects.filter(account=account)}
    for row in rows:
        meter = there.get(row["code"]) or Meter(account=account, code=row["code"], receipt=new_number())
        meter.role, meter.klass = row["role"], row.get("klass") or Klass.COMMERCIAL
        meter.user = (row.get("user") or "")[:60]
        meter.multiplier, meter.by_band = row.get("multiplier") or 1, bool(row.get("by_band"))
        meter.verified_until = row.get("verified_until")
        meter.removed_on = row.get("removed_on", meter.removed_on)
        there[meter.code] = meter
        meter.parent = None
        meter.save()
    for row in rows:
        if row.get("parent"):
            there[row["code"]].parent = there[row["parent"]]
            there[row["code"]].save()
    return len(rows)


def write_meter(account: Account, *, by: Actor, **row: Any) -> Meter:
    """One meter, typed in; the number of another one is refused."""
    if Meter.objects.filter(account=account, code=row["code"]).exists():
        raise Refusal("guard", _("表号 %(code)s 已经登记过。") % {"code": row["code"]})
    write_meters(account, [row], by=by)
    return Meter.objects.get(account=account, code=row["code"])


@transaction.atomic
def change_meter(meter: Meter, *, by: Actor, **row: Any) -> Meter:
    """Put a meter right, or say since when it has been taken down; its number stays."""
    if row.get("removed_on") and row["removed_on"] > today():
        raise Refusal("guard", _("拆表日不能晚于今天。"))
    write_meters(meter.account, [{**row, "code": meter.code}], by=by)
    return Meter.objects.get(pk=meter.pk)


@transaction.atomic
def convert(account: Account, *, by: Actor, plan: str) -> Event:
    """Begin to have every user supplied by the grid itself: the advice is written."""
    engine.check(POWER_ACCOUNT, "convert", account, by=by)
    account.plan = said(plan, _("请写改造怎样安排：谁出资、分几步、什么时候办成。"))[:400]
    account.save()
    meters = account.meters.there()
    paper = papers.write(
        ADVICE, POWER_ACCOUNT.key(account), account, by=by, users=str(meters.filter(role=Role.TENANT).count()), plan=account.plan,
        own=str(meters.filter(role=Role.OWN).count()), transformer=account.transformer,
    )  # fmt: skip
    return engine.take(
        POWER_ACCOUNT, "convert", account, by=by, note=account.plan, papers={ADVICE: f"document:{paper.pk}"}
    )


def drop(account: Account, *, by: Actor, note: str = "") -> Event:
    """It came to nothing: the months go on."""
    return engine.take(POWER_ACCOUNT, "drop", account, by=by, note=said(note, _("请写为什么没有办成。")))


@transaction.atomic
def direct(account: Account, *, by: Actor, supplied_on: datetime.date, file: File, note: str = "") -> Event:
    """The grid charges every user itself: nothing is passed on any more."""
    engine.check(POWER_ACCOUNT, "direct", account, by=by)
    if supplied_on > today():
        raise Refusal("guard", _("直供起不能晚于今天。"))
    kept = filing.attach(POWER_ACCOUNT.key(account), file[1], file[0], kind=SUPPLY, by=by.key)
    account.supplied_on = supplied_on
    account.save()
    return engine.take(
        POWER_ACCOUNT, "direct", account, by=by, note=note, papers={SUPPLY: f"attachment:{kept.pk}"},
        supplied_on=str(supplied_on),
    )  # fmt: skip
