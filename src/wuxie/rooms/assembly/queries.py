"""Reads: figures of law, the state of the roll, participation and the doors that would help most."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from wuxie.kernel.clock.now import local, now, today
from wuxie.kernel.labels import said
from wuxie.kernel.statutes.figures import Figure, figure
from wuxie.kernel.statutes.queries import HOME_CITY

from .law import DEVELOPER, Measure, Thresholds, Unit
from .models import Ballot, Decision, Entry, Opinion, RulesOfProcedure, Typing
from .words import Capacity, Door


def term(key: str, on: datetime.date | None = None) -> Figure:
    """A figure of law as it is in force on a day (today)."""
    return figure(key, on=on or today(), region=HOME_CITY)


def notice_days() -> int:
    return term("deadline.assembly.notice").number


def proxy_limit(rules: RulesOfProcedure | None) -> tuple[int, str]:
    """For how many owners one person may vote, and who says so."""
    if rules is not None and rules.proxy_limit is not None:
        return rules.proxy_limit, _("议事规则 %(clause)s") % {"clause": rules.proxy_clause}
    found = term("vote.proxy_limit")
    return found.number, said(found.article)


def rules_for(decision: Decision) -> RulesOfProcedure | None:
    """The rules of procedure it goes by: fixed by its announcement, until then those that would be."""
    if decision.state in (Decision.State.PROPOSED, Decision.State.DRAFT):
        return RulesOfProcedure.objects.current(decision.estate)
    return decision.rules


def counted_day(decision: Decision) -> datetime.date:
    """The day whose thresholds apply: that of the close."""
    return local(decision.closes_at).date() if decision.closes_at else today()


#: What people write between and behind the parts of a door: ``3栋2单元1203室``, ``3-2-1203``.
BETWEEN = re.compile(r"(?:号楼|单元|栋|幢|座|室|号|#|-|－|—|\s)+")


def door_of(text: str) -> str:
    """A door by its parts alone, however somebody wrote it: ``3-2-1203``."""
    return BETWEEN.sub("-", text.strip()).strip("-")


def entry_at(decision: Decision, door: str) -> Entry | None:
    """The unit of the roll that somebody means, if it is but one."""
    wanted = door_of(door)
    rows = [pk for pk, label in decision.entries.values_list("pk", "label") if door_of(label) == wanted]
    return decision.entries.get(pk=rows[0]) if len(rows) == 1 else None


def signs_for(entry: Entry) -> Capacity:
    """As whom somebody has to sign for a unit, as the roll has it: what is chosen until somebody chooses otherwise."""
    if entry.organisation is not None or entry.status != "delivered":
        return Capacity.COMPANY
    return Capacity.GUARDIAN if entry.minor else Capacity.OWNER


def unit_of(area: int, head: str, name: str) -> Unit:
    return Unit(name, area, DEVELOPER if head == DEVELOPER[0] else ("owner", head))


@dataclass(frozen=True)
class Gap:
    """Something on the roll that somebody should look at."""

    label: str
    count: int


def gaps(decision: Decision) -> list[Gap]:
    """What on the roll still wants a paper at the door, in words with how many units."""
    rows = decision.entries.values_list("status", "person", "organisation", "owners", "minor", "area_source")
    found: Counter[str] = Counter()
    for status, person, organisation, owners, minor, source in rows:
        if status != "delivered":
            found["developer"] += 1
        elif organisation is not None:
            found["company"] += 1
        elif not owners:
            found["nobody"] += 1
        elif person is None:
            found["shared"] += 1
        found["minor"] += bool(minor)
        found["contract"] += source == "contract"
    words = {
        "nobody": _("没有登记业主"), "shared": _("共有人没有推选谁来投票"), "minor": _("业主未成年，由监护人投票"),
        "company": _("单位业主，要盖章和授权"), "developer": _("未售、未交付，合计算建设单位一人"), "contract": _("只有合同面积"),
    }  # fmt: skip
    return [Gap(words[name], found[name]) for name in words if found[name]]


@dataclass
class Block:
    """How far one building, or one entrance of it, has come."""

    name: str
    building: str = ""
    entrance: str = ""
    area: int = 0
    part_area: int = 0
    all_heads: set[str] = field(default_factory=set)
    part_heads: set[str] = field(default_factory=set)
    units: int = 0
    doors: Counter[str] = field(default_factory=Counter)
    gain: int = 0
    new_heads: set[str] = field(default_factory=set)

    @property
    def heads(self) -> int:
        return len(self.all_heads)

    @property
    def came(self) -> int:
        return len(self.part_heads)

    @property
    def missing_heads(self) -> int:
        return self.heads - self.came

    @property
    def missing_area(self) -> int:
        return self.area - self.part_area

    @property
    def missing(self) -> int:
        """Units without a ballot."""
        return self.units - self.doors[Door.COLLECTED]


@dataclass
class Participation:
    """Who took part so far; on which side is nobody's to see before the close."""

    total: Measure
    came: Measure
    need: Measure
    blocks: list[Block]
    next: list[Block]
    doors: Counter[str]
    doubtful: int

    @property
    def gap_area(self) -> int:
        return max(self.need.area - self.came.area, 0)

    @property
    def gap_heads(self) -> int:
        return max(self.need.heads - self.came.heads, 0)

    @property
    def enough(self) -> bool:
        return not self.gap_area and not self.gap_heads

    @property
    def next_area(self) -> int:
        return sum(one.gain for one in self.next)

    @property
    def next_heads(self) -> int:
        return len(set().union(*(one.new_heads for one in self.next))) if self.next else 0


