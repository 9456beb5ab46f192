"""What the public site may say of a change of fee: to whoever holds the number on the paper notice of the estate.

There is no list and no search: a fee is a matter of its estate, and competitors learn nothing here. Nobody's name is asked for or kept.
"""

from __future__ import annotations

from typing import Any

from wuxie.kernel.statutes.queries import unvouched
from wuxie.web.throttle import Limit

from . import figures, queries
from .actions.publicity import question
from .models import Adjustment, Question
from .workflow import SHOWN

__all__ = ["ASKING", "answer_of", "ask", "notice_of", "page"]

#: An address may ask so often in an hour.
ASKING = Limit("fee_question", 10, 3600)
ask = question


def notice_of(number: str) -> Adjustment | None:
    """What is in public under a number."""
    rows = Adjustment.objects.filter(receipt=number).exclude(state__in=Adjustment.INSIDE)
    return rows.select_related("project__estate", "project__company", "chosen").first()


def answer_of(number: str) -> Question | None:
    """One's own question by its receipt."""
    rows = Question.objects.filter(receipt=number).exclude(adjustment__state__in=Adjustment.INSIDE)
    return rows.select_related("adjustment__project__estate").first()


def page(case: Adjustment, area: int | None = None) -> dict[str, Any]:
    """Costs, options, what a month of a home of this area (hundredths of m²) will cost, promises, questions."""
    lines = list(case.costs.all())
    homes = (area,) if area else queries.SAMPLES
    found = queries.reckon(case, lines)
    is_planned = case.plan_until is not None
    options = list(case.options.all()) if is_planned else []
    return {
        "state": str(Adjustment.State(case.state).label), "lines": figures.costs(lines), "money": figures.where_it_goes(lines),
        "gaps": figures.gap_by_line(found), "effects": figures.effects(case, options, lines, homes), "homes": figures.named(homes),
        "promises": figures.promises(case) if is_planned else [], "questions": list(case.questions.all()), "pairs": figures.base(case, found),
        "may_ask": case.state in SHOWN, "unvouched": unvouched(*queries.FIGURES),
    }  # fmt: skip
