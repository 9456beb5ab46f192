from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "wuxie.rooms.portal"
    label = "portal"
    verbose_name = "公开平台"
    default_auto_field = "django.db.models.BigAutoField"
