"""The room's lines in the sidebar, by role."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from wuxie.kernel.parties.roles import ASSOCIATION, AT_COMPANY, GOVERNMENT
from wuxie.web import nav


def register() -> None:
    reading = {*ASSOCIATION, *GOVERNMENT, *AT_COMPANY, "committee_member", "owner"}
    nav.register_nav(_("本小区"), _("业主表决"), "assembly:decisions", icon="checkbox", roles=reading, order=150)
    nav.register_public(_("核对我的票"), "assembly:check", order=60)
