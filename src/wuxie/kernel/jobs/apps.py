from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps


class JobsConfig(AppConfig):
    name = "wuxie.kernel.jobs"
    label = "jobs"
    verbose_name = "后台作业"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Read each part's ``jobs.py``: there it registers its tasks, periodic pieces and outbox handlers."""
        for config in apps.get_app_configs():
            if config.name.startswith("wuxie.") and config is not self and find_spec(f"{config.name}.jobs"):
                import_module(f"{config.name}.jobs")
