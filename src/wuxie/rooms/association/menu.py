"""The association's lines in the sidebar."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from wuxie.kernel.parties.roles import ASSOCIATION, COMPANY, GOVERNMENT
from wuxie.web import nav
from wuxie.web.area import register_place

from .models import Admission, Disclosure, Due, Inquiry, Leaving, Letter, Meeting, Resolution, Task

#: Matters of the whole association: they lie in no part of its city.
NOWHERE = (Meeting, Resolution, Task, Admission, Leaving, Due, Inquiry, Letter, Disclosure)


def register() -> None:
    for model in NOWHERE:
        register_place(model, "")
    nav.register_nav(
        _("协会"), _("会员与分组"), "association:members", icon="users-group", roles=ASSOCIATION, order=310
    )
    for label, name, icon, roles, order in (
        (_("会议与决议"), "meetings", "gavel", {*ASSOCIATION, *COMPANY}, 312),
        (_("工作组"), "groups", "list-details", {*ASSOCIATION, *COMPANY}, 314),
        (_("会员诉求"), "inquiries", "messages", {*ASSOCIATION, *COMPANY}, 316),
        (_("转办件"), "letters", "send", {*ASSOCIATION, *GOVERNMENT}, 318),
        (_("计划和收支"), "activities", "coin-yuan", {*ASSOCIATION, *COMPANY}, 320),
    ):
        nav.register_nav(_("协会"), label, f"association:{name}", icon=icon, roles=roles, order=order)
    nav.register_nav(_("协会"), _("会费和会籍"), "association:dues", icon="receipt", roles=COMPANY, order=311)
    nav.register_nav(_("协会"), _("人员与任职"), "people:people", icon="id-badge-2", roles=ASSOCIATION, order=340)
    nav.register_nav(_("底座"), _("查看记录"), "looks:list", icon="eye", roles=ASSOCIATION, order=440)
