"""What the public site may say: heavy measures in force, papers of the authority as long as the law lets them be shown, declared grades.

Nothing of a clue, of whoever told of it, of a case under way, of a case that is being appealed.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from wuxie.kernel.clock.now import today
from wuxie.kernel.facts.queries import facts_of, not_replaced
from wuxie.kernel.parties.models import Organisation

from . import credit
from .models import Proceeding, Record


def sanctions() -> QuerySet[Proceeding]:
    """Public censure and what is heavier, from the day of effect until it ends or is lifted."""
    return Proceeding.objects.public().select_related("respondent")


def records() -> QuerySet[Record]:
    """Good and bad papers of the authority, in publicity or counting; slight ones never, none longer than Order 36 of 2026 allows."""
    return Record.objects.public().select_related("company")


@dataclass(frozen=True)
class Standing:
    """One company as everybody may read it."""

    grade: str
    """The grade that the authority declared, empty without one."""
    sanctions: list[Proceeding]
    records: list[Record]


def of_company(company: Organisation) -> Standing:
    """What stands today."""
    codes = {f"credit.graded.{letter.lower()}": letter for letter in credit.GRADES.values()}
    graded = (
        not_replaced(facts_of(company.key).filter(kind__in=codes, valid_until__gte=today()))
        .order_by("-occurred_on", "-pk")
        .first()
    )
    return Standing(
        codes[graded.kind] if graded else "",
        list(sanctions().filter(respondent=company)[:20]),
        list(records().filter(company=company)[:20]),
    )
