"""The room's addresses."""

from django.urls import path

from .views import ballots, cases, consult, doors, public

app_name = "assembly"
urlpatterns = [
    path("", cases.listed, name="decisions"),
    path("new/", cases.new, name="new"),
    path("check/", public.check, name="check"),
    path("check/<str:code>/", public.receipt, name="receipt"),
    path("verify_vote.py", public.verifier, name="verifier"),
    path("rules/<int:pk>/", cases.estate_rules, name="rules"),
    path("items/<int:pk>/remove/", cases.item_remove, name="item_remove"),
    path("helpers/<int:pk>/end/", cases.helper_end, name="helper_end"),
    path("objections/<int:pk>/answer/", cases.answer, name="answer"),
    path("doors/<int:pk>/<slug:act>/", doors.door, name="door"),
    path("consult/<int:pk>/", consult.consult, name="consult"),
    path("ballots/<int:pk>/", ballots.ballot, name="ballot"),
    path("ballots/<int:pk>/read/", ballots.read, name="read"),
    path("ballots/<int:pk>/doubt/", ballots.doubt, name="doubt"),
    path("ballots/<int:pk>/settle/", ballots.settle, name="settle"),
    path("<int:pk>/edit/", cases.edit, name="edit"),
    path("<int:pk>/item/", cases.item_new, name="item_new"),
    path("<int:pk>/helpers/", cases.helpers, name="helpers"),
    path("<int:pk>/object/", cases.object_to, name="object"),
    path("<int:pk>/roll/", doors.roll, name="roll"),
    path("<int:pk>/papers/", doors.papers, name="papers"),
    path("<int:pk>/participation/", doors.participation, name="participation"),
    path("<int:pk>/doors/", doors.doorbells, name="doors"),
    path("<int:pk>/ballots/", ballots.listed, name="ballots"),
    path("<int:pk>/pack/", public.pack, name="pack"),
    path("<int:pk>/audit/", public.audit, name="audit"),
    *cases.PAGES.urls("case", name="decision", space=app_name),
]
