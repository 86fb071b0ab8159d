"""A practice with data on every page, for tests that only read pages."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from functools import partial

from django.utils import timezone

from clinic.actions import state_rules
from clinic.models import Jurisdiction, Role, User
from clinic.values import references
from patients.actions import alerts, retention, screenings
from patients.models import (
    Allergy,
    ConsentText,
    Coverage,
    DiagnosisFamily,
    Handover,
    LikelyPair,
    Medication,
    Patient,
    PatientAccess,
    Screening,
    ScreeningItem,
)
from patients.rules.screenings import GivenAnswer, answer_field
from tests import factories
from tests.treatments import notes
from treatments.actions import adverse_events, merging, sharps
from treatments.actions.followups import soreness
from treatments.actions.record import amendments
from treatments.actions.session import fields as fields_actions
from treatments.actions.session.draft_events import Stamp
from treatments.actions.signing import after_signing, signature
from treatments.models import AdverseEventKind, DraftEvent, Muscle, NeedlingSession, Override, WarningSign
from treatments.rules import merging as merging_rules


@dataclass
class Practice:
    """`people` by role; `places` are URL arguments by the name that a row of the page list uses."""

    people: dict[str, User] = field(default_factory=dict)
    places: dict[str, list] = field(default_factory=dict)
    handovers: dict[str, Handover] = field(default_factory=dict)


def create_practice() -> Practice:
    practice = Practice(people=create_people())
    desk, therapist = practice.people["reception"], practice.people["therapist"]
    ada = patient_with_history(desk, therapist)
    nell = factories.patient(desk, family_name="Newcomer", given_name="Nell", born=dt.date(1990, 2, 3))
    practice.places = {
        "ada": [ada.ref],
        "nell": [nell.ref],
        "nobody": [references.record_ref()],
        "user": [desk.pk],
        "own user": [practice.people["admin"].pk],
        "consent row": [f"{ada.ref}-{ada.consents.first().pk}"],
        "help desk": ["front-desk"],
        "help therapist": ["therapist"],
        "help lead": ["lead"],
        "help admin": ["administrator"],
        "practice": [1],
        "location": [factories.location().pk],
        "muscle": [Muscle.objects.get(code="is").pk],
        **set_up(practice.people["admin"]),
        "first page": [1],
        "second page": [2],
        "third page": [3],
        "condition": [ada.ref, ada.episodes.get().conditions.get().pk],
        **visits(ada, nell, desk, therapist),
        **safety(ada, nell, desk, therapist),
        **sessions(ada, therapist),
        **notes_of(desk, therapist),
        **events(practice.people["lead"], therapist),
        "restricted": [restricted(practice.people).ref],
        **two_records(desk, practice.people["lead"]),
        "arrived": [ready_to_open(desk, therapist).ref],
    }
    practice.handovers = handovers(nell, desk, therapist)
    return practice


def set_up(admin: User) -> dict:
    """What the administration shows of texts, rules and catalogs."""
    shipped = ConsentText.objects.published().get()
    written = ConsentText.objects.create(
        version="own-1",
        title=shipped.title,
        body=shipped.body.replace("It may not help everyone.", "It may help."),
        statements=["I have read this page.", *shipped.statements[1:]],
        statement_names=shipped.statement_names,
        digest="ab" * 32,
    )
    rules = Jurisdiction.objects.get(code="us-il-pt")
    own = state_rules.copy(rules, by=admin)
    Jurisdiction.objects.filter(pk=own.pk).update(direct_access_notice_days=3, hours_total=None)
    return {
        "shipped text": [shipped.pk],
        "draft text": [written.pk],
        "shipped rules": [rules.pk],
        "own rules": [own.pk],
        "family": [DiagnosisFamily.objects.earliest("pk").pk],
        "health question": [ScreeningItem.objects.get(code="blood-thinner").pk],
    }


def create_people() -> dict[str, User]:
    named = {
        "reception": (Role.FRONT_DESK, {"first_name": "Robin", "last_name": "Hale"}),
        "therapist": (Role.THERAPIST, {"first_name": "Maria", "last_name": "Lund", "profession": "pt"}),
        "lead": (Role.LEAD, {"first_name": "Hana", "last_name": "Oduya"}),
        "admin": (Role.ADMIN, {"first_name": "Sam", "last_name": "Key"}),
    }
    return {name: factories.user(name, role, **fields) for name, (role, fields) in named.items()}


def patient_with_history(desk: User, therapist: User) -> Patient:
    """Ada: an allergy, a blood thinner, a payer, a condition and three past sessions."""
    ada = factories.patient(desk, family_name="Examplewood", given_name="Ada", preferred_name="Addie")
    alerts.add(Allergy, ada, by=desk, substance="Nickel", reaction="Rash")
    alerts.add(Medication, ada, by=desk, name="Apixaban", dose="5 mg", thins_blood=True)
    alerts.add(Coverage, ada, by=desk, kind=Coverage.Kind.SELF_PAY)
    factories.condition(factories.episode(ada, therapist), therapist)
    for weeks in (3, 2, 1):
        past_session(ada, therapist, at=timezone.now() - dt.timedelta(weeks=weeks), pain=2 * weeks)
    return ada


def two_records(desk: User, lead: User) -> dict:
    """Two who are likely one person, and two records that were merged, with an allergy written since."""
    one, other, survivor, loser = [
        factories.patient(desk, family_name="Pemberton", given_name=name, born=dt.date(1984, 3, 5))
        for name in ("Robert", "Bob", "Ursula", "Ursel")
    ]
    LikelyPair.objects.create(one=one, other=other, score=93)
    choices = dict.fromkeys(merging_rules.differing(survivor, loser), merging_rules.SURVIVOR)
    journal = merging.merge(survivor, loser, by=lead, reason="Registered again", choices=choices)
    alerts.add(Allergy, survivor, by=desk, substance="Latex")
    return {
        "pair": [one.ref, other.ref],
        "merge": [survivor.ref, journal.pk],
        "merged record": [survivor.ref],
    }


def restricted(people: dict[str, User]) -> Patient:
    """A restricted record that the therapist opened in an emergency this morning."""
    desk, lead, therapist = people["reception"], people["lead"], people["therapist"]
    patient = factories.patient(
        desk,
        family_name="Lockwood",
        given_name="Nora",
        restricted_at=timezone.now(),
        restricted_by=lead,
    )
    factories.visit(patient, therapist)
    disclosed = {"given_on": timezone.localdate(), "recipient": "Dr. Example", "what": "Notes of May"}
    ada = Patient.objects.get(given_name="Ada")
    retention.record_disclosure(ada, by=desk, purpose="court", way="post", **disclosed)
    given = timezone.now() - dt.timedelta(hours=3)
    PatientAccess.objects.create(
        patient=patient,
        user=therapist,
        reason="Faint in the waiting room",
        until_at=given + dt.timedelta(hours=1),
        given_at=given,
        given_by=therapist,
        is_glass=True,
    )
    return patient


def past_session(ada: Patient, therapist: User, *, at: dt.datetime, pain: int) -> NeedlingSession:
    later = at + dt.timedelta(minutes=30)
    visit = factories.arrived(ada, therapist, booked_for=at, arrived_at=at, left_at=later, left_by=therapist)
    session = factories.session(ada, therapist, visit=visit, started_at=at, ended_at=later, tolerance="well")
    factories.session_condition(session, pain_before=pain, pain_after=pain - 1)
    factories.site(session)
    return session


def visits(ada: Patient, nell: Patient, desk: User, therapist: User) -> dict:
    expected = factories.visit(nell, therapist)
    here = ada.visits.order_by("-booked_for").first()
    return {"expected": [expected.ref], "here": [here.ref]}


def safety(ada: Patient, nell: Patient, desk: User, therapist: User) -> dict:
    """An unreviewed and a reviewed screening; a valid consent and a refused one."""
    waiting = screenings.take(
        nell,
        by=therapist,
        kind="intake",
        source=Screening.Source.STAFF,
        answers=answers("intake", blood_thinner="yes"),
    )
    given = factories.consent(ada, therapist)
    scan = factories.paper(ada, desk)
    return {
        "waiting": [nell.ref, waiting.pk],
        "reviewed": [ada.ref, ada.screenings.filter(kind="intake").first().pk],
        "intake": [ada.ref, "intake"],
        "visit": [ada.ref, "visit"],
        "consent": [ada.ref, given.pk],
        "paper": [ada.ref, scan.pk],
    }


def answers(kind: str, **others: str) -> dict[str, GivenAnswer]:
    items = ScreeningItem.objects.current().filter(kind=kind)
    clear = {item.code: "no" if item.concern_answer == "yes" else "yes" for item in items}
    return {code: GivenAnswer(others.get(code.replace("-", "_"), word)) for code, word in clear.items()}


def sessions(ada: Patient, therapist: User) -> dict:
    """A draft with two sites, and calls: one due, one with a warning sign, one answered."""
    draft = factories.session(ada, therapist)
    factories.session_condition(draft, pain_before=6)
    fields_actions.save_field(draft, by=therapist, field="plan", value="Once a week.", stamp=Stamp())
    site_at_neck = factories.site(draft, lot="LT-2207")
    Override.objects.create(
        session=draft, site=site_at_neck, rule="long-needle-at-neck", reason="Tall patient", by=therapist
    )
    factories.site(draft, muscle="ut", technique="static", dwell_seconds=480)
    due, flagged, answered = (factories.followup(draft, step=step) for step in (24, 48, 72))
    soreness.file(flagged, by=therapist, now=4, signs={"chest-pain": "yes"})
    soreness.file(answered, by=therapist, now=2, signs=signs())
    return {
        "draft": [draft.ref],
        "site": [draft.ref, draft.sites.first().key],
        "motion": [draft.ref, "rom"],
        "pressure": [draft.ref, "ppt"],
        "due": [due.ref],
        "flagged": [flagged.ref],
        "answered": [answered.ref],
        "level": ["growing-bruise-any"],
    }


def notes_of(desk: User, therapist: User) -> dict:
    """A note that is ready to sign, and notes that are signed, marked in error and voided."""
    places = {}
    for name in ("ready", "signed", "marked", "closed"):
        patient = factories.patient(desk, family_name=f"{name.capitalize()}wood")
        draft = factories.session(patient, therapist)
        factories.session_condition(draft)
        note = notes.ready(draft)
        origins_of(note, adopted_from=NeedlingSession.objects.earliest("pk"))
        if name in ("signed", "marked"):
            signature.sign(note, by=therapist, proved=True, identity_checked=True)
        places[name] = [note.ref]
    note_of = {name: NeedlingSession.objects.get(ref=ref) for name, (ref,) in places.items()}
    values = {"kind": "addendum", "reason": "Forgotten", "text": "It went 18 mm deep."}
    after_signing.addend(note_of["signed"], by=therapist, **values)
    places |= requests_of(note_of["signed"], therapist)
    after_signing.mark_error(note_of["marked"], by=therapist, reason="Written into the wrong record.")
    places["supervised"] = [supervised(desk, therapist).ref]
    places["copied"] = [copied(desk, therapist).ref]
    places["which"] = which_muscle(desk, therapist)
    after_signing.void(note_of["closed"], by=therapist, reason="Opened by mistake.")
    return places


def which_muscle(desk: User, therapist: User) -> list:
    """A draft with a site whose row stands for several muscles."""
    draft = factories.session(factories.patient(desk, family_name="Whichwood"), therapist)
    factories.session_condition(draft)
    factories.site(draft, "ad", depth_mm=None)
    return [draft.ref]


def events(lead: User, therapist: User) -> dict:
    """Adverse events of a signed note: open, closed, in error, and what belongs into the sharps log."""
    note = NeedlingSession.objects.signed().earliest("pk")
    kind = AdverseEventKind.objects.get(code="pneumothorax")
    made = partial(adverse_events.record, note, by=therapist, kind=kind, phase="later")
    found, closed, wrong = made(severity=3), made(severity=1), made(severity=2)
    adverse_events.close(closed, by=lead, outcome="resolved", closing_note="Passed within a day.")
    adverse_events.mark_error(wrong, by=lead, reason="Another patient's.")
    misplaced = factories.adverse_event(note, by=therapist, kind=factories.staff_kind())
    injury = {
        "injured": therapist, "injured_name": "", "occurred_at": timezone.now(),
        "location": factories.location(), "area": "Room 2", "device_type": "Dry needle 0.30 x 40 mm",
        "device_brand": "Not known", "contaminated": "yes", "how": "Reaching for the container.",
    }  # fmt: skip
    filed = sharps.file(by=therapist, **injury)
    newer = sharps.correct(filed, by=lead, reason="Brand.", **{**injury, "device_brand": "Example brand"})
    return {
        "event": [note.ref, found.pk],
        "closed event": [note.ref, closed.pk],
        "wrong event": [note.ref, wrong.pk],
        "misplaced": [misplaced.pk],
        "oregon": ["us-or-pt"],
        "brought file": [factories.brought_file(lead).pk],
        "injury": [filed.pk],
        "newer injury": [newer.pk],
    }


def requests_of(note: NeedlingSession, therapist: User) -> dict:
    """Two amendment requests of the patient: one open, one accepted."""
    common = {"kind": "patient_request", "reason": "Asked on the phone"}
    waiting, accepted = (
        after_signing.addend(note, by=therapist, **common, text=text)
        for text in ("The pain began in March.", "It was the right shoulder.")
    )
    amendments.answer(accepted, by=therapist, accepted=True, text="The right shoulder, as the patient says.")
    return {"asked": [note.ref, waiting.pk], "settled": [note.ref, accepted.pk]}


def origins_of(note: NeedlingSession, *, adopted_from: NeedlingSession) -> None:
    """A draft event with the origins of the site's values, adopted from another session's plan."""
    site, origins = (
        note.sites.get(),
        {"muscle": "plan@2026-05-05", "insertions": "typed", "technique": "usual"},
    )
    DraftEvent.objects.create(
        session=note,
        client_id=uuid.uuid4(),
        seq=1,
        field="site",
        site_key=site.key,
        new={"origins": origins},
        adopted_from=adopted_from,
        by=note.therapist,
    )


def copied(desk: User, therapist: User) -> NeedlingSession:
    draft = factories.session(factories.patient(desk, family_name="Copiedwood"), therapist)
    factories.session_condition(draft)
    return notes.copied(draft)


def supervised(desk: User, therapist: User) -> NeedlingSession:
    """A colleague's signed note that waits for the therapist's co-signature."""
    colleague = factories.user("colleague", Role.THERAPIST, profession="pt")
    draft = factories.session(factories.patient(desk, family_name="Supervisedwood"), colleague)
    NeedlingSession.objects.filter(pk=draft.pk).update(supervisor=therapist)
    # who could take it over
    factories.user("standin", Role.THERAPIST, profession="pt", first_name="Sam", last_name="Standin")
    factories.session_condition(draft)
    return notes.signed(NeedlingSession.objects.get(pk=draft.pk))


def ready_to_open(desk: User, therapist: User) -> Patient:
    """A patient for whom a session can be opened: checked in, screened, consented, with a condition."""
    patient = factories.patient(desk, family_name="Openwood")
    visit = factories.arrived(patient, therapist)
    factories.screening(patient, therapist)
    factories.screening(patient, therapist, kind="visit", visit=visit)
    factories.consent(patient, therapist)
    factories.condition(factories.episode(patient, therapist), therapist)
    return patient


def signs() -> dict[str, str]:
    return {row.code: "no" for row in WarningSign.objects.current()}


def handovers(patient: Patient, desk: User, therapist: User) -> dict[str, Handover]:
    """Handovers in each state: health questions, a consent to read, one to sign, one that was sent."""
    text = ConsentText.objects.published().order_by("pk").first()
    read = {"text": text.pk, "regions": ["back"], "statements": [str(n) for n in range(len(text.statements))]}
    common = {"patient": patient, "started_by": desk, "therapist": therapist}
    made = Handover.objects.create
    return {
        "questions": made(**common, purpose="screening", kind="intake"),
        "answered questions": made(**common, purpose="screening", kind="visit", draft=draft_answers("visit")),
        "consent": made(**common, purpose="consent", draft={"text": text.pk}),
        "read consent": made(**common, purpose="consent", draft=read),
        "sent": made(**common, purpose="consent", draft=read, finished_at=timezone.now()),
    }


def draft_answers(kind: str) -> dict[str, str]:
    return {answer_field(code): given.answer for code, given in answers(kind).items()}
