"""What anyone may see of the ratings: stars of estates and companies, notices, decisions. Never who objected or judged.

The public site and the open interface read here and nowhere else, so that both show the same.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Substr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel import labels
from wuxie.kernel.access.actor import NOBODY
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import today
from wuxie.kernel.papers.actions import attach
from wuxie.kernel.parties.models import Organisation
from wuxie.rooms.register.models import Estate, Project, serving
from wuxie.web.throttle import Limit

from . import packs
from .actions import hearing
from .models import Application, Award, Objection, Snapshot
from .models.application import BULKY

#: How often one address may object in an hour, by whatever door.
OBJECTING = Limit("objection", 10, 3600)
PHONE_OR_MAIL = re.compile(r"\+?[0-9][0-9 -]{5,18}[0-9]|[^@\s]+@[^@\s]+\.[^@\s]+")
State = Application.State
IN_PUBLICITY = (State.PUBLICITY, State.OBJECTION)


def estates() -> QuerySet[Estate]:
    """Every estate with ``company_id``, ``company_name``, and of its star in force today ``stars``, ``plaque``, ``valid_until``.

    A star belongs to the company that earned it: once another one serves the estate there is none.
    """
    day = today()
    served = Project.objects.on(day).filter(estate=OuterRef("pk")).order_by("-starts_on", "-pk")
    given = awards_in_force(day).filter(project__estate=OuterRef("pk")).order_by("-stars", "-pk")
    return Estate.objects.annotate(
        company_id=Subquery(served.values("company")[:1]),
        company_name=Subquery(served.values("company__name")[:1]),
        stars=Subquery(given.values("stars")[:1]),
        plaque=Subquery(given.values("plaque")[:1]),
        valid_until=Subquery(given.values("valid_until")[:1]),
        district=Substr("place_id", 1, 6),
    )


def awards_in_force(day: datetime.date | None = None) -> QuerySet[Award]:
    """Stars that may be shown today, of companies that still serve the estate."""
    return Award.objects.shown().filter(serving(day or today(), "project__"))


@dataclass(frozen=True)
class Tile:
    """One district: how many estates, how many with a star, how many of those with three and more."""

    code: str
    name: str
    estates: int
    starred: int
    high: int

    @property
    def percent(self) -> int | None:
        """Share of three stars and more among those with a star, whole percent half up; ``None`` below five estates."""
        return (200 * self.high + self.starred) // (2 * self.starred) if self.starred >= 5 else None


def tiles(names: dict[str, str]) -> list[Tile]:
    """One tile a district (``names``: code → name), in the order given; two queries."""
    counts: dict[str, list[int]] = {code: [0, 0, 0] for code in names}
    best: dict[int, int] = {}
    for estate, stars in awards_in_force().order_by().values_list("project__estate", "stars"):
        best[estate] = max(stars, best.get(estate, 0))
    for estate, place in Estate.objects.order_by().values_list("pk", "place"):
        if row := counts.get(place[:6]):
            row[0] += 1
            row[1] += estate in best
            row[2] += best.get(estate, 0) >= 3
    return [Tile(code, name, *counts[code]) for code, name in names.items()]


def notices() -> QuerySet[Application]:
    """Applications that are or were in publicity, the newest first.

    Of their snapshots only what a list shows; ``defer(None)`` fetches them whole.
    """
    return (
        Application.objects.public()
        .exclude(publicity_from=None)
        .exclude(number="")
        .select_related("cycle", "project__estate__place__parent__parent", "project__company", "snapshot")
        .defer(*BULKY)
        .order_by("-publicity_from", "number")
    )


def running() -> QuerySet[Application]:
    """Notices that still run today: objections are taken."""
    return notices().filter(state__in=IN_PUBLICITY, publicity_to__gte=today()).order_by("publicity_to", "number")


def takes_objections(application: Application) -> bool:
    """Whether anyone may object to it today (the last day counts to its end)."""
    return application.state in IN_PUBLICITY and not application.publicity_over(today())


def with_packs() -> QuerySet[Application]:
    """Notices whose pack can be taken: scored since packs exist, and sealed."""
    return notices().exclude(snapshot=None).exclude(snapshot__basis={}).exclude(snapshot__seal="")


def pack(application: Application) -> bytes:
    """The pack of a notice as a zip; ``Refused`` says why there is none. Shows what the standard read, and commitments."""
    return packs.build(packs.snapshot_of(application), public=True)


def batch(application: Application) -> QuerySet[Application]:
    """The notices that were put up together: same cycle, same first and last day."""
    return (
        notices()
        .filter(cycle=application.cycle_id, publicity_from=application.publicity_from, publicity_to=application.publicity_to)
        .order_by("-proposed_stars", "number")
    )  # fmt: skip


@dataclass(frozen=True)
class Veto:
    """A clause that held back the stars of a result, and the most that it leaves."""

    id: str
    label: str
    stars: int


def vetoes(snapshot: Snapshot | None) -> list[Veto]:
    """The clauses that held, in the words of the standard the result was scored by."""
    if snapshot is None:
        return []
    words = {one["id"]: one for one in snapshot.document.get("vetoes") or []}
    return [
        Veto(one, labels.said(words.get(one, {}).get("label", "")), int(words.get(one, {}).get("max_stars", 0)))
        for one in snapshot.vetoes
    ]


@dataclass(frozen=True)
class IndicatorScore:
    id: str
    label: str
    points: str
    value: str | None
    facts: tuple[str, ...]


@dataclass(frozen=True)
class GroupScore:
    """A group of the published result; ``value`` is ``None`` where the group is not applicable."""

    id: str
    label: str
    points: str
    value: str | None
    indicators: tuple[IndicatorScore, ...] = field(default=(), repr=False)

    @property
    def percent(self) -> int | None:
        """What was earned of the group's points, whole percent, half up."""
        if self.value is None or not Decimal(self.points):
            return None
        return int(Fraction(self.value) / Fraction(self.points) * 100 + Fraction(1, 2))


