"""Consent: signed on the tablet, on paper, refused, added to, copied and withdrawn."""

import datetime as dt

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic import audit
from clinic.models import AuditEvent, Jurisdiction, Practice
from clinic.values import errors
from patients.actions import consents
from patients.models import Consent, ConsentText, Handover
from patients.rules import ages, validity
from patients.rules import consents as consents_rules
from patients.selectors import validity as validity_selectors
from tests import factories
from tests.patients.posted_answers import REGIONS, consent_answers, consent_text
from tests.statements import BUDGET, as_lines, data_statements

HERE = reverse("patients:handover")
READ, SIGN, DECLINE = (reverse("patients:handover-step", args=[number]) for number in (1, 2, 3))
STROKES = "10,20 30,40 50,60;70,80 90,100"
SIGNED = {"signer": "patient", "signer_name": "Ada Examplewood"}
GUARDIAN = {"signer": "guardian", "signer_name": "Eve Examplewood", "relationship": "mother"}
GUARDIAN |= {"signer_note": "His mother, known here"}


@pytest.fixture
def hand_over(reception, therapist, signed_in):
    """hand_over(patient) -> the tablet on which that patient reads the consent."""

    def start(patient, query: str = "") -> Client:
        client = signed_in(reception)
        page = reverse("patients:consent-start", args=[patient.ref])
        client.post(f"{page}{query}", {"therapist": therapist.pk})
        return client

    return start


@pytest.fixture
def tablet(ada, hand_over) -> Client:
    return hand_over(ada)


@pytest.fixture
def tim(reception):
    """Twelve years old."""
    born = timezone.localdate() - dt.timedelta(days=12 * 366)
    return factories.patient(reception, family_name="Samplekin", given_name="Tim", born=born)


def give_consent(patient, by, **fields) -> Consent:
    """A consent that is given through the action."""
    values = {
        "text": consent_text(),
        "statements": consent_text().statements,
        "regions": REGIONS,
        "therapist": by,
    }
    signature = {**SIGNED, "method": "typed", "signature": SIGNED["signer_name"]}
    return consents.give(patient, by=by, **{**values, **signature, **fields})


def on_paper(by, **fields) -> dict:
    """A posted paper consent."""
    paper = {"paper_on": "1/2/2026", "paper_place": "Folder 3", "regions": REGIONS}
    return {**SIGNED, **paper, "therapist": by.pk, **fields}


def state(patient) -> validity.ValidityState:
    today = timezone.localdate()
    return validity.consent_state(
        validity_selectors.validity_facts([patient], on=today)[patient.pk], on=today
    )


def at(name: str, consent: Consent) -> str:
    return reverse(f"patients:{name}", args=[consent.patient.ref, consent.pk])


def test_the_patient_reads_and_signs(tablet, ada, reception, therapist):
    tablet.post(READ, consent_answers())
    first, second = tablet.post(SIGN, SIGNED), tablet.post(SIGN, SIGNED)

    consent = Consent.objects.get()
    assert (first.url, second.status_code) == (HERE, 200)
    assert (consent.witness, consent.therapist, consent.given_by) == (reception, therapist, reception)
    assert (consent.method, consent.signature) == ("typed", "Ada Examplewood")
    assert (consent.statements, consent.text_digest) == (consent_text().statements, consent_text().digest)
    assert consent.regions == REGIONS
    assert consent.expires_on == ages.months_later(timezone.localdate(), 12)
    assert state(ada).code == "consent-given"
    assert AuditEvent.objects.filter(code="consent.given", patient_ref=ada.ref).count() == 1


def test_a_drawn_signature_is_kept_as_lines(tablet):
    tablet.post(READ, consent_answers())
    tablet.post(SIGN, {**SIGNED, "drawn": STROKES})

    consent = Consent.objects.get()
    assert (consent.method, consent.signature) == ("drawn", "M10 20L30 40L50 60M70 80L90 100")


