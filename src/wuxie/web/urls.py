"""What every page needs an address for: how the reader wants to read, and which part of their area to look at."""

from django.urls import path

from . import views

app_name = "web"
urlpatterns = [
    path("reading/", views.reading, name="reading"),
    path("area/", views.look_at, name="area"),
]
