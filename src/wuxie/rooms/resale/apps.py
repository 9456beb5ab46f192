from django.apps import AppConfig


class ResaleConfig(AppConfig):
    name = "wuxie.rooms.resale"
    label = "resale"
    verbose_name = "转供电"
    default_auto_field = "django.db.models.BigAutoField"
