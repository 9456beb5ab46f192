"""The verbs of places with a code: put one up, take one down."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import now
from wuxie.kernel.workflow.demands import may
from wuxie.rooms.register.models import Project

from ..models import Spot
from ..rules import keeper


@transaction.atomic
def put_up(project: Project, *, by: Actor, label: str, kind: str, duties: Sequence[str]) -> Spot:
    """A place and its code; the duties tied to it are done there and nowhere else."""
    may(keeper, project, by, _("建立地点码"))
    label = label.strip()
    if Spot.objects.filter(project=project, label=label, closed_at=None).exists():
        raise ValidationError({"label": _("已经有一处叫“%(label)s”。") % {"label": label}})
    return Spot.objects.create(
        project=project, label=label, kind=kind, duties=sorted(duties), made_by=by.key, made_at=now()
    )


@transaction.atomic
def take_down(spot: Spot, *, by: Actor) -> None:
    """A lost or copied code holds no longer; what was checked with it before stays."""
    may(keeper, spot, by, _("作废地点码"))
    Spot.objects.filter(pk=spot.pk, closed_at=None).update(closed_at=now())
