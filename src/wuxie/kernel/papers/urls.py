from django.urls import path

from . import views

app_name = "papers"
urlpatterns = [
    path("file/<str:pk>/", views.attachment, name="attachment"),
    path("document/<str:pk>/", views.document, name="document"),
    path("check/<str:code>/", views.check, name="check"),
    path("templates/", views.templates, name="templates"),
    path("templates/<slug:code>/", views.template, name="template"),
    path("templates/<slug:code>/save/", views.save_template, name="save_template"),
]
