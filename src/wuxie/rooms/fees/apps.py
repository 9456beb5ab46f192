from django.apps import AppConfig


class FeesConfig(AppConfig):
    name = "wuxie.rooms.fees"
    label = "fees"
    verbose_name = "物业费"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known the kinds of fact, the papers and the lines of the sidebar."""
        from . import facts, jobs, menu, papers
        from .actions import keeping  # models must be ready first

        facts.register()
        papers.register()
        menu.register()
        assert keeping and jobs  # imported for what it registers: the steps that time takes
