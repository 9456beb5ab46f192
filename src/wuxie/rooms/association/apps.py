from django.apps import AppConfig


class AssociationConfig(AppConfig):
    name = "wuxie.rooms.association"
    label = "association"
    verbose_name = "会员与分组"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known: the kinds of fact, the house rules, the papers, the sheet of members, whom the office sees, the lines of the sidebar."""
        from . import facts, imports, jobs, menu, papers, sight, workflow  # models must be ready first
        from .actions import dues, joining

        facts.register()
        papers.register()
        assert (
            dues and jobs and joining and workflow
        )  # imported for what they register: the work of time, the tables of the procedures

        imports.register()
        sight.register()
        menu.register()
