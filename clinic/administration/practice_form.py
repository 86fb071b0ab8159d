"""The form of the practice's settings: beside each number stands where it comes from."""

from django.utils.text import format_lazy

from clinic.administration.compared_form import ComparedForm
from clinic.rules import practice


class PracticeForm(ComparedForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in practice.SOURCES.keys() & self.fields.keys():
            field = self.fields[name]
            field.help_text = format_lazy("{} {}", field.help_text, practice.SOURCES[name])

    def clean(self):
        cleaned = super().clean()
        for reason in practice.setting_reasons(cleaned):
            self.add_error(reason.field, reason.message)
        return cleaned
