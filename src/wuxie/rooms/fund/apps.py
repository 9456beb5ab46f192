from django.apps import AppConfig


class FundConfig(AppConfig):
    name = "wuxie.rooms.fund"
    label = "fund"
    verbose_name = "维修资金"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known the kinds of fact, the papers, the sheet and the lines of the sidebar."""
        from . import facts, imports, menu, papers
        from .actions import works  # models must be ready first

        facts.register()
        papers.register()
        imports.register()
        menu.register()
        assert works  # imported for what it registers: the steps that time takes
