"""What a test types into a field of a form, by the field's name and kind."""

from django.utils import timezone

from tests import factories

TYPED = {
    "password": factories.PASSWORD,
    "family_name": "Faultfinder",
    "given_name": "Fay",
    "born": "5/3/1984",
    "phone": "(555) 555-0142",
    "q": "Draftwood",
    "state": "IL",
    "onset": "March 2026",
    "muscle": "IS",
    "needle": "0.30x40",
    "client_id": "7f6a3c1e-5b0d-4c1f-9d1a-1b6f0f0a2c77",
}


def typed_value(name: str, kind: str) -> str:
    today = timezone.localdate()
    for known, value in TYPED.items():
        if known == name.rsplit("-", 1)[-1]:
            return value
    if kind == "date" or name.endswith(("_on", "_until")):
        return f"{today.month}/{today.day}/{today.year}"
    return {"number": "1", "tel": "(555) 555-0199", "email": "fay@example.org"}.get(kind, "2")
