"""Creates rows for tests directly, with realistic defaults and without business rules."""

import datetime as dt
import hashlib
import itertools
import uuid
import zlib

from django.utils import timezone

from clinic.django_internals.prepared import PreparedQuery
from clinic.models import BodyRegion, Credential, Location, Practice, Role, RoleGrant, Room, User
from patients.actions import consent_texts, wordings
from patients.models import (
    BroughtFile,
    Condition,
    ConditionName,
    Consent,
    ConsentText,
    DiagnosisFamily,
    Episode,
    Paper,
    PaperPart,
    Patient,
    PatientCondition,
    PatientKey,
    QuestionWording,
    Screening,
    ScreeningItem,
    Visit,
)
from patients.rules import screenings
from patients.rules.identity import keys as keys_rules
from patients.rules.screenings import GivenAnswer
from patients.selectors import wordings as wordings_selectors
from tests import catalogue_files, scans
from treatments.models import (
    AdverseEvent,
    AdverseEventKind,
    FollowUp,
    Muscle,
    NeedleSite,
    NeedlingSession,
    SessionCondition,
)
from treatments.models.adverse_events import STAFF_CATEGORY

PASSWORD = "thin needles, thick notes"
CONSENT_TEXTS = catalogue_files.FILES["consent_texts"]
# Prepared, because Django would compose it for every person of every test.
WITH_ROLES = PreparedQuery(lambda pk, on: User.objects.with_roles(on=on).filter(pk=pk))
_count = itertools.count(1)


def user(username: str | None = None, *roles: Role, licensed: bool = True, **fields) -> User:
    """A user with those roles, annotated as the authentication backend does it. A PT has a license."""
    number = next(_count)
    person = User(
        username=username or f"person{number}",
        **{"first_name": f"Given{number}", "last_name": f"Family{number}", "location": location(), **fields},
    )
    person.set_password(PASSWORD)
    person.save()
    for role in roles:
        RoleGrant.objects.create(user=person, role=role)
    if person.profession == User.Profession.PT and licensed:
        credential(person)
    return WITH_ROLES.one(pk=person.pk, on=timezone.localdate())


def credential(person: User, kind: str = "licence", **fields) -> Credential:
    """A license that is valid for years by default."""
    today = timezone.localdate()
    defaults = {"recorded_by": person, "issued_on": today - dt.timedelta(days=1500)}
    if kind == "licence":
        defaults |= {"number": f"PT-{20000 + next(_count)}", "expires_on": today + dt.timedelta(days=700)}
    return Credential.objects.create(**{**defaults, "user": person, "kind": kind, **fields})


def location() -> Location:
    return Location.objects.order_by("pk").first()


def room() -> Room:
    return Room.objects.order_by("pk").first()


def patient(by: User, **fields) -> Patient:
    defaults = {
        "family_name": "Testperson",
        "given_name": f"Number{next(_count)}",
        "born": dt.date(1985, 7, 9),
        "phone": "(555) 555-0100",
        "registered_by": by,
    }
    person = Patient(**{**defaults, **fields})
    person.phone_key = keys_rules.phone_key_of(person.phone)
    keys = keys_rules.keys_for(keys_rules.Identity.of(person))
    person.name_key = keys.name_key
    person.save()
    PatientKey.objects.bulk_create(
        PatientKey(patient=person, kind=kind, value=value) for kind, value in keys.rows
    )
    return person


def brought_file(by: User, **fields) -> BroughtFile:
    """A file of another system that waits for its confirmation: one row is right, one has no birth date."""
    content = b"Last,First,DOB,Fone\nFilewood,Ada,7/9/1985,555 014 6631\nFilewood,Bea,,\n"
    defaults = {
        "kind": BroughtFile.Kind.PATIENTS,
        "name": "old.csv",
        "digest": hashlib.sha256(content).hexdigest(),
        "content": zlib.compress(content),
        "mapping": ["family_name", "given_name", "born", ""],
        "uploaded_by": by,
    }
    return BroughtFile.objects.create(**{**defaults, **fields})


def visit(patient: Patient, therapist: User, **fields) -> Visit:
    defaults = {
        "patient": patient,
        "therapist": therapist,
        "location": location(),
        "booked_for": timezone.now(),
        "booked_by": therapist,
    }
    return Visit.objects.create(**{**defaults, **fields})


def arrived(patient: Patient, therapist: User, **fields) -> Visit:
    now = timezone.now()
    return visit(patient, therapist, **{"arrived_at": now, "arrived_by": therapist, **fields})


