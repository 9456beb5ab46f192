from django.urls import path

from . import views

app_name = "imports"
urlpatterns = [
    path("", views.start, name="start"),
    path("upload/<str:pk>/", views.upload, name="upload"),
    path("upload/<str:pk>/headings/", views.match, name="headings"),
    path("upload/<str:pk>/mend/", views.mend, name="mend"),
    path("upload/<str:pk>/mend-all/", views.mend_all, name="mend_all"),
    path("upload/<str:pk>/drop/", views.drop, name="drop"),
    path("upload/<str:pk>/undo/", views.undo, name="undo"),
    path("upload/<str:pk>/apply/", views.apply, name="apply"),
    path("upload/<str:pk>/discard/", views.discard, name="discard"),
    path("upload/<str:pk>/profile/", views.keep_profile, name="profile"),
    path("upload/<str:pk>/annotated/", views.annotated, name="annotated"),
    path("<slug:name>/", views.choose, name="choose"),
    path("<slug:name>/template/", views.template, name="template"),
]
