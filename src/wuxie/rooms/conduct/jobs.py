"""What time does by itself: both numbers of every company, once a day."""

from __future__ import annotations

from wuxie.kernel.clock.now import today
from wuxie.kernel.jobs.periodic import every

from . import scoring
from .actions import scores
from .models import Dimension, Score


@every(900, name="conduct.scores")
def reckon_today() -> int:
    """Companies whose numbers were computed now; none where today's are there or no standard is published."""
    if Score.objects.filter(on=today()).exists() or all(scoring.version_of(one) is None for one in Dimension.values):
        return 0
    return scores.reckon_all()
