from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "wuxie.kernel.papers"
    label = "papers"
    verbose_name = "附件与文书"
    default_auto_field = "django.db.models.BigAutoField"
