"""The part of one's area that one looks at now: chosen at the top left, kept in the session, obeyed by every list of work.

It only ever leaves rows out. What a person may see is decided before it, by ``visible_to``; pages of one thing open as
before. A case lies where its ``place_code`` says; of its other models a room says it. Lists of what lies nowhere stay whole.

>>> register_place(Project, "estate__place_id")
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.parties.roles import ASSOCIATION, GOVERNMENT
from wuxie.kernel.places.models import Place, said, under
from wuxie.kernel.workflow.models import Case

#: Where the session keeps the code of the place.
KEPT = "area"
#: Where ``request`` keeps what was looked up, so that a page asks once.
FOUND = "_area"
#: Seconds for which the places in the choice at the top are remembered: they stand on every page.
REMEMBERED = 60


class Part(NamedTuple):
    """As much of a place as the choice at the top shows."""

    code: str
    name: str
    level: str


Lies = str | Callable[[str], Q]
_lies: dict[type[Model], Lies] = {}


@dataclass(frozen=True)
class Area:
    """What one may switch between (code, name) and what is chosen; an empty code is the whole of it."""

    whole: str
    choices: tuple[tuple[str, str], ...]
    code: str = ""

    @property
    def label(self) -> str:
        return dict(self.choices).get(self.code, self.whole)


def register_place(model: type[Model], lies: Lies) -> None:
    """Say where the rows of a model lie: the field with the place's code, or a function of the code."""
    _lies[model] = lies


def area(request: HttpRequest) -> Area | None:
    """The areas this person may switch between; ``None`` where there is nothing to choose."""
    if not hasattr(request, FOUND):
        setattr(request, FOUND, _area(request))
    found: Area | None = getattr(request, FOUND)
    return found


def _area(request: HttpRequest) -> Area | None:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    tops = _tops(actor)
    parts = _parts(tops[0]) if len(tops) == 1 else tops
    if len(parts) < 2:
        return None
    whole = _("%(place)s全域") % {"place": said(tops[0].name)} if len(tops) == 1 else _("全部辖区")
    choices = tuple((part.code, said(part.name)) for part in parts)
    kept = request.session.get(KEPT, "")
    return Area(whole, choices, kept if kept in dict(choices) else "")


def _tops(actor: Actor) -> list[Part]:
    """The places of one's government offices; for the association's office where the association is, else every city."""
    if actor.holds(*ASSOCIATION):
        return _homes(actor.organisations(*ASSOCIATION))
    codes = sorted(actor.places(*GOVERNMENT))
    return _remembered(f"places:{','.join(codes)}", Place.objects.filter(code__in=codes)) if codes else []


def _homes(offices: set[int]) -> list[Part]:
    homes = Organisation.objects.filter(pk__in=offices, place__isnull=False).values("place")
    found = _remembered(f"homes:{','.join(map(str, sorted(offices)))}", Place.objects.filter(code__in=homes))
    return found or _remembered("cities", Place.objects.filter(level=Place.Level.CITY))


def _parts(top: Part) -> list[Part]:
    return _remembered(f"below:{top.code}", Place.objects.filter(parent=top.code))


def _remembered(key: str, rows: QuerySet[Place]) -> list[Part]:
    """Places are changed by a new edition of the divisions and hardly ever else."""
    fields = rows.values_list("code", "name", "level")
    return cache.get_or_set(f"area:{key}", lambda: [Part(*row) for row in fields], REMEMBERED)  # type: ignore[no-any-return]


def home(request: HttpRequest) -> str:
    """The code of the city that this person works for; empty where it is none or more than one."""
    tops = _tops(request.actor)  # type: ignore[attr-defined]
    return tops[0].code if len(tops) == 1 and tops[0].level == Place.Level.CITY else ""


def chosen(request: HttpRequest) -> str:
    """The code of the chosen part, empty for the whole: asks nothing unless the session has one."""
    session = getattr(request, "session", {})
    found = area(request) if session.get(KEPT) else None
    return found.code if found else ""


def choose(request: HttpRequest, code: str) -> bool:
    """Look at one part from now on, or with an empty code at the whole; whether that is among one's choices."""
    found = area(request)
    if found is None or (code and code not in dict(found.choices)):
        return False
    request.session[KEPT] = code
    return True


def within(request: HttpRequest, model: type[Model]) -> Q:
    """What a row of this model must meet to lie in the chosen part; empty where nothing is chosen or it lies nowhere."""
    return lying(model, chosen(request))


def lying(model: type[Model], code: str) -> Q:
    """What a row of this model must meet to lie in a place; empty without a code, or where the model lies nowhere."""
    lies = _lies.get(model, "place_code" if issubclass(model, Case) else "")
    if not code or not lies:
        return Q()
    return under(lies, code) if isinstance(lies, str) else lies(code)


def narrowed(request: HttpRequest, rows: QuerySet) -> QuerySet:
    """The rows that lie in the chosen part."""
    return rows.filter(within(request, rows.model))
