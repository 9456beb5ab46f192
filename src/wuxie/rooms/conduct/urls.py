from django.urls import path

from .views import cases, records, scores

app_name = "conduct"
urlpatterns = [
    path("", cases.listed, name="cases"),
    path("new/", cases.new, name="new"),
    path("figures/", cases.figures, name="figures"),
    path("records/", records.listed, name="records"),
    path("records/new/", records.collect, name="collect"),
    path("scores/", scores.listed, name="scores"),
    path("scores/<int:pk>/", scores.shown, name="score"),
    path("scores/<int:pk>/declare/", scores.declare, name="declare"),
    *records.PAGES.urls("records", name="record", space=app_name),
    *cases.PAGES.urls("cases", name="case", space=app_name),
]
