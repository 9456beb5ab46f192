"""The register's lines in the sidebar, by role."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from wuxie.kernel.parties.roles import ASSOCIATION, AT_COMPANY, GOVERNMENT
from wuxie.web import nav

COMMITTEE = ("committee_member",)


def register() -> None:
    nav.register_nav(
        _("协会"), _("小区与企业"), "register:estates", icon="building-community", roles=ASSOCIATION, order=330
    )
    nav.register_nav(
        _("名录"), _("小区与企业"), "register:estates", icon="building-community", roles=GOVERNMENT, order=330
    )
    nav.register_nav(_("经营"), _("队伍与证书"), "register:posts", icon="id-badge-2", roles=AT_COMPANY, order=310)
    nav.register_nav(
        _("名录"), _("项目与合同"), "register:projects", icon="file-description", roles=AT_COMPANY, order=331
    )
    nav.register_nav(_("名册"), _("楼栋与户室"), "register:units", icon="building", roles=COMMITTEE, order=331)
    nav.register_nav(_("名册"), _("业主"), "register:owners", icon="users", roles=COMMITTEE, order=332)
    nav.register_nav("", _("我的小区"), "register:units", icon="home", roles={"owner"}, order=20)
    nav.register_nav(_("底座"), _("数据导入"), "imports:start", icon="file-import", roles=ASSOCIATION[:1], order=430)
    nav.register_nav(
        _("名录"),
        _("数据导入"),
        "imports:start",
        icon="file-import",
        roles={"company_admin", "project_manager"},
        order=339,
    )
