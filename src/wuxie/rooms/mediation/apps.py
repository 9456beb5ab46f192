from django.apps import AppConfig
from django.db.models.signals import post_migrate

from wuxie.kernel import grams


class MediationConfig(AppConfig):
    name = "wuxie.rooms.mediation"
    label = "mediation"
    verbose_name = "调解"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known the kinds of fact, the papers, the sheet and the lines of the sidebar."""
        from . import facts, imports, menu, papers
        from .actions import ending, handling, rota  # models must be ready first
        from .models import Dispute

        facts.register()
        papers.register()
        imports.register()
        menu.register()
        grams.keep(Dispute)
        post_migrate.connect(grams.after_migrate, sender=self, dispatch_uid="mediation.grams")
        assert (
            ending and handling and rota
        )  # imported for what they register: the steps that time takes, the solver's job
