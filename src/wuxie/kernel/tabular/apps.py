from django.apps import AppConfig


class TabularConfig(AppConfig):
    name = "wuxie.kernel.tabular"
    label = "tabular"
    verbose_name = "表格导入导出"
    default_auto_field = "django.db.models.BigAutoField"
