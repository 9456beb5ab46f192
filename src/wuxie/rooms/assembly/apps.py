from django.apps import AppConfig


class AssemblyConfig(AppConfig):
    name = "wuxie.rooms.assembly"
    label = "assembly"
    verbose_name = "业主表决"
    default_auto_field = "django.db.models.BigAutoField"
