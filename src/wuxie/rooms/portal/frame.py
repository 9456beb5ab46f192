"""What the frame of every page says of this installation: whose it is, which seal is the last."""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.counting import counted
from wuxie.kernel.facts.queries import last_seal
from wuxie.kernel.parties.models import Organisation
from wuxie.web import nav
from wuxie.web.asking import acting

from .models import PlaqueReport


def seal() -> nav.Seal | None:
    found = last_seal()
    return nav.Seal(found.root, found.sealed_at, found.number) if found else None


#: Seconds for which the name is remembered: it stands on every page and hardly ever changes.
REMEMBERED = 60


def brand(_request: HttpRequest) -> nav.Brand:
    return cache.get_or_set("brand", _brand, REMEMBERED)  # type: ignore[no-any-return]


def _brand() -> nav.Brand:
    """The association's name; the platform's own where none is registered yet."""
    found = Organisation.objects.filter(kind=Organisation.Kind.ASSOCIATION).order_by("pk").first()
    if found is None:
        return nav.Brand(phone=settings.PUBLIC_PHONE)
    return nav.Brand(name=found.short_name or nav.Brand.name, owner=found.name, phone=settings.PUBLIC_PHONE)


def office() -> str:
    """Whose name stands at the head of a paper."""
    found = _brand()
    return found.owner or found.name


def foot() -> list[str]:
    """The newest root at the foot of every paper, in groups of four to be compared by eye."""
    found = last_seal()
    if found is None:
        return []
    spaced = " ".join(found.root[start : start + 4] for start in range(0, len(found.root), 4))
    return [_("封存根 %(root)s 第 %(number)s 次") % {"root": spaced, "number": found.number}]


def _waiting_reports(actor: Actor) -> QuerySet[PlaqueReport]:
    return PlaqueReport.objects.visible_to(actor).filter(PlaqueReport.waiting()).values("pk")


def waiting_reports(request: HttpRequest) -> int:
    return counted(_waiting_reports, acting(request))
