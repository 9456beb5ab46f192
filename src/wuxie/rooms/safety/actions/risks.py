"""The verbs of the risk map: grade a point, change it, take it off."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.facts.ledger import announce
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.register.models import Project

from .. import facts, queries, risk
from ..models import RiskPoint
from ..rules import keeper


@transaction.atomic
def grade(project: Project, *, by: Actor, point: RiskPoint | None = None, **known: Any) -> RiskPoint:
    """Put a point on the map of a project, or grade one anew; the colour follows from the three figures."""
    may(keeper, project, by, _("风险点定级"))
    found = point or RiskPoint(project=project)
    if found.ended_on is not None:
        raise Refusal("state", _("这个风险点已经撤销。"))
    for name, value in known.items():
        setattr(found, name, value)
    found.control = said(found.control, _("请写怎样管控。"))
    found.score = risk.score(found.likelihood, found.exposure, found.consequence)
    found.colour = risk.colour(found.score, queries.risk_lines())
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError:
        raise ValidationError({"place": _("这个位置的这种风险已经在图上。")}) from None
    announce(
        facts.RISK_GRADED.code, project.key, occurred_on=today(), by=by.key, note=str(found)[:300],
        source=f"risk:{found.pk}/{found.history.count()}", details={"colour": found.colour, "d": risk.said(found.score)},
    )  # fmt: skip
    return found


@transaction.atomic
def end(point: RiskPoint, *, by: Actor) -> RiskPoint:
    """Take a point off the map; it stays on record."""
    may(keeper, point.project, by, _("撤销风险点"))
    if point.ended_on is not None:
        raise Refusal("state", _("这个风险点已经撤销。"))
    point.ended_on = today()
    point.save()
    return point
