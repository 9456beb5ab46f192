from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "wuxie.rooms.inspections"
    label = "inspections"
    verbose_name = "检验检测"
    default_auto_field = "django.db.models.BigAutoField"
