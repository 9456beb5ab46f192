from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "wuxie.rooms.register"
    label = "register"
    verbose_name = "小区与企业名录"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known: the kinds of fact, the sheets that can be imported, who may see whom, the lines of the sidebar."""
        from . import areas, facts, imports, menu, sight, subjects  # models must be ready first

        areas.register()
        facts.register()
        imports.register()
        sight.register()
        subjects.register()
        menu.register()
