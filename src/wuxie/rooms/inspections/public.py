"""What the public site may say of inspections: which special equipment of an estate must not be used today, and why."""

from __future__ import annotations

from wuxie.kernel.clock.now import today
from wuxie.rooms.register.models import Estate, Project

from .models import Asset


def stopped(estate: Estate) -> list[Asset]:
    """The special equipment of whoever serves the estate today that must not be used."""
    serving = Project.objects.on(today()).filter(estate=estate).values("pk")
    return list(Asset.objects.there().filter(project__in=serving, stopped_on__isnull=False).order_by("kind", "code"))
