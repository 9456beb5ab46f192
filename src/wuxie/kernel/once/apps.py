from django.apps import AppConfig


class OnceConfig(AppConfig):
    name = "wuxie.kernel.once"
    label = "once"
    verbose_name = "不重复办理"
    default_auto_field = "django.db.models.BigAutoField"
