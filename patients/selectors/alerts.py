"""What stands beside a patient, gathered for the alerts page in one query."""

from django.db.models import OuterRef, QuerySet

from clinic.models.rows import RelatedRows, day, instant
from patients.models import Allergy, Coverage, Medication, Patient, Referral, RelatedPerson

LABELS = {
    Coverage: dict(Coverage.Kind.choices),
    RelatedPerson: dict(RelatedPerson.Kind.choices),
    "notice": dict(Coverage.Notice.choices),
}


def with_lists(patients: QuerySet) -> QuerySet:
    """Patients with all lists of the page, each row with its key so that it can be ended."""
    return patients.annotate(
        list_allergies=_rows(Allergy, "substance", "reaction"),
        list_medications=_rows(Medication, "name", "dose", "thins_blood"),
        list_related=_rows(RelatedPerson, "kind", "name", "relationship", "phone"),
        list_coverages=_rows(Coverage, "kind", "payer", "member_id", "notice", "notice_signed_on"),
        list_referrals=RelatedRows(
            Referral.objects.filter(patient=OuterRef("pk")).order_by("-given_on", "-pk")[:10],
            **{name: name for name in ("pk", "by_whom", "profession", "diagnosis", "given_on", "expires_on")},
        ),
    )


def list_lines(patient: Patient) -> dict[str, list[dict]]:
    """The lists as title, sub and key, ready for the page."""
    return {
        "allergy": [_line(row, row["substance"], row["reaction"]) for row in patient.list_allergies],
        "medication": [
            _line(row, row["name"], row["dose"]) | {"thins": row["thins_blood"]}
            for row in patient.list_medications
        ],
        "related": [_related(row) for row in patient.list_related],
        "coverage": [_coverage(row) for row in patient.list_coverages],
        "referral": [_referral(row) for row in patient.list_referrals],
    }


def has_guardian(patient: Patient) -> bool:
    return any(row["kind"] == RelatedPerson.Kind.GUARDIAN for row in patient.list_related)


def _rows(model, *columns: str) -> RelatedRows:
    standing = model.objects.filter(patient=OuterRef("pk"), ended_at=None).order_by("pk")
    return RelatedRows(standing, **{name: name for name in ("pk", "noted_at", *columns)})


def _line(row: dict, title: str, *subs: str) -> dict:
    noted = instant(row.get("noted_at"))
    return {"pk": row["pk"], "title": title, "sub": ", ".join(sub for sub in subs if sub), "noted_at": noted}


def _related(row: dict) -> dict:
    return _line(row, row["name"], LABELS[RelatedPerson][row["kind"]], row["relationship"], row["phone"])


def _coverage(row: dict) -> dict:
    notice = LABELS["notice"][row["notice"]] if row["notice"] != Coverage.Notice.NONE else ""
    line = _line(row, LABELS[Coverage][row["kind"]], row["payer"], row["member_id"], notice)
    return line | {"kind": row["kind"], "notice": row["notice"]}


def _referral(row: dict) -> dict:
    given, ends = day(row["given_on"]), day(row["expires_on"])
    dated = f"dated {given:%d %b %Y}" + (f", ends {ends:%d %b %Y}" if ends else "")
    return _line(row, row["by_whom"], row["profession"], row["diagnosis"], dated) | {"expires_on": ends}
