"""What the frame of every page says of this installation: whose it is, which seal is the last."""

from __future__ import annotations

from django.http import HttpRequest

from wuxie.kernel.facts.queries import last_seal
from wuxie.kernel.parties.models import Organisation
from wuxie.web import nav

from .models import PlaqueReport


def seal() -> nav.Seal | None:
    found = last_seal()
    return nav.Seal(found.root, found.sealed_at, found.number) if found else None


def brand(_request: HttpRequest) -> nav.Brand:
    """The association's name; the platform's own where none is registered yet."""
    found = Organisation.objects.filter(kind=Organisation.Kind.ASSOCIATION).order_by("pk").first()
    if found is None:
        return nav.Brand()
    return nav.Brand(name=found.short_name or nav.Brand.name, owner=found.name)


def waiting_reports(request: HttpRequest) -> int:
    return PlaqueReport.objects.visible_to(request.actor).filter(PlaqueReport.waiting()).count()  # type: ignore[attr-defined]
