"""The addresses that these tests need."""

from django.urls import include, path

urlpatterns = [
    path("", include("wuxie.web.urls")),
    path("papers/", include("wuxie.kernel.papers.urls")),
    path("account_login/", lambda request: None, name="account_login"),
    path("account_logout/", lambda request: None, name="account_logout"),
    path("account_change_password/", lambda request: None, name="account_change_password"),
    path("mfa_index/", lambda request: None, name="mfa_index"),
    path("desk/", lambda request: None, name="desk"),
]
