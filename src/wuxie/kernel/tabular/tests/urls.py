"""The addresses that these tests need."""

from django.urls import include, path

urlpatterns = [
    path("", include("wuxie.web.urls")),
    path("imports/", include("wuxie.kernel.tabular.urls")),
    path("jobs/", include("wuxie.kernel.jobs.urls")),
    path("accounts/login/", lambda request: None, name="account_login"),
    path("accounts/logout/", lambda request: None, name="account_logout"),
]
