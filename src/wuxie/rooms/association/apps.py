from django.apps import AppConfig


class AssociationConfig(AppConfig):
    name = "wuxie.rooms.association"
    label = "association"
    verbose_name = "会员与分组"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known: the sheet of members, whom the office sees, the lines of the sidebar."""
        from . import imports, menu, sight  # models must be ready first

        imports.register()
        sight.register()
        menu.register()
