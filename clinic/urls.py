"""The addresses: staff pages need a sign-in, the few others say so themselves."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from clinic.views import pages

urlpatterns = [
    path("", include("treatments.urls")),
    path("", include("patients.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    path("health/", pages.health, name="health"),
]

if settings.DEBUG:
    urlpatterns.append(path("gallery/", pages.gallery, name="gallery"))

handler400 = "clinic.views.errors.bad_request"
handler403 = "clinic.views.errors.not_allowed"
handler404 = "clinic.views.errors.not_found"
handler500 = "clinic.views.errors.failed"
