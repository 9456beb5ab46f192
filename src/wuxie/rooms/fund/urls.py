from django.urls import path

from .views import accounts, repairs

app_name = "fund"
urlpatterns = [
    path("", repairs.listed, name="repairs"),
    path("new/", repairs.new, name="new"),
    path("stuck/", repairs.stuck, name="stuck"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("estates/", accounts.estates, name="estates"),
    path("estates/<int:pk>/", accounts.estate, name="estate"),
    path("repairs/<int:pk>/shares/", repairs.shares, name="shares"),
    *repairs.PAGES.urls("repairs", name="repair", space=app_name),
]
