"""Writes that no walk fills in by itself: each on a record of its own, as its page or script sends it."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.models import CounselOpinion, Jurisdiction, Role, User
from patients.models import Handover, Patient
from tests import factories, measuring, second_factor, world
from tests.form_client import post_forms
from tests.patients import posted_answers
from tests.treatments import notes
from treatments.actions import merging
from treatments.actions.followups import soreness
from treatments.actions.session import fields as fields_actions
from treatments.actions.session.draft_events import Stamp
from treatments.actions.sites import entry as site_entry
from treatments.forms.sites.muscle_review import box_value
from treatments.models import Muscle, NeedleSite, NeedlingSession
from treatments.rules import merging as merging_rules
from treatments.selectors.sites.muscle_review import rows as muscle_rows

PAGE = "7f6a3c1e-5b0d-4c1f-9d1a-1b6f0f0a2c77"
KEY = "1f0c2f2e-58a8-4c5e-9c9c-2a6f0b7e7a01"
STAMP = {"client_id": PAGE, "seq": "1", "base_version": "0"}
SITE = {
    "muscle": "IS", "side": "right", "insertions": "3", "twitches": "2", "depth_mm": "20",
    "needle": "0.30x40", "technique": "in_out", "tissue": "trigger_point",
}  # fmt: skip


@dataclass
class Submission:
    """A form that leads to an address, as one person meets it, with what was filled in."""

    name: str
    role: str
    path: str
    data: dict = field(default_factory=dict)
    # names of the fields that a person types into
    typed: set = field(default_factory=set)


def submissions(practice: world.World) -> Iterator[Submission]:
    """Taught by hand, on records of their own, so that none stands in the way of another."""
    people = practice.people
    yield from _of_visits(practice, people)
    yield from _of_the_draft(practice, people)
    yield from _of_signing(practice, people)
    yield from _of_events(practice, people)
    yield from _of_the_tablet(practice, people)
    yield from _of_accounts(practice, people)
    yield _of_restriction(practice, people)
    yield from _of_two_records(practice, people)
    yield _of_a_condition(people)


def submission_from_page(practice, name: str, role: str, ref: str, *names: str, **typed) -> Submission:
    """The form of that page with these fields filled in."""
    path = reverse(name, args=[ref] if ref else [])
    form = form_of(practice, role, path, *names, *typed)
    return Submission(name, role, path, form.filled(**typed), typed_names(form))


def typed_names(form) -> set[str]:
    return {name for name, part in form.fields.items() if part.is_typed}


def form_of(practice, role: str, path: str, *names: str):
    forms = post_forms(world.client_of(practice, role).get(path))
    return next(form for form in forms if set(names) <= form.fields.keys())


def _of_a_condition(people) -> Submission:
    """The second step on one address: a person presses a condition of the list first."""
    patient = factories.patient(people["author"], family_name="Kneewood")
    details = {"condition": "knee-pain", "details": "yes", "side": "left", "form_key": KEY}
    path = reverse("patients:condition-add", args=[patient.ref])
    return Submission("patients:condition-add", "author", path, details)


def _of_visits(practice, people) -> Iterator[Submission]:
    desk, author, other = people["desk"], people["author"], people["other"]
    walking_in = factories.patient(desk, family_name="Walkwood")
    who = {"therapist": str(author.pk), "kind": "first", "minutes": "30"}
    yield submission_from_page(practice, "patients:visit-start", "desk", walking_in.ref, **who)
    booking = factories.patient(desk, family_name="Bookwood")
    at = f"{timezone.localdate() + dt.timedelta(days=30):%m/%d/%Y} 3:15 PM"
    yield submission_from_page(practice, "patients:visit-book", "desk", booking.ref, booked_for=at, **who)
    arrived_visit = factories.arrived(factories.patient(desk, family_name="Backwood"), author)
    yield submission_from_page(
        practice, "patients:visit-take-back", "desk", arrived_visit.ref, reason="Somebody else came"
    )
    today = f"{timezone.localdate():%m/%d/%Y}"
    factories.visit(walking_in, other, booked_for=timezone.now())
    days = {"away": str(other.pk), "to": str(author.pk), "first": today, "last": today, "confirm": "yes"}
    leaver = factories.user("leaver", Role.THERAPIST)
    factories.visit(walking_in, leaver, booked_for=timezone.now() + dt.timedelta(days=40))
    taken_over = {"who": str(leaver.pk), "to": str(author.pk), "hand_over": "1", "form_key": KEY}
    yield Submission("treatments:leaving", "lead", reverse("treatments:leaving"), taken_over)
    yield Submission("treatments:therapist-away", "desk", reverse("treatments:therapist-away"), days)


def _of_the_draft(practice, people) -> Iterator[Submission]:
    author = people["author"]
    ready = _condition_of_arrived_patient(people, "Openwood")
    opened = {"conditions": [str(ready.pk)], "access": "direct", "consent_confirmed": "on", "form_key": KEY}
    yield _post("session-open", ready.episode.patient.ref, opened)
    draft = world.treated(people, "Writewood")
    Muscle.objects.filter(code="rho").update(depth_limit_mm=19)
    [added] = site_entry.add(draft, by=author, key=uuid.uuid4(), **_site_that_needs_a_reason())
    saved = fields_actions.save_field(
        draft, by=author, field="note", value="Sore", stamp=Stamp(uuid.UUID(PAGE), 9)
    )
    # a second draft with a history, for swapped keys
    other_draft = world.treated(people, "Besidewood")
    fields_actions.save_field(
        other_draft, by=author, field="note", value="Well", stamp=Stamp(uuid.UUID(KEY), 1)
    )
    yield _post("session-field", draft.ref, {**STAMP, "field": "plan", "value": "Same in a week."})
    yield _post("aftercare-given", draft.ref, {})
    yield _post("session-coediting", draft.ref, {"client_id": PAGE, "after": "0"})
    measured = reverse("treatments:measurement-add", args=[draft.ref, "rom"])
    yield Submission("treatments:measurement-add", "author", measured, {**measuring.typed(), **STAMP})
    yield from _of_sites(draft, added.site)
    yield from _of_unsaved_input(draft, added.site)
    yield from _of_other_drafts(practice, people)
    yield _post("session-changes", draft.ref, {"change": str(saved.version), "form_key": KEY})


def _of_sites(draft: NeedlingSession, site: NeedleSite) -> Iterator[Submission]:
    yield _post("site-add", draft.ref, {**SITE, **STAMP, "key": KEY})
    yield _post("site-line", draft.ref, {"line-line": "ut r 3 t2 d15 0.30x40; sol l 2 t1", "line-key": KEY})
    answer = {"rule": "depth-over-limit", "key": str(site.key), "reason": "Thick chest wall, measured."}
    yield _post("rule-answer", draft.ref, answer)
    adductor = factories.site(draft, "ad", depth_mm=None)
    which = reverse("treatments:site-which", args=[draft.ref, adductor.key])
    yield Submission("treatments:site-which", "author", which, {"parts": ["Adductor longus"], **STAMP})
    needles = reverse("treatments:site-needles", args=[draft.ref, site.key])
    yield Submission("treatments:site-needles", "author", needles, {"way": "in", **STAMP})


def _of_unsaved_input(draft: NeedlingSession, site: NeedleSite) -> Iterator[Submission]:
    yield _post("session-unsaved", draft.ref, {**SITE, "key": KEY})
    held = {"page": "/followups/7K4M9QX2/", "form_key": KEY, "texts": '{"note": "Sore"}'}
    yield Submission("held-form", "author", reverse("held-form"), held)
    yield _post("session-put-away", draft.ref, {"part": "row"})
    edit = reverse("treatments:session-unsaved-edit", args=[draft.ref, site.key])
    yield Submission("treatments:session-unsaved-edit", "author", edit, {"depth_mm": "22"})
    begun = {"measurement-kind": "rom", "measurement-joint": "knee"}
    yield _post("session-unsaved-measurement", draft.ref, begun)


def _of_other_drafts(practice, people) -> Iterator[Submission]:
    copied = notes.copied(world.treated(people, "Copiedwood"))
    [event] = copied.events.all()
    confirmed = {"values": [event.pk]}
    yield submission_from_page(practice, "treatments:session-copied", "author", copied.ref, **confirmed)
    voided, why = world.treated(people, "Voidwood"), "Opened by mistake."
    yield submission_from_page(practice, "treatments:session-void", "author", voided.ref, reason=why)


def _post(name: str, ref: str, data: dict, *, role: str = "author") -> Submission:
    return Submission(f"treatments:{name}", role, reverse(f"treatments:{name}", args=[ref]), data)


def _site_that_needs_a_reason() -> dict:
    """A site deeper than the limit, for which a rule asks a reason."""
    return {"muscle": Muscle.objects.get(code="rho"), "side": "left", "technique": "in_out",
            "tissue": "muscle", "gauge_mm": Decimal("0.30"), "length_mm": 40, "depth_mm": 25, "needles": 1,
            "insertions": 2, "twitches": 1}  # fmt: skip


def _condition_of_arrived_patient(people: dict[str, User], name: str):
    """The condition of a patient for whom a session can be opened."""
    author = people["author"]
    patient = factories.patient(people["desk"], family_name=name)
    visit = factories.arrived(patient, author)
    factories.screening(patient, author)
    factories.screening(patient, author, kind="visit", visit=visit)
    factories.consent(patient, author)
    return factories.condition(factories.episode(patient, author), author)


def _session_ready_to_sign(people: dict[str, User], name: str, **fields) -> NeedlingSession:
    session = factories.session(factories.patient(people["desk"], family_name=name), people["author"])
    factories.session_condition(session)
    return notes.ready(session, **fields)


def _of_signing(practice, people) -> Iterator[Submission]:
    ready = _session_ready_to_sign(people, "Inkwood")
    signs = {"identity_checked": "on", "password": factories.PASSWORD}
    yield submission_from_page(practice, "treatments:session-sign", "author", ready.ref, "read", **signs)
    supervised = _session_ready_to_sign(people, "Twicewood", supervisor=people["other"])
    notes.signature.sign(supervised, by=people["author"], proved=True, identity_checked=True)
    proof = {"password": factories.PASSWORD}
    yield submission_from_page(
        practice, "treatments:session-cosign", "other", supervised.ref, "addenda_seen", **proof
    )
    standing_in = factories.user("standin", Role.THERAPIST, profession="pt")
    waiting = _session_ready_to_sign(people, "Standwood", supervisor=people["other"])
    notes.signature.sign(waiting, by=people["author"], proved=True, identity_checked=True)
    instead = {"to": str(standing_in.pk), "reason": "Leaves on Friday"}
    yield submission_from_page(practice, "treatments:session-supervisor", "lead", waiting.ref, **instead)
    called = factories.followup(supervised, step=48)
    world.report(called, people["author"])
    answers = {"now": "2", "none_of_these": "on"}
    yield submission_from_page(practice, "treatments:followup-correct", "author", called.ref, **answers)
    level = {"urgency": "3", "reason": "Far from any clinic."}
    yield submission_from_page(practice, "treatments:warning-level", "lead", "infection-any", **level)
    warned = factories.followup(supervised, step=96)
    soreness.file(warned, by=people["author"], signs={"breathless": "yes"})
    yield submission_from_page(practice, "treatments:followup-rest", "author", warned.ref, now="2")


def _of_events(practice, people) -> Iterator[Submission]:
    author = people["author"]
    draft = factories.session(factories.patient(people["desk"], family_name="Eventwood"), author)
    event = factories.adverse_event(draft, by=author)
    path = reverse("treatments:adverse-event-change", args=[draft.ref, event.pk])
    form = form_of(practice, "author", path, "action")
    yield Submission("treatments:adverse-event-change", "author", path, form.filled(action="Pressed."))
    faint = {"kind": "near-faint", "did_needles": "on", "at_needles": "2:01 PM", "note": "Pale, then well."}
    yield submission_from_page(practice, "treatments:session-faint", "author", draft.ref, **faint)
    entry = {
        "occurred_at": f"{timezone.localdate():%m/%d/%Y} 0:01", "location": str(factories.location().pk),
        "area": "Room 2", "device_type": "Dry needle", "device_brand": "Plain", "contaminated": "yes",
        "how": "Recapping",
    }  # fmt: skip
    yield submission_from_page(practice, "treatments:sharps-add", "author", "", **entry)
    filed, misplaced = world.injury_of(author), world.misplaced_injury(draft)
    again, injured = {**entry, "reason": "Brand read again"}, {**entry, "injured": str(author.pk)}
    soleus = box_value(next(row for row in muscle_rows() if row.code == "so"))
    yield submission_from_page(practice, "treatments:muscles", "lead", "", muscles=[soleus])
    yield submission_from_page(practice, "treatments:sharps-correct", "author", filed.pk, **again)
    yield submission_from_page(practice, "treatments:sharps-move", "lead", misplaced.pk, **injured)
    yield from _of_counsel(practice, people["lead"])
    User.objects.filter(pk=people["admin"].pk).update(email="admin@practice.example")
    yield submission_from_page(practice, "mail", "admin", "", "form_key")
    yield submission_from_page(practice, "set-up-hours", "admin", "", closed_days="12/24/2026")
    yield submission_from_page(practice, "set-up-needles", "admin", "", needle_stock="0.25x40")


def _of_counsel(practice, lead) -> Iterator[Submission]:
    said = {"counsel": "Sam Sample", "opinion": "Tolerated.", "reason": "Asked for", "document": "Letter 1"}
    CounselOpinion.objects.create(
        jurisdiction=Jurisdiction.objects.get(code="us-ny-pt"),
        given_on=timezone.localdate(),
        recorded_at=timezone.now(),
        recorded_by=lead,
        **said,
    )
    typed = {**said, "given_on": f"{timezone.localdate():%m/%d/%Y}"}
    yield submission_from_page(practice, "state-counsel", "lead", "us-or-pt", **typed)
    yield submission_from_page(practice, "state-counsel-withdraw", "lead", "us-ny-pt", reason="Taken back")


def _of_the_tablet(practice, people) -> Iterator[Submission]:
    patient = factories.patient(people["desk"], family_name="Tabletwood")
    waiting = factories.screening(patient, people["author"], reviewed_at=None, reviewed_by=None)
    path = reverse("patients:screening", args=[patient.ref, waiting.pk])
    form = form_of(practice, "author", path, "decision")
    yield Submission("patients:screening", "author", path, form.filled(decision="proceed"))
    _hand_over(practice, people, patient, "tablet", draft={})
    path = reverse("patients:handover-step", args=[1])
    answers = posted_answers.answers_without_concern()
    form = next(
        f for f in post_forms(world.client_of(practice, "tablet").get(path)) if f.fields.keys() & answers
    )
    answers = {name: value for name, value in answers.items() if name in form.fields}
    yield Submission("patients:handover-step", "tablet", path, answers)
    sign_in = {"login": "desk", "password": factories.PASSWORD}
    yield Submission("patients:handover-return", "tablet", reverse("patients:handover-return"), sign_in)


def _hand_over(practice, people, patient: Patient, device: str, *, draft: dict) -> None:
    """A client whose session is confined to a handover."""
    handover = Handover.objects.create(
        patient=patient, purpose="screening", kind="intake", started_by=people["desk"], draft=draft
    )
    client = practice.clients[device] = Client(raise_request_exception=False)
    session = client.session
    session["handover"] = handover.pk
    session.save()
    client.cookies["sessionid"] = session.session_key


def _of_restriction(practice, people) -> Submission:
    """Names a person, because the first or last choice may be the patient's own account."""
    patient = factories.patient(people["desk"], family_name="Keptwood")
    named = {"people": [people["author"].pk], "reason": "Works at our desk"}
    return submission_from_page(practice, "patients:restriction", "lead", patient.ref, **named)


