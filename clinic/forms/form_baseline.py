"""The form baseline as a signed hidden input: what a form showed when it was opened."""

from django.core import signing

from clinic.rules import form_baseline


def pack(values: dict) -> str:
    """For a hidden input of the form. Signed, so that nobody claims to have seen what never stood there."""
    return signing.dumps(
        {name: form_baseline.comparable_text(value) for name, value in values.items()},
        salt="clinic.seen",
        compress=True,
    )


def unpack(packed: str) -> dict[str, str]:
    """What was seen, or nothing where the input is missing or not ours: what stands now counts then."""
    try:
        return signing.loads(packed, salt="clinic.seen")
    except signing.BadSignature:
        return {}
