"""Who the facts are about: rooms say which of their things a person may see, what they are called and where they stand.

The ledger knows only text keys (``project:17``); the rooms that own the things register them here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat
from django.db.models.lookups import In
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.facts.journal import HOUSE
from wuxie.kernel.facts.models import Also
from wuxie.kernel.labels import said
from wuxie.kernel.parties.models import Person
from wuxie.kernel.parties.roles import ASSOCIATION
from wuxie.kernel.places.models import Place


@dataclass(frozen=True)
class Subject:
    """``seen_by``: the things this person may see; ``named``: ids → names, in one query; ``found``: things called so."""

    prefix: str
    seen_by: Callable[[Actor], QuerySet[Any]]
    named: Callable[[list[int]], Mapping[int, str]]
    found: Callable[[str], QuerySet[Any]] | None = None
    address: Callable[[int], str] | None = None
    through: Callable[[Actor], QuerySet[Any]] | None = None
    """The things of one's own, where one sees more than those: facts about others are seen only because they count for these."""


#: Roles that see every fact.
_subjects: dict[str, Subject] = {}


def register_subject(subject: Subject) -> None:
    _subjects[subject.prefix] = subject


def _keys(subject: Subject, rows: QuerySet[Any]) -> list[str]:
    return [f"{subject.prefix}:{pk}" for pk in rows.order_by().values_list("pk", flat=True)]


#: With more things than this, most facts are about one of them.
MANY = 100


def _about(keys: Iterable[str], counting: Iterable[str] | None = None) -> Q:
    """Facts about some things, or that count for them (``counting``: only for these).

    The keys are asked for beforehand: as plain values they meet the ledger's index.
    Whoever sees a hundred things sees most of the newest facts: there it is quicker to walk from the newest down than to
    gather everything and sort it, so the index on subjects is kept out of it.
    """
    keys = list(keys)
    also = keys if counting is None else list(counting)
    own = Q(subject__in=keys) if len(keys) <= MANY else Q(In(Concat("subject", Value("")), keys))
    return own | Q(pk__in=Also.objects.filter(subject__in=also).values("fact"))


def visible_to(actor: Actor) -> Q | None:
    """The condition on facts this person may see; ``None`` for all of them."""
    if actor.holds(*ASSOCIATION):
        return None
    keys: list[str] = []
    counting: list[str] = []
    for subject in _subjects.values():
        seen = _keys(subject, subject.seen_by(actor))
        keys += seen
        counting += _keys(subject, subject.through(actor)) if subject.through else seen
    return _about(keys, counting)


def called(text: str) -> Q:
    """Facts about the things that a word finds."""
    found = ((subject, subject.found(text)) for subject in _subjects.values() if subject.found)
    return _about(key for subject, rows in found for key in _keys(subject, rows))


def names(keys: Iterable[str]) -> dict[str, str]:
    """Subject key → name; one query for each kind of thing. What nobody registered keeps its key."""
    wanted: dict[str, list[int]] = {}
    keys = set(keys)
    for key in keys:
        prefix, _colon, number = key.partition(":")
        if prefix in _subjects and number.isdigit():
            wanted.setdefault(prefix, []).append(int(number))
    cities = {key: key.partition(":")[2] for key in keys if key.startswith("city:")}
    places = Place.objects.filter(code__in=cities.values()) if cities else ()
    called_so = {place.code: said(place.name) for place in places}
    found = {key: called_so[code] for key, code in cities.items() if code in called_so}
    for prefix, ids in wanted.items():
        found |= {f"{prefix}:{number}": name for number, name in _subjects[prefix].named(ids).items()}
    return found


def actors(keys: Iterable[str]) -> dict[str, str]:
    """Key of who acted → in words, one query for all people; their names stay masked. Other things keep their keys."""
    keys = set(keys)
    ids = [int(number) for key in keys if key.startswith("person:") and (number := key.partition(":")[2]).isdecimal()]
    known = {person.key: f"{person.masked_name}（{person.key}）" for person in Person.objects.filter(pk__in=ids)}
    known |= {"clock": _("系统"), "visitor": _("访客"), HOUSE: _("本系统")}
    return {key: known.get(key, key) for key in keys}


def address(key: str) -> str:
    prefix, _colon, number = key.partition(":")
    subject = _subjects.get(prefix)
    return subject.address(int(number)) if subject and subject.address and number.isdigit() else ""
