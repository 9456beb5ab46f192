from django.urls import path

from . import views

app_name = "notify"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("ways/", views.ways, name="ways"),
    path("read-all/", views.read_all, name="read_all"),
    path("<str:pk>/open/", views.open_message, name="open"),
]
