"""Who, in this room."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.access.who import only
from wuxie.rooms.register.rules import company, project_manager

from .queries import holding_of

keeper = replace(company | project_manager, label=_("企业管理员、项目经理"))
"""A project's profile and lists: the company itself and its project manager."""
company_of = replace(company, label=_("企业管理员"))
"""What the project's own people must not settle among themselves."""


def _holds(actor: Actor, case: Any) -> bool:
    return holding_of(actor, case) is not None


holder = only(_("任岗人、替岗人"), _holds)
"""Whoever holds the post of a list today, or stands in."""
