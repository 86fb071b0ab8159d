"""What the administration answers to a form: saved, refused, or over what somebody else saved."""

from django.http import HttpResponse, HttpResponseRedirect

from clinic.models import FormKey
from clinic.web import responses


class FormNotSaved(Exception):
    """Raised when the form is shown again, so that its form key stays unused."""

    def __init__(self, response: HttpResponse):
        super().__init__()
        self.response = response


def with_status(response: HttpResponse) -> HttpResponse:
    """422, or 409 where the form would overwrite what somebody else saved."""
    context = getattr(response, "context_data", None) or {}
    if "adminform" in context:
        rows = [row for formset in context["inline_admin_formsets"] for row in formset.formset.forms]
        lost = [form.lost_inputs for form in (context["adminform"].form, *rows) if form.lost]
        context["lost_inputs"] = " ".join(lost)
        response.status_code = responses.CONFLICT if lost else responses.UNPROCESSABLE
    return response


def redirect_of(response: HttpResponse) -> str:
    """The address after a save, without the list's filter when it is too long for the form key."""
    if not isinstance(response, HttpResponseRedirect):
        raise FormNotSaved(response)
    is_short_enough = len(response.url) <= FormKey._meta.get_field("answer_url").max_length
    return response.url if is_short_enough else response.url.partition("?")[0]
