"""Figures of law and the ledger."""

from django.urls import path

from . import journal, ledger, statutes

app_name = "pages"
urlpatterns = [
    path("statutes/", statutes.figures_page, name="statutes"),
    path("statutes/changes/", statutes.changes, name="statutes_changes"),
    path("statutes/<str:key>/propose/", statutes.propose, name="statutes_propose"),
    path("statutes/proposals/<int:pk>/confirm/", statutes.confirm, name="statutes_confirm"),
    path("statutes/proposals/<int:pk>/withdraw/", statutes.withdraw, name="statutes_withdraw"),
    path("ledger/", ledger.facts, name="ledger"),
    path("journal/", journal.lines, name="journal"),
    path("ledger/seals/", ledger.seals, name="seals"),
    path("ledger/facts/<str:pk>/", ledger.fact, name="fact"),
]
