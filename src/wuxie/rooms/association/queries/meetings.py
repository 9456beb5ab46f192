"""Figures of the association, who is entitled at a meeting, who came, who stands aside."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from wuxie.kernel.clock.days import add
from wuxie.kernel.clock.now import local, today
from wuxie.kernel.clock.tables import calendar
from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.statutes.figures import Figure, figure
from wuxie.kernel.statutes.queries import HOME_CITY
from wuxie.web import words

from .. import law
from ..models import Item, Meeting, Member, MemberQuerySet
from ..words import SITTING, Body, Matter

#: A figure of this unit has to be exceeded; every other share has to be reached.
BEYOND = "超过"


def _figure(name: str) -> Figure:
    return figure(f"association.{name}", on=today(), region=HOME_CITY)


def term(name: str) -> int:
    """A whole figure of this room (``minutes``) as it is in force today."""
    return _figure(name).number


def share(name: str) -> law.Share:
    found = _figure(name)
    return law.Share(found.fraction, found.unit.startswith(BEYOND))


def share_words(name: str) -> str:
    """``≥ 2/3``."""
    found = _figure(name)
    return words.figure(found.value, found.unit)


def quorum() -> law.Share:
    return share("quorum")


def approval_name(item: Item) -> str:
    """Which figure says by how much an item is carried."""
    body = item.meeting.body
    if item.matter in (Matter.CHARTER, Matter.DISCIPLINE):
        return "special_vote"
    if body == Body.ASSEMBLY:
        return "assembly_vote"
    return "council_vote" if body in (Body.COUNCIL, Body.STANDING) else "group_vote"


def approval(item: Item) -> law.Share:
    return share(approval_name(item))


def notice_days(meeting: Meeting) -> int:
    return term("assembly_notice" if meeting.body == Body.ASSEMBLY else "meeting_notice")


def earliest(meeting: Meeting) -> datetime.date:
    """The first day on which a meeting called today may sit."""
    return add(today(), notice_days(meeting), "day", calendar(), roll=False).on


def association_key() -> str:
    """How facts name the association of this city; empty where it is not on record."""
    found = Organisation.objects.filter(kind=Organisation.Kind.ASSOCIATION).order_by("pk").first()
    return found.key if found else ""


def entitled(meeting: Meeting) -> MemberQuerySet:
    """The members that belong to the body on the day of the meeting."""
    rows = Member.objects.on(local(meeting.held_at).date()).select_related("organisation").order_by("number", "pk")
    if meeting.body == Body.GROUP:
        return rows.in_group(meeting.group)
    if meeting.body in SITTING:
        return rows.filter(kind__in=SITTING[Body(meeting.body)])
    return rows


@dataclass(frozen=True)
class Attendance:
    """How many were called and how many came."""

    entitled: int
    present: int


def attendance(meeting: Meeting) -> Attendance:
    rows = list(meeting.seats.values_list("present", flat=True))
    return Attendance(len(rows), sum(rows))


def standing_aside(item: Item) -> dict[int, str]:
    """Members that take no part in an item, with the reason: those it concerns, and those who said so."""
    found = {one.pk: "" for one in item.concerns.all()}
    return found | {one.member_id: one.reason for one in item.recusals.all()}


def count_of(item: Item, yes: int, no: int, abstain: int) -> law.Count:
    """The count on an item: whoever stands aside is neither expected nor there."""
    aside = set(standing_aside(item))
    rows = list(item.meeting.seats.values_list("member", "present"))
    left = [present for member, present in rows if member not in aside]
    return law.Count(len(left), sum(left), yes, no, abstain)
