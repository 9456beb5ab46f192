from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.parties.roles import ASSOCIATION


class PortalConfig(AppConfig):
    name = "wuxie.rooms.portal"
    label = "portal"
    verbose_name = "公开平台"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the head and foot of the public site, and the secretariat's entry for reports."""
        from wuxie.kernel.papers.actions import register_foot, register_office
        from wuxie.web import nav

        from . import frame  # models must be ready first

        for order, (label, name) in enumerate(
            [
                (_("首页"), "home"),
                (_("小区名录"), "estates"),
                (_("公示公告"), "notices"),
                (_("决定与通报"), "decisions"),
                (_("公开计算器"), "calculators"),
                (_("标准与法规"), "standards"),
            ]
        ):
            nav.register_public(label, f"portal:{name}", order=10 * order)
        nav.register_seal(frame.seal)
        nav.register_brand(frame.brand)
        nav.register_search("portal:search")
        register_office(frame.office)
        register_foot(frame.foot)
        nav.register_nav(
            _("评价"), _("牌匾反映"), "portal:reports", icon="flag", order=150, count=frame.waiting_reports,
            roles=ASSOCIATION,
        )  # fmt: skip
