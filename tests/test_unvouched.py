"""The figures that procedures of owners name as not confirmed are figures that there are, and leave the page once somebody confirmed them."""

from __future__ import annotations

from typing import Any

import pytest

from wuxie.kernel.statutes import figures, queries
from wuxie.rooms.assembly.views import cases as assembly
from wuxie.rooms.fees.views import adjustments as fees
from wuxie.rooms.fund.views import repairs as fund
from wuxie.rooms.resale.views import months as resale


@pytest.mark.parametrize("room", [assembly, fees, fund, resale], ids=lambda one: one.__name__.split(".")[2])
def test_a_procedure_names_only_figures_that_there_are(room: Any) -> None:
    named = room.FIGURES if callable(room.PAGES.figures) else room.PAGES.figures
    assert set(named) <= {one.key for one in figures.packaged()}
    assert queries.unvouched(*named)


def test_what_stands_in_the_text_of_a_law_is_not_named() -> None:
    assert [line.key for line in queries.unvouched("vote.ordinary", "fee.track", "fund.advance")] == ["fee.track"], (
        "and none without a value"
    )
