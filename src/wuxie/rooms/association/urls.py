"""The association's addresses."""

from django.urls import path

from .views import meetings, members

app_name = "association"
urlpatterns = [
    path("members/", members.members, name="members"),
    path("members/new/", members.new, name="member_new"),
    path("members/<int:pk>/", members.member, name="member"),
    path("members/<int:pk>/edit/", members.edit, name="member_edit"),
    path("members/<int:pk>/leave/", members.leave, name="member_leave"),
    path("members/<int:pk>/contacts/new/", members.contact_new, name="contact_new"),
    path("meetings/", meetings.listed, name="meetings"),
    path("meetings/new/", meetings.new, name="meeting_new"),
    path("items/<int:pk>/vote/", meetings.vote, name="vote"),
    path("resolutions/", meetings.resolved, name="resolutions"),
    *meetings.PAGES.urls("meetings", name="meeting", space=app_name),
    *meetings.FOLLOWED.urls("resolutions", name="resolution", space=app_name),
]
