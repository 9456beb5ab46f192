from django.apps import AppConfig


class RatingConfig(AppConfig):
    name = "wuxie.rooms.rating"
    label = "rating"
    verbose_name = "星级评定"
    default_auto_field = "django.db.models.BigAutoField"
