from django.apps import AppConfig
from django.core import checks


class CustodyConfig(AppConfig):
    name = "wuxie.kernel.custody"
    label = "custody"
    verbose_name = "备份与密钥"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .checks import not_half_restored

        checks.register(not_half_restored, "before_start", deploy=True)