def scores(snapshot: Snapshot | None) -> list[GroupScore]:
    """The groups of a frozen result, with the labels of the standard it was scored by."""
    if snapshot is None:
        return []
    words = {group.get("id"): group for group in snapshot.document.get("groups", [])}
    return [_group(group, words.get(group["id"], {})) for group in snapshot.result.get("groups", [])]


def indicator_words(application: Application, indicator: str) -> str:
    """``D2 隐患按期闭环率``: the indicator that an objection is about, in the words of the standard it was scored by."""
    words = {one.id: one.label for group in scores(application.snapshot) for one in group.indicators}
    return f"{indicator} {words.get(indicator, '')}".strip()


def _group(found: dict[str, Any], words: dict[str, Any]) -> GroupScore:
    named = {one.get("id"): labels.said(one.get("label", "")) for one in words.get("indicators", [])}
    indicators = tuple(
        IndicatorScore(one["id"], named.get(one["id"]) or one["id"], one["points"], one["value"], tuple(one["facts"]))
        for one in found.get("indicators", [])
    )
    return GroupScore(
        found["id"], labels.said(words.get("label", "")) or found["id"], found["points"], found["value"], indicators
    )


@dataclass(frozen=True)
class Decision:
    """One public decision about a star. ``kind``: ``awarded``, ``lowered``, ``raised``, ``revoked``."""

    on: datetime.date
    kind: str
    award: Award
    before: int = 0

    @property
    def reason(self) -> str:
        return self.award.ending_reason if self.kind == "revoked" else self.award.decision


def awards() -> QuerySet[Award]:
    """Every award there ever was, the newest first."""
    return Award.objects.select_related("application", "project__estate", "project__company").order_by(
        "-decided_on", "-pk"
    )


