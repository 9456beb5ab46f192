"""Where the rows of the register lie, for whoever looks at one part of their area."""

from __future__ import annotations

from django.db.models import Q

from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.places.models import under
from wuxie.web.area import register_place

from .models import Estate, Ownership, Post, Project, Unit


def _companies(code: str) -> Q:
    """Companies that have their seat there or ever served an estate there."""
    served = Project.objects.filter(under("estate__place_id", code)).values("company")
    return under("place_id", code) | Q(pk__in=served)


def register() -> None:
    register_place(Estate, "place_id")
    register_place(Project, "estate__place_id")
    register_place(Post, "project__estate__place_id")
    register_place(Unit, "estate__place_id")
    register_place(Ownership, "unit__estate__place_id")
    register_place(Organisation, _companies)
