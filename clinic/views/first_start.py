"""The page of the first administrator's link: an own password, and in."""

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils import timezone

from clinic.actions import first_start
from clinic.selectors import first_start as selectors
from clinic.signin.account_forms import FirstPasswordForm
from clinic.values.errors import RuleViolation
from clinic.web import responses

GONE = 410


@login_not_required
def page(request: HttpRequest, token: str) -> HttpResponse:
    """A GET spends nothing: programs that look at links before people do open them."""
    link = selectors.open_link(token, at=timezone.now())
    if link is None:
        return _ended(request)
    form = FirstPasswordForm(link.user, responses.posted_data(request))
    if form.is_valid():
        try:
            owner = first_start.choose_password(token, form.cleaned_data["password1"])
        except RuleViolation:
            return _ended(request)
        return perform_login(request, owner, redirect_url=resolve_url(settings.LOGIN_REDIRECT_URL))
    return responses.form_page(request, "account/first_start.html", {"owner": link.user}, form=form)


def _ended(request: HttpRequest) -> HttpResponse:
    """One answer for a link that was used, was replaced, has ended or never was."""
    return render(request, "account/first_start_ended.html", status=GONE)
