"""A patient's name inside a sentence: it is blurred like every other one while names are hidden."""

from django.utils.html import format_html
from django.utils.safestring import SafeString


def about(patient, sentence: str, *values) -> SafeString:
    """The sentence, escaped: its first {} stands for the patient, each further one for a value."""
    return format_html(sentence, format_html("<bdi data-name>{}</bdi>", patient.listed_name), *values)