def test_drawing_alone_is_signing(tablet):
    tablet.post(READ, consent_answers())
    tablet.post(SIGN, {"signer": "patient", "drawn": STROKES})

    consent = Consent.objects.get()
    assert (consent.method, consent.signer_name) == ("drawn", "Ada Examplewood")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"signer_name": ""}, "Type your full name, or draw it below."),
        ({"signer_name": "", "signer": "representative", "drawn": STROKES}, "name of the person who signs"),
        ({"signer": ""}, "Choose who signs."),
        ({"signer": "guardian", "relationship": "mother"}, "Choose who signs."),
        ({"signer": "representative"}, "related to the patient"),
        ({"drawn": '"/><script>'}, "Draw your signature again"),
        ({"signer_name": "A\0da"}, "cannot be stored"),
        ({"signer_name": "x" * 201}, "200 fit"),
    ],
)
def test_a_signature_that_is_none_is_refused_and_stays(tablet, typed, sentence):
    tablet.post(READ, consent_answers())

    answer = tablet.post(SIGN, {**SIGNED, **typed})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Consent.objects.exists()


def test_every_statement_is_ticked_one_by_one(tablet):
    page = tablet.get(READ).content.decode()
    answer = tablet.post(READ, {**consent_answers(), "statements": ["0", "1"]})

    assert " checked" not in page
    assert answer.status_code == 422
    assert consents_rules.TICK_ALL in answer.content.decode()
    assert answer.content.decode().count(" checked") == 2 + len(REGIONS)
    assert tablet.get(SIGN).url == READ


def test_saying_no_is_a_normal_answer(tablet, ada):
    tablet.post(DECLINE, {"reason": "Not today"})
    tablet.post(DECLINE, {"reason": "Not today"})

    consent = Consent.objects.get()
    assert (consent.given_at, consent.refused_reason) == (None, "Not today")
    assert state(ada).code == "consent-refused"
    assert "Thank you" in tablet.get(HERE).content.decode()


def test_a_guardian_signs_for_a_child_who_agrees_too(tim, hand_over):
    tablet = hand_over(tim)
    wanted = consents_rules.statements_for(consent_text().statements, minor=True)
    tablet.post(READ, consent_answers(wanted))

    refused = tablet.post(SIGN, {**SIGNED, "signer": "patient"})
    tablet.post(SIGN, GUARDIAN)

    consent = Consent.objects.get()
    assert refused.status_code == 422
    assert (consent.signer, consent.relationship) == ("guardian", "mother")
    assert consents_rules.ASSENT in consent.statements


def test_a_forgotten_consent_is_not_given(tablet):
    tablet.post(READ, consent_answers())
    Handover.objects.update(started_at=timezone.now() - dt.timedelta(hours=3))

    assert "This form has closed" in tablet.post(SIGN, SIGNED).content.decode()
    assert not Consent.objects.exists()


def test_not_acupuncture_is_said_where_the_state_wants_it(ada, reception, signed_in):
    wanting = Jurisdiction.objects.filter(not_acupuncture_statement=True).first()
    Practice.objects.update(jurisdiction=wanting)

    page = signed_in(reception).get(reverse("patients:consent-start", args=[ada.ref]))

    assert page.context["text"].not_acupuncture
    assert "Dry needling is not acupuncture" in page.content.decode()


def test_without_a_text_the_page_says_whom_to_ask(ada, reception, therapist, signed_in):
    ConsentText.objects.update(retired_at=timezone.now())
    client = signed_in(reception)
    page = reverse("patients:consent-start", args=[ada.ref])

    assert "No consent text is active" in client.get(page).content.decode()
    client.post(page, {"therapist": therapist.pk})
    assert not Handover.objects.exists()


def test_added_regions_join_the_consent_that_stands(ada, therapist, hand_over):
    first = give_consent(ada, therapist, regions=["back"])
    tablet = hand_over(ada, "?add")
    tablet.post(READ, {**consent_answers(), "regions": ["thigh"]})
    tablet.post(SIGN, SIGNED)

    added = Consent.objects.exclude(pk=first.pk).get()
    facts = validity_selectors.validity_facts([ada], on=timezone.localdate())[ada.pk]
    assert (added.kind, added.parent, added.expires_on) == ("top_up", first, first.expires_on)
    assert facts.consent.regions == {"back", "thigh"}


