"""What several pages of the register show."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.places.models import Place, under
from wuxie.kernel.search import plain
from wuxie.web.asking import acting
from wuxie.web.tables import Filter

from ..models import Estate
from ..queries import square_metres

Crumb = tuple[str, str]


def tabs(here: str) -> list[dict[str, Any]]:
    """The lists of the register beside one another."""
    listed = [
        ("estates", _("小区")), ("companies", _("企业")), ("projects", _("项目与合同")), ("posts", _("岗位")),
        ("units", _("户室")), ("owners", _("业主")),
    ]  # fmt: skip
    return [
        {"label": label, "url": reverse(f"register:{name}"), "count": None, "current": name == here}
        for name, label in listed
    ]


def edit_act(label: str, url: str) -> dict[str, Any]:
    """The one blue button of a record."""
    return {"label": label, "icon": "edit", "primary": True, "url": url}


def metres(hundredths: int | None) -> str:
    """``58,302.65 ㎡``; a dash where nothing is known."""
    if not hundredths:
        return ""
    whole, _point, part = square_metres(hundredths).partition(".")
    return f"{int(whole):,}.{part} ㎡"


def yuan(fee: int | None) -> str:
    """Ten-thousandths of a yuan → ``2.38 元/㎡·月``."""
    return "" if fee is None else f"{plain_yuan(fee)} 元/㎡·月"


def plain_yuan(fee: int | None) -> str:
    if fee is None:
        return ""
    whole, part = divmod(fee, 10_000)
    digits = f"{part:04d}".rstrip("0")
    return f"{whole}.{digits.ljust(2, '0')}"


def districts(request: HttpRequest) -> list[tuple[str, str]]:
    """The districts in which this person may see an estate."""
    seen = Estate.objects.visible_to(acting(request)).order_by().values_list("place_id", flat=True).distinct()
    codes = {code[:6] for code in seen}
    return list(Place.objects.filter(code__in=codes).order_by("code").values_list("code", "name"))


def contains(field: str, text: str) -> Q:
    """Every word of the text occurs in a search column."""
    found = Q()
    for word in plain(text).split()[:8]:
        found &= Q(**{f"{field}__contains": word[:60]})
    return found


def district_filter(field: str) -> Filter:
    """Only estates of one district; ``field`` leads from the row to the estate's place."""
    return Filter("district", gettext_lazy("区县"), districts, where=lambda code: under(field, code))
