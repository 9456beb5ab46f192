"""The room's lines in the sidebar, by role."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from wuxie.kernel.parties.roles import ASSOCIATION, COMPANY
from wuxie.web import nav

from .models import PANEL

READING = {*ASSOCIATION, *COMPANY, PANEL, "gov_city"}


def register() -> None:
    nav.register_nav(_("自律和信用"), _("自律案件"), "conduct:cases", icon="gavel", roles=READING, order=430)
    nav.register_nav(
        _("自律和信用"), _("信用记录"), "conduct:records", icon="award", roles=READING - {PANEL}, order=431
    )
    nav.register_nav(
        _("自律和信用"), _("企业得分"), "conduct:scores", icon="chart-bar", roles=READING - {PANEL}, order=432
    )
