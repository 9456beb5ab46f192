from django.apps import AppConfig

from wuxie.kernel.parties.roles import ASSOCIATION


class OpenapiConfig(AppConfig):
    name = "wuxie.rooms.openapi"
    label = "openapi"
    verbose_name = "数据接口"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer the page of tokens to those who work with their own programs."""
        from django.utils.translation import gettext_lazy as _

        from wuxie.web.nav import register_nav

        roles = {*ASSOCIATION, "company_admin", "gov_city", "gov_district"}
        register_nav(_("底座"), _("接口令牌"), "tokens:list", icon="key", roles=roles, order=450)
