"""The room's addresses."""

from django.urls import path

from .views import checks, hazards, library, lists, posts, profile, risks, spots, today

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
    path("projects/<int:pk>/hazard-code/", hazards.sheet, name="hazard_sheet"),
    path("projects/<int:pk>/risks/", risks.board, name="risk_map"),
    path("projects/<int:pk>/risks/new/", risks.new, name="risk_new"),
    path("risks/", risks.listed, name="risks"),
    path("risks/<int:pk>/", risks.edit, name="risk_edit"),
    path("risks/<int:pk>/end/", risks.end, name="risk_end"),
    path("hazards/", hazards.ledger, name="hazards"),
    path("hazards/major/", hazards.major, name="hazards_major"),
    path("hazards/new/", hazards.new, name="hazard_new"),
    path("hazards/<int:pk>/contact/", hazards.contact, name="hazard_contact"),
    path("hazards/<int:pk>/notice/", hazards.notice, name="hazard_notice"),
    *hazards.PAGES.urls("hazards", name="hazard", space=app_name),
    path("library/", library.newest, name="library"),
    path("library/<int:pk>/", library.version, name="library_version"),
]
