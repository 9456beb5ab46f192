"""Turns in the middle of a review."""

from __future__ import annotations

import pytest

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.notify.models import Message
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.rating.actions import review
from wuxie.rooms.rating.models import Application, Assignment

from .factories import DAY, in_review

pytestmark = pytest.mark.django_db


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
