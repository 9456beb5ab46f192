from django.apps import AppConfig


class FundConfig(AppConfig):
    name = "wuxie.rooms.fund"
    label = "fund"
    verbose_name = "维修资金"
    default_auto_field = "django.db.models.BigAutoField"
