"""What may fall is made safe first, and looked at by somebody else before it counts."""

from __future__ import annotations

import pytest

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import frozen, now
from wuxie.kernel.papers.models import Attachment
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.fund.actions import reporting
from wuxie.rooms.fund.models import Repair

from .factories import HOUR, PDF, facts, shot

pytestmark = pytest.mark.django_db
S = Repair.State


def test_the_guard_wants_a_photo_that_is_one(world):
    case = world.repair()
    with pytest.raises(Refusal, match="没有照片不算围护"):
        reporting.guard(case, by=world["manager"], photo=None)
    with pytest.raises(Problem, match="只收照片"):
        reporting.guard(case, by=world["manager"], photo=PDF)
    with pytest.raises(Problem, match="不是照片"):
        reporting.guard(case, by=world["manager"], photo=("围护.jpg", b"not a picture"))
    assert case.guarded_at is None and not Attachment.objects.exists() and Repair.objects.get().state == S.REPORTED


def test_a_dangerous_place_is_guarded_before_it_is_surveyed(world):
    case = world.repair()
    with pytest.raises(Refusal, match="先围护"):
        reporting.appraise(case, by=world["manager"], appraiser="所", findings="坏", file=PDF)
    calm = world.repair(is_dangerous=False, title="单元门")
    reporting.appraise(calm, by=world["manager"], appraiser="所", findings="坏", file=PDF)
    assert calm.state == S.APPRAISED


def test_a_facade_guarded_in_time_counts_once_another_has_looked(world):
    case = world.repair()
    with frozen(now() + HOUR):
        reporting.guard(case, by=world["manager"], photo=shot())
    with pytest.raises(Refusal, match="业委会、所在社区"):
        reporting.check_guard(case, by=world["manager"])
    assert not facts("fund.danger_facade_guarded")
    reporting.check_guard(case, by=world["community"])
    (fact,) = facts("fund.danger_facade_guarded")
    assert fact.subject == world.project.key and fact.by == world["community"].key
    with pytest.raises(Refusal, match="核实过"):
        reporting.check_guard(case, by=world["member"])


@pytest.mark.parametrize(("hours", "part"), [(3, "facade"), (1, "roof")])
def test_guarded_late_or_no_facade_is_no_such_fact(world, hours, part):
    case = world.repair(part=part)
    with frozen(now() + hours * HOUR):
        reporting.guard(case, by=world["manager"], photo=shot())
        reporting.check_guard(case, by=world["community"])
    assert not facts("fund.danger_facade_guarded")
