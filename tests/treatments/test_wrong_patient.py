"""A note of the wrong patient ends there and becomes a draft of the right one, to be confirmed."""

import datetime as dt
import json
import uuid

import pytest
from django.forms.models import model_to_dict
from django.urls import reverse
from django.utils import timezone

from clinic import formats
from clinic.models import AuditEvent
from clinic.values.errors import RuleViolation
from patients.models import Visit
from tests import factories
from tests.treatments import notes
from treatments.actions.session import copied as copied_actions
from treatments.actions.session import fields, undo
from treatments.actions.session.draft_events import Stamp
from treatments.actions.signing import signature, wrong_patient
from treatments.models import DraftEvent, ErrorMark, Measurement, NeedlingSession
from treatments.rules.session import copied
from treatments.rules.signing.wrong_patient import CALLS_END, Target
from treatments.selectors.session import draft as drafts

pytestmark = pytest.mark.django_db

TEXT = "Ada Examplewood asked for less."


@pytest.fixture
def bea(reception, therapist):
    """The right patient, with a visit of today and a condition."""
    patient = factories.patient(
        reception, family_name="Rightfield", given_name="Bea", born=dt.date(1971, 2, 3)
    )
    factories.condition(factories.episode(patient, therapist), therapist)
    return patient


@pytest.fixture
def visit(bea, therapist):
    return factories.arrived(bea, therapist)


@pytest.fixture
def note(draft, therapist):
    Measurement.objects.create(
        session=draft, kind="rom", joint="neck", motion="rotation", side="left", before=60, after=75,
        unit="degrees",
    )  # fmt: skip
    ready = notes.ready(draft, plan="Same in a week.", note=TEXT, position="prone")
    ready.sites.update(note=f"Asked {draft.patient.ref}")
    return signature.sign(ready, by=therapist, proved=True, identity_checked=True)


def url(session, name="session-wrong-patient") -> str:
    return reverse(f"treatments:{name}", args=[session.ref])


def correct(note, by, target, **changes):
    conditions = list(target.patient.episodes.get().conditions.all())
    values = {"reason": "Wrong line of the board.", "target": target, "conditions": conditions, **changes}
    return wrong_patient.correct(note, by=by, **values)


def read(draft) -> dict[str, str]:
    return {value.label: value.text for value in copied.unconfirmed(drafts.whole(draft.pk))}


def test_one_step_leads_from_the_note_to_a_draft_of_the_right_patient(signed_in, therapist, note, bea, visit):
    client = signed_in(therapist)
    assert url(note) in client.get(note.get_absolute_url()).content.decode()
    assert "Rightfield, Bea" in client.get(url(note)).content.decode()
    to = f"visit {visit.ref}"
    sent = {"reason": "Wrong line.", "to": to, "q": "", "form_key": uuid.uuid4().hex}
    chosen = client.post(url(note), {**sent, "step": "choose"})
    assert chosen.status_code == 200
    assert not ErrorMark.objects.exists()
    conditions = [row.pk for row in bea.episodes.get().conditions.all()]
    assert chosen.context["form"]["conditions"].initial == [str(pk) for pk in conditions]
    response = client.post(url(note), {**sent, "conditions": conditions, "step": "copy"})
    made = NeedlingSession.objects.get(patient=bea)
    assert response.url == url(made, "session-copied")
    assert (made.visit, made.therapist, made.state) == (visit, therapist, "draft")
    assert note.error_mark.reason == "Wrong line."
    # the same form once more: one mark, one draft
    assert client.post(url(note), {**sent, "conditions": conditions, "step": "copy"}).url == response.url
    assert NeedlingSession.objects.filter(patient=bea).count() == 1
    page = client.get(made.get_absolute_url()).content.decode()
    assert "copied, not confirmed" in page


