"""How views answer: forms that arrive once, refusals with their status, and the same page again."""

import uuid
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from clinic.models import FormKey
from clinic.values import errors
from clinic.values.errors import RuleViolation, StaleRecord

UNPROCESSABLE = 422
CONFLICT = 409


def new_form_key() -> str:
    return uuid.uuid4().hex


def form_key(request: HttpRequest) -> str:
    """The key a form page carries: the posted one when the form is shown again, else a new one."""
    return request.POST.get("form_key") or new_form_key()


def row_or_404(row):
    """The row, or the page that says there is none."""
    if row is None:
        raise Http404
    return row


def posted_data(request: HttpRequest):
    """What a form is bound to: a post, be it empty, or nothing yet."""
    return request.POST if request.method == "POST" else None


def form_page(request: HttpRequest, template: str, context: dict, *, form=None) -> HttpResponse:
    """Render a form page: 422 when `form` was refused, with everything typed still there."""
    refused = form is not None and form.is_bound
    context = {"form": form, "form_key": form_key(request), **context} if form is not None else context
    return render(request, template, context, status=UNPROCESSABLE if refused else 200)


def conflict_page(request: HttpRequest, stale: StaleRecord) -> HttpResponse:
    """Somebody was faster: what stands now and what was sent, nothing overwritten."""
    pairs = (("Stands now", stale.theirs), ("You sent", stale.mine))
    reasons = [stale.message, *(f"{label}: {words}" for label, words in pairs if words)]
    return render(request, "409.html", {"reasons": reasons}, status=CONFLICT)


def earlier_redirect(request: HttpRequest) -> HttpResponse | None:
    """The answer that this form key has led to already, for views that ask or look for something first."""
    key = _posted_key(request)
    answered = FormKey.objects.filter(user=request.user, key=key).first() if key else None
    return redirect(answered.answer_url) if answered else None


def perform_once(request: HttpRequest, action: str, perform: Callable[[], str]) -> HttpResponse:
    """Do `perform` for this form key once and redirect to its URL; a second post gets the same answer.

    Runs in one transaction with the key, so a refusal (any exception) leaves the key unused.
    """
    key = _posted_key(request)
    if key is None:
        with transaction.atomic():
            return redirect(perform())
    try:
        with transaction.atomic():
            used = FormKey.objects.create(user=request.user, key=key, action=action)
            used.answer_url = perform()
            used.save(update_fields=["answer_url"])
    except IntegrityError:
        # It came before, or its twin committed first; any other constraint that broke is not ours to hide.
        answered = FormKey.objects.filter(user=request.user, key=key).first()
        if answered is None:
            raise
        return redirect(answered.answer_url)
    return redirect(used.answer_url)


def submit(request: HttpRequest, action: str, perform: Callable[[], str], form) -> HttpResponse | None:
    """`once`, for the page of a form: its redirect, the page of a conflict, or nothing where it was refused.

    Then `form` says why, and the view shows it again.
    """
    try:
        return perform_once(request, action, perform)
    except RuleViolation as refused:
        errors.add_to_form(form, refused)
    except StaleRecord as stale:
        return conflict_page(request, stale)
    return None


def _posted_key(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("form_key", ""))
    except ValueError:
        return None
