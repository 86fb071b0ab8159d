"""Responses of views: forms that count once, refusals with their status, and the form shown again."""

import re
import uuid
from collections.abc import Callable
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from clinic.django_internals.prepared import PreparedQuery
from clinic.models import FormKey, HeldForm
from clinic.values import errors
from clinic.values.errors import CautionsToConfirm, OverwrittenFields, RuleViolation, StaleRecord
from clinic.web import form_keys

UNPROCESSABLE = 422
CONFLICT = 409
# the addresses whose forms are held, as held_form.js tells them
NAMES_A_RECORD = re.compile(r"/[0-9A-Z]{7,10}/")


def new_form_key() -> str:
    return uuid.uuid4().hex


def form_key(request: HttpRequest) -> str:
    """The key of a form page: the posted one when the form is shown again, else a new one."""
    return request.POST.get("form_key") or new_form_key()


def row_or_404(row):
    """The row, or a 404 page."""
    if row is None:
        raise Http404
    return row


def way_back(request: HttpRequest) -> str:
    """The page of this site that `back` names, posted or in the address; else empty."""
    url = request.POST.get("back") or request.GET.get("back", "")
    is_local = url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    return url if is_local else ""


def posted_data(request: HttpRequest):
    """The data to bind a form to: the posted data, even when empty, or None for a GET."""
    return request.POST if request.method == "POST" else None


def form_page(request: HttpRequest, template: str, context: dict, *, form=None) -> HttpResponse:
    """Render a form page: 422 when `form` was refused, 409 when it would overwrite what somebody else saved.

    Everything typed is still there.
    """
    context = {"form": form, "form_key": form_key(request), **context} if form is not None else context
    return render(request, template, context, status=_status(form))


def _status(form) -> int:
    if form is None or not form.is_bound:
        return 200
    # the sign-in on the tablet is a form of a library, which compares nothing
    return CONFLICT if getattr(form, "conflict", None) else UNPROCESSABLE


def conflict_page(request: HttpRequest, stale: StaleRecord, form=None) -> HttpResponse:
    """The page of a conflict: what stands now, everything that was typed, and the way back."""
    pairs = ((_("Stands now"), stale.theirs), (_("You sent"), stale.mine))
    reasons = [stale.message, *(f"{label}: {text}" for label, text in pairs if text)]
    context = {
        "reasons": reasons,
        "typed": form.typed if form is not None else [],
        "back": _page_before(request),
    }
    return render(request, "409.html", context, status=CONFLICT)


def _page_before(request: HttpRequest) -> str:
    """The page whose form was sent: its own address, or that of the page that the form stood on."""
    referer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(referer, {request.get_host()}):
        return urlsplit(referer)._replace(scheme="", netloc="", fragment="").geturl()
    return ""


USED_KEY = PreparedQuery(lambda user, key: FormKey.objects.filter(user=user, key=key))


def earlier_redirect(request: HttpRequest) -> HttpResponse | None:
    """The answer to an earlier post with this form key, for views that look something up first."""
    key = _posted_key(request)
    used_key = USED_KEY.one(user=request.user.pk, key=key) if key else None
    return _repeated(request, used_key) if used_key else None


def perform_once(
    request: HttpRequest,
    action: str,
    perform: Callable[[], str],
    form: BaseForm | None = None,
    *,
    is_held: bool = True,
) -> HttpResponse:
    """Call `perform` once per form key and redirect to its URL; a second post gets the same redirect.

    Runs in one transaction with the key, so a refusal (any exception) leaves the key unused. With other
    content the second post is a conflict; `form` labels what its page shows. `is_held`: the form may be one
    of those that held_form.js holds, which goes with it.
    """
    key = _posted_key(request)
    if key is None:
        with transaction.atomic():
            return redirect(perform())
    try:
        with transaction.atomic():
            digest = form_keys.content_digest(request)
            used = FormKey.objects.create(user=request.user, key=key, action=action, digest=digest)
            used.answer_url = perform()
            used.save(update_fields=["answer_url"])
            if is_held and NAMES_A_RECORD.search(request.path):
                HeldForm.objects.filter(user=request.user, form_key=key).delete()
    except IntegrityError:
        # The key was used before, or by a concurrent post; any other broken constraint is raised.
        earlier = USED_KEY.one(user=request.user.pk, key=key)
        if earlier is None:
            raise
        return _repeated(request, earlier, form)
    return redirect(used.answer_url)


def _repeated(request: HttpRequest, used: FormKey, form: BaseForm | None = None) -> HttpResponse:
    if form_keys.is_same(used, request):
        return redirect(used.answer_url)
    return form_keys.other_content_page(request, used, new_key=new_form_key(), form=form)


def submit(
    request: HttpRequest, action: str, perform: Callable[[], str], form, *, is_held: bool = True
) -> HttpResponse | None:
    """`perform_once` for the page of a form: its redirect, a conflict page, or None when it was refused.

    Then `form` says why, or what it would overwrite (`form.conflict`), and the view shows it again. Cautions
    go to the view, which asks about them.
    """
    try:
        return perform_once(request, action, perform, form, is_held=is_held)
    except CautionsToConfirm:
        raise
    except RuleViolation as refused:
        errors.add_to_form(form, refused)
    except OverwrittenFields as conflict:
        form.conflict = conflict
    except StaleRecord as conflict:
        return conflict_page(request, conflict, form)
    return None


def _posted_key(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("form_key", ""))
    except ValueError:
        return None
