"""The addresses that these tests need."""

from django.urls import include, path

urlpatterns = [
    path("", include("wuxie.web.urls")),
    path("papers/", include("wuxie.kernel.papers.urls")),
    path("accounts/login/", lambda request: None, name="account_login"),
]
