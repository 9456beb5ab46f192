from django.apps import AppConfig


class MediationConfig(AppConfig):
    name = "wuxie.rooms.mediation"
    label = "mediation"
    verbose_name = "调解"
    default_auto_field = "django.db.models.BigAutoField"
