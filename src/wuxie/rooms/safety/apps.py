from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SafetyConfig(AppConfig):
    name = "wuxie.rooms.safety"
    label = "safety"
    verbose_name = "安全责任"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known the kinds of fact, the papers and the lines of the sidebar; guard what is published after every migration."""
        from . import facts, guards, hazard_papers, jobs, menu, papers
        from .actions import hazards  # models must be ready first

        facts.register()
        papers.register()
        hazard_papers.register()
        menu.register()
        assert jobs and hazards  # imported for what they register: the work of every night, the steps that time takes
        post_migrate.connect(guards.after_migrate, sender=self)
