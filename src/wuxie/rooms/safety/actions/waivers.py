"""Letting a duty be, this once: by the company, with a reason, before its time is over."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import now
from wuxie.kernel.workflow.demands import may, said

from ..models import Instance, Waiver
from ..rules import company_of

S = Instance.State
#: What can still be let be, before its time is over.
OPEN = (S.SCHEDULED, S.SUSPICIOUS)


@transaction.atomic
def waive(instance: Instance, *, by: Actor, reason: str) -> Waiver:
    """Not the project's own people: whoever does the work does not excuse it."""
    may(company_of, instance, by, _("批准免做"))
    reason = said(reason, _("请写明为什么免做。"))
    found = Instance.objects.select_for_update().get(pk=instance.pk)
    if found.state not in OPEN or found.closes_at <= now():
        raise ValidationError(_("只有还没做、也没到点的职责能免做。"))
    found.state = S.WAIVED
    found.save(update_fields=["state"])
    return Waiver.objects.create(instance=found, reason=reason, by=by.key, name=by.name, at=now())
