"""One search for everything public: estates, companies, case numbers, plaques, receipts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.search import search_filter
from wuxie.rooms.rating import codes, public

MOST = 20


@dataclass(frozen=True)
class Found:
    """What a word leads to; ``number`` is an exact hit on a notice or a plaque."""

    estates: list[Any]
    companies: list[Organisation]
    notices: list[Any]
    plaque: str = ""

    def __bool__(self) -> bool:
        return bool(self.estates or self.companies or self.notices or self.plaque)


def find(text: str) -> Found:
    """At most twenty of each, by place and name; a fixed number of queries."""
    text = " ".join(text.split())[:100]
    if not text:
        return Found([], [], [])
    estates = search_filter(public.estates(), "search", text).select_related("place__parent__parent")
    companies = search_filter(Organisation.objects.filter(kind=Organisation.Kind.COMPANY), "search", text)
    notices = public.notices().filter(number__icontains=text)
    plaque = codes.tidy(text)
    known = codes.is_well_formed(plaque) and public.awards().filter(plaque=plaque).exists()
    return Found(list(estates[:MOST]), list(companies[:MOST]), list(notices[:MOST]), plaque if known else "")
