"""Health answers and consents as the forms post them."""

import uuid

from patients.models import ConsentText, ScreeningItem

REGIONS = ["back", "thigh"]


def answers_without_concern(kind: str = "intake", **answers: str) -> dict:
    """Answers without any concern; keyword arguments replace single ones by item code."""
    answers_by_code = {
        item.code: "no" if item.concern_answer == "yes" else "yes"
        for item in ScreeningItem.objects.current().filter(kind=kind)
    }
    answers_by_code |= {code.replace("_", "-"): answer for code, answer in answers.items()}
    return {f"answer-{code}": answer for code, answer in answers_by_code.items()} | {
        "form_key": uuid.uuid4().hex
    }


def consent_text() -> ConsentText:
    return ConsentText.objects.published().wanted_by(None).first()


def consent_answers(wanted: list[str] | None = None) -> dict:
    """The first page of a consent: every statement and two regions."""
    statements = wanted or consent_text().statements
    return {"statements": [str(number) for number in range(len(statements))], "regions": REGIONS}
