"""Consent that a patient or a guardian gave."""

import datetime as dt

from clinic.models import User
from demo.record.patients import PatientRecord
from patients.models import Consent, ConsentCopy
from patients.rules import ages


def give(
    record: PatientRecord, *, at: dt.datetime, therapist: User, guardian: str = "", on_paper: bool = False
) -> Consent:
    """Consent for every part of the body, with a printed copy."""
    text, by = record.context.catalogs.consent_text, record.reception
    signed_on = record.context.clock.day_of(at)
    record.consent = record.batch.add(
        Consent,
        patient=record.patient,
        patient_name=record.patient.listed_name,
        patient_born=record.patient.born,
        text=text,
        text_digest=text.digest,
        therapist=therapist,
        therapist_name=therapist.display_name,
        regions=list(record.context.catalogs.consent_groups),
        statements=list(text.statements),
        given_at=at,
        given_by=by,
        given_by_name=by.display_name,
        witness=by,
        witness_name=by.display_name,
        expires_on=ages.months_later(signed_on, record.context.staff.practice.consent_months),
        recorded_at=at,
        **_signature(guardian or record.patient.spoken_name, on_paper=signed_on if on_paper else None),
        **_signer(guardian),
    )
    record.add_event("consent.given", record.consent, by=by, at=at)
    printed = ConsentCopy.How.PRINTED
    given = {"given_at": at, "given_by": by, "given_by_name": by.display_name}
    record.batch.add(ConsentCopy, consent=record.consent, how=printed, **given)
    return record.consent


def _signature(name: str, *, on_paper: dt.date | None) -> dict:
    if on_paper:
        method = {"method": Consent.Method.PAPER, "paper_on": on_paper, "paper_place": "Cabinet A"}
    else:
        method = {"method": Consent.Method.TYPED, "signature": name}
    return {"signer_name": name, **method}


def _signer(guardian: str) -> dict:
    if guardian:
        return {"signer": Consent.Signer.GUARDIAN, "relationship": "Mother"}
    return {"signer": Consent.Signer.PATIENT}
