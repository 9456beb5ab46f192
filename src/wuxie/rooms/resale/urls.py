"""The room's addresses."""

from django.urls import path

from .views import accounts, months, refunds

app_name = "resale"
urlpatterns = [
    path("", accounts.listed, name="accounts"),
    path("accounts/new/", accounts.new, name="account_new"),
    path("accounts/<int:pk>/edit/", accounts.edit, name="account_edit"),
    path("accounts/<int:pk>/meters/new/", accounts.meter_new, name="meter_new"),
    path("accounts/<int:pk>/months/new/", months.new, name="month_new"),
    path("meters/<int:pk>/", accounts.meter, name="meter"),
    path("months/", months.listed, name="months"),
    path("months/<int:pk>/bill/", months.bill, name="bill"),
    path("months/<int:pk>/readings/", months.typed, name="readings"),
    path("refunds/", refunds.listed, name="refunds"),
    path("refunds/<int:pk>/pay/", refunds.pay, name="refund_pay"),
    path("refunds/<int:pk>/post/", refunds.post_up, name="refund_post"),
    *accounts.PAGES.urls("accounts", name="account", space=app_name),
    *months.PAGES.urls("months", name="month", space=app_name),
]
