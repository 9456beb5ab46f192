from django.apps import AppConfig


class ClockConfig(AppConfig):
    name = "wuxie.kernel.clock"
    label = "clock"
    verbose_name = "时钟与日历"
    default_auto_field = "django.db.models.BigAutoField"
