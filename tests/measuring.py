"""What the page of a measurement sends, and the columns of a line that it makes."""

from decimal import Decimal

from django.urls import reverse

from treatments.models import Measurement

KNEE = {"kind": "rom", "joint": "knee", "motion": "flexion", "side": "left", "active": True,
        "unit": "degrees", "device": "goniometer", "position": "supine"}  # fmt: skip
TONE = {"kind": "tone", "side": "right", "unit": "grade", "device": "by hand", "position": "supine",
        "scale": "Modified Ashworth scale"}  # fmt: skip


def typed(kind: str = "rom", **changes: str) -> dict[str, str]:
    """A whole line as its page sends it, with these fields instead."""
    lines = {
        "rom": {"joint": "knee", "motion": "flexion", "side": "left", "active": "yes",
                "device": "goniometer", "position": "supine"},
        "mmt": {"joint": "knee", "motion": "extension", "side": "left", "position": "sitting"},
        "tone": {"muscle": "so", "side": "right", "scale": "Modified Ashworth scale", "position": "supine"},
        "ppt": {"muscle": "so", "side": "right", "unit": "kg/cm²",
                "device": "pressure algometer, 1 cm² tip", "position": "prone"},
    }  # fmt: skip
    return {f"measurement-{name}": value for name, value in {"kind": kind, **lines[kind], **changes}.items()}


def url(draft, kind: str = "rom") -> str:
    return reverse("treatments:measurement-add", args=[draft.ref, kind])


def line(session, *, before=None, after=None, **columns) -> Measurement:
    values = {"before": before and Decimal(before), "after": after and Decimal(after)}
    return Measurement.objects.create(session=session, **{**KNEE, **values, **columns})
