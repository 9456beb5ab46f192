"""Figures of law and the ledger."""

from django.urls import path

from . import holidays, journal, ledger, robots, statutes

app_name = "pages"
urlpatterns = [
    path("statutes/", statutes.figures_page, name="statutes"),
    path("statutes/changes/", statutes.changes, name="statutes_changes"),
    path("statutes/<str:key>/propose/", statutes.propose, name="statutes_propose"),
    path("statutes/proposals/<int:pk>/confirm/", statutes.confirm, name="statutes_confirm"),
    path("statutes/proposals/<int:pk>/withdraw/", statutes.withdraw, name="statutes_withdraw"),
    path("holidays/", holidays.years, name="holidays"),
    path("holidays/new/", holidays.new, name="holidays_new"),
    path("holidays/confirm/", holidays.confirm, name="holidays_confirm"),
    path("robots/", robots.robots, name="robots"),
    path("robots/new/", robots.new, name="robot_new"),
    path("robots/<int:pk>/", robots.robot, name="robot"),
    path("robots/<int:pk>/edit/", robots.edit, name="robot_edit"),
    path("robots/<int:pk>/look/", robots.look, name="robot_look"),
    path("robots/<int:pk>/test/", robots.test, name="robot_test"),
    path("robots/<int:pk>/pause/", robots.pause, name="robot_pause"),
    path("robots/<int:pk>/resume/", robots.resume, name="robot_resume"),
    path("robots/<int:pk>/remove/", robots.remove, name="robot_remove"),
    path("ledger/", ledger.facts, name="ledger"),
    path("journal/", journal.lines, name="journal"),
    path("ledger/seals/", ledger.seals, name="seals"),
    path("ledger/facts/<str:pk>/", ledger.fact, name="fact"),
]
