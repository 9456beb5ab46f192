"""Where a fact came from, as the pages of a score and of the ledger say it."""

from __future__ import annotations

from typing import Any

import pytest

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts.models import Fact
from wuxie.rooms.safety.tests.hazards import TEN, World
from wuxie.web.origins import Origin, origins

pytestmark = pytest.mark.django_db


def test_a_fact_leads_whoever_may_read_it_to_the_case_it_came_from(
    city: Any, enter: Any, django_assert_max_num_queries: Any
) -> None:
    with frozen(TEN):
        watch = World()
        hazard, other = watch.closed(), watch.found(place="二号楼")
        fact = Fact.objects.get(kind="safety.hazard_closed_on_time")
        wanted = [fact.source, f"hazard:{other.pk}/found", "hazard:x/found", "12 月台账 第 3 行"]

        with django_assert_max_num_queries(2):
            seen = origins(wanted, watch["manager"])
        assert seen == {
            fact.source: Origin(f"隐患 {hazard.receipt} · 已销号", hazard.get_absolute_url()),
            wanted[1]: Origin(f"隐患 {other.receipt} · 已发现", other.get_absolute_url()),
            wanted[2]: Origin(wanted[2]),
            wanted[3]: Origin(wanted[3]),
        }
        assert origins(wanted[:1], watch["visitor"]) == {fact.source: Origin("隐患")}

        page = enter(person=watch.people["manager"]).get(f"/ledger/facts/{fact.pk}/").content.decode()
        assert f'<a href="{hazard.get_absolute_url()}">隐患 {hazard.receipt} · 已销号</a>' in page
        assert fact.source in page, "the reference as it is sealed"
