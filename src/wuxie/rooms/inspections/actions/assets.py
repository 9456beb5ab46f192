"""The verbs of an asset: registered, corrected, out of use, used again, retired; one or many."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.days import add_months
from wuxie.kernel.clock.now import today
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.register.models import Project
from wuxie.rooms.register.queries import serving_many

from .. import law, queries, rules
from ..models import Asset, Inspection
from ..words import OF_PEOPLE, AssetKind, Gone
from . import cases, obligations

Rows = list[dict[str, Any]]
#: The number of an identity card, old or new, wherever it stands in a text.
IDENTITY = re.compile(r"(?<![0-9])(?:[0-9]{17}[0-9Xx]|[0-9]{15})(?![0-9])")
DATES = ("base_on", "last_on", "idle_since", "retired_on")


def contradictions(known: dict[str, Any]) -> Iterable[tuple[str, str]]:
    """Field and sentence of each thing that cannot be: dates of tomorrow, dates in the wrong order, gone without a reason."""
    day = today()
    for name in DATES:
        value = known.get(name)
        if value is not None and value > day:
            yield name, _("不能晚于今天（%(today)s）") % {"today": day}
        if value is not None and value.year < 1950:
            yield name, _("年份 %(year)s 不像是真的，请照铭牌或证书核对") % {"year": value.year}
    base = known.get("base_on")
    for name in ("last_on", "idle_since", "retired_on"):
        value = known.get(name)
        if base is not None and value is not None and value < base:
            yield name, _("早于基准日 %(day)s") % {"day": base}
    gone, how, why = known.get("retired_on"), known.get("retired_how"), (known.get("retired_why") or "").strip()
    if gone and not how:
        yield "retired_how", _("写了注销日，还要写是报废拆除还是移交")
    if how and not gone:
        yield "retired_on", _("写了注销方式，还要写注销日")
    if gone and not why:
        yield "retired_why", _("注销要写原因")


def numbers_a_person(kind: str, code: str) -> bool:
    """Whether the number written for a paper of a person is that of an identity card, which many such papers bear."""
    return kind in OF_PEOPLE and IDENTITY.search(code) is not None


BY_POST = gettext_lazy("这个编号里有身份证号。人员证件请写岗位加工号，例如“泵房 03”，不登记身份证号")


def _refuse(known: dict[str, Any]) -> None:
    for _field, sentence in contradictions(known):
        raise Refusal("guard", sentence)


@transaction.atomic
def register(project: Project, *, by: Actor, kind: str, code: str, base_on: datetime.date, place: str = "", quantity: int = 1,
             last_on: datetime.date | None = None) -> Asset:  # fmt: skip
    """Put one asset into the register; what hangs on it is reckoned at once."""
    may(rules.keeper, project, by, _("登记设备"))
    _refuse({"base_on": base_on, "last_on": last_on})
    code = said(code, _("请写设备编号或注册代码。"))[:40]
    if numbers_a_person(kind, code):
        raise Refusal("guard", _("%(why)s。") % {"why": BY_POST})
    if Asset.objects.filter(project=project, kind=kind, code=code).exists():
        raise Refusal("guard", _("%(kind)s“%(code)s”已经登记过。") % {"kind": AssetKind(kind).label, "code": code})
    asset = Asset.objects.create(
        project=project,
        kind=kind,
        code=code,
        place=place.strip()[:80],
        quantity=quantity,
        base_on=base_on,
        last_on=last_on,
    )
    obligations.refresh([project])
    return asset


@transaction.atomic
def correct(
    asset: Asset, *, by: Actor, place: str, quantity: int, base_on: datetime.date, last_on: datetime.date | None
) -> Asset:
    """Correct what is written of an asset; the versions before stay on record."""
    may(rules.keeper, asset.project, by, _("更正设备"))
    _refuse({"base_on": base_on, "last_on": last_on, "idle_since": asset.idle_since, "retired_on": asset.retired_on,
             "retired_how": asset.retired_how, "retired_why": asset.retired_why})  # fmt: skip
    asset.place, asset.quantity, asset.base_on, asset.last_on = place.strip()[:80], quantity, base_on, last_on
    asset.save()
    obligations.redate(asset)
    return asset


@transaction.atomic
def retire(asset: Asset, *, by: Actor, retired_on: datetime.date, how: str, why: str) -> Asset:
    """It is scrapped, or handed over to somebody else who answers for it from now on: what is open vanishes, with the reason kept."""
    may(rules.keeper, asset.project, by, _("注销设备"))
    if asset.retired_on is not None:
        raise Refusal("state", _("这台设备已在 %(day)s 注销。") % {"day": asset.retired_on})
    why = said(why, _("请写注销原因，例如移交协议编号。"))[:200]
    _refuse({"base_on": asset.base_on, "retired_on": retired_on, "retired_how": how, "retired_why": why})
    asset.retired_on, asset.retired_how, asset.retired_why = retired_on, Gone(how), why
    asset.save()
    obligations.refresh([asset.project])
    return asset


@transaction.atomic
def lay_up(asset: Asset, *, by: Actor, idle_since: datetime.date) -> Asset:
    """It is out of use: nothing is due while it stands still."""
    may(rules.keeper, asset.project, by, _("登记停用"))
    if asset.retired_on is not None or asset.idle_since is not None:
        raise Refusal("state", _("这台设备已经停用或注销。"))
    _refuse({"base_on": asset.base_on, "idle_since": idle_since})
    asset.idle_since = idle_since
    asset.save()
    obligations.refresh([asset.project])
    return asset


def needs_inspection_first(asset: Asset) -> bool:
    """Special equipment that stood still for a year or more, or past its due date, is inspected before it is used again."""
    if not asset.is_special or asset.idle_since is None:
        return False
    if add_months(asset.idle_since, queries.term("idle")) <= today():
        return True
    return any(row.spec.special and row.due_on is not None and row.due_on < today() for row in asset.obligations.all())


@transaction.atomic
def use_again(asset: Asset, *, by: Actor) -> Inspection | None:
    """It is used again; after a year or more out of use only once it has passed an inspection, whose case is opened now."""
    may(rules.keeper, asset.project, by, _("重新启用"))
    if asset.idle_since is None or asset.retired_on is not None:
        raise Refusal("state", _("这台设备没有停用。"))
    first = needs_inspection_first(asset)
    since, asset.idle_since = asset.idle_since, None
    asset.save()
    obligations.refresh([asset.project])
    return cases.before_use(asset, since, by=by) if first else None


@transaction.atomic
def write_many(rows: Rows, *, by: Actor) -> int:
    """What a sheet says, all of it or nothing: new assets are registered, known ones (same kind and number) brought up to date."""
    serving = serving_many([row["estate"] for row in rows], today())
    for project in serving.values():
        if not rules.keeper.test(by, project):
            raise Problem("reference", "$.estate", _("“%(name)s”不是你在管的小区，这些设备不能写。")
                          % {"name": project.estate.name})  # fmt: skip
    known = {(one.project_id, one.kind, one.code): one for one in Asset.objects.filter(project__in=serving.values())}
    names = ("place", "quantity", "base_on", "last_on", "idle_since", "retired_on", "retired_how", "retired_why")
    new, changed, redated = [], [], []
    for row in rows:
        project = serving[row["estate"]]
        values = {name: row[name] if row[name] is not None or name in DATES else "" for name in names}
        values["quantity"] = row["quantity"] or 1
        asset = known.get((project.pk, row["kind"], row["code"]))
        if asset is None:
            new.append(Asset(project=project, kind=row["kind"], code=row["code"], **values))
        elif any(getattr(asset, name) != value for name, value in values.items()):
            if (asset.base_on, asset.last_on) != (values["base_on"], values["last_on"]):
                redated.append(asset)
            for name, value in values.items():
                setattr(asset, name, value)
            changed.append(asset)
    bulk_create_with_history(new, Asset, batch_size=500)
    bulk_update_with_history(changed, Asset, list(names), batch_size=500)
    for asset in redated:
        obligations.redate(asset)
    obligations.refresh(serving.values())
    return len(rows)


def years_ahead(asset: Asset, years: int) -> list[tuple[datetime.date, str]]:
    """What will be due at an asset within so many years: day and item, ascending; the years of law as they are in force today."""
    last = add_months(today(), 12 * years)
    found = []
    for row in asset.obligations.filter(ended_on=None, exempt_why="", due_on__isnull=False):
        assert row.due_on is not None and row.base_on is not None, "a day that is due is reckoned from a base"
        for due in law.dues(row.spec.cycle(today()), row.base_on):
            if due > last:
                break
            if due >= row.due_on:
                found.append((due, row.label))
    return sorted(found)
