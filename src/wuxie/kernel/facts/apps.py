from django.apps import AppConfig


class FactsConfig(AppConfig):
    name = "wuxie.kernel.facts"
    label = "facts"
    verbose_name = "事实账本"
    default_auto_field = "django.db.models.BigAutoField"
