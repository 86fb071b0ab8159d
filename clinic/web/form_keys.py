"""What a form key was used for: a digest of the content, and the page for other content with the same key."""

import hashlib

from django.core.files.uploadedfile import UploadedFile
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import constant_time_compare, salted_hmac

from clinic.models import FormKey

CONFLICT = 409
# No content: tokens, what the page itself remembers or asks back, and which way leads on.
NO_CONTENT = frozenset({
    "csrfmiddlewaretoken", "form_key", "seen", "shown", "keep", "next", "then",
    "_save", "_continue", "_addanother",
})  # fmt: skip
# Proofs of who sends it, which nobody stores and no page offers again.
SECRETS = ("password", "passkey")


def content_digest(request: HttpRequest) -> str:
    """Keyed, so that nobody who reads the table can try out what was typed."""
    content: list = [(name, values) for name, values in sorted(request.POST.lists()) if _is_content(name)]
    content += [(name, _file_digest(file)) for name, file in sorted(request.FILES.items())]
    return salted_hmac("clinic.form_keys", repr((request.path, content)), algorithm="sha256").hexdigest()


def _file_digest(file: UploadedFile) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()


def is_same(used: FormKey, request: HttpRequest) -> bool:
    """Whether the request repeats the one that used the key; keys of earlier releases have no digest."""
    return not used.digest or constant_time_compare(used.digest, content_digest(request))


def other_content_page(
    request: HttpRequest, used: FormKey, *, new_key: str, form: BaseForm | None = None
) -> HttpResponse:
    """What was typed, with what was saved first, and a button that sends it under a key of its own."""
    fields = [
        (name, new_key if name == "form_key" else value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and not _is_secret(name)
    ]
    context = {
        "again": {"to": request.get_full_path(), "fields": fields},
        "first_url": used.answer_url,
        "typed": _typed(request, form),
    }
    return render(request, "409_form_key.html", context, status=CONFLICT)


def _is_content(name: str) -> bool:
    return name not in NO_CONTENT and not _is_secret(name)


def _is_secret(name: str) -> bool:
    return any(secret in name.lower() for secret in SECRETS)


def _typed(request: HttpRequest, form: BaseForm | None) -> list[tuple[str, str]]:
    """(label, value) of what was typed or chosen. Without a form the names serve as labels."""
    if form is None:
        named = {name: name.replace("_", " ").replace("-", " ").capitalize() for name in request.POST}
        shown = {name: label for name, label in named.items() if not name.endswith("_FORMS")}
    else:
        shown = {field.html_name: str(field.label) for field in form.visible_fields()}
    return [
        (label, _as_shown(form, name, value))
        for name, label in shown.items()
        for value in request.POST.getlist(name)
        if value and _is_content(name)
    ]


def _as_shown(form: BaseForm | None, name: str, value: str) -> str:
    """The label of a choice, else the value."""
    field = next((bound.field for bound in form if bound.html_name == name), None) if form else None
    choices = getattr(field, "choices", ())
    return next((str(label) for choice, label in choices if str(choice) == value), value)
