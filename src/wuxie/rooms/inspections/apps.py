from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "wuxie.rooms.inspections"
    label = "inspections"
    verbose_name = "检验检测"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known the kinds of fact, the papers, the sheet and the lines of the sidebar."""
        from . import facts, imports, jobs, menu, papers
        from .actions import cases, pools  # models must be ready first

        facts.register()
        papers.register()
        imports.register()
        menu.register()
        # Imported for what they register: the work of every night, the tables and the steps that time takes.
        assert jobs and cases and pools
