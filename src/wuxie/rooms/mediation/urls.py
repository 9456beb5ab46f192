"""The room's addresses."""

from django.urls import path

from .views import desk, disputes, experts, petitions

app_name = "mediation"
urlpatterns = [
    path("", disputes.listed, name="disputes"),
    path("new/", disputes.new, name="new"),
    path("voices/<int:pk>/question/", disputes.question, name="voice_question"),
    path("voices/<int:pk>/answer/", disputes.tell_back, name="voice_tell"),
    path("voices/<int:pk>/reveal/", disputes.reveal, name="voice_reveal"),
    path("voices/<int:pk>/look/", disputes.look, name="voice_look"),
    path("sittings/<int:pk>/", disputes.record, name="record"),
    path("experts/", experts.listed, name="experts"),
    path("experts/new/", experts.new, name="expert_new"),
    path("experts/<int:pk>/away/", experts.away, name="away"),
    path("experts/<int:pk>/away/back/", experts.back, name="away_back"),
    path("affiliations/", experts.affiliations, name="affiliations"),
    path("affiliations/new/", experts.tie, name="affiliation_new"),
    path("committees/new/", experts.committee, name="committee_new"),
    path("rota/", desk.listed, name="rotas"),
    path("rota/new/", desk.new, name="rota_new"),
    path("rota/shifts/", desk.shifts, name="shifts"),
    path("rota/<int:pk>/", desk.rota, name="rota"),
    path("rota/<int:pk>/print/", desk.printed, name="rota_print"),
    path("rota/<int:pk>/<str:part>.json", desk.as_json, name="rota_json"),
    path("rota/<int:pk>/again/", desk.again, name="rota_again"),
    path("rota/<int:pk>/publish/", desk.publish, name="rota_publish"),
    path("rota/shifts/<int:pk>/swap/", desk.swap, name="swap"),
    path("rota/shifts/<int:pk>/serve/", desk.serve, name="serve"),
    path("rota/swaps/<int:pk>/off/", desk.call_off, name="swap_off"),
    path("rota/swaps/<int:pk>/<slug:answer>/", desk.decide, name="swap_decide"),
    path("rota/feed/<str:feed>.ics", desk.feed, name="feed"),
    path("petitions/", petitions.listed, name="petitions"),
    path("petitions/new/", petitions.new, name="petition_new"),
    *petitions.PAGES.urls("petitions", name="petition", space=app_name),
    *disputes.PAGES.urls("disputes", name="dispute", space=app_name),
]
