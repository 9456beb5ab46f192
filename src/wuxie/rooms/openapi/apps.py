from django.apps import AppConfig


class OpenapiConfig(AppConfig):
    name = "wuxie.rooms.openapi"
    label = "openapi"
    verbose_name = "数据接口"
    default_auto_field = "django.db.models.BigAutoField"
