"""Which room answers where."""

from allauth.account import views as account
from django.urls import include, path
from django.views.generic import TemplateView

from wuxie.web import desk

from . import health

handler500 = "wuxie.web.faults.broken"
urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("i18n/", include("wuxie.web.urls")),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path(
        "accounts/password/none/",
        TemplateView.as_view(template_name="account/no_password.html"),
        name="account_set_password",
    ),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("desk/", desk.show, name="desk"),
    path("places/", include("wuxie.kernel.places.urls")),
    path("messages/", include("wuxie.kernel.notify.urls")),
    path("jobs/", include("wuxie.kernel.jobs.urls")),
    path("papers/", include("wuxie.kernel.papers.urls")),
    path("imports/", include("wuxie.kernel.tabular.urls")),
    path("looks/", include("wuxie.web.pages.looks")),
    path("rating/", include("wuxie.rooms.rating.urls")),
    path("", include("wuxie.web.pages.urls")),
    path("register/", include("wuxie.rooms.register.urls")),
    path("association/", include("wuxie.rooms.association.urls")),
    path("people/", include("wuxie.rooms.association.people_urls")),
    path("safety/", include("wuxie.rooms.safety.urls")),
    path("fees/", include("wuxie.rooms.fees.urls")),
    path("conduct/", include("wuxie.rooms.conduct.urls")),
    path("fund/", include("wuxie.rooms.fund.urls")),
    path("mediation/", include("wuxie.rooms.mediation.urls")),
    path("inspections/", include("wuxie.rooms.inspections.urls")),
    path("power/", include("wuxie.rooms.resale.urls")),
    path("votes/", include("wuxie.rooms.assembly.urls")),
    path("field/", include("wuxie.rooms.safety.field_urls")),
    path("tokens/", include("wuxie.rooms.openapi.page_urls")),
    path("api/v1/", include("wuxie.rooms.openapi.urls")),
    path("", include("wuxie.rooms.portal.urls")),
]
