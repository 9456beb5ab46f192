from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "wuxie.kernel.parties"
    label = "parties"
    verbose_name = "组织与人员"
    default_auto_field = "django.db.models.BigAutoField"
