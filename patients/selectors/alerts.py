"""Allergies, medicines, related persons, coverages, referrals and duties of a patient, in one query."""

from django.db.models import OuterRef, QuerySet
from django.utils.translation import gettext as _

from clinic import formats
from clinic.models.rows import RelatedRows, day, instant
from patients.models import (
    Allergy,
    Coverage,
    Medication,
    NonCoverageNotice,
    Patient,
    Referral,
    RelatedPerson,
    StateDuty,
)
from patients.rules import notices as notices_rules
from patients.rules.notices import MedicareFacts
from patients.selectors import notices, state_duties

LABELS = {
    Coverage: dict(Coverage.Kind.choices),
    RelatedPerson: dict(RelatedPerson.Kind.choices),
    NonCoverageNotice: dict(NonCoverageNotice.Kind.choices),
    StateDuty: dict(StateDuty.Kind.choices),
}


def with_lists(patients: QuerySet) -> QuerySet:
    """Patients with all lists of the page, each row with its key so that it can be ended."""
    return state_duties.with_duties(patients).annotate(
        list_allergies=_current_rows(Allergy, "substance", "reaction"),
        list_medications=_current_rows(Medication, "name", "dose", "thins_blood"),
        list_related=_current_rows(RelatedPerson, "kind", "name", "relationship", "phone"),
        list_coverages=_current_rows(Coverage, "kind", "payer", "member_id"),
        list_notices=notices.rows(),
        list_referrals=RelatedRows(
            Referral.objects.filter(patient=OuterRef("pk")).order_by("-given_on", "-pk")[:10],
            **{name: name for name in ("pk", "by_whom", "profession", "diagnosis", "given_on", "expires_on")},
        ),
        list_duties=RelatedRows(
            StateDuty.objects.filter(patient=OuterRef("pk")).order_by("-done_on", "-pk")[:10],
            **{name: name for name in ("pk", "kind", "done_on", "detail", "noted_at")},
        ),
    )


def list_lines(patient: Patient) -> dict[str, list[dict]]:
    """The lists with title, details and key of each row, for the page."""
    return {
        "allergy": [_list_line(row, row["substance"], row["reaction"]) for row in patient.list_allergies],
        "medication": [
            _list_line(row, row["name"], row["dose"]) | {"thins": row["thins_blood"]}
            for row in patient.list_medications
        ],
        "related": [_related(row) for row in patient.list_related],
        "coverage": [_coverage(row) for row in patient.list_coverages],
        "notice": [_notice(row) for row in patient.list_notices if not row["ended_at"]],
        "referral": [_referral(row) for row in patient.list_referrals],
        "duty": [_duty(row) for row in patient.list_duties],
    }


def has_guardian(patient: Patient) -> bool:
    return any(row["kind"] == RelatedPerson.Kind.GUARDIAN for row in patient.list_related)


def medicare_facts(patient: Patient) -> MedicareFacts | None:
    insurances = [row for row in patient.list_coverages if row["kind"] == Coverage.Kind.MEDICARE]
    return notices.medicare_facts(insurances, patient.list_notices)


def _current_rows(model, *columns: str) -> RelatedRows:
    one_person = Patient.objects.of_one_person(OuterRef(OuterRef("pk")), OuterRef(OuterRef("merged_into")))
    current = model.objects.filter(patient__among=one_person.values("pk"), ended_at=None).order_by("pk")
    return RelatedRows(current, **{name: name for name in ("pk", "noted_at", *columns)})


def _list_line(row: dict, title: str, *details: str) -> dict:
    noted = instant(row.get("noted_at"))
    return {
        "pk": row["pk"],
        "title": title,
        "sub": ", ".join(detail for detail in details if detail),
        "noted_at": noted,
    }


def _related(row: dict) -> dict:
    return _list_line(
        row, row["name"], str(LABELS[RelatedPerson][row["kind"]]), row["relationship"], row["phone"]
    )


def _coverage(row: dict) -> dict:
    return _list_line(row, str(LABELS[Coverage][row["kind"]]), row["payer"], row["member_id"])


def _notice(row: dict) -> dict:
    notice = notices_rules.notice_of(row)
    return _list_line(row, str(LABELS[NonCoverageNotice][notice.kind]), *notices_rules.lines(notice))


def _duty(row: dict) -> dict:
    done = formats.day(day(row["done_on"]))
    return _list_line(row, str(LABELS[StateDuty][row["kind"]]), done, row["detail"])


def _referral(row: dict) -> dict:
    given, ends = day(row["given_on"]), day(row["expires_on"])
    dated = _("dated %(day)s") % {"day": formats.day(given)}
    if ends:
        dated = _("dated %(day)s, expires %(last)s") % {"day": formats.day(given), "last": formats.day(ends)}
    return _list_line(row, row["by_whom"], row["profession"], row["diagnosis"], dated) | {"expires_on": ends}
