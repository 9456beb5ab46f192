"""Registries that rooms fill from ``AppConfig.ready``, so that the frame of a page knows no room.

>>> register_nav("评价", "星级评定", "rating:cases", icon="star", roles={"association_secretariat"}, order=20)
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.functional import Promise

Text = str | Promise
Count = Callable[[HttpRequest], int]


@dataclass(frozen=True)
class Entry:
    """One line of the sidebar, for some roles. ``count`` is work waiting for the person who looks."""

    heading: Text
    label: Text
    url_name: str
    icon: str
    roles: frozenset[str]
    count: Count | None
    order: int


@dataclass(frozen=True)
class Shown:
    """An entry as it stands on a page."""

    label: str
    url: str
    icon: str
    count: int
    current: bool


Reader = Callable[[HttpRequest], dict[str, object] | None]


@dataclass(frozen=True)
class Card:
    """Something of a room that stands beside the matters of a desk; the template finds ``card``."""

    template: str
    card: dict[str, object]


@dataclass(frozen=True)
class Seal:
    """The last seal of the ledger: what the public footer shows."""

    root: str
    at: datetime.datetime
    number: int


@dataclass(frozen=True)
class Brand:
    """Whose platform this is: ``name`` in bold, ``owner`` under it, ``phone`` for complaints."""

    name: str = "物协"
    owner: str = ""
    phone: str = ""


_entries: list[Entry] = []
_public: list[tuple[int, Text, str]] = []
_cards: list[tuple[int, str, frozenset[str], Reader]] = []
_readers: dict[str, Callable] = {}


def register_nav(
    heading: Text,
    label: Text,
    url_name: str,
    *,
    icon: str,
    roles: Iterable[str],
    count: Count | None = None,
    order: int = 100,
) -> None:
    """Put a line into the sidebar of those who hold one of the roles; headings stand in the order of their first entry."""
    _entries.append(Entry(heading, label, url_name, icon, frozenset(roles), count, order))


def register_public(label: Text, url_name: str, *, order: int = 100) -> None:
    """Put a line into the head of the public site."""
    _public.append((order, label, url_name))


def register_card(template: str, reader: Reader, *, roles: Iterable[str], order: int = 100) -> None:
    """Put a card on the desks of those who hold one of the roles, while the reader has something to say."""
    _cards.append((order, template, frozenset(roles), reader))


def register_seal(reader: Callable[[], Seal | None]) -> None:
    _readers["seal"] = reader


def register_brand(reader: Callable[[HttpRequest], Brand]) -> None:
    _readers["brand"] = reader


def register_bell(url_name: str, count: Count) -> None:
    """The bell: where a person's notices are, and how many are unread."""
    _readers["bell"] = lambda request: (url, count(request)) if (url := _address(url_name)) else None


def register_search(url_name: str) -> None:
    """The search over everything, at the top of work pages; it gets ``?q=``."""
    _readers["search"] = lambda: _address(url_name)


def read(name: str, *arguments: object) -> object:
    """What a registered reader says, ``None`` when no room offers it."""
    reader = _readers.get(name)
    return reader(*arguments) if reader else None


def cards(request: HttpRequest) -> list[Card]:
    """The cards of the rooms for the person who asks."""
    roles = getattr(getattr(request, "actor", None), "roles", frozenset())
    offered = sorted((one for one in _cards if one[2].intersection(roles)), key=lambda one: one[0])
    return [Card(template, card) for _order, template, _roles, reader in offered if (card := reader(request))]


def work_nav(request: HttpRequest) -> list[tuple[str, list[Shown]]]:
    """The groups of the sidebar for the person who asks; entries whose page is not switched on are left out."""
    roles = getattr(getattr(request, "actor", None), "roles", frozenset())
    groups: dict[str, list[Shown]] = {}
    offered = _offered(roles, get_urlconf() or settings.ROOT_URLCONF, len(_entries))
    here = _here(request.path, (url for _entry, url in offered))
    for entry, url in offered:
        count = entry.count(request) if entry.count else 0
        shown = Shown(str(entry.label), url, entry.icon, count, url == here)
        groups.setdefault(str(entry.heading), []).append(shown)
    return list(groups.items())


@lru_cache(maxsize=512)
def _offered(roles: frozenset[str], _addresses: str, _number: int) -> tuple[tuple[Entry, str], ...]:
    """The entries of these roles in their order, with their addresses: the same at every look until something registers."""
    entries = (entry for entry in sorted(_entries, key=lambda entry: entry.order) if entry.roles.intersection(roles))
    return tuple((entry, url) for entry in entries if (url := _address(entry.url_name)))


def public_nav(request: HttpRequest) -> list[Shown]:
    """The head of the public site."""
    found = [(str(label), _address(name)) for _order, label, name in sorted(_public, key=lambda line: line[0])]
    urls = [(label, url) for label, url in found if url]
    here = _here(request.path, [url for _label, url in urls])
    return [Shown(label, url, "", 0, url == here) for label, url in urls]


def _here(path: str, urls: Iterable[str]) -> str:
    """The entry that a page lies under: the longest address it begins with (the home page only for itself)."""
    return max((url for url in urls if path == url or (url != "/" and path.startswith(url))), key=len, default="")


def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
