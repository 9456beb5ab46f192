"""The room's addresses."""

from django.urls import path

from .views import checks, library, lists, posts, profile, spots, today

app_name = "safety"
urlpatterns = [
    path("", lists.lists, name="lists"),
    path("projects/<int:pk>/", lists.project, name="project"),
    path("projects/<int:pk>/equipment/", profile.equipment, name="equipment"),
    path("projects/<int:pk>/tailor/", profile.tailor, name="tailor"),
    path("projects/<int:pk>/start/", profile.start, name="start"),
    path("projects/<int:pk>/today/", today.duties, name="today"),
    path("projects/<int:pk>/spots/", spots.spots, name="spots"),
    path("projects/<int:pk>/spots/new/", spots.new, name="spot_new"),
    path("spots/<int:pk>/print/", spots.paper, name="spot_print"),
    path("spots/<int:pk>/close/", spots.close, name="spot_close"),
    path("projects/<int:pk>/days/<str:day>/", checks.sheet, name="sheet"),
    path("checks/<uuid:pk>/", checks.check, name="check"),
    path("instances/<int:pk>/waive/", checks.waive, name="waive"),
    path("lists/<int:pk>/", lists.version, name="list"),
    path("posts/", posts.mine, name="mine"),
    path("posts/<int:pk>/", posts.post, name="post"),
    path("posts/<int:pk>/sign/", posts.sign, name="sign"),
    path("library/", library.newest, name="library"),
    path("library/<int:pk>/", library.version, name="library_version"),
]
