"""A person at a browser without scripts: reads a page's forms, fills fields by name, sends them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.http import HttpResponse
from django.test import Client


@dataclass
class Field:
    """One name of a form: what it holds, what may be chosen, and whether a person types into it."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)

    @property
    def is_typed(self) -> bool:
        return self.kind in {"text", "textarea", "search", "tel", "email", "number", "date", "url"}


@dataclass
class Form:
    action: str
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, **typed) -> dict[str, list[str]]:
        """What the browser would send. A name that is not in the form is a mistake of the test."""
        unknown = typed.keys() - self.fields.keys()
        assert not unknown, f"{sorted(unknown)} not in the form, which has {sorted(self.fields)}"
        sent = {name: list(part.values) for name, part in self.fields.items() if part.values}
        for name, value in typed.items():
            sent[name] = [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]
        return sent


class Forms(HTMLParser):
    """The forms of a page that are sent by POST, with what stands in them."""

    def __init__(self, text: str):
        super().__init__()
        self.found: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self.form: Form | None = None
        self.select: Field | None = None
        self.textarea: Field | None = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        said = {name: value if value is not None else "" for name, value in attrs}
        if tag == "form":
            self.form = self.by_id.setdefault(said.get("id") or f"form {self.getpos()}", Form(""))
            self.form.action = said.get("action", "")
            if said.get("method", "").lower() == "post":
                self.found.append(self.form)
        elif said.get("name") and "disabled" not in said:
            # a field may stand outside of its form and name it
            form = self.by_id.setdefault(said["form"], Form("")) if "form" in said else self.form
            if form is not None and tag in {"input", "select", "textarea", "button"}:
                self.add(form, tag, said)
        elif tag == "option" and self.select is not None:
            value = said.get("value", "")
            self.select.choices.append(value)
            if "selected" in said:
                self.select.values.append(value)

    def add(self, form, tag, said):
        name, kind = said["name"], said.get("type", "text") if tag == "input" else tag
        if tag == "button" or kind in {"submit", "image"}:
            form.buttons.append((name, said.get("value", "")))
            return
        part = form.fields.setdefault(name, Field(name, kind))
        if kind in {"radio", "checkbox"}:
            part.choices.append(said.get("value", "on"))
            part.values += [said.get("value", "on")] if "checked" in said else []
        elif tag == "select":
            self.select = part
        elif tag == "textarea":
            self.textarea = part
            part.values.append("")
        else:
            part.values.append(said.get("value", ""))

    def handle_data(self, data):
        if self.textarea is not None:
            self.textarea.values[-1] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select" and self.select is not None:
            if not self.select.values and self.select.choices:
                self.select.values.append(self.select.choices[0])
            self.select = None
        elif tag == "textarea" and self.textarea is not None:
            # the first line break after the tag is not part of what was typed
            self.textarea.values[-1] = self.textarea.values[-1].removeprefix("\n")
            self.textarea = None


def forms_of(response: HttpResponse) -> list[Form]:
    return Forms(response.content.decode()).found


class Hands:
    """One person: opens pages, fills forms, keeps the page in view."""

    def __init__(self, client: Client):
        self.client = client
        self.page: HttpResponse | None = None
        self.path = ""

    def open(self, path: str) -> "Hands":
        self.page = self.client.get(path, follow=True)
        self.path = self.page.request["PATH_INFO"]
        assert self.page.status_code == 200, f"{path} answered {self.page.status_code}"
        return self

    @property
    def text(self) -> str:
        return self.page.content.decode()

    def form(self, *names: str, to: str = "") -> Form:
        """The form of the page that has all these names, and leads to an address that ends so."""
        for form in forms_of(self.page):
            had = form.fields.keys() | {name for name, _ in form.buttons}
            if set(names) <= had and form.action.endswith(to):
                return form
        there = [(form.action, sorted(form.fields)) for form in forms_of(self.page)]
        raise AssertionError(f"No form with {names} to {to!r} on {self.path}: {there}")

    def send(self, *names: str, to: str = "", press: tuple[str, str] | None = None, **typed) -> HttpResponse:
        """Fill the form with those names and send it; the answer is the page in view from now on."""
        self.try_to_send(*names, to=to, press=press, **typed)
        assert self.page.status_code == 200, f"{self.path}: {self.page.status_code} {self.refusals()}"
        return self.page

    def refusals(self) -> list:
        """What the page in view says is wrong."""
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
