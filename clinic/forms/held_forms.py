"""What a page sends of a form that somebody is filling in."""

import json

from django import forms

# More than any form of ours can hold: a longer input was not typed.
MAX_CHARACTERS = 40_000


class HeldForm(forms.Form):
    """`texts` is {name of the control: text} of everything that differs from the page as it was sent."""

    page = forms.CharField(max_length=200, widget=forms.HiddenInput)
    form_key = forms.UUIDField()
    texts = forms.CharField(
        required=False, strip=False, max_length=2 * MAX_CHARACTERS, widget=forms.HiddenInput
    )

    def clean_texts(self) -> dict[str, str]:
        try:
            texts = json.loads(self.cleaned_data["texts"] or "{}")
            return _checked(texts)
        except (ValueError, RecursionError) as wrong:
            raise forms.ValidationError("Texts by their names.", code="texts") from wrong


def _checked(texts) -> dict[str, str]:
    """Raises ValueError for what no page of ours sends."""
    if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
        raise ValueError
    whole = "".join([*texts, *texts.values()])
    # half a character cannot be encoded: a ValueError as well
    if len(whole) > MAX_CHARACTERS or b"\x00" in whole.encode():
        raise ValueError
    return texts
