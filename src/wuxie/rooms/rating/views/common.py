"""What several pages of the rating show."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from wuxie.kernel.places.models import Place
from wuxie.web import districts
from wuxie.web.asking import acting
from wuxie.web.sealed import numbers_of
from wuxie.web.tables import Filter

from ..forms.review import decimal
from ..models import Application

__all__ = ["State", "anonymous", "district_filter", "numbers_of", "said_state", "tone", "where_of"]

State = Application.State
#: What a state's chip looks like.
TONES = {
    State.AWARDED: "green", State.NOT_AWARDED: "red", State.REVOKED: "red", State.DOWNGRADED: "red",
    State.NEED_SUPPLEMENT: "amber", State.OBJECTION: "amber", State.UNDER_REVIEW: "amber", State.APPEALED: "amber",
    State.DRAFT: "", State.WITHDRAWN: "", State.CLOSED: "", State.EXPIRED: "",
}  # fmt: skip


def tone(state: str) -> str:
    return TONES.get(State(state), "blue")


def said_state(row: Any) -> str:
    """The state of a case, a cycle or a standard in words."""
    return str(type(row).State(row.state).label)


def _places(request: HttpRequest) -> Iterable[str]:
    """The places of which this person sees a case."""
    seen = Application.objects.visible_to(acting(request)).order_by()
    return seen.values_list("place_code", flat=True).distinct()


def district_filter(field: str = "place_code") -> Filter:
    return districts.district_filter(field, _places)


def where_of(place: Place) -> str:
    """``云锦区 文昌街道 翠屏社区``, from a community fetched with the two above it."""
    street = place.parent
    district = street.parent if street else None
    return " ".join(str(one.name) for one in (district, street, place) if one)


def anonymous(marks: Any) -> list[dict[str, Any]]:
    """Marks of closed rounds without names: reviewers are numbered in the order they were drawn."""
    numbers: dict[int, int] = {}
    rows = []
    for mark in marks.order_by("round", "indicator", "assignment_id"):
        number = numbers.setdefault(mark.assignment_id, len(numbers) + 1)
        rows.append({"round": mark.round, "indicator": mark.indicator, "who": _("评审 %(n)s") % {"n": number},
                     "points": decimal(mark.points), "reason": mark.reason})  # fmt: skip
    return rows
