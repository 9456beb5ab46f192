from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "wuxie.kernel.places"
    label = "places"
    verbose_name = "行政区划"
    default_auto_field = "django.db.models.BigAutoField"
