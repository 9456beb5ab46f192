from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "wuxie.rooms.register"
    label = "register"
    verbose_name = "小区与企业名录"
    default_auto_field = "django.db.models.BigAutoField"
