from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "wuxie.kernel.access"
    label = "access"
    verbose_name = "登录与权限"
    default_auto_field = "django.db.models.BigAutoField"
