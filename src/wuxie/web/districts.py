"""The filter by district that every list of places, projects and cases has."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.places.models import Place, under

from .asking import acting
from .tables import Filter


def district_filter(field: str, codes: Callable[[HttpRequest], Iterable[str]]) -> Filter:
    """Offers the districts in which these places lie; ``field`` leads from the row to the code of its own place."""

    def offered(request: HttpRequest) -> list[tuple[str, str]]:
        found = {code[:6] for code in codes(request)}
        return list(Place.objects.filter(code__in=found).order_by("code").values_list("code", "name"))

    return Filter("district", gettext_lazy("区县"), offered, where=lambda code: under(field, code))


def district_of(seen: Callable[[Actor], QuerySet], field: str = "place_code") -> Filter:
    """The same for rows of which ``seen`` says who may see them: the districts in which this person sees any."""
    return district_filter(
        field, lambda request: seen(acting(request)).order_by().values_list(field, flat=True).distinct()
    )
