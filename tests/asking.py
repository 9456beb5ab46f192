"""One request of one role, with everything it wrote undone, and what the answer amounts to."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from . import world
from .matrix import Row

LET_THROUGH, REFUSED = "let through", "refused"
#: Open to all: who got a star, which companies there are, what is in publicity; and what members of the association share.
OPEN_RECORD = {"rating_awards", "register:companies", "register:company", "association:members", "association:member",
               "association:groups", "association:workload", "association:activities", "association:budget",
               "openapi:list_estates", "openapi:read_estate", "openapi:list_stars", "openapi:read_plaque",
               "openapi:list_notices", "openapi:read_notice", "openapi:read_objection"}  # fmt: skip


def ask(city: world.City, role: str, name: str, row: Row, side: Any, method: str = "") -> Any:
    """The answer to one request, with everything it wrote undone."""
    cache.clear()
    address = f"/{name}" if "/" in name or name in ("healthz", "readyz") else reverse(name, kwargs=row.kwargs(side))
    browser = city.browsers["visitor" if row.token else role]
    headers = {"Authorization": f"Bearer {city.tokens[role]}"} if row.token and role in city.tokens else {}
    jar = copy(browser.cookies)
    try:
        with transaction.atomic():
            answer = getattr(browser, method or row.method)(
                f"{address}?{row.query}" if row.query else address, headers=headers
            )
            transaction.set_rollback(True)
    finally:
        browser.cookies = jar
    for close in answer._resource_closers:
        close()
    return answer


def verdict(answer: Any, row: Row) -> str:
    """What an answer amounts to; anything else is named by its status."""
    if answer.status_code in (401, 403, 404):
        return REFUSED
    if answer.status_code == 302 and "/accounts/login/" in answer.headers["Location"]:
        return LET_THROUGH if row.sign_in else REFUSED
    return LET_THROUGH if answer.status_code in (200, 302, 422) else f"answered with {answer.status_code}"


def told(city: world.City, role: str, name: str, answer: Any) -> list[str]:
    """What a page told that it must not: private data in plain, or the other side's business on a list."""
    if answer.streaming or not answer.headers.get("Content-Type", "").startswith(("text/html", "application/json")):
        return []
    body = answer.content.decode()
    found = [secret for side in (city.own, city.foreign) for secret in side.secrets if secret in body]
    if is_outside(role) and name not in OPEN_RECORD and not name.startswith("portal:"):
        found += [words for words in city.own.business if words in body]
    return found


def is_outside(role: str) -> bool:
    """Whether our business is none of theirs; whoever reviews may be drawn for anybody's."""
    return role in world.NEAR or (role.endswith("_other") and role != "reviewer_other")
