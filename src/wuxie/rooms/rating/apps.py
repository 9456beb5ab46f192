from django.apps import AppConfig


class RatingConfig(AppConfig):
    name = "wuxie.rooms.rating"
    label = "rating"
    verbose_name = "星级评定"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the kinds of fact known, and the tables and clockwork of the procedures."""
        from . import facts, jobs  # models must be ready first

        facts.register()
        assert jobs  # imported for what it registers
