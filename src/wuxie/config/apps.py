from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Switches on the joins once every room is there."""

    name = "wuxie.config"
    label = "config"
    verbose_name = "设置"

    def ready(self) -> None:
        import wuxie.joins  # noqa: F401  the page of joins registers itself; it needs every room's models
