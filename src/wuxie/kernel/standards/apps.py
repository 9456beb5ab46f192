from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StandardsConfig(AppConfig):
    name = "wuxie.kernel.standards"
    label = "standards"
    verbose_name = "评分标准"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Guard what is published after every migration."""
        from . import guards  # models must be ready first

        post_migrate.connect(guards.after_migrate, sender=self)
