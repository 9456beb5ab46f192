"""The association's lines in the sidebar."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from wuxie.kernel.parties.roles import ASSOCIATION, COMPANY
from wuxie.web import nav


def register() -> None:
    nav.register_nav(
        _("协会"), _("会员与分组"), "association:members", icon="users-group", roles=ASSOCIATION, order=310
    )
    nav.register_nav(
        _("协会"), _("会议与决议"), "association:meetings", icon="gavel", roles={*ASSOCIATION, *COMPANY}, order=312
    )
    nav.register_nav(_("协会"), _("人员与任职"), "people:people", icon="id-badge-2", roles=ASSOCIATION, order=340)
    nav.register_nav(_("底座"), _("查看记录"), "looks:list", icon="eye", roles=ASSOCIATION, order=440)
