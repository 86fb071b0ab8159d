"""Parses the forms of a page as a browser without JavaScript does: current values and choices.

Benchmark and tests share this parser.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser

TYPED = {"text", "textarea", "search", "tel", "email", "number", "date", "url"}
CHOSEN = {"radio", "checkbox"}
BUTTONS = {"button", "submit", "image"}
CONTROLS = {"input", "select", "textarea", "button"}


@dataclass
class Field:
    """A field of a form: its values, its choices, and whether it is free text."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)

    @property
    def is_typed(self) -> bool:
        return self.kind in TYPED


@dataclass
class Form:
    action: str = ""
    method: str = "get"
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def values(self) -> dict[str, list[str]]:
        """The values that the browser would send for the untouched form, without a button."""
        return {name: list(part.values) for name, part in self.fields.items() if part.values}

    @property
    def choices(self) -> dict[str, list[str]]:
        """The choices of each field."""
        return {name: part.choices for name, part in self.fields.items()}

    def filled(self, **typed) -> dict[str, list[str]]:
        """The values that the browser would send with `typed` filled in; an unknown name is an error."""
        unknown = typed.keys() - self.fields.keys()
        assert not unknown, f"{sorted(unknown)} not in the form, which has {sorted(self.fields)}"
        sent = self.values
        for name, value in typed.items():
            sent[name] = [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]
        return sent


class _FormParser(HTMLParser):
    def __init__(self, text: str):
        super().__init__()
        self.found: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self.form: Form | None = None
        self.select: Field | None = None
        self.is_multiple = False
        self.textarea: Field | None = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._begin(given)
        elif tag == "option":
            self._offer(given)
        elif tag in CONTROLS and given.get("name") and "disabled" not in given:
            self._add(tag, given)

    def handle_data(self, data):
        if self.textarea is not None:
            self.textarea.values[-1] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select":
            self._end_select()
        elif tag == "textarea" and self.textarea is not None:
            # HTML ignores the first line break after the tag
            self.textarea.values[-1] = self.textarea.values[-1].removeprefix("\n")
            self.textarea = None

    def _named(self, key: str) -> Form:
        return self.by_id.setdefault(key, Form())

    def _begin(self, given: dict[str, str]) -> None:
        self.form = self._named(given.get("id") or f"form {self.getpos()}")
        self.form.action = given.get("action", "")
        self.form.method = given.get("method", "get").lower()
        self.found.append(self.form)

    def _add(self, tag: str, given: dict[str, str]) -> None:
        # the form attribute links a field outside of its form
        form = self._named(given["form"]) if given.get("form") else self.form
        if form is None:
            return
        name, kind = given["name"], given.get("type", "text") if tag == "input" else tag
        if kind in BUTTONS:
            form.buttons.append((name, given.get("value", "")))
        else:
            self._hold(form.fields.setdefault(name, Field(name, kind)), kind, given)

    def _hold(self, part: Field, kind: str, given: dict[str, str]) -> None:
        if kind in CHOSEN:
            value = given.get("value", "on")
            part.choices.append(value)
            part.values += [value] if "checked" in given else []
        elif kind == "select":
            self.select, self.is_multiple = part, "multiple" in given
        else:
            part.values.append(given.get("value", ""))
            self.textarea = part if kind == "textarea" else None

    def _offer(self, given: dict[str, str]) -> None:
        if self.select is None or "disabled" in given:
            return
        value = given.get("value", "")
        self.select.choices.append(value)
        if "selected" in given:
            self.select.values.append(value)

    def _end_select(self) -> None:
        """A browser selects the first choice of a list in which nothing is selected."""
        if self.select is not None and not self.select.values and not self.is_multiple:
            self.select.values += self.select.choices[:1]
        self.select = None


def forms_in(text: str) -> list[Form]:
    """The forms of a page, in document order."""
    return _FormParser(text).found
