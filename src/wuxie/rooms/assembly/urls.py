app_name = "assembly"
urlpatterns = []
