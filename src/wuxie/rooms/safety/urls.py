"""The room's addresses."""

from django.urls import path

from .views import library

app_name = "safety"
urlpatterns = [
    path("library/", library.newest, name="library"),
    path("library/<int:pk>/", library.version, name="library_version"),
]