def test_every_value_is_copied_and_waits_to_be_confirmed(note, bea, visit, therapist):
    made = correct(note, therapist, Target(bea, visit)).draft
    found = NeedlingSession.objects.get(pk=made.pk)
    for name in ("started_at", "ended_at", "position", "tolerance", "needles_out", "plan"):
        assert getattr(found, name) == getattr(note, name), name
    (site,), (before,) = found.sites.all(), note.sites.all()
    same = ("muscle", "region", "side", "insertions", "twitches", "gauge_mm", "length_mm", "depth_mm")
    assert model_to_dict(site, same) == model_to_dict(before, same)
    assert site.key != before.key
    assert (found.measurements.get().before, found.conditions.get().pain_before) == (60, 6)
    labels = set(read(made))
    assert {"Site 1", "Position", "Needles out", "Plan", "Advice"} <= labels
    assert any(name.startswith("Pain before, ") for name in labels)
    assert read(made)["Position"] == "Face down"


def test_consent_health_questions_and_reasons_are_not_copied(note, bea, visit, therapist):
    made = NeedlingSession.objects.get(pk=correct(note, therapist, Target(bea, visit)).draft.pk)
    assert (made.consent, made.screening, made.visit_screening) == (None, None, None)
    assert (made.consent_confirmed_at, made.identity_checked_at, made.billing_code) == (None, None, "")
    assert not made.overrides.exists()
    asked = {reason.code for reason in _sign_reasons(made)}
    assert {"consent-not-on-file", "health-not-on-file", "copied-unconfirmed"} <= asked


def test_the_right_patients_own_papers_count_where_they_stood_before_the_session(note, bea, visit, therapist):
    earlier = note.started_at - dt.timedelta(days=2)
    consent = factories.consent(bea, therapist, given_at=earlier)
    intake = factories.screening(bea, therapist, taken_at=earlier)
    factories.screening(bea, therapist, taken_at=timezone.now() + dt.timedelta(hours=1))
    made = NeedlingSession.objects.get(pk=correct(note, therapist, Target(bea, visit)).draft.pk)
    assert (made.consent, made.screening) == (consent, intake)
    assert "consent-not-on-file" not in {reason.code for reason in _sign_reasons(made)}


def test_a_consent_that_was_given_afterwards_does_not_count(note, bea, visit, therapist):
    factories.consent(bea, therapist, given_at=note.ended_at + dt.timedelta(minutes=1))
    made = NeedlingSession.objects.get(pk=correct(note, therapist, Target(bea, visit)).draft.pk)
    assert made.consent is None


def test_nothing_of_the_wrong_patient_stands_in_the_new_draft(note, ada, bea, visit, therapist, signed_in):
    before = AuditEvent.objects.order_by("-seq").first().seq
    result = correct(note, therapist, Target(bea, visit))
    made = NeedlingSession.objects.get(pk=result.draft.pk)
    assert result.left_out == ["note", "site 1, note"]
    assert (made.note, made.sites.get().note, made.plan) == ("", "", "Same in a week.")
    rows = [made, *made.sites.all(), *made.measurements.all(), *made.conditions.all(), *made.aftercare.all()]
    events = DraftEvent.objects.filter(session=made)
    told = AuditEvent.objects.filter(seq__gt=before, patient_ref=bea.ref)
    text = json.dumps(
        [
            *(model_to_dict(row) for row in rows),
            *events.values("old", "new", "adopted_from__ref", "part"),
            *told.values("object_ref", "changes", "reason"),
        ],
        default=str,
    )
    client = signed_in(therapist)
    pages = [made.get_absolute_url(), url(made, "session-copied"), url(made, "session-changes")]
    text += "".join(client.get(page).content.decode() for page in pages)
    for identity in ("Examplewood", "Ada ", ada.ref, note.ref, formats.day(ada.born)):
        assert identity not in text, identity


def test_it_is_signed_once_each_value_is_confirmed_and_then_the_calls_are_due(note, bea, visit, therapist):
    earlier = note.started_at - dt.timedelta(days=2)
    factories.consent(bea, therapist, given_at=earlier)
    factories.screening(bea, therapist, taken_at=earlier)
    made = correct(note, therapist, Target(bea, visit)).draft
    assert {row.outcome_reason for row in note.followups.all()} == {CALLS_END}
    values = copied.unconfirmed(drafts.whole(made.pk))
    first, *others = [value.version for value in values]
    copied_actions.confirm(made, by=therapist, versions=[first])
    with pytest.raises(RuleViolation) as refused:
        signature.sign(made, by=therapist, proved=True, identity_checked=True)
    assert refused.value.codes == {"copied-unconfirmed"}
    copied_actions.confirm(made, by=therapist, versions=others)
    signed = signature.sign(made, by=therapist, proved=True, identity_checked=True)
    assert signed.patient == bea
    calls = dict(signed.followups.values_list("step", "due_at"))
    assert calls == dict(note.followups.values_list("step", "due_at"))
    assert not signed.followups.filter(closed_at__isnull=False).exists()
    origins = DraftEvent.objects.filter(session=made).values_list("origin", flat=True)
    assert {"copied", "confirmed"} <= set(origins)


