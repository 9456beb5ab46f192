from django.urls import path

from .views import cases

app_name = "conduct"
urlpatterns = [
    path("", cases.listed, name="cases"),
    path("new/", cases.new, name="new"),
    path("figures/", cases.figures, name="figures"),
    *cases.PAGES.urls("cases", name="case", space=app_name),
]
