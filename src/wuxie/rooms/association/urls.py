"""The association's addresses."""

from django.urls import path

from .views import members

app_name = "association"
urlpatterns = [
    path("members/", members.members, name="members"),
    path("members/new/", members.new, name="member_new"),
    path("members/<int:pk>/", members.member, name="member"),
    path("members/<int:pk>/edit/", members.edit, name="member_edit"),
    path("members/<int:pk>/leave/", members.leave, name="member_leave"),
    path("members/<int:pk>/contacts/new/", members.contact_new, name="contact_new"),
]