def test_a_value_that_is_corrected_needs_no_confirmation(note, bea, visit, therapist):
    made = correct(note, therapist, Target(bea, visit)).draft
    version = drafts.whole(made.pk).version_of("plan")
    fields.save_field(
        made, by=therapist, field="plan", value="Twice a week.", stamp=Stamp(base_version=version)
    )
    assert "Plan" not in read(made)
    undo.take_back(made, by=therapist, change=drafts.whole(made.pk).version_of("position"))
    assert "Position" not in read(made)


def test_the_page_confirms_what_is_ticked_and_nothing_else(signed_in, therapist, note, bea, visit):
    made = correct(note, therapist, Target(bea, visit)).draft
    client, address = signed_in(therapist), url(made, "session-copied")
    values = copied.unconfirmed(drafts.whole(made.pk))
    assert client.post(address, {"form_key": uuid.uuid4().hex}).status_code == 422
    sent = {"values": [values[0].version], "form_key": uuid.uuid4().hex}
    assert client.post(address, sent).url == address
    left = copied.unconfirmed(drafts.whole(made.pk))
    assert [value.version for value in left] == [value.version for value in values[1:]]
    gone = client.post(address, {**sent, "form_key": uuid.uuid4().hex})
    assert gone.status_code == 422


def test_a_patient_without_a_visit_of_that_day_gets_one(signed_in, therapist, note, bea):
    client = signed_in(therapist)
    found = client.post(url(note), {"q": "Rightfield", "reason": "Wrong line.", "step": "find"})
    to = f"patient {bea.ref}"
    assert to in found.context["form"].targets
    conditions = [row.pk for row in bea.episodes.get().conditions.all()]
    client.post(url(note), {"reason": "Wrong line.", "to": to, "conditions": conditions, "step": "copy"})
    visit = Visit.objects.get(patient=bea)
    assert (visit.arrived_at, visit.left_at) == (note.started_at, note.ended_at)
    assert NeedlingSession.objects.get(patient=bea).visit == visit
    assert AuditEvent.objects.filter(code="visit.recorded", patient_ref=bea.ref).count() == 1


def test_what_cannot_be_is_explained_and_nothing_is_marked(note, ada, bea, visit, therapist, other_therapist):
    factories.session(bea, therapist, visit=visit)
    cases = [
        (Target(ada), {}, "same-patient"),
        (Target(bea, visit), {}, "visit-has-session"),
        (Target(bea), {"conditions": []}, "conditions-missing"),
        (Target(bea), {"conditions": list(ada.episodes.get().conditions.all())}, "conditions-missing"),
        (Target(bea), {"reason": " "}, "reason-missing"),
    ]
    for target, changes, code in cases:
        with pytest.raises(RuleViolation) as refused:
            correct(note, therapist, target, **changes)
        assert code in refused.value.codes
    with pytest.raises(RuleViolation) as refused:
        correct(note, other_therapist, Target(bea))
    assert "not-the-author" in refused.value.codes
    assert not ErrorMark.objects.exists()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Examplewood was tired", True), ("examplewood", True), ("Saw Ada.", True), ("Canada", False),
        ("born 5/23/1984", True), ("", False), ("Same in a week.", False),
    ],
)  # fmt: skip
def test_a_text_that_names_the_other_patient_is_known(ada, text, named):
    ada.born = dt.date(1984, 5, 23)
    assert copied.mentions(text, copied.identifying(ada)) is named


def _sign_reasons(session):
    with pytest.raises(RuleViolation) as refused:
        signature.sign(session, by=session.therapist, proved=True, identity_checked=True)
    return refused.value.reasons
