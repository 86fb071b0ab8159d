"""A test client that opens pages, fills in forms by field name and submits them, without JavaScript."""

from django.http import HttpResponse
from django.test import Client

from bench.forms import Form, forms_in


def text_of(response: HttpResponse) -> str:
    """The page that was answered; a file that is downloaded is no page and has no text."""
    return "" if response.streaming else response.content.decode(errors="replace")


def post_forms(response: HttpResponse) -> list[Form]:
    """The forms of a page that are sent by POST."""
    return [form for form in forms_in(text_of(response)) if form.method == "post"]


class FormClient:
    """A browser session of one user; `page` is the response that is shown now."""

    def __init__(self, client: Client):
        self.client = client
        self.page: HttpResponse | None = None
        self.path = ""

    def open(self, path: str) -> "FormClient":
        self.page = self.client.get(path, follow=True)
        self.path = self.page.request["PATH_INFO"]
        assert self.page.status_code == 200, f"{path} answered {self.page.status_code}"
        return self

    @property
    def text(self) -> str:
        return self.page.content.decode()

    def form(self, *names: str, to: str = "") -> Form:
        """The form that has all these fields and whose action ends with `to`."""
        for form in post_forms(self.page):
            had = form.fields.keys() | {name for name, _ in form.buttons}
            if set(names) <= had and form.action.endswith(to):
                return form
        there = [(form.action, sorted(form.fields)) for form in post_forms(self.page)]
        raise AssertionError(f"No form with {names} to {to!r} on {self.path}: {there}")

    def send(self, *names: str, to: str = "", press: tuple[str, str] | None = None, **typed) -> HttpResponse:
        """Fills in and submits the form with those fields; the response becomes the current page."""
        self.try_to_send(*names, to=to, press=press, **typed)
        assert self.page.status_code == 200, f"{self.path}: {self.page.status_code} {self.refusals()}"
        return self.page

    def refusals(self) -> list:
        """The form errors of the current page."""
        context = self.page.context or {}
        return [
            context[name].errors for name in ("form", "site_form") if getattr(context.get(name), "errors", 0)
        ]

    def try_to_send(
        self, *names: str, to: str = "", press: tuple[str, str] | None = None, **typed
    ) -> HttpResponse:
        form = self.form(*names, *typed, to=to)
        data = form.filled(**typed)
        if press:
            assert press in form.buttons, f"{press} is no button of {form.buttons}"
            data[press[0]] = [press[1]]
        self.page = self.client.post(form.action or self.path, data)
        if self.page.status_code == 302:
            self.open(self.page.url)
        return self.page
