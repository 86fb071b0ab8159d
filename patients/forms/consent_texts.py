"""What the form of a consent text adds to those of the administration: its statements are typed as text."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from patients.rules import consent_texts

HELP = {
    "body": gettext_lazy("Plain text. An empty line begins a new paragraph."),
    "statements": gettext_lazy(
        "What the patient ticks: a line for each, with a short name and a colon before it, such as "
        "“Right to stop: I know that I can say no or stop at any time.” Versions are compared by the names; "
        "patients see the statement alone. A statement with other words is asked of everybody who signed "
        "before, one with the same words of nobody."
    ),
}


class NamedStatements:
    """The statements as text, “name: statement” on each line; what they are stored as is two lists."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in HELP.keys() & self.fields.keys():
            self.fields[name].help_text = HELP[name]
        if self.instance.pk and "statements" in self.fields:
            stored = self.instance.statements, self.instance.statement_names
            self.initial["statements"] = consent_texts.typed_lines(*stored)

    def clean_statements(self):
        lines = self.cleaned_data["statements"]
        reasons = consent_texts.line_reasons([consent_texts.statement_of(line) for line in lines])
        if reasons:
            raise ValidationError([ValidationError(each.message, code=each.code) for each in reasons])
        return lines

    def _post_clean(self):
        super()._post_clean()
        if "statements" in self.cleaned_data:
            statements = [consent_texts.statement_of(line) for line in self.cleaned_data["statements"]]
            self.instance.statements = [statement.text for statement in statements]
            self.instance.statement_names = [statement.name for statement in statements]
