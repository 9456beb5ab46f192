"""What other floors may use of this room."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wuxie.kernel.facts.models import Fact

#: Of the library of hazards: parts of an outer wall that come loose.
LOOSE_FACADE = "HZ-H01"


def confirmed(code: str, action: Callable[..., object]) -> Callable[[Fact], object]:
    """Call ``action`` when somebody of the project has confirmed a hazard of this code (``facts.ASSIGNED``).

    It is given the project, and ``source`` (``hazard:12``), ``label``, ``place`` and ``words``.
    """
    from .models import Hazard  # calculators are read before there are any models

    def follow(fact: Fact) -> object:
        key = fact.source.partition("/")[0]
        hazard = Hazard.objects.select_related("project__estate").get(pk=key.partition(":")[2])
        if hazard.code != code:
            return None
        return action(hazard.project, source=key, label=hazard.label, place=hazard.place, words=hazard.words)

    return follow
