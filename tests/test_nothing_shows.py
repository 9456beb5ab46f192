"""What is none of one's business leaves no trace: no row, no hit, no count, no line of a file, no badge.

Whoever stands on the other side of the river asks for the same pages before and after a dozen things of every kind have
been added on this side; what they are told must be the same, letter by letter.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from wuxie.rooms.register.tests.factories import whole

from . import world
from .asking import OPEN_RECORD
from .test_lists import LISTS, NOT_GROWN, OF_ONE_THING, grow

ROLES = ("company_other", "manager_other", "community_other", "street_other", "district_other", "city_other", "owner_other",
         "manager_sibling", "owner_near", "street_near", "company_former", "signed_in")  # fmt: skip
PAGES = sorted({*LISTS, *NOT_GROWN, "desk", "notify:inbox", "looks:list"} - {
    # Public to all, or of the whole city; what stands there is tried in ``test_matrix``.
    name for name in (*LISTS, *NOT_GROWN) if name.startswith("portal:")
} - OPEN_RECORD - OF_ONE_THING - {"pages:seals"})  # fmt: skip
#: What differs from one answer to the next without telling anything.
CHANCE = re.compile(
    r'(csrfmiddlewaretoken" value|nonce|X-CSRFToken"?):?="?[^">]+|name="csrf[^>]+>|"X-CSRFToken": "[^"]+"'
)


@pytest.fixture
def city(whole: world.City) -> world.City:
    """Every request is undone again."""
    return whole


def told(city: world.City, role: str) -> dict[str, str]:
    """Every list as this role: the page, the page searched for our names, the file; and the machine's lists."""
    said, browser = {}, city.browsers[role]
    for name in PAGES:
        for query in ({}, {"q": "多样里"}, {"q": "翠屏"}, {"format": "csv"}):
            cache.clear()
            with transaction.atomic():
                answer = browser.get(reverse(name), query)
                text = whole(answer).decode("utf-8-sig") if answer.status_code == 200 else str(answer.status_code)
                transaction.set_rollback(True)
            said[f"{name} {query}"] = CHANCE.sub("", text)
    for name in ("openapi:list_applications", "openapi:list_facts"):
        cache.clear()
        answer = browser.get(reverse(name), headers={"Authorization": f"Bearer {city.tokens[role]}"})
        said[name] = answer.content.decode()
    return said


@pytest.mark.parametrize("roles", [ROLES[at::4] for at in range(4)], ids="-".join)
def test_what_is_added_here_changes_nothing_over_there(
    city: world.City, roles: tuple[str, ...], record_property: Any
) -> None:
    before = {role: told(city, role) for role in roles}
    ours = told(city, "secretariat")
    grow(city, range(3))
    assert sum(text != ours[where] for where, text in told(city, "secretariat").items()) > len(PAGES), (
        "nothing was added"
    )
    found = [
        f"{role}: {where}" for role in roles for where, text in told(city, role).items() if text != before[role][where]
    ]
    record_property("cells", sum(len(said) for said in before.values()))
    assert not found, "\n" + "\n".join(found)
