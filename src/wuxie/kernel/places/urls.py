"""Divisions by name."""

from django.urls import path

from . import views

app_name = "places"
urlpatterns = [
    path("search", views.search, name="search"),
    path("options", views.options, name="options"),
]