def test_refusing_more_regions_leaves_what_stands(ada, therapist, hand_over):
    give_consent(ada, therapist)
    hand_over(ada, "?add").post(DECLINE, {"reason": ""})

    assert state(ada).code == "consent-given"


def test_paper_lasts_from_the_date_on_it(ada, reception, therapist, signed_in):
    page = reverse("patients:consent-paper", args=[ada.ref])
    day = timezone.localdate() - dt.timedelta(days=30)
    typed = on_paper(therapist, paper_on=f"{day.month}/{day.day}/{day.year}", form_key="0" * 32)
    client = signed_in(reception)

    first, second = client.post(page, typed), client.post(page, typed)

    consent = Consent.objects.get()
    assert first.url == second.url == at("consent", consent)
    assert (consent.method, consent.paper_on, consent.paper_place) == ("paper", day, "Folder 3")
    assert consent.expires_on == ages.months_later(day, 12)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"paper_on": ""}, "Enter the date on the paper."),
        ({"paper_on": "1/1/2999"}, "This date is in the future."),
        ({"regions": []}, "Choose at least one part of the body."),
        ({"signer": "guardian", "relationship": "mother"}, "The patient or a legal representative signs."),
        ({"paper_place": "x" * 121}, "120 fit"),
        ({"therapist": "0"}, "Choose a therapist from the list."),
    ],
)
def test_bad_paper_is_refused_with_a_sentence(ada, reception, therapist, signed_in, typed, sentence):
    page = reverse("patients:consent-paper", args=[ada.ref])

    answer = signed_in(reception).post(page, on_paper(therapist, **typed))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "Ada Examplewood" in answer.content.decode()
    assert not Consent.objects.exists()


def test_staff_note_a_spoken_refusal(ada, reception, signed_in):
    page = reverse("patients:consent-refuse", args=[ada.ref])

    signed_in(reception).post(page, {"signer": "patient", "reason": "Afraid"})

    assert state(ada).label == "Refused"
    assert AuditEvent.objects.filter(code="consent.refused").exists()


def test_withdrawing_needs_a_reason_and_happens_once(ada, therapist, signed_in):
    consent = give_consent(ada, therapist)
    client = signed_in(therapist)

    refused = client.post(at("consent-withdraw", consent), {"reason": " "})
    client.post(at("consent-withdraw", consent), {"reason": "Changed her mind"})
    again = client.post(at("consent-withdraw", consent), {"reason": "Once more"})

    consent.refresh_from_db()
    assert (refused.status_code, again.status_code) == (422, 422)
    assert consent.withdrawal.reason == "Changed her mind"
    assert state(ada).code == "consent-withdrawn"


def test_a_refusal_cannot_be_withdrawn(ada, therapist):
    consent = consents.refuse(ada, by=therapist)

    with pytest.raises(errors.RuleViolation) as refused:
        consents.withdraw(consent, by=therapist, reason="x")
    assert refused.value.codes == {"not-given"}


def test_a_consent_never_changes(ada, therapist):
    consent = give_consent(ada, therapist)
    consent.regions = ["abdomen"]

    with pytest.raises(errors.RecordLocked):
        consent.save()


def test_the_action_asks_the_rules_again(ada, tim, therapist):
    with pytest.raises(errors.RuleViolation) as alone:
        give_consent(tim, therapist)
    with pytest.raises(errors.RuleViolation) as scribbled:
        give_consent(ada, therapist, method="drawn", signature='M1 1L2 2"/><script>')

    assert alone.value.codes == {"statement-missing", "wrong-signer"}
    assert scribbled.value.codes == {"no-signature"}


def test_the_sheet_says_who_what_and_which_text(ada, therapist, signed_in):
    consent = give_consent(ada, therapist, method="drawn", signature="M10 20L30 40")

    body = signed_in(therapist).get(at("consent-print", consent)).content.decode()

    identity = ("Examplewood, Ada", "born Jul 9, 1985", ada.ref)
    for text_shown in (*identity, consent.text.digest, 'd="M10 20L30 40"', "Back · Thigh"):
        assert text_shown in body
    assert AuditEvent.objects.filter(code="consent.opened", reason="print").exists()


