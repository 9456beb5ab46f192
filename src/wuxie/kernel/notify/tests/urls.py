"""The whole site and, wherever it puts them, the pages of this part."""

from django.urls import include, path

urlpatterns = [path("messages/", include("wuxie.kernel.notify.urls")), path("", include("wuxie.config.urls"))]
