"""What the page of a case shows beside the acts: the path, the periods, what a correction would do."""

from __future__ import annotations

import pytest

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.notify.models import Message
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.rating import course
from wuxie.rooms.rating.actions import hearing, review
from wuxie.rooms.rating.models import Application, Assignment, Snapshot

from .factories import DAY, checking, in_review, published

pytestmark = pytest.mark.django_db


def test_the_path_tells_day_person_and_outcome_of_each_stage(world):
    application = published(world)
    with frozen(DAY(2026, 10, 22)):
        hearing.object_to(application, text="有误")
    application.refresh_from_db()

    assert [(stage.label, stage.state, stage.on, stage.who, stage.outcome) for stage in course.path(application)] == [
        ("申报", "done", DAY(2026, 9, 10), "刘洋", "报送申报"),
        ("形式审查", "done", DAY(2026, 9, 10), "陈晓岚", ""),
        ("社区意见", "done", DAY(2026, 9, 10), "李军", "社区同意、街道同意"),
        ("取数冻结", "done", DAY(2026, 10, 8), "系统", "4 条"),
        ("评审", "done", DAY(2026, 10, 15), "", "92.4 分"),
        ("联合审定", "done", DAY(2026, 10, 20), "林涛", "4 星"),
        ("公示", "now", None, "", "异议 1 件"),
        ("授星", "ahead", None, "", ""),
    ]  # fmt: skip


def test_a_case_at_its_beginning_has_its_stages_ahead(world):
    states = [stage.state for stage in course.path(checking(world))]
    assert states == ["done", "now", *["ahead"] * 6]


def test_the_periods_of_objections_stand_beside_those_of_the_case(world):
    application = published(world)
    with frozen(DAY(2026, 10, 22)):
        hearing.object_to(application, text="有误")
    assert [(row.name, row.due_on) for row in course.periods(application)] == [
        ("publicity", DAY(2026, 10, 27)), ("answer", DAY(2026, 11, 5)),
    ]  # fmt: skip


def test_what_a_correction_would_do_is_shown_and_not_done(world):
    application = published(world)
    fact = Fact.objects.get(kind="ticket.closed_on_time")

    found = course.what_if(application, {fact.pk: "60"})

    assert (found.before, found.after, found.stars_before, found.stars_after) == ("92.4", "84.9", 4, 3)
    assert found.changes == (("A1", "25.50", "18.00"),)
    assert course.what_if(application, {fact.pk: None}).changes == (("A1", "25.50", "0.00"),)
    assert Snapshot.objects.count() == 2 and Fact.objects.filter(kind="ticket.closed_on_time").count() == 1
    assert course.margin(application) == "6.4"


def test_a_reviewer_who_recuses_in_the_middle_is_replaced(world):
    application = in_review(world)
    with frozen(DAY(2026, 10, 9)):
        one = world.panel(application)[0]
        review.recuse(world.company, by=one, reason="刚与该企业签约")
        application = Application.objects.get(pk=application.pk)
        assert application.review_round == 0 and application.assignments.current().count() == 2
        assert Message.objects.filter(person_key=world.people["secretary"].key).exists()
        assert not Application.objects.visible_to(one).exists()
        other = world.panel(application)[0]
        with pytest.raises(Refusal):
            review.give_mark(application, by=other, indicator="A6", points="8", reason="可")
        with pytest.raises(Refusal):
            review.recuse(world.company, by=world["alice"], reason="不是评审")
        assert Assignment.objects.get(reviewer=one.person_id).release_reason == "本人登记回避"
        review.replace_reviewer(application, by=world["secretary"])
        now_drawn = application.assignments.current()
        assert application.review_round == 1 and now_drawn.count() == 3
        assert other.person_id in set(now_drawn.values_list("reviewer_id", flat=True))  # who was at work stays
        assert one.person_id not in set(now_drawn.values_list("reviewer_id", flat=True))
