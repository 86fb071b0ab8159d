"""The hand-over of a device, and its consent text."""

from dataclasses import dataclass

from patients.models import Consent, ConsentText, Handover
from patients.rules import consent_texts
from patients.selectors import consents


def handover_of_device(pk: int | None) -> Handover | None:
    rows = Handover.objects.select_related("patient", "therapist", "started_by", "visit")
    return rows.filter(pk=pk).first() if pk else None


@dataclass(frozen=True)
class AskedText:
    """What the patient reads on the tablet and ticks.

    `changes`: where only a changed text is agreed to, its paragraphs that were not read before.
    """

    text: ConsentText
    statements: list[str]
    changes: list[str] | None = None


def asked_text_of(handover: Handover) -> AskedText:
    text = ConsentText.objects.get(pk=handover.draft["text"])
    if not handover.draft.get("update"):
        return AskedText(text, text.statements)
    given = Consent.objects.select_related("text").get(pk=handover.draft["parent"], patient=handover.patient)
    paragraphs = consent_texts.paragraph_differences(given.text.body if given.text else "", text.body)
    changes = [row.current for row in paragraphs if row.kind in ("added", "changed")]
    agreed = consents.agreed_statements(given)
    return AskedText(text, consent_texts.unagreed(text.statements, agreed), changes)
