"""The addresses: staff pages need a sign-in, the few others say so themselves."""

from allauth.account import views as library
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from clinic.views import (
    access,
    all_states,
    appearance,
    first_start,
    gallery,
    health,
    held_forms,
    help,
    mail,
    metrics,
    practice,
)
from clinic.views.signin import accounts, factors, idle_lock

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

factor_urls = [
    path("", factors.overview, name="mfa_index"),
    path("authenticate/", factors.second_step, name="mfa_authenticate"),
    path("reauthenticate/", factors.reauthenticate_with_code, name="mfa_reauthenticate"),
    path("app/activate/", factors.activate_app, name="mfa_activate_totp"),
    path("app/remove/", factors.remove_app, name="mfa_deactivate_totp"),
    path("codes/", factors.recovery_codes, name="mfa_view_recovery_codes"),
    path("codes/download/", factors.download_codes, name="mfa_download_recovery_codes"),
    path("codes/generate/", factors.new_codes, name="mfa_generate_recovery_codes"),
    path("passkeys/", factors.redirect_to_overview, name="mfa_list_webauthn"),
    path("passkeys/add/", factors.add_passkey, name="mfa_add_webauthn"),
    path("passkeys/sign-in/", factors.passkey_sign_in, name="mfa_login_webauthn"),
    path("passkeys/reauthenticate/", factors.reauthenticate_with_passkey, name="mfa_reauthenticate_webauthn"),
    path("passkeys/<int:pk>/rename/", factors.rename_passkey, name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", factors.remove_passkey, name="mfa_remove_webauthn"),
]

lock_urls = [
    path("here/", idle_lock.time_left, name="account_here"),
    path("lock/", idle_lock.lock, name="account_lock"),
    path("unlock/", idle_lock.unlock, name="account_unlock"),
    path("question/", idle_lock.passkey_challenge, name="account_passkey_question"),
]

urlpatterns = [
    path("", include("treatments.urls")),
    path("", include("patients.urls")),
    path("accounts/", include(account_urls)),
    path("accounts/", include(lock_urls)),
    path("accounts/factors/", include(factor_urls)),
    path("first/<str:token>/", first_start.page, name="first-start"),
    path("theme/", appearance.theme, name="theme"),
    path("help/", help.own_page, name="help"),
    path("help/<slug:role>/", help.page, name="help-page"),
    path("admin/who-may-what/", access.permission_table, name="who-may-what"),
    path("admin/", admin.site.urls),
    path("state-rules/", all_states.compare, name="state-rules"),
    path("state-rules/<slug:code>/counsel/", all_states.counsel, name="state-counsel"),
    path("state-rules/<slug:code>/counsel/withdraw/", all_states.withdraw, name="state-counsel-withdraw"),
    path("set-up/hours/", practice.hours, name="set-up-hours"),
    path("set-up/needles/", practice.needles, name="set-up-needles"),
    path("set-up/mail/", mail.page, name="mail"),
    path("begun/", held_forms.held_form, name="held-form"),
    path("health/", health.health, name="health"),
    path("metrics/", metrics.metrics, name="metrics"),
]

if settings.DEBUG:
    urlpatterns.append(path("gallery/", gallery.gallery, name="gallery"))

handler400 = "clinic.views.errors.bad_request"
handler403 = "clinic.views.errors.not_allowed"
handler404 = "clinic.views.errors.not_found"
handler500 = "clinic.views.errors.failed"
