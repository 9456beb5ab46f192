from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "wuxie.kernel.workflow"
    label = "workflow"
    verbose_name = "流程与待办"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wuxie.kernel.clock.actions import when_imported  # models must be ready first

        from .deadlines import recount

        when_imported(recount)
