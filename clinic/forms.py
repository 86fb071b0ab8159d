"""The shape that every staff form shares: crispy without a form tag, sentences, and fields that forgive."""

from crispy_forms.helper import FormHelper
from django import forms


class StaffForm(forms.Form):
    """Base of all forms. The <form>, its buttons and its key stand in the template."""

    use_required_attribute = False
    # field name -> the sentence when it was left empty
    needed: dict[str, str] = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            default = f"{field.label or name.replace('_', ' ').capitalize()} is needed."
            field.error_messages["required"] = self.needed.get(name, default)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.include_media = False
        return helper
