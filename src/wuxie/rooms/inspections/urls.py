"""The room's addresses."""

from django.urls import path

from .views import assets, calendar, cases, companies, duties, pools

app_name = "inspections"
urlpatterns = [
    path("", duties.listed, name="duties"),
    path("duties/<int:pk>/last/", duties.last, name="last"),
    path("duties/<int:pk>/exempt/", duties.exempt, name="exempt"),
    path("duties/<int:pk>/begin/", duties.begin, name="begin"),
    path("duties/<int:pk>/report/", duties.report, name="report"),
    path("projects/", calendar.projects, name="projects"),
    path("projects/<int:pk>/", calendar.project, name="project"),
    path("projects/<int:pk>/calendar/", calendar.year, name="calendar"),
    path("projects/<int:pk>/calendar/paper/", calendar.year_paper, name="calendar_paper"),
    path("projects/<int:pk>/burden/", calendar.burden, name="burden"),
    path("projects/<int:pk>/burden/paper/", calendar.burden_paper, name="burden_paper"),
    path("companies/<int:pk>/", companies.year, name="company"),
    path("assets/", assets.listed, name="assets"),
    path("assets/new/", assets.new, name="asset_new"),
    path("assets/<int:pk>/", assets.asset, name="asset"),
    path("assets/<int:pk>/edit/", assets.edit, name="asset_edit"),
    path("assets/<int:pk>/retire/", assets.retire, name="asset_retire"),
    path("assets/<int:pk>/idle/", assets.idle, name="asset_idle"),
    path("assets/<int:pk>/use/", assets.use, name="asset_use"),
    path("pools/", pools.listed, name="pools"),
    path("pools/new/", pools.new, name="pool_new"),
    path("pools/<int:pk>/join/", pools.join, name="pool_join"),
    path("shares/<int:pk>/leave/", pools.leave, name="share_leave"),
    path("shares/<int:pk>/offer/", pools.offer, name="share_offer"),
    path("shares/<int:pk>/sign/", pools.sign, name="share_sign"),
    path("shares/<int:pk>/perform/", pools.perform, name="share_perform"),
    *pools.PAGES.urls("pools", name="pool", space=app_name),
    path("cases/", cases.listed, name="cases"),
    *cases.PAGES.urls("cases", name="case", space=app_name),
]
