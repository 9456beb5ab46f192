"""Reads: which item applies where and why, what is due, what it costs."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.statutes.figures import figure
from wuxie.kernel.statutes.queries import HOME_CITY
from wuxie.rooms.register.models import Project

from .catalogue import Item, items
from .models import Asset, Inspection, Obligation, seen_by

#: Equipment → how many, by project; a project whose profile nobody has filled in is not among them.
Equipment = Mapping[int, Mapping[str, int]]
Source = Callable[[Iterable[int]], Equipment]
_sources: list[Source] = []


def equipment_from(source: Source) -> None:
    """Let another room say what an estate has: the page of joins names it, since rooms do not know each other."""
    _sources[:] = [source]


def equipment_of(projects: Iterable[int]) -> Equipment:
    return _sources[0](projects) if _sources else {}


def term(name: str) -> int:
    """A figure of this room (``rectify``) as it is in force today."""
    return figure(f"inspection.{name}", on=today(), region=HOME_CITY).number


def ladder_days() -> tuple[int, ...]:
    """How many days before the due date one is reminded, the earliest first."""
    text = figure("inspection.ladder", on=today(), region=HOME_CITY).value
    return tuple(sorted((int(one) for one in text.split("、")), reverse=True))


def projects(actor: Actor) -> QuerySet[Project]:
    """The projects whose inspections this person may read."""
    return Project.objects.filter(seen_by(actor, at="")).select_related("estate", "company")


@dataclass(frozen=True)
class Verdict:
    """Whether an item applies to something, and the sentence why."""

    item: Item
    applies: bool | None
    """``None``: nobody can say yet."""
    why: str


def names_of_equipment() -> Mapping[str, str]:
    """Words for the equipment that the catalogue names; the room that keeps the profile uses the same words."""
    return {
        "fire_control_room": _("消防控制室"), "fire_pump": _("消防泵"), "tanks": _("水箱"), "pool": _("泳池"), "canteen": _("食堂"),
        "car_park": _("停车场（库）"), "sump": _("集水井"), "gas": _("燃气"),
    }  # fmt: skip


def judge(item: Item, equipment: Mapping[str, int] | None, assets: Mapping[str, int]) -> Verdict:
    """Whether an item applies to an estate with this equipment (``None``: profile not filled in) and these assets by kind."""
    if item.kind:
        count = assets.get(item.kind, 0)
        if count:
            return Verdict(item, True, _("台账里有 %(n)s 件，逐件计期。") % {"n": count})
        return Verdict(item, False, _("台账里没有这类设备。有的话先登记。"))
    if not item.needs:
        if item.judged:
            return Verdict(
                item, True, _("没有判定为不适用之前按适用办。不在当地强制清单里的，由安全总监写明依据判定。")
            )
        return Verdict(item, True, _("每个小区都适用。"))
    if equipment is None:
        return Verdict(item, None, _("设施档案还没有填，判不了。先在责任清单里登记设施。"))
    words = names_of_equipment()
    has = [f"{words.get(name, name)} {equipment[name]}" for name in item.needs if equipment.get(name)]
    if has:
        return Verdict(item, True, _("设施档案里有：%(what)s。") % {"what": "、".join(has)})
    wanted = "、".join(str(words.get(name, name)) for name in item.needs)
    return Verdict(item, False, _("设施档案里没有%(what)s。") % {"what": wanted})


def kept(project: Project, counts: Mapping[str, int]) -> list[Item]:
    """The items that apply to a project while another list keeps their dates; ``counts`` as for ``judge``."""
    equipment = equipment_of([project.pk]).get(project.pk)
    return [item for item in items().values() if item.kept and judge(item, equipment, counts).applies]


def verdicts(project: Project) -> list[Verdict]:
    """Every item of the catalogue at one project."""
    counts = Counter(Asset.objects.filter(project=project).there().values_list("kind", flat=True))
    equipment = equipment_of([project.pk]).get(project.pk)
    exempt = dict(
        Obligation.objects.filter(project=project, asset=None).exclude(exempt_why="").values_list("item", "exempt_why")
    )
    found = []
    for item in items().values():
        one = judge(item, equipment, counts)
        if item.code in exempt:
            one = Verdict(item, False, _("判定不适用：%(why)s") % {"why": exempt[item.code]})
        found.append(one)
    return found


def gaps(project: Project) -> list[str]:
    """Where the profile of the estate and the register of assets say different things."""
    equipment = equipment_of([project.pk]).get(project.pk) or {}
    said = []
    rows = Asset.objects.filter(project=project).there().values_list("kind", "quantity")
    have: Counter[str] = Counter()
    for kind, quantity in rows:
        have[kind] += quantity
    for name, kind, label in (
        ("lift", "lift", _("电梯")), ("transformer", "transformer", _("变压器")), ("generator", "generator", _("发电机")),
        ("tanks", "tank", _("水箱")), ("curtain_wall", "curtain_wall", _("玻璃幕墙")),
    ):  # fmt: skip
        if equipment.get(name, 0) > have[kind]:
            said.append(
                _("设施档案写有%(what)s %(n)s，台账只有 %(have)s。请补登记，否则漏检。")
                % {"what": label, "n": equipment[name], "have": have[kind]}
            )
    return said


def to_open(day: datetime.date) -> QuerySet[Obligation]:
    """What has come into its lead time and has no case yet, of projects that are served and assets in use."""
    there = Inspection.objects.filter(obligation=OuterRef("pk"), due_on=OuterRef("due_on")).exclude(state="withdrawn")
    rows = Obligation.objects.standing().filter(opens_on__lte=day, project__in=Project.objects.on(day).values("pk"))
    rows = rows.exclude(asset__idle_since__isnull=False).filter(~Exists(there))
    return rows.select_related("project__estate", "project__company", "asset").order_by("pk")


def reports_like(case: Inspection, number: str) -> QuerySet[Inspection]:
    """Other inspections that passed with this number from the same agency, or for the same item whoever came."""
    rows = Inspection.objects.filter(state="passed", report_number=number).exclude(pk=case.pk)
    rows = rows.filter(Q(agency=case.agency) | Q(obligation__item=case.obligation.item))
    return rows.select_related("obligation", "asset", "project__estate").order_by("pk")


def same_report(case: Inspection) -> list[Inspection]:
    """Those of other estates: one paper for several things of one estate is usual, for two estates it is not."""
    if not case.report_number:
        return []
    return list(reports_like(case, case.report_number).exclude(project=case.project_id)[:20])
