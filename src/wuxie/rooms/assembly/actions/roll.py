"""The verbs of the roll: drawn from the register, objected to, corrected, frozen."""

from __future__ import annotations

import datetime
import secrets
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import now, today
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.register.models import Ownership, Unit

from .. import commitments, queries, rules, tallying
from ..law import DEVELOPER
from ..models import Decision, Entry, Objection, RulesOfProcedure
from ..workflow import DECISION

S = Decision.State
SMALL = (Unit.Use.PARKING, Unit.Use.STORAGE)
BATCH = 500


def _is_minor(id_number: str, on: datetime.date) -> bool:
    """Whether the owner of this number is not of full age on a day (民法典第17条); without a number nobody is."""
    try:
        born = datetime.date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))
    except ValueError:
        return False
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return years < queries.term("vote.full_age", on).number


def _owners(units: Iterable[int]) -> dict[int, list[Ownership]]:
    found: dict[int, list[Ownership]] = defaultdict(list)
    wanted = list(units)
    for start in range(0, len(wanted), BATCH):
        rows = Ownership.objects.current().filter(unit__in=wanted[start : start + BATCH]).order_by("unit_id", "pk")
        for one in rows.select_related("person"):
            found[one.unit_id].append(one)
    return found


def _head(unit: Unit, owners: list[Ownership]) -> str:
    """Whose head a unit is: the developer's until it is handed over; the same owners together are one (解释第9条)."""
    if unit.status != Unit.Status.DELIVERED:
        return DEVELOPER[0]
    keys = sorted(f"p{one.person_id}" if one.person_id else f"o{one.organisation_id}" for one in owners)
    return "+".join(keys) if keys and len("+".join(keys)) <= 200 else f"u{unit.pk}"


def _filled(entry: Entry, unit: Unit, owners: list[Ownership], on: datetime.date) -> Entry:
    """The entry as the register says it now."""
    delivered = unit.status == Unit.Status.DELIVERED
    naming = [one for one in owners if one.designated]
    chosen = (naming[0] if len(naming) == 1 else owners[0] if len(owners) == 1 else None) if delivered else None
    entry.area, entry.area_source, entry.status, entry.use = unit.area, unit.area_source, unit.status, unit.use
    entry.head, entry.owners = _head(unit, owners), len(owners) if delivered else 1
    entry.person = chosen.person if chosen else None
    entry.organisation_id = chosen.organisation_id if chosen else None
    entry.minor = bool(entry.person and _is_minor(entry.person.id_number, on))
    return entry


def _fresh(decision: Decision, unit: Unit, owners: list[Ownership], on: datetime.date) -> Entry:
    made = Entry(
        decision=decision, unit=unit, label=str(unit), block=unit.building_id, building=unit.building.name, entrance=unit.entrance,
        floor=unit.floor, number=unit.number,
    )  # fmt: skip
    return _filled(made, unit, owners, on)


@transaction.atomic
def draw(decision: Decision, *, by: Actor) -> int:
    """Draw the roll from the register anew, as long as it is a draft; how many parking spaces and stores were left out."""
    may(rules.organiser, decision, by, _("生成名册"))
    if decision.state != S.DRAFT:
        raise Refusal("state", _("名册已经公示，只能按异议更正。"))
    estate_rules = RulesOfProcedure.objects.current(decision.estate)
    rows = decision.estate.units.select_related("building").order_by(
        "building__name", "entrance", "floor", "number", "pk"
    )
    units = [unit for unit in rows if decision.covers(unit.building_id, unit.entrance)]
    counted = [unit for unit in units if unit.use not in SMALL or (estate_rules and estate_rules.parking_counts)]
    if not counted:
        raise Refusal("guard", _("这个范围里没有登记户室。请先在“楼栋与户室”里登记或导入。"))
    owners = _owners(unit.pk for unit in counted)
    decision.entries.all().delete()
    Entry.objects.bulk_create((_fresh(decision, unit, owners[unit.pk], today()) for unit in counted), batch_size=BATCH)
    return len(units) - len(counted)


def totals(decision: Decision) -> dict[str, int]:
    """Units, heads and area of the roll as it stands."""
    rows = list(decision.entries.order_by().values_list("area", "head"))
    return {"units": len(rows), "heads": len({head for _area, head in rows}), "area": sum(area for area, _head in rows)}


@transaction.atomic
def object_to(decision: Decision, *, by: Actor, about: str, text: str, entry: Entry | None = None) -> Objection:
    """An owner says that the roll, or the result, is wrong."""
    may(rules.owner | rules.organiser, decision, by, _("提异议"))
    wanted = {Objection.About.ROLL: S.ANNOUNCED, Objection.About.RESULT: S.PUBLISHED}
    if about not in wanted or decision.state != wanted[Objection.About(about)]:
        raise Refusal("state", _("现在不在公示期，不能提这种异议。"))
    return Objection.objects.create(
        decision=decision, about=about, entry=entry, text=said(text, _("请写明哪里不对。")), by=by.key, at=now()
    )


