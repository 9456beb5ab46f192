"""The role that this room adds: a seat on the panel that votes on cases of discipline."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from wuxie.kernel.parties import roles
from wuxie.kernel.parties.roles import Role, Seating

from .models import PANEL


def register() -> None:
    roles.register(Role(PANEL, _("惩戒委员会委员"), Seating.ORGANISATION))
