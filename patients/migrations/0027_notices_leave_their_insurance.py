"""A notice that was noted with an insurance becomes a row of its own.

Only its kind and the day of its signature are known. It names no duration, so it is for that one day.
"""

from django.db import migrations
from django.utils import timezone

from clinic.locks.rewriting import change_locked_rows

REASON = "A notice of non-coverage is kept in a row of its own, with what it says."
CHUNK = 500
NOTICES, COVERAGES = "patients_noncoveragenotice", "patients_coverage"


def forth(apps, schema_editor) -> dict[str, int]:
    notices = apps.get_model("patients", "NonCoverageNotice").objects
    with_notice = apps.get_model("patients", "Coverage").objects.exclude(notice="none").order_by("pk")
    made = [_notice(notices.model, row) for row in with_notice.iterator(chunk_size=CHUNK)]
    notices.bulk_create(made, batch_size=CHUNK)
    return {NOTICES: len(made)}


def back(apps, schema_editor) -> dict[str, int]:
    """Each goes back to the insurance that it was noted with, a later one to Medicare's; its text is lost."""
    notices = apps.get_model("patients", "NonCoverageNotice").objects.order_by("given_on", "pk")
    coverages = apps.get_model("patients", "Coverage").objects.order_by("pk")
    found = {}
    for row in notices.iterator(chunk_size=CHUNK):
        found |= {row.patient_id: row, (row.patient_id, row.noted_at): row}
    changed = 0
    for coverage in coverages.filter(patient__noncoverage_notices__isnull=False).distinct():
        of_medicare = found[coverage.patient_id] if coverage.kind == "medicare" else None
        notice = found.get((coverage.patient_id, coverage.noted_at), of_medicare)
        if notice is None:
            continue
        coverage.notice = notice.kind
        coverage.notice_signed_on = notice.given_on if notice.is_signed else None
        coverage.save(update_fields=["notice", "notice_signed_on"])
        changed += 1
    return {COVERAGES: changed}


def _notice(model, coverage):
    given_on = coverage.notice_signed_on or timezone.localdate(coverage.noted_at)
    return model(
        patient_id=coverage.patient_id,
        kind=coverage.notice,
        given_on=given_on,
        for_on=given_on,
        is_signed=coverage.notice_signed_on is not None,
        noted_at=coverage.noted_at,
        noted_by_id=coverage.noted_by_id,
        ended_at=coverage.ended_at,
        ended_by_id=coverage.ended_by_id,
    )


class Migration(migrations.Migration):
    dependencies = [("patients", "0026_notices_of_non_coverage")]

    operations = [change_locked_rows(REASON, forth, back)]