@transaction.atomic
def answer(
    objection: Objection,
    *,
    by: Actor,
    upheld: bool,
    answer: str,
    area: int | None = None,
    area_source: str = "",
    certified_area: int | None = None,
) -> Objection:
    """Answer with a reason. A roll objection that is upheld takes the unit from the register again, or a new area with its source.

    What the certificate says of the whole may be put right with it: the sum must be that again before the roll is frozen.
    """
    may(rules.organiser, objection.decision, by, _("答复异议"))
    if objection.upheld is not None:
        raise Refusal("state", _("这件异议已经答复。"))
    if objection.by == by.key:
        raise Refusal("person", _("自己提的异议要由别人答复。"))
    corrects = upheld and objection.about == Objection.About.ROLL
    if area is not None and not (corrects and objection.entry):
        raise Refusal("guard", _("只有采纳的、写明户室的名册异议才能改面积。不改的，把更正后的面积空着。"))
    if certified_area is not None and not corrects:
        raise Refusal("guard", _("只有采纳的名册异议才能改证载总面积。不改的空着。"))
    objection.upheld, objection.answer = upheld, said(answer, _("请写明答复和理由。"))
    objection.answered_by, objection.answered_at = by.key, now()
    if corrects and objection.entry is not None:
        objection.change = _correct(objection.entry, area, area_source)
    if certified_area is not None:
        objection.change = {**(objection.change or {}), **_certify(objection.decision, certified_area)}
    objection.save()
    return objection


COMPARED = ("area", "area_source", "status", "head", "person_id", "organisation_id", "owners")


def _correct(entry: Entry, area: int | None, area_source: str) -> dict[str, Any]:
    """Take the unit from the register again; what changed."""
    if entry.decision.state != S.ANNOUNCED:
        raise Refusal("state", _("名册已定，不能再改。"))
    before = {name: getattr(entry, name) for name in COMPARED}
    unit = Unit.objects.select_related("building").get(pk=entry.unit_id)
    _filled(entry, unit, _owners([unit.pk])[unit.pk], today())
    if area is not None:
        if area_source not in Unit.AreaSource.values:
            raise Refusal("guard", _("改面积要写明面积来源：登记、实测还是合同。"))
        entry.area, entry.area_source = area, area_source
    entry.save()
    return {name: [before[name], getattr(entry, name)] for name in COMPARED if before[name] != getattr(entry, name)}


def _certify(decision: Decision, area: int) -> dict[str, Any]:
    """Another sum of the certificate; what changed."""
    if decision.state != S.ANNOUNCED:
        raise Refusal("state", _("名册已定，不能再改。"))
    before, decision.certified_area = decision.certified_area, area
    decision.save(update_fields=["certified_area"])
    return {"certified_area": [before, area]}


@transaction.atomic
def freeze(decision: Decision, *, by: Actor, note: str = "") -> Event:
    """From now on nobody changes it: papers are numbered, receipts made, and a digest of all rows goes on record."""
    engine.check(DECISION, "freeze", decision, by=by)
    decision.secret = secrets.token_urlsafe(32)
    entries = list(decision.entries.order_by("building", "entrance", "floor", "number", "pk"))
    for place, entry in enumerate(entries, 1):
        entry.paper = f"{place:05d}" if len(entries) > 9999 else f"{place:04d}"
        entry.token = commitments.token(decision.secret, entry.unit_id, 1)
        entry.receipt_index = commitments.index_of(commitments.receipt(decision.secret, entry.unit_id, 1))
    Entry.objects.bulk_update(entries, ["paper", "token", "receipt_index"], batch_size=BATCH)
    decision.save(update_fields=["secret"])
    rows = tallying.lines(decision, with_ballots=False)
    sums = tallying.totals(rows)
    decision.roll_root = commitments.root_of(tallying.roll_commitments(DECISION.key(decision), rows))
    decision.units, decision.heads, decision.area = sums["units"], sums["heads"], sums["area"]
    decision.save(update_fields=["roll_root", "units", "heads", "area"])
    details = {
        "case": DECISION.key(decision), "roll_root": decision.roll_root, "units": str(sums["units"]), "heads": str(sums["heads"]),
        "area": str(sums["area"]), "silent_rule": decision.silent_rule,
        "items": ";".join(f"{item.number}:{item.matter}" for item in decision.items.order_by("number")),
    }  # fmt: skip
    return engine.take(DECISION, "freeze", decision, by=by, note=note, fact={"details": details})
