"""What the frame of every page shows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from wuxie.kernel.clock.now import today

from . import area, nav, words

#: Remembers that a reader wants large letters.
LARGE = settings.LARGE_COOKIE_NAME


def page(request: HttpRequest) -> dict[str, Any]:
    """Lazy, so that a part of a page answered to htmx asks nothing it does not show."""
    return {
        "nav": SimpleLazyObject(lambda: nav.work_nav(request)),
        "public_nav": SimpleLazyObject(lambda: nav.public_nav(request)),
        "brand": SimpleLazyObject(lambda: nav.read("brand", request) or nav.Brand()),
        "area": SimpleLazyObject(lambda: area.area(request)),
        "bell": _later("bell", request),
        "search_url": _later("search"),
        "seal": _later("seal"),
        "today_text": SimpleLazyObject(words.today_in_full),
        "data_date": SimpleLazyObject(lambda: words.full_day(today())),
        "is_large": request.COOKIES.get(LARGE) == "1",
    }


def _later(name: str, *arguments: object) -> Any:
    return SimpleLazyObject(lambda: nav.read(name, *arguments))
