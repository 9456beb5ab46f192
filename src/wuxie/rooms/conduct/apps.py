from django.apps import AppConfig


class ConductConfig(AppConfig):
    name = "wuxie.rooms.conduct"
    label = "conduct"
    verbose_name = "自律和信用"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known the kinds of fact, the role of the panel, the papers and the lines of the sidebar."""
        from . import facts, jobs, menu, papers, seats
        from .actions import after, records  # models must be ready first

        facts.register()
        seats.register()
        papers.register()
        menu.register()
        assert after and records and jobs  # imported for what they register: what time does