def decisions(limit: int) -> list[Decision]:
    """The latest decisions; a fixed number of queries."""
    given = list(awards()[:limit])
    gone = list(awards().filter(ending=Award.Ending.REVOKED).order_by("-ended_on", "-pk")[:limit])
    before = dict(Award.objects.filter(successor__in=[award.pk for award in given]).values_list("successor", "stars"))
    found = [Decision(award.decided_on, _kind(award, before), award, before.get(award.pk, 0)) for award in given]
    found += [Decision(award.ended_on or award.decided_on, "revoked", award, award.stars) for award in gone]
    return sorted(found, key=lambda one: (one.on, one.award.pk), reverse=True)[:limit]


def _kind(award: Award, before: dict[int, int]) -> str:
    stars = before.get(award.pk)
    return "awarded" if stars is None or stars == award.stars else "lowered" if stars > award.stars else "raised"


@dataclass(frozen=True)
class CompanyStar:
    """Mean of a company's rated projects weighted by area; areas in hundredths of m²."""

    rated: int
    area: int
    weighted: int

    @property
    def mean(self) -> str | None:
        """One decimal, half up."""
        if not self.rated:
            return None
        tenths = (20 * self.weighted + self.rated) // (2 * self.rated)
        return f"{tenths // 10}.{tenths % 10}"

    @property
    def share(self) -> int | None:
        """Rated area of the whole area served, whole percent, half up."""
        return (200 * self.rated + self.area) // (2 * self.area) if self.area else None


def company_star(served: Iterable[Any]) -> CompanyStar:
    """From the rows of ``estates()`` that a company serves."""
    rows = [(estate.area, estate.stars or 0) for estate in served]
    rated = [(area, stars) for area, stars in rows if stars]
    return CompanyStar(
        rated=sum(area for area, _stars in rated),
        area=sum(area for area, _stars in rows),
        weighted=sum(area * stars for area, stars in rated),
    )


def served_by(company: Organisation) -> QuerySet[Any]:
    """The estates that a company serves today, as ``estates()`` gives them."""
    mine = Project.objects.on(today()).filter(company=company).values("estate")
    return estates().filter(pk__in=mine).select_related("place__parent__parent").order_by("place_id", "name", "pk")


def objection(receipt: str) -> Objection | None:
    """An objection by its receipt number, for whoever holds the receipt: state and reply, never contact or name."""
    return (
        Objection.objects.filter(receipt=receipt)
        .select_related("application__project__estate", "application__cycle")
        .defer("contact", "by", "replied_by")
        .first()
    )


def objection_counts(applications: Iterable[Application]) -> dict[int, dict[str, int]]:
    """Application → how many objections are open and how many were decided; one query."""
    counts: dict[int, dict[str, int]] = {}
    rows = Objection.objects.filter(application__in=[one.pk for one in applications]).order_by()
    for application, state in rows.values_list("application", "state"):
        row = counts.setdefault(application, {"open": 0, "decided": 0})
        row["open" if state == Objection.State.RECEIVED else "decided"] += 1
    return counts


def reachable(contact: str) -> str:
    """The way to reach a visitor, if it is one; a ``Problem`` else."""
    if not PHONE_OR_MAIL.fullmatch(contact):
        raise Problem("range", "$.contact", _("请写一个手机、座机号码或电子邮箱。"))
    return contact


@transaction.atomic
def object_to(application: Application, *, evidence: UploadedFile | None = None, **said: Any) -> Objection:
    """A visitor objects, perhaps with a picture or a paper. Nobody's account is written down, signed in or not.

    ``said``: ``text``, ``indicator``, ``contact``. Raises ``Refusal`` once the publicity is over, ``Problem`` for a file
    of a kind that is not taken.
    """
    made = hearing.object_to(application, by=NOBODY, **said)
    if evidence is not None:
        attach(
            f"star_objection:{made.pk}",
            evidence.read(),
            evidence.name or "",
            kind=gettext_noop("异议人的材料"),
            by=NOBODY.key,
        )
    return made
