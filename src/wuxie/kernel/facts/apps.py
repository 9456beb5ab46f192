from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate


class FactsConfig(AppConfig):
    name = "wuxie.kernel.facts"
    label = "facts"
    verbose_name = "事实账本"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wuxie.kernel.parties.journal import register_writer

        from . import bulk, guards, journal, kinds
        from .checks import guards_stand, ready_to_serve

        kinds.register(*kinds.OWN_KINDS, *journal.KINDS)
        register_writer(journal.write)
        post_migrate.connect(guards.after_migrate, sender=self, dispatch_uid="facts.guards")
        post_migrate.connect(bulk.after_migrate, sender=self, dispatch_uid="facts.bulk")
        checks.register(guards_stand, checks.Tags.database)
        checks.register(ready_to_serve, "before_start", deploy=True)