def _least(share: Fraction, total: int) -> int:
    """The smallest whole number that reaches a share of the total."""
    return -(-total * share.numerator // share.denominator)


def participation(decision: Decision, *, walks: int = 3) -> Participation:
    """Area and heads that took part, by building, and the entrances that would fill the gap best."""
    standing = Ballot.objects.standing().filter(decision=decision).exclude(state=Ballot.State.VOID)
    came = set(standing.order_by().values_list("entry", flat=True))
    rows = list(decision.entries.order_by().values_list("pk", "building", "entrance", "area", "head", "door"))
    voted = {head for pk, _b, _e, _a, head, _d in rows if pk in came}
    by_building: dict[str, Block] = {}
    by_entrance: dict[tuple[str, str], Block] = {}
    doors: Counter[str] = Counter()
    for pk, building, entrance, area, head, door in rows:
        whole = by_building.setdefault(building, Block(building, building))
        part = by_entrance.setdefault(
            (building, entrance), Block("-".join(filter(None, (building, entrance))), building, entrance)
        )
        doors[door] += 1
        for one in (whole, part):
            one.units += 1
            one.area += area
            one.all_heads.add(head)
            one.doors[door] += 1
            if pk in came:
                one.part_area += area
                one.part_heads.add(head)
            else:
                one.gain += area
                if head not in voted:
                    one.new_heads.add(head)
    total = Measure(sum(row[3] for row in rows), len({row[4] for row in rows}))
    now_in = Measure(sum(row[3] for row in rows if row[0] in came), len(voted))
    share = Thresholds.on(counted_day(decision)).participation
    need = Measure(_least(share, total.area), _least(share, total.heads))
    ordered = sorted(by_building.values(), key=lambda one: (Fraction(one.part_area, one.area), one.name))
    return Participation(
        total, now_in, need, ordered, _next(list(by_entrance.values()), need, now_in, walks), doors,
        standing.filter(state=Ballot.State.DOUBTFUL).count(),
    )  # fmt: skip


def _next(blocks: list[Block], need: Measure, came: Measure, walks: int) -> list[Block]:
    """One walk after the other: the entrance that fills most of what is still missing, area and heads weighed alike."""
    area, heads = need.area - came.area, need.heads - came.heads
    left, met, chosen = [one for one in blocks if one.gain], set[str](), list[Block]()
    while left and len(chosen) < walks:
        best = max(left, key=_worth(area, heads, met))
        left.remove(best)
        chosen.append(best)
        area, heads = area - best.gain, heads - len(best.new_heads - met)
        met = met | best.new_heads
    return chosen


def _worth(area: int, heads: int, met: set[str]) -> Callable[[Block], tuple[Fraction, int, str]]:
    """How much of what is missing an entrance could fill, if so many heads have been met on the way."""

    def of(one: Block) -> tuple[Fraction, int, str]:
        new = len(one.new_heads - met)
        filled = Fraction(min(one.gain, max(area, 0)), max(area, 1)) + Fraction(min(new, max(heads, 0)), max(heads, 1))
        return filled, one.gain, one.name

    return of


def by_day(decision: Decision) -> list[tuple[datetime.date, int, int]]:
    """Each day with ballots: area and heads that had taken part by its evening."""
    rows = Ballot.objects.standing().filter(decision=decision).exclude(state=Ballot.State.VOID)
    area, heads, days = 0, set[str](), dict[datetime.date, tuple[int, int]]()
    for at, size, head in rows.order_by("collected_at").values_list("collected_at", "entry__area", "entry__head"):
        area += size
        heads.add(head)
        days[local(at).date()] = (area, len(heads))
    return [(day, *found) for day, found in days.items()]


#: With fewer units an opinion could be guessed to be somebody's.
FEWEST_OPINIONS = 5


def may_consult(decision: Decision) -> bool:
    """Whether owners may say what they think on their phones: from the frozen roll to the close."""
    return decision.state in (Decision.State.FROZEN, Decision.State.COLLECTING) and not is_over(decision)


@dataclass(frozen=True)
class Consulted:
    """What owners said on their phones of one item, in units; it decides nothing."""

    title: str
    sides: Counter[str]


def consulted(decision: Decision) -> tuple[int, list[Consulted]]:
    """How many units said something, and what of each item; no item while it could be guessed who said what."""
    said = [one.sides for one in Opinion.objects.filter(entry__decision=decision)]
    if len(said) < FEWEST_OPINIONS:
        return len(said), []
    items = decision.items.order_by("number")
    return len(said), [Consulted(str(item), Counter(one[str(item.number)] for one in said)) for item in items]


def open_objections(decision: Decision, about: str) -> int:
    return decision.objections.filter(about=about, upheld=None).count()


def untyped(decision: Decision) -> int:
    """Ballots whose content is not settled yet."""
    waiting = (Ballot.State.COLLECTED, Ballot.State.DOUBTFUL)
    return decision.ballots.standing().filter(state__in=waiting).count()


def unread(decision: Decision, person: int | None) -> QuerySet[Ballot]:
    """Ballots that this counter has still to read, by the number of the paper."""
    read = Typing.objects.filter(ballot=OuterRef("pk"), set_aside=False)
    rows = decision.ballots.standing().filter(state=Ballot.State.COLLECTED).exclude(Exists(read.filter(person=person)))
    few = rows.annotate(times=Count("typings", filter=Q(typings__set_aside=False))).filter(times__lt=2)
    return few.order_by("entry__paper", "pk")


def is_over(decision: Decision) -> bool:
    return decision.closes_at is not None and now() >= decision.closes_at


def roll_difference(decision: Decision) -> int:
    """How far the roll's areas are from what the certificate says; 0 where nothing was said."""
    if decision.certified_area is None:
        return 0
    return sum(decision.entries.values_list("area", flat=True)) - decision.certified_area


def units_of(key: str) -> set[int]:
    """The units on the roll of a decision, by its key (``decision:12``)."""
    return set(Entry.objects.filter(decision=int(key.partition(":")[2])).values_list("unit", flat=True))
