"""The form baseline as a signed hidden input: what a form showed when it was opened."""

from django.core import signing

from clinic.rules import form_baseline


def pack(values: dict) -> str:
    """The value of a hidden input of the form, signed so that it cannot be forged."""
    return signing.dumps(
        {name: form_baseline.comparable_text(value) for name, value in values.items()},
        salt="clinic.seen",
        compress=True,
    )


def unpack(packed: str) -> dict[str, str]:
    """The baseline, or nothing when the input is missing or forged: then the stored values count."""
    try:
        return signing.loads(packed, salt="clinic.seen")
    except signing.BadSignature:
        return {}
