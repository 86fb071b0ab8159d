"""What the rules of a place ask before a session there: each caution names the rules, and its way out."""

import datetime as dt
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from clinic import formats
from clinic.models import Credential, Jurisdiction
from clinic.values.addresses import reverse
from clinic.values.errors import CAUTION, STOP, Reason
from clinic.values.states import STATES
from patients.rules.state_duties import DutyCounter
from treatments.rules.qualification import Practitioner


@dataclass(frozen=True)
class StateFacts:
    """What a profile asks of papers, and what is on record of them. None: no rule was found.

    `duties` are the counters of direct access, `consent` the key of the consent that stands.
    """

    name: str = ""
    state: str = ""
    written_consent: bool | None = None
    copy_to_patient: bool | None = None
    first_time_document: bool | None = None
    training_statement: bool | None = None
    diagnosis_required: bool | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    consent: int | None = None
    has_copy: bool = False
    has_document: bool = False
    knows_training: bool = False
    was_needled: bool = False
    has_diagnosis: bool = True
    duties: tuple[DutyCounter, ...] = ()
    place: str = ""
    place_state: str = ""

    @classmethod
    def of(cls, profile: Jurisdiction, **facts) -> "StateFacts":
        names = (
            "name", "state", "written_consent", "copy_to_patient", "first_time_document",
            "training_statement", "diagnosis_required", "valid_from", "valid_to",
        )  # fmt: skip
        return cls(**{name: getattr(profile, name) for name in names}, **facts)


def reasons(facts: StateFacts, *, ref: str, on: dt.date, therapist: Practitioner) -> list[Reason]:
    """Cautions: the rules' text may have changed since, so nothing here keeps a session from opening."""
    noted = {"url": reverse("patients:alerts", args=[ref]), "way_out": _("Note that it is done")}
    found = [*_place(facts), *_validity(facts, on), *_diagnosis(facts, ref), *_copy(facts, ref)]
    found += [replace(reason, **noted) for reason in _papers(facts, therapist)]
    duties = [duty for duty in facts.duties if duty.kind != "info"]
    found += [Reason(duty.code, duty.label, CAUTION, **noted) for duty in duties]
    return found


def in_writing(reason: Reason, facts: StateFacts) -> Reason:
    """A missing consent, where it is the law and not only the practice that wants one in writing."""
    if not facts.written_consent or reason.level != STOP or not reason.code.startswith("consent-"):
        return reason
    message = _("%(reason)s %(rules)s asks for the consent in writing.") % {
        "reason": reason.message,
        "rules": facts.name,
    }
    return replace(reason, message=message)


def _place(facts: StateFacts) -> list[Reason]:
    """Another state's rules, or none, may hide that the state of the place bars needling."""
    if facts.place_state in ("", facts.state):
        return []
    message = _(
        "%(place)s is in %(state)s, and sessions there stand under the rules %(rules)s. Ask an administrator "
        "to choose the rules of %(state)s for this place."
    ) % {"place": facts.place, "state": dict(STATES)[facts.place_state], "rules": facts.name}
    return [Reason("rules-of-another-state", message, CAUTION)]


def _validity(facts: StateFacts, on: dt.date) -> list[Reason]:
    if facts.valid_to is not None and facts.valid_to < on:
        message = _(
            "The rules of %(rules)s that are on file were valid until %(day)s. Ask your lead what holds now."
        ) % {"rules": facts.name, "day": formats.day(facts.valid_to)}
        return [Reason("rules-ended", message, CAUTION)]
    if facts.valid_from is not None and facts.valid_from > on:
        message = _(
            "The rules of %(rules)s that are on file hold from %(day)s. Ask your lead what holds now."
        ) % {"rules": facts.name, "day": formats.day(facts.valid_from)}
        return [Reason("rules-ahead", message, CAUTION)]
    return []


def _diagnosis(facts: StateFacts, ref: str) -> list[Reason]:
    """source: 225 ILCS 90/1.5 (a): an examination and a diagnosis."""
    if not facts.diagnosis_required or facts.has_diagnosis:
        return []
    message = _(
        "%(rules)s asks for an examination and a diagnosis, and no condition has a diagnosis code. Record "
        "one, or write the diagnosis into the note."
    ) % {"rules": facts.name}
    url = reverse("treatments:record", args=[ref])
    return [Reason("diagnosis-missing", message, CAUTION, url=url, way_out=_("To the conditions"))]


def _copy(facts: StateFacts, ref: str) -> list[Reason]:
    """source: Colorado Rule 11; N.J.S.A. 45:9-37.34k: the patient gets a copy of the signed consent."""
    if not facts.copy_to_patient or facts.consent is None or facts.has_copy:
        return []
    message = _("%(rules)s gives the patient a copy of the signed consent, and none is noted.") % {
        "rules": facts.name
    }
    url = reverse("patients:consent", args=[ref, facts.consent])
    return [Reason("copy-missing", message, CAUTION, url=url, way_out=_("Give a copy"))]


def _papers(facts: StateFacts, therapist: Practitioner) -> list[Reason]:
    """source: Tennessee Rule 1150-01-.22: a document with definition and training for who is new to needling;
    N.J.S.A. 45:9-37.34k: the training of the therapist in writing.
    """
    words = {"rules": facts.name, "training": training_of(therapist)}
    if facts.first_time_document and not (facts.has_document or facts.was_needled):
        sentence = (
            _(
                "%(rules)s gives a patient who is new to dry needling a document that says what it is and "
                "how the therapist is trained. On record: %(training)s."
            )
            if facts.training_statement
            else _("%(rules)s gives a patient who is new to dry needling a document that says what it is.")
        )
        return [Reason("document-missing", sentence % words, CAUTION)]
    if facts.training_statement and not (facts.has_document or facts.knows_training):
        message = _(
            "%(rules)s tells the patient in writing how the therapist is trained. On record: %(training)s."
        )
        return [Reason("training-untold", message % words, CAUTION)]
    return []


def training_of(therapist: Practitioner) -> str:
    """“Maria Lund, PT: needling course with practice, 54 hours”: what the document may say."""
    kinds = dict(Credential.Kind.choices)
    trained = (Credential.Kind.HOURS, Credential.Kind.DIDACTIC, Credential.Kind.COURSE, Credential.Kind.EXAM)
    parts = [
        _("%(kind)s, %(count)s hours") % {"kind": kinds[row.kind], "count": row.hours}
        if row.hours
        else str(kinds[row.kind])
        for row in therapist.held
        if row.kind in trained
    ]
    return f"{therapist.name}: {'; '.join(parts) or _('no course')}"
