"""Answers and consents as a form would post them."""

import uuid

from patients.models import ConsentText, ScreeningItem

REGIONS = ["back", "thigh"]


def answers_without_concern(kind: str = "intake", **answers: str) -> dict:
    """A posted questionnaire without any concern; answers by item code replace single ones."""
    said = {
        item.code: "no" if item.concern_answer == "yes" else "yes"
        for item in ScreeningItem.objects.current().filter(kind=kind)
    }
    said |= {code.replace("_", "-"): answer for code, answer in answers.items()}
    return {f"answer-{code}": answer for code, answer in said.items()} | {"form_key": uuid.uuid4().hex}


def consent_text() -> ConsentText:
    return ConsentText.objects.published().wanted_by(None).first()


def consent_answers(wanted: list[str] | None = None) -> dict:
    """The first page of a consent: every statement and two parts of the body."""
    statements = wanted or consent_text().statements
    return {"statements": [str(number) for number in range(len(statements))], "regions": REGIONS}
