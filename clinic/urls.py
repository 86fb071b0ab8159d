"""The addresses: staff pages need a sign-in, the few others say so themselves."""

from allauth.account import views as library
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from clinic.views import accounts, pages

account_urls = [
    path("login/", accounts.sign_in, name="account_login"),
    path("logout/", library.logout, name="account_logout"),
    path("inactive/", library.account_inactive, name="account_inactive"),
    path("reauthenticate/", library.reauthenticate, name="account_reauthenticate"),
    path("password/change/", accounts.change_password, name="account_change_password"),
    path("password/set/", accounts.closed, name="account_set_password"),
    path("password/reset/", accounts.closed, name="account_reset_password"),
    path("signup/", accounts.closed, name="account_signup"),
    path("email/", accounts.closed, name="account_email"),
]

urlpatterns = [
    path("", include("treatments.urls")),
    path("", include("patients.urls")),
    path("accounts/", include(account_urls)),
    path("admin/", admin.site.urls),
    path("health/", pages.health, name="health"),
]

if settings.DEBUG:
    urlpatterns.append(path("gallery/", pages.gallery, name="gallery"))

handler400 = "clinic.views.errors.bad_request"
handler403 = "clinic.views.errors.not_allowed"
handler404 = "clinic.views.errors.not_found"
handler500 = "clinic.views.errors.failed"
