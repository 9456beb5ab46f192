from django.apps import AppConfig


class AssociationConfig(AppConfig):
    name = "wuxie.rooms.association"
    label = "association"
    verbose_name = "会员与分组"
    default_auto_field = "django.db.models.BigAutoField"
