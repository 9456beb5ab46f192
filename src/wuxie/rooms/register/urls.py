"""The register's addresses."""

from django.urls import path

from .views import companies, estates, posts, projects, units

app_name = "register"
urlpatterns = [
    path("estates/", estates.estates, name="estates"),
    path("estates/new/", estates.new, name="estate_new"),
    path("estates/<int:pk>/", estates.estate, name="estate"),
    path("estates/<int:pk>/edit/", estates.edit, name="estate_edit"),
    path("estates/<int:pk>/totals/", estates.totals, name="estate_totals"),
    path("estates/<int:pk>/units/", units.estate_units, name="estate_units"),
    path("estates/<int:pk>/units/new/", units.new, name="unit_new"),
    path("estates/<int:pk>/buildings/new/", units.building_new, name="building_new"),
    path("buildings/<int:pk>/edit/", units.building_edit, name="building_edit"),
    path("units/", units.units, name="units"),
    path("units/<int:pk>/", units.unit, name="unit"),
    path("units/<int:pk>/edit/", units.edit, name="unit_edit"),
    path("units/<int:pk>/owners/new/", units.owner_new, name="owner_new"),
    path("owners/", units.owners, name="owners"),
    path("owners/<int:pk>/end/", units.owner_end, name="owner_end"),
    path("companies/", companies.companies, name="companies"),
    path("companies/new/", companies.new, name="company_new"),
    path("companies/<int:pk>/", companies.company, name="company"),
    path("companies/<int:pk>/edit/", companies.edit, name="company_edit"),
    path("projects/", projects.projects, name="projects"),
    path("projects/new/", projects.new, name="project_new"),
    path("projects/<int:pk>/", projects.project, name="project"),
    path("projects/<int:pk>/edit/", projects.edit, name="project_edit"),
    path("projects/<int:pk>/renew/", projects.renew, name="project_renew"),
    path("projects/<int:pk>/end/", projects.end, name="project_end"),
    path("projects/<int:pk>/change/", projects.change, name="project_change"),
    path("projects/<int:pk>/levels/", projects.confirm, name="project_levels"),
    path("projects/<int:pk>/posts/new/", posts.new, name="post_new"),
    path("posts/", posts.posts, name="posts"),
    path("posts/<int:pk>/", posts.post, name="post"),
    path("posts/<int:pk>/edit/", posts.edit, name="post_edit"),
    path("posts/<int:pk>/close/", posts.close, name="post_close"),
    path("posts/<int:pk>/assign/", posts.assign, name="post_assign"),
    path("holdings/<int:pk>/end/", posts.holding_end, name="holding_end"),
    path("holdings/<int:pk>/certificate/", posts.certificate, name="holding_certificate"),
]
