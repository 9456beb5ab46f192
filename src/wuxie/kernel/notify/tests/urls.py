"""The addresses that these tests need."""

from django.urls import include, path

urlpatterns = [
    path("", include("wuxie.web.urls")),
    path("messages/", include("wuxie.kernel.notify.urls")),
    path("accounts/login/", lambda request: None, name="account_login"),
    path("accounts/logout/", lambda request: None, name="account_logout"),
    path("accounts/password/", lambda request: None, name="account_change_password"),
    path("accounts/mfa/", lambda request: None, name="mfa_index"),
    path("desk/", lambda request: None, name="desk"),
]
