"""What other floors may use of this room."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wuxie.kernel.facts.models import Fact


def told_price(action: Callable[..., object]) -> Callable[[Fact], object]:
    """Call ``action`` with the ``project`` (its id) and the ``fee`` that it charges by a fact of ``facts.PRICED``.

    The fee is asked of the case and never stands in the fact: the ledger is read by people of other companies.
    """
    from . import queries
    from .models import Adjustment

    def follow(fact: Fact) -> object:
        pk = fact.source.partition("/")[0].partition(":")[2]
        case = Adjustment.objects.select_related("chosen").get(pk=pk)
        return action(project=case.project_id, fee=queries.charged(case))

    return follow
