from django.apps import AppConfig


class TendersConfig(AppConfig):
    name = "wuxie.rooms.tenders"
    label = "tenders"
    verbose_name = "招投标"
    default_auto_field = "django.db.models.BigAutoField"