def test_copies_are_noted(ada, reception, therapist, signed_in):
    consent = give_consent(ada, therapist)
    client = signed_in(reception)

    nothing = client.post(at("consent", consent), {})
    client.post(at("consent", consent), {"how": "printed"})

    assert nothing.status_code == 422
    assert consent.copies.get().given_by == reception
    assert "Printed" in client.get(at("consent", consent)).content.decode()
    assert AuditEvent.objects.filter(code="consent.copied").count() == 1


def test_who_may_not_is_refused(ada, therapist, lead, admin, signed_in):
    consent = give_consent(ada, therapist)
    start = reverse("patients:consent-start", args=[ada.ref])

    assert signed_in(lead).get(at("consent", consent)).status_code == 200
    assert signed_in(lead).get(start).status_code == 403
    assert signed_in(lead).get(at("consent-withdraw", consent)).status_code == 403
    assert signed_in(admin).get(at("consent", consent)).status_code == 403


def test_pages_stay_within_their_budget(ada, therapist, signed_in):
    for _ in range(5):
        consent = give_consent(ada, therapist)
        consents.give_copy(consent, by=therapist, how="printed")
        consents.give_copy(consent, by=therapist, how="emailed")
    client = signed_in(therapist)
    # Django checks JSON support of SQLite once per process, with the first query
    client.get(ada.get_absolute_url())

    for address in (
        reverse("patients:consent-start", args=[ada.ref]),
        reverse("patients:consent-paper", args=[ada.ref]),
        reverse("patients:consent-refuse", args=[ada.ref]),
        *(at(name, consent) for name in ("consent", "consent-print", "consent-withdraw")),
    ):
        with data_statements() as asked:
            assert client.get(address).status_code == 200
        assert len(asked) <= BUDGET, as_lines(asked)


def test_who_refuses_for_somebody_else_is_named(tim, reception, signed_in):
    page = reverse("patients:consent-refuse", args=[tim.ref])

    refused = signed_in(reception).post(page, {"signer": "guardian", "reason": "Not for children"})

    assert refused.status_code == 422
    assert "Type the name of the person who refused." in refused.context["form"].errors["signer_name"]
    assert "Not for children" in refused.content.decode()
    assert not Consent.objects.exists()


@pytest.mark.parametrize("act", ["refused", "withdrawn"])
@pytest.mark.parametrize(("days_before", "is_taken"), [(1, False), (0, True)])
def test_a_paper_of_before_a_refusal_or_withdrawal_does_not_undo_it(
    ada, reception, therapist, signed_in, act, days_before, is_taken
):
    if act == "refused":
        consents.refuse(ada, by=therapist)
    else:
        consents.withdraw(factories.consent(ada, therapist), by=therapist)
    day = timezone.localdate() - dt.timedelta(days=days_before)
    page = reverse("patients:consent-paper", args=[ada.ref])

    answer = signed_in(reception).post(
        page, on_paper(therapist, paper_on=f"{day.month}/{day.day}/{day.year}", form_key="0" * 32)
    )

    assert Consent.objects.filter(method="paper").exists() is is_taken
    if not is_taken:
        assert answer.status_code == 422
        assert "refused or withdrew consent" in answer.context["form"].errors["paper_on"][0]


def test_paper_from_before_the_birth_is_refused(tim, reception, therapist, signed_in):
    page = reverse("patients:consent-paper", args=[tim.ref])

    refused = signed_in(reception).post(page, on_paper(therapist, **GUARDIAN, paper_on="1/2/1990"))

    assert refused.status_code == 422
    assert "before the patient was born" in refused.context["form"].errors["paper_on"][0]


def test_nothing_is_printed_that_the_audit_cannot_hold(ada, therapist, monkeypatch):
    consent = factories.consent(ada, therapist)

    def full(*args, **kwargs):
        raise DatabaseError("disk full")

    monkeypatch.setattr(audit, "record", full)

    with pytest.raises(DatabaseError):
        consents.note_print(consent, by=therapist)
