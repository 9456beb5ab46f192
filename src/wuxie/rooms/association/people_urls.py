"""People, appointments and accounts."""

from django.urls import path

from .views import people

app_name = "people"
urlpatterns = [
    path("", people.people, name="people"),
    path("seats/", people.offered, name="seats"),
    path("new/", people.new, name="person_new"),
    path("<int:pk>/", people.person, name="person"),
    path("<int:pk>/edit/", people.edit, name="person_edit"),
    path("<int:pk>/appoint/", people.appoint, name="appoint"),
    path("<int:pk>/account/", people.account_new, name="account_new"),
    path("<int:pk>/account/reset/", people.account_reset, name="account_reset"),
    path("<int:pk>/account/close/", people.account_close, name="account_close"),
    path("<int:pk>/account/reopen/", people.account_reopen, name="account_reopen"),
    path("appointments/<int:pk>/end/", people.appointment_end, name="appointment_end"),
]
