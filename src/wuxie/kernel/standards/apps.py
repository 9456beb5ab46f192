from django.apps import AppConfig


class StandardsConfig(AppConfig):
    name = "wuxie.kernel.standards"
    label = "standards"
    verbose_name = "评分标准"
    default_auto_field = "django.db.models.BigAutoField"
