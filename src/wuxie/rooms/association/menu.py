"""The association's lines in the sidebar."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from wuxie.web import nav

OFFICE = ("association_secretariat", "association_president")


def register() -> None:
    nav.register_nav(_("协会"), _("会员与分组"), "association:members", icon="users-group", roles=OFFICE, order=310)
    nav.register_nav(_("协会"), _("人员与任职"), "people:people", icon="id-badge-2", roles=OFFICE, order=340)
    nav.register_nav(_("底座"), _("查看记录"), "looks:list", icon="eye", roles=OFFICE, order=440)
