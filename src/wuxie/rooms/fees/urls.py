from django.urls import path

from .views import adjustments, records

app_name = "fees"
urlpatterns = [
    path("", adjustments.listed, name="adjustments"),
    path("new/", adjustments.new, name="new"),
    path("structure/", records.structure, name="structure"),
    path("disclosures/", records.disclosures, name="disclosures"),
    path("disclosures/<int:pk>/", records.disclosure, name="disclosure"),
    path("findings/", records.findings, name="findings"),
    path("findings/new/", records.new_finding, name="finding_new"),
    path("findings/<int:pk>/", records.finding, name="finding"),
    *adjustments.PAGES.urls("adjustments", name="adjustment", space=app_name),
]
