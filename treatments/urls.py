"""Addresses of the second floor."""

app_name = "treatments"

urlpatterns: list = []
