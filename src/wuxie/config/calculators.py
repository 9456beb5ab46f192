"""All open calculators by name; each lives in the room whose law it computes and is imported only when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from wuxie.kernel.calc.registry import Calculator

WHERE = {
    "vote": "wuxie.rooms.assembly.api:VOTE",
    "apportion": "wuxie.rooms.fund.api:APPORTION",
    "inspection": "wuxie.rooms.inspections.api:INSPECTION",
    "resale": "wuxie.rooms.resale.api:RESALE",
    "tender": "wuxie.rooms.tenders.api:TENDER",
    "rota": "wuxie.rooms.mediation.api:ROTA",
    "deadline": "wuxie.kernel.statutes.deadlines:DEADLINE",
    "score": "wuxie.kernel.standards.calc:SCORE",
}


def calculator(name: str) -> Calculator:
    """The calculator of that name; ``KeyError`` for one there is not."""
    module, _, attribute = WHERE[name].partition(":")
    return cast(Calculator, getattr(import_module(module), attribute))
