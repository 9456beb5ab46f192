"""What every page needs an address for: how the reader wants to read."""

from django.urls import path

from . import views

app_name = "web"
urlpatterns = [path("reading/", views.reading, name="reading")]
