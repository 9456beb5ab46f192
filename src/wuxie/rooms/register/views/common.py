"""What several pages of the register show."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from wuxie.kernel import amounts
from wuxie.kernel.search import plain
from wuxie.web import districts
from wuxie.web.asking import acting
from wuxie.web.tables import Filter

from ..models import Estate

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
    return amounts.metres(hundredths)


def yuan(fee: int | None) -> str:
    """Ten-thousandths of a yuan → ``2.38 元/㎡·月``."""
    return "" if fee is None else _("%s 元/㎡·月") % plain_yuan(fee)


def plain_yuan(fee: int | None) -> str:
    if fee is None:
        return ""
    whole, part = divmod(fee, 10_000)
    digits = f"{part:04d}".rstrip("0")
    return f"{whole}.{digits.ljust(2, '0')}"


def contains(field: str, text: str) -> Q:
    """Every word of the text occurs in a search column."""
    found = Q()
    for word in plain(text).split()[:8]:
        found &= Q(**{f"{field}__contains": word[:60]})
    return found


def _places(request: HttpRequest) -> Iterable[str]:
    """The places in which this person may see an estate."""
    return Estate.objects.visible_to(acting(request)).order_by().values_list("place_id", flat=True).distinct()


def district_filter(field: str) -> Filter:
    """Only estates of one district; ``field`` leads from the row to the estate's place."""
    return districts.district_filter(field, _places)
