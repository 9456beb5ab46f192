from django.apps import AppConfig


class AssemblyConfig(AppConfig):
    name = "wuxie.rooms.assembly"
    label = "assembly"
    verbose_name = "业主表决"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known the kinds of fact, the papers and the lines of the sidebar."""
        from . import facts, imports, menu, papers
        from .actions import counting, result  # models must be ready first

        facts.register()
        imports.register()
        papers.register()
        menu.register()
        # Imported for what they register: the steps that time takes.
        assert counting and result