def episode(patient: Patient, by: User, **fields) -> Episode:
    defaults = {"patient": patient, "opened_by": by, "opened_on": timezone.localdate()}
    return Episode.objects.create(**{**defaults, **fields})


def condition(
    episode: Episode, by: User, code: str = "neck-pain", side: str = "right", **fields
) -> PatientCondition:
    row = Condition.objects.get(code=code)
    family = DiagnosisFamily.objects.filter(condition=row).order_by("-is_default", "position").first()
    defaults = {
        "episode": episode,
        "condition": row,
        "variant": family,
        "side": side,
        "icd10": getattr(family, f"code_{side}", "") if family else "",
        "code_set_year": family.code_set_year if family else None,
        "noted_by": by,
    }
    return PatientCondition.objects.create(**{**defaults, **fields})


def ready_for_session(patient: Patient, therapist: User, **episode_fields) -> PatientCondition:
    """Checked in, asked, with consent and a condition, which is returned: a session opens."""
    visit = arrived(patient, therapist)
    screening(patient, therapist)
    screening(patient, therapist, kind="visit", visit=visit)
    consent(patient, therapist)
    return condition(episode(patient, therapist, **episode_fields), therapist)


def packed_answers(answers: dict[str, str | GivenAnswer]) -> dict[str, list]:
    """The columns of a screening with these answers, {code of a question: answer}."""
    given = {code: GivenAnswer(said) if isinstance(said, str) else said for code, said in answers.items()}
    asked = ScreeningItem.objects.filter(code__in=given)
    health = QuestionWording.Catalogue.HEALTH
    items = list(wordings_selectors.with_version(asked, catalogue=health))
    return screenings.packed(items, given, versions=wordings.versions(items, catalogue=health))


def screening(
    patient: Patient, by: User, kind: str = "intake", answers: dict | None = None, **fields
) -> Screening:
    """A reviewed screening without findings; reviewed_at=None, reviewed_by=None make an unreviewed one."""
    now = timezone.now()
    defaults = {
        "patient": patient,
        "kind": kind,
        "source": Screening.Source.STAFF,
        "taken_by": by,
        "taken_at": now,
        "rule_version": "0" * 64,
        "computed_level": "clear",
        "decided_level": "clear",
        "decision": "proceed",
        "reviewed_at": now,
        "reviewed_by": by,
        "expires_on": timezone.localdate() + dt.timedelta(days=365),
        **(packed_answers(answers) if answers else {}),
    }
    return Screening.objects.create(**{**defaults, **fields})


def consent(patient: Patient, by: User, **fields) -> Consent:
    """A typed consent for the whole body, given now."""
    if not ConsentText.objects.exists():
        consent_texts.publish_file(CONSENT_TEXTS)
    text = ConsentText.objects.published().order_by("pk").first()
    defaults = {
        "patient": patient,
        "text": text,
        "text_digest": text.digest,
        "statements": list(text.statements),
        "regions": ["head-neck", "shoulder-chest", "arm-hand", "abdomen", "back", "hip", "thigh", "leg-foot"],
        "signer_name": patient.spoken_name,
        "method": Consent.Method.TYPED,
        "signature": patient.spoken_name,
        "given_at": timezone.now(),
        "given_by": by,
        "witness": by,
        "therapist": by,
        "expires_on": timezone.localdate() + dt.timedelta(days=365),
    }
    return Consent.objects.create(**{**defaults, **fields})


def paper(patient: Patient, by: User, content: bytes = scans.PDF, **fields) -> Paper:
    """A scanned paper of one part that the desk may open."""
    defaults = {
        "patient": patient,
        "kind": Paper.Kind.OTHER,
        "title": "Parking permit",
        "paper_on": timezone.localdate(),
        "media_type": Paper.MediaType.PDF,
        "size": len(content),
        "digest": hashlib.sha256(content).hexdigest(),
        "filed_by": by,
    }
    filed = Paper.objects.create(**{**defaults, **fields})
    PaperPart.objects.create(paper=filed, number=0, content=content)
    return filed


