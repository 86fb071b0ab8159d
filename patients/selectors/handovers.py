"""The hand-over of a device, and its consent text."""

from patients.models import ConsentText, Handover


def handover_of_device(pk: int | None) -> Handover | None:
    rows = Handover.objects.select_related("patient", "therapist", "started_by", "visit")
    return rows.filter(pk=pk).first() if pk else None


def consent_text_of(handover: Handover) -> ConsentText:
    """The text that the patient reads on the tablet."""
    return ConsentText.objects.get(pk=handover.draft["text"])