def _of_two_records(practice, people) -> Iterator[Submission]:
    """Two who are kept apart, two who are merged, and two of whom the merge is taken back."""
    named = {"reason": "Asked the patient"}
    proven = {**named, "password": factories.PASSWORD}
    survivor, loser, *others = [
        factories.patient(people["desk"], family_name=f"Pairwood{number}", given_name="Plainly")
        for number in range(6)
    ]
    journal = merging.merge(
        survivor,
        loser,
        by=people["lead"],
        reason="x",
        choices=dict.fromkeys(merging_rules.differing(survivor, loser), merging_rules.SURVIVOR),
    )
    pairs = [[one.ref, other.ref] for one, other in (others[:2], others[2:])]
    for name, role, args, typed in (
        ("patients:duplicate-apart", "desk", pairs[0], named),
        ("treatments:merge", "lead", pairs[1], proven),
        ("treatments:merge-take-back", "lead", [survivor.ref, journal.pk], proven),
    ):
        path = reverse(name, args=args)
        form = form_of(practice, role, path, "reason")
        # the password is not asked for while the last proof is fresh
        asked = {field: text for field, text in typed.items() if field in form.fields}
        yield Submission(name, role, path, form.filled(**asked), typed_names(form))


def _of_accounts(practice, people) -> Iterator[Submission]:
    new = "a harbour full of thistles"
    own = {"oldpassword": factories.PASSWORD, "password1": new, "password2": new}
    yield Submission("account_change_password", "lead", reverse("account_change_password"), own)
    people["prover"] = factories.user("prover", Role.THERAPIST)
    second_factor.give_app(people["prover"])
    passkey = Authenticator.objects.create(user=people["prover"], type="webauthn", data={"name": "Key"})
    second_factor.prove_again(world.client_of(practice, "prover"))
    yield Submission("mfa_deactivate_totp", "prover", reverse("mfa_deactivate_totp"))
    yield Submission("mfa_remove_webauthn", "prover", reverse("mfa_remove_webauthn", args=[passkey.pk]))
