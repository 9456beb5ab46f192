from django.urls import path

from . import views

app_name = "jobs"
urlpatterns = [path("<str:pk>/", views.job, name="job")]
