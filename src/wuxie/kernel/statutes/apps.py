from django.apps import AppConfig


class StatutesConfig(AppConfig):
    name = "wuxie.kernel.statutes"
    label = "statutes"
    verbose_name = "法定数值"
    default_auto_field = "django.db.models.BigAutoField"
