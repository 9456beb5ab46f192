from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Switches on the joins once every room is there."""

    name = "wuxie.config"
    label = "config"
    verbose_name = "设置"

    def ready(self) -> None:
        import wuxie.joins  # noqa: F401  the page of joins registers itself; it needs every room's models
        from wuxie.kernel.calc.registry import offer  # rooms' calculators read their models' neighbours

        from .calculators import WHERE, calculator

        offer(calculator(name) for name in WHERE)
