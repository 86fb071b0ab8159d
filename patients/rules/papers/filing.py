"""Judgements about filing and marking a paper, its lines in a list, and the name of its file."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clinic import formats
from clinic.values.errors import Reason
from patients.models import Consent, Coverage, Paper, Patient
from patients.rules.papers import files


@dataclass(frozen=True)
class PaperLine:
    """A paper as a list shows it. Whoever may not open it reads neither title nor reason."""

    pk: int
    on: dt.date
    kind: str
    title: str
    about: str
    details: str
    opens: bool
    is_wrong: bool
    wrong_reason: str


def reasons(
    patient: Patient, *, kind: str, paper_on: dt.date, today: dt.date, consent: Consent | None,
    coverage: Coverage | None,
) -> list[Reason]:  # fmt: skip
    found = []
    if paper_on > today:
        text = _("This date is in the future. Enter the date on the document.")
        found.append(Reason("paper-ahead", text, field="paper_on"))
    if consent is not None and (consent.patient_id != patient.pk or consent.method != Consent.Method.PAPER):
        found.append(_elsewhere())
    if coverage is not None and coverage.patient_id != patient.pk:
        found.append(_elsewhere())
    if consent is not None and kind != Paper.Kind.CONSENT:
        text = _("What belongs to a consent is a consent on paper. Choose that kind, or no consent.")
        found.append(Reason("paper-no-consent", text, field="about"))
    if coverage is not None and kind not in Paper.CARDS:
        text = _("What belongs to an insurance is its card. Choose front or back, or no insurance.")
        found.append(Reason("paper-no-card", text, field="about"))
    return found


def _elsewhere() -> Reason:
    text = _("That is not on this record. Choose one from the list.")
    return Reason("paper-elsewhere", text, field="about")


def mark_reasons(*, marked: bool) -> list[Reason]:
    text = _("Somebody has marked this document already.")
    return [Reason("paper-marked", text)] if marked else []


def line(paper: Paper, *, reads_clinical: bool) -> PaperLine:
    opens = reads_clinical or paper.kind not in Paper.CLINICAL
    mark = getattr(paper, "mark", None)
    return PaperLine(
        pk=paper.pk,
        on=paper.paper_on,
        kind=paper.get_kind_display(),
        title=paper.title if opens else _("For therapists and leads"),
        about=_about(paper),
        details=_details(paper),
        opens=opens,
        is_wrong=mark is not None,
        wrong_reason=mark.reason if mark is not None and opens else "",
    )


def _about(paper: Paper) -> str:
    if paper.consent is not None:
        return _("consent of %(day)s") % {"day": formats.day(paper.consent.paper_on)}
    return coverage_label(paper.coverage) if paper.coverage is not None else ""


def coverage_label(coverage: Coverage) -> str:
    return coverage.payer or coverage.get_kind_display()


def _details(paper: Paper) -> str:
    # technical: bytes in a kilobyte
    values = {
        "type": paper.get_media_type_display(),
        "size": formats.whole(-(-paper.size // 1024)),
        "at": formats.moment(paper.filed_at),
        "name": paper.filed_by_name,
    }
    return _("%(type)s, %(size)s KB, filed %(at)s by %(name)s") % values


def file_name(paper: Paper, *, ref: str) -> str:
    """Of nothing that anybody typed: no patient's name, and no sign that has a meaning in a header."""
    return f"{ref}-{paper.pk}.{files.EXTENSIONS[Paper.MediaType(paper.media_type)]}"