def session(patient: Patient, therapist: User, **fields) -> NeedlingSession:
    """A draft with what it takes to open one: visit, episode, screenings and consent."""
    now = timezone.now()
    course = fields.pop("episode", None) or patient.episodes.open().first() or episode(patient, therapist)
    defaults = {
        "patient": patient,
        "visit": fields.pop("visit", None) or arrived(patient, therapist),
        "episode": course,
        "location": location(),
        "therapist": therapist,
        "jurisdiction": Practice.objects.get().jurisdiction,
        "screening": screening(patient, therapist),
        "visit_screening": screening(patient, therapist, kind="visit"),
        "consent": consent(patient, therapist),
        "opened_at": now,
        "opened_by": therapist,
        "started_at": now,
    }
    return NeedlingSession.objects.create(**{**defaults, **fields})


def session_condition(session: NeedlingSession, **fields) -> SessionCondition:
    has = PatientCondition.objects.filter(episode=session.episode).first() or condition(
        session.episode, session.therapist
    )
    defaults = {
        "session": session,
        "patient_condition": has,
        "name": has.condition.name,
        "side": has.side,
        "icd10": has.icd10,
        "code_set_year": has.code_set_year,
    }
    return SessionCondition.objects.create(**{**defaults, **fields})


def site(session: NeedlingSession, muscle: str | None = "is", side: str = "right", **fields) -> NeedleSite:
    defaults = {
        "key": uuid.uuid4(),
        "session": session,
        "number": session.sites.count() + 1,
        "muscle": Muscle.objects.get(code=muscle) if muscle else None,
        "side": side,
        "technique": NeedleSite.Technique.IN_OUT,
        "gauge_mm": "0.30",
        "length_mm": 40,
        "depth_mm": 20,
        "needles": 1,
        "insertions": 2,
        "twitches": 1,
        "added_by": session.therapist,
    }
    return NeedleSite.objects.create(**{**defaults, **fields})


def followup(session: NeedlingSession, step: int = 24, **fields) -> FollowUp:
    due = timezone.now() - dt.timedelta(hours=1)
    return FollowUp.objects.create(**{"session": session, "step": step, "due_at": due, **fields})


def adverse_event(session: NeedlingSession, *, by: User, **fields) -> AdverseEvent:
    """An event on file as it stands in the table, without the rules of recording."""
    kind = AdverseEventKind.objects.current().exclude(category=STAFF_CATEGORY).first()
    defaults = {"kind": kind, "severity": 1, "phase": "during"}
    return AdverseEvent.objects.create(**{**defaults, "session": session, "noted_by": by, **fields})


def staff_kind() -> AdverseEventKind:
    """The kind that was offered until staff had a log of their own; practices have rows of it."""
    found, _ = AdverseEventKind.objects.get_or_create(
        code="staff-needlestick",
        defaults={
            "name": "Needlestick of staff",
            "category": STAFF_CATEGORY,
            "usual_severity": 2,
            "source": "a former file",
        },
    )
    return found


# Rows that the practice added to a catalogue.
OWN = {
    "own": True, "source": "Course manual 2026, page 12", "approved_by": "Dr. H. Oduya",
    "approved_on": dt.date(2026, 11, 2),
}  # fmt: skip


def own_muscle(code: str = "own-ae", *, region: str = "f-flex", **fields) -> Muscle:
    defaults = {"name": "Anconeus epitrochlearis", "group": "Forearm and hand", "billing_key": code}
    made = Muscle.objects.create(code=code, **{**OWN, **defaults, **fields})
    made.regions.set(BodyRegion.objects.filter(code=region))
    return made


def own_condition(code: str = "own-text-neck", icd10: str = "M53.82", **fields) -> Condition:
    """With its code on every side, and a name that people say."""
    defaults = {"name": "Postural neck pain", "patient_term": "Text neck", "kind": "diagnosis",
                "region": "neck", "side_policy": "any"}  # fmt: skip
    made = Condition.objects.create(code=code, **{**OWN, **defaults, **fields})
    codes = dict.fromkeys(("code_right", "code_left", "code_both", "code_midline"), icd10)
    DiagnosisFamily.objects.create(
        condition=made, variant="own-posture", label=made.name, code_set_year=2026, **codes, **OWN
    )
    ConditionName.objects.create(condition=made, name="smartphone hunch", **OWN)
    return made


def own_question(code: str = "own-cold-sores", **fields) -> ScreeningItem:
    defaults = {"question": "Do you have cold sores today?", "kind": "intake", "scope": "patient",
                "level": "caution", "group": "This practice", "strip_label": "Cold sores",
                "guidance": "Keep away from the face."}  # fmt: skip
    return ScreeningItem.objects.create(code=code, **{**OWN, **defaults, **fields})
