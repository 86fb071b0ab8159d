"""Records consents, refusals, copies and withdrawals. Each is a row of its own and never changes."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from clinic import audit
from clinic.models import Practice
from clinic.values import errors
from clinic.values.errors import Reason
from patients.actions import records
from patients.models import Consent, ConsentCopy, ConsentText, ConsentWithdrawal, Patient
from patients.rules import ages, consent_texts, consents, merged, signers
from patients.selectors import consents as consents_selectors


@transaction.atomic
def give(
    patient: Patient, *, by, text: ConsentText, regions: list[str], statements: list[str], signer: str,
    signer_name: str, method: str, signature: str, therapist, relationship: str = "", signer_note: str = "",
    parent: Consent | None = None, is_update: bool = False, at: dt.datetime | None = None,
) -> Consent:  # fmt: skip
    """Record a consent signed here with `by` as witness. With a `parent` it adds regions to that one.

    `is_update`: it agrees to what the text says otherwise than what was agreed with the parent.
    """
    at = at or timezone.now()
    minor = ages.is_minor(patient.born, on=timezone.localdate(at))
    asked = _changed(text, parent) if is_update else text.statements
    required = consents.statements_for(asked, minor=minor)
    errors.refuse(
        [
            *merged.reasons(patient),
            *consents.reading_reasons(required=required, ticked=statements),
            *([] if is_update else consents.region_reasons(regions)),
            *consents.signer_reasons(signer=signer, relationship=relationship, minor=minor),
            *consents.signature_reasons(method=method, signature=signature, signer_name=signer_name),
            *_name_reasons(patient, signer, signer_name, signer_note, minor=minor),
        ]
    )

    return _record_given(
        patient,
        by=by,
        at=at,
        **_validity(parent, on=timezone.localdate(at), is_update=is_update),
        text=text,
        text_digest=text.digest,
        therapist=therapist,
        regions=regions,
        statements=required,
        signer=signer,
        signer_name=signer_name,
        relationship=relationship,
        signer_note=signer_note,
        method=method,
        signature=signature,
    )


@transaction.atomic
def record_paper(
    patient: Patient,
    *,
    by,
    paper_on: dt.date,
    paper_place: str,
    regions: list[str],
    signer: str,
    signer_name: str,
    therapist,
    relationship: str = "",
    signer_note: str = "",
    parent: Consent | None = None,
) -> Consent:
    """Record a consent that was signed on paper; it is valid from the date on the paper."""
    minor = ages.is_minor(patient.born, on=paper_on)
    errors.refuse(
        [
            *merged.reasons(patient),
            *consents.paper_reasons(
                paper_on, born=patient.born, ended_on=consents_selectors.ended_on(patient)
            ),
            *consents.region_reasons(regions),
            *consents.signer_reasons(signer=signer, relationship=relationship, minor=minor),
            *consents.signature_reasons(method=Consent.Method.PAPER, signature="", signer_name=signer_name),
            *_name_reasons(patient, signer, signer_name, signer_note, minor=minor),
        ]
    )

    return _record_given(
        patient,
        by=by,
        at=timezone.now(),
        **_validity(parent, on=paper_on),
        therapist=therapist,
        regions=regions,
        signer=signer,
        signer_name=signer_name,
        relationship=relationship,
        signer_note=signer_note,
        method=Consent.Method.PAPER,
        paper_on=paper_on,
        paper_place=paper_place,
    )


@transaction.atomic
def refuse(
    patient: Patient,
    *,
    by,
    reason: str = "",
    signer: str = Consent.Signer.PATIENT,
    signer_name: str = "",
    text: ConsentText | None = None,
    therapist=None,
    parent: Consent | None = None,
    is_update: bool = False,
) -> Consent:
    """Record a refusal. `text` was read before, if any. `is_update`: they were asked what changed."""
    unnamed = consents.refusal_reasons(signer=signer, signer_name=signer_name)
    errors.refuse(merged.reasons(patient) + unnamed)

    now = timezone.now()
    consent = Consent.objects.create(
        patient=patient,
        text=text,
        text_digest=text.digest if text else "",
        kind=_kind(parent, is_update=is_update),
        parent=parent,
        therapist=therapist,
        signer=signer,
        signer_name=signer_name or patient.spoken_name,
        method=Consent.Method.SPOKEN,
        refused_at=now,
        refused_by=by,
        refused_reason=reason,
        recorded_at=now,
    )

    audit.record("consent.refused", consent, by=by, patient=patient)
    return consent


@transaction.atomic
def withdraw(consent: Consent, *, by, reason: str = "") -> ConsentWithdrawal:
    """End a consent from now on; earlier treatment stays covered by it."""
    patient = records.lock_record(consent.patient_id)
    consent = Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
    withdrawn = ConsentWithdrawal.objects.filter(consent=consent).exists()
    errors.refuse(consents.withdrawal_reasons(consent, withdrawn=withdrawn))

    withdrawal = ConsentWithdrawal.objects.create(consent=consent, withdrawn_by=by, reason=reason)

    audit.record("consent.withdrawn", consent, by=by, patient=patient)
    return withdrawal


@transaction.atomic
def give_copy(consent: Consent, *, by, how: str) -> ConsentCopy:
    copy = ConsentCopy.objects.create(consent=consent, how=how, given_by=by)

    audit.record("consent.copied", consent, by=by, patient=consent.patient, changes={"how": ["", how]})
    return copy


@transaction.atomic
def note_print(consent: Consent, *, by) -> None:
    """Record a print before it is made: when this fails, nothing is printed."""
    audit.record("consent.opened", consent, by=by, patient=consent.patient, reason="print")


def _name_reasons(patient: Patient, signer: str, signer_name: str, note: str, *, minor: bool) -> list[Reason]:
    names = consents_selectors.names_on_record(patient)
    return signers.reasons(signer=signer, signer_name=signer_name, note=note, names=names, minor=minor)


def _record_given(patient: Patient, *, by, at: dt.datetime, **fields) -> Consent:
    """Create the row of a given consent and its audit event."""
    consent = Consent.objects.create(
        patient=patient,
        given_at=at,
        given_by=by,
        witness=by,
        recorded_at=at,
        screening=consents_selectors.latest_screening(patient),
        **fields,
    )

    audit.record("consent.given", consent, by=by, patient=patient, changes=_audited_values(consent))
    return consent


def _changed(text: ConsentText, parent: Consent | None) -> list[str]:
    agreed = consents_selectors.agreed_statements(parent) if parent else []
    return consent_texts.unagreed(text.statements, agreed)


def _kind(parent: Consent | None, *, is_update: bool) -> str:
    if parent is None:
        return Consent.Kind.INITIAL
    return Consent.Kind.UPDATE if is_update else Consent.Kind.TOP_UP


def _validity(parent: Consent | None, *, on: dt.date, is_update: bool = False) -> dict:
    """Kind and expiry: what is added expires together with its parent consent."""
    kind = _kind(parent, is_update=is_update)
    if parent is not None:
        return {"kind": kind, "parent": parent, "expires_on": parent.expires_on}
    months = Practice.objects.get(pk=1).consent_months
    return {"kind": Consent.Kind.INITIAL, "expires_on": ages.months_later(on, months)}


def _audited_values(consent: Consent) -> dict:
    return {"regions": [[], consent.regions], "method": ["", consent.method]}
