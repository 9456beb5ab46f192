from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SafetyConfig(AppConfig):
    name = "wuxie.rooms.safety"
    label = "safety"
    verbose_name = "安全责任"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known the kinds of fact, the papers and the lines of the sidebar; guard what is published after every migration."""
        from . import (
            drill_papers,
            facts,
            guards,
            hazard_papers,
            incident_papers,
            jobs,
            menu,
            papers,
            permit_papers,
            sight,
            work_facts,
            work_menu,
        )
        from .actions import drills, hazards, incidents, permits  # models must be ready first

        facts.register()
        papers.register()
        hazard_papers.register()
        for one in (permit_papers, drill_papers, incident_papers):
            one.register()
        work_facts.register()
        sight.register()
        menu.register()
        work_menu.register()
        assert (
            jobs and drills and hazards and incidents and permits
        )  # imported for what they register: the work of every night, the steps that time takes
        post_migrate.connect(guards.after_migrate, sender=self)
