"""What has to be looked at where: brought to what the register of assets, the profiles and the catalogue say today."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock import days
from wuxie.kernel.clock.now import today
from wuxie.kernel.clock.tables import calendar
from wuxie.kernel.facts import ledger
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.facts.queries import fact_of, not_replaced
from wuxie.kernel.labels import Sentence
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.register.models import Project

from .. import facts, law, queries, rules
from ..catalogue import Item, of_kind
from ..models import Asset, Inspection, Obligation
from ..words import Gone
from ..workflow import INSPECTION

IDLE = Sentence(gettext_noop("设备自 %(day)s 起停用"))

ONE = datetime.timedelta(days=1)
Key = tuple[int, int, str]
"""Project, asset (0: the estate) and item."""


@dataclass(frozen=True)
class Dates:
    base_on: datetime.date | None = None
    last_on: datetime.date | None = None
    due_on: datetime.date | None = None
    guessed: bool = False


def dates(item: Item, asset: Asset | None, last: datetime.date | None = None) -> Dates:
    """When an item is due at an asset (or at the estate), from what is written there and the last date somebody gave for it."""
    cycle, early = item.cycle(today()), queries.term("early")
    if asset is None:
        return Dates(last, last, law.due_after(cycle, last, last)) if last else Dates()
    last = last or (asset.last_on if item.follows_last else None)
    base = asset.base_on
    if last is not None:
        return Dates(base, last, law.due_after(cycle, base, law.covered(cycle, last, early)))
    if item.follows_last:
        return Dates(base, None, law.due_after(cycle, base, base))
    return Dates(base, None, law.due_after(cycle, base, today() - ONE), guessed=True)


def put(row: Obligation, found: Dates) -> None:
    """Write dates into a row, unsaved; with them the day on which its case opens."""
    row.base_on, row.last_on, row.due_on, row.guessed = found.base_on, found.last_on, found.due_on, found.guessed
    reschedule(row, found.due_on)


def reschedule(row: Obligation, due: datetime.date | None) -> None:
    row.due_on = due
    row.opens_on = due - datetime.timedelta(days=max(row.spec.lead, *queries.ladder_days())) if due else None


FIELDS = [
    "label",
    "level",
    "agency",
    "base_on",
    "last_on",
    "due_on",
    "opens_on",
    "guessed",
    "begun",
    "ended_on",
    "ended_why",
]


@transaction.atomic
def refresh(projects: Iterable[Project]) -> int:
    """Begin what applies now and end what no longer does; the number of rows that changed. May be run as often as one likes.

    By a fixed number of statements for any number of projects, besides one for each thing that ends.
    """
    served = {project.pk: project for project in projects}
    assets = list(Asset.objects.filter(project__in=served))
    equipment = queries.equipment_of(served)
    known: dict[Key, Obligation] = {
        (row.project_id, row.asset_id or 0, row.item): row
        for row in Obligation.objects.filter(project__in=served).select_related("asset", "project__estate")
    }
    wanted = _wanted(served, assets, equipment)
    new, again = [], []
    for key, (item, asset) in wanted.items():
        row = known.get(key)
        if row is None:
            row = Obligation(
                project_id=key[0], asset=asset, item=item.code, label=item.label, level=item.level, agency=item.agency
            )
            put(row, dates(item, asset))
            if asset is None or row.due_on is not None:
                new.append(row)
        elif row.ended_on is not None and (asset is None or dates(item, asset, row.last_on).due_on is not None):
            row.ended_on, row.ended_why, row.begun = None, "", row.begun + 1
            put(row, dates(item, asset, row.last_on))
            if row.due_on is not None and row.due_on < today() and row.base_on is not None:
                # What fell due while it did not apply was not missed.
                reschedule(row, law.due_after(item.cycle(today()), row.base_on, today() - ONE))
            again.append(row)
    Obligation.objects.bulk_create(new, batch_size=500)
    Obligation.objects.bulk_update(again, FIELDS, batch_size=500)
    _announce_due([*new, *again])
    by_pk = {asset.pk: asset for asset in assets}
    gone = [row for key, row in known.items() if row.ended_on is None and key not in wanted]
    for row in gone:
        end(row, _why_gone(row, by_pk.get(row.asset_id or 0)))
    return len(new) + len(again) + len(gone)


def _wanted(
    served: dict[int, Project], assets: list[Asset], equipment: queries.Equipment
) -> dict[Key, tuple[Item, Asset | None]]:
    """Everything that applies. A project of which nobody has registered anything is left alone."""
    found: dict[Key, tuple[Item, Asset | None]] = {}
    kinds: dict[int, Counter[str]] = defaultdict(Counter)
    for asset in assets:
        kinds[asset.project_id][asset.kind] += asset.retired_on is None
        if asset.retired_on is None and asset.idle_since is None:
            for item in of_kind(asset.kind):
                found[asset.project_id, asset.pk, item.code] = (item, asset)
    for pk in served:
        if not kinds[pk] and pk not in equipment:
            continue
        for item in of_kind(""):
            if queries.judge(item, equipment.get(pk), kinds[pk]).applies:
                found[pk, 0, item.code] = (item, None)
    return found


def _why_gone(row: Obligation, asset: Asset | None) -> str:
    if asset is None:
        return gettext_noop("设施档案里不再有这类设施")
    if asset.retired_on is not None:
        return f"{Gone(asset.retired_how).label}：{asset.retired_why}"[:200]
    return IDLE(day=asset.idle_since)


def _announce_due(rows: list[Obligation]) -> None:
    ledger.announce_many(
        {
            "kind": facts.DUE, "subject": f"project:{row.project_id}", "occurred_on": today(), "by": "clock",
            "source": f"{source_of(row)}/due/{row.begun}", "note": str(row)[:300],
        }
        for row in rows if row.is_statutory
    )  # fmt: skip


def source_of(row: Obligation) -> str:
    return f"inspection_duty:{row.pk}"


def end(row: Obligation, why: str) -> None:
    """It applies no longer: what is open about it vanishes, with the reason kept, and counts from tomorrow no more."""
    row.ended_on, row.ended_why = today(), why[:200]
    row.save(update_fields=["ended_on", "ended_why"])
    for case in (
        Inspection.objects.open().filter(obligation=row).select_related("project__estate", "project__company", "asset")
    ):
        withdraw(case, why)
    _end_facts(row, why)


def _end_facts(row: Obligation, why: str) -> None:
    told = Fact.objects.filter(subject=row.project.key, source__startswith=f"{source_of(row)}/")
    for fact in not_replaced(told.filter(Q(valid_until=None) | Q(valid_until__gt=today()))):
        last = max(today() - ONE, fact.occurred_on)
        ledger.supersede(fact, by="clock", reason=why or gettext_noop("不再适用"), valid_until=last)


def withdraw(case: Inspection, why: str, *, mistaken: bool = False) -> None:
    """Take a case off the lists. ``mistaken``: it should never have been opened, so that its being late counts for nothing."""
    case.reason = why[:200]
    case.save(update_fields=["reason"])
    engine.by_clock(INSPECTION, "withdraw", case, note=case.reason)
    settle_overdue(case, reason=case.reason, mistaken=mistaken)


def settle_overdue(case: Inspection, *, reason: str, mistaken: bool = False) -> None:
    """Having been late ends some months after it was made good (``bars``); at once where it was a mistake of the register."""
    fact = fact_of(f"{INSPECTION.key(case)}/overdue")
    if fact is None:
        return
    if mistaken:
        ledger.withdraw(fact, by="clock", reason=reason)
        return
    until = days.add(today(), queries.term("bars"), "month", calendar(), roll=False).on
    ledger.supersede(fact, by="clock", reason=reason, valid_until=until)


@transaction.atomic
def redate(asset: Asset) -> None:
    """The dates of an asset were corrected: so are those of what hangs on it, and a case of a wrong date goes."""
    for row in Obligation.objects.filter(asset=asset, ended_on=None).select_related("project", "asset"):
        own = None if row.spec.follows_last else row.last_on
        found = dates(row.spec, asset, own)
        if (row.base_on, row.last_on, row.due_on) != (found.base_on, found.last_on, found.due_on):
            put(row, found)
            row.save(update_fields=FIELDS)
            _drop_wrong_dates(row)


def _drop_wrong_dates(row: Obligation) -> None:
    rows = Inspection.objects.filter(obligation=row, state__in=Inspection.WAITING, is_restart=False)
    if row.due_on is not None:
        rows = rows.exclude(due_on=row.due_on)
    for case in rows.select_related("project__estate", "project__company", "asset"):
        withdraw(case, gettext_noop("台账日期更正，按新的应检日另行提醒"), mistaken=True)


@transaction.atomic
def set_last(row: Obligation, *, by: Actor, last_on: datetime.date) -> Obligation:
    """Say when an item was done last, where no report of this system says it."""
    may(rules.keeper, row.project, by, _("登记上次日期"))
    if last_on > today():
        raise Refusal("guard", _("上次检验日不能晚于今天。"))
    if row.asset is not None and last_on < row.asset.base_on:
        raise Refusal("guard", _("上次检验日早于这台设备的基准日 %(day)s。") % {"day": row.asset.base_on})
    put(row, dates(row.spec, row.asset, last_on))
    row.save(update_fields=FIELDS)
    _drop_wrong_dates(row)
    return row


@transaction.atomic
def exempt(row: Obligation, *, by: Actor, reason: str, basis: str) -> Obligation:
    """The safety director finds that an item does not apply here, on whose word."""
    may(rules.director, row.project, by, _("判定不适用"))
    if row.spec.special:
        raise Refusal("guard", _("特种设备的法定检验不能判为不适用。设备停用、报废的，在台账里登记。"))
    row.exempt_why, row.exempt_basis = (
        said(reason, _("请写为什么不适用。"))[:200],
        said(basis, _("请写依据，例如当地主管部门的清单。"))[:120],
    )
    row.save(update_fields=["exempt_why", "exempt_basis"])
    for case in (
        Inspection.objects.open().filter(obligation=row).select_related("project__estate", "project__company", "asset")
    ):
        withdraw(case, row.exempt_why, mistaken=True)
    _end_facts(row, row.exempt_why)
    ledger.announce(
        facts.EXEMPTED.code, row.project.key, occurred_on=today(), by=by.key, source=f"{source_of(row)}_exempt/{row.begun}",
        note=f"{row.label}：{row.exempt_why}（{row.exempt_basis}）"[:300],
    )  # fmt: skip
    return row
