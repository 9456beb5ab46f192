"""Addresses of the phone's own pages; the service worker's scope is all of them and nothing else."""

from django.urls import path

from .views import field

app_name = "field"
urlpatterns = [
    path("", field.shell, name="today"),
    path("at/<str:code>/", field.shell, name="at"),
    path("day/", field.day, name="day"),
    path("checks/", field.receive, name="receive"),
    path("checks/several/", field.receive_all, name="receive_all"),
    path("sw.js", field.worker, name="worker"),
    path("manifest.webmanifest", field.manifest, name="manifest"),
    path("icon-<int:size>.png", field.icon, name="icon"),
]
