"""The public site: no sign-in anywhere but for the secretariat's list of reports."""

from django.urls import path

from .views import calculators, conduct, estates, hazards, home, notices, objections, packs, plaques, power, standards

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", home.search, name="search"),
    path("proof/", home.proof, name="proof"),
    path("accessibility/", home.accessibility, name="accessibility"),
    path("estates/", estates.register, name="estates"),
    path("estates/<str:code>/", estates.estate, name="estate"),
    path("estates/<str:code>/hazard/", hazards.report, name="hazard"),
    path("hazards/", hazards.look_up, name="hazards"),
    path("hazards/<str:receipt>/", hazards.receipt, name="hazard_receipt"),
    path("my-power/", power.look_up, name="power"),
    path("my-power/<str:receipt>/", power.meter, name="power_meter"),
    path("my-power/<str:receipt>/<int:pk>/", power.answer, name="power_answer"),
    path("companies/<int:pk>/", estates.company, name="company"),
    path("notices/", notices.board, name="notices"),
    path("notices/<str:number>/", notices.notice, name="notice"),
    path("notices/<str:number>/print/", notices.paper, name="notice_print"),
    path("notices/<str:number>/objection/", objections.object_to, name="object"),
    path("decisions/", notices.decisions, name="decisions"),
    path("sanctions/", conduct.sanctions, name="sanctions"),
    path("credit/", conduct.records, name="credit"),
    path("objections/", objections.look_up, name="objections"),
    path("objections/<str:receipt>/", objections.receipt, name="receipt"),
    path("notices/<str:number>/pack.zip", packs.pack, name="pack"),
    path("verify/", plaques.by_number, name="verify"),
    path("verify/ledger/", packs.ledger, name="ledger"),
    path("verify/ledger/verify.py", packs.verifier, name="verifier"),
    path("photos/<str:name>/", estates.gate_photo, name="photo"),
    path("v/<str:code>/", plaques.by_code, name="plaque"),
    path("reports/new/", plaques.report, name="report"),
    path("reports/", plaques.reports, name="reports"),
    path("reports/<int:pk>/", plaques.answer, name="report_answer"),
    path("reports/receipt/<str:receipt>/", plaques.report_receipt, name="report_receipt"),
    path("calc/", calculators.index, name="calculators"),
    path("calc/<str:name>/", calculators.calculate, name="calculator"),
    path("standards/", standards.index, name="standards"),
    path("standards/<str:name>/<str:version>/", standards.standard, name="standard"),
]
