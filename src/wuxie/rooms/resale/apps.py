from django.apps import AppConfig


class ResaleConfig(AppConfig):
    name = "wuxie.rooms.resale"
    label = "resale"
    verbose_name = "转供电"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known the kinds of fact, the papers, the sheets and the lines of the sidebar."""
        from . import facts, imports, menu, papers
        from .actions import months  # models must be ready first

        facts.register()
        papers.register()
        imports.register()
        menu.register()
        # Imported for what it registers: the steps that time takes.
        assert months
