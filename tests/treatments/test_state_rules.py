"""What a state's rules ask before a session: each column acts, and names its law."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import Jurisdiction, Practice, Role
from clinic.values.errors import STOP
from patients.models import PatientCondition, StateDuty, Visit
from patients.rules.validity import ValidityFacts, consent_reasons
from tests import factories
from treatments.models import NeedlingSession
from treatments.rules import delegation, qualification
from treatments.rules.board import counters
from treatments.rules.qualification import HeldCredential, Practitioner, QualificationFacts, Requirements
from treatments.rules.session import state_rules
from treatments.rules.session.state_rules import StateFacts

ON = dt.date(2026, 5, 14)
MARIA = Practitioner(
    3,
    "Maria Lund, PT",
    "pt",
    (
        HeldCredential("licence"),
        HeldCredential("course", hours=54),
        HeldCredential("exam"),
    ),
)


def codes(**facts):
    found = state_rules.reasons(StateFacts(name="X", **facts), ref="7KQ2M9C", on=ON, therapist=MARIA)
    return {reason.code for reason in found}


def message(**facts):
    found = state_rules.reasons(StateFacts(name="X", **facts), ref="7KQ2M9C", on=ON, therapist=MARIA)
    return " ".join(str(reason.message) for reason in found)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, set()),
        # 225 ILCS 90/1.5 (a): an examination and a diagnosis
        ({"diagnosis_required": True, "has_diagnosis": False}, {"diagnosis-missing"}),
        ({"diagnosis_required": True}, set()),
        ({"has_diagnosis": False}, set()),
        # Colorado Rule 11; N.J.S.A. 45:9-37.34k: the patient gets a copy
        ({"copy_to_patient": True, "consent": 4}, {"copy-missing"}),
        ({"copy_to_patient": True, "consent": 4, "has_copy": True}, set()),
        ({"copy_to_patient": True}, set()),
        ({"consent": 4}, set()),
        # Tennessee Rule 1150-01-.22: a document for who is new to dry needling
        ({"first_time_document": True}, {"document-missing"}),
        ({"first_time_document": True, "has_document": True}, set()),
        ({"first_time_document": True, "was_needled": True}, set()),
        ({"first_time_document": True, "training_statement": True}, {"document-missing"}),
        # N.J.S.A. 45:9-37.34k: the training of the therapist
        ({"training_statement": True}, {"training-untold"}),
        ({"training_statement": True, "was_needled": True}, {"training-untold"}),
        ({"training_statement": True, "knows_training": True}, set()),
        ({"training_statement": True, "has_document": True}, set()),
        # 225 ILCS 90 is repealed on January 1, 2031 (Public Act 104-0154)
        ({"valid_to": dt.date(2026, 5, 13)}, {"rules-ended"}),
        ({"valid_to": ON}, set()),
        ({"valid_from": dt.date(2026, 5, 15)}, {"rules-ahead"}),
        ({"valid_from": ON}, set()),
    ],
)
def test_what_a_state_asks_is_a_caution_until_it_is_done(facts, expected):
    assert codes(**facts) == expected


def test_the_training_that_the_document_names_is_that_on_record():
    """Tennessee Rule 1150-01-.22: the document says how the therapist is trained."""
    told = "Maria Lund, PT: Needling course with practice, 54 hours; Competency examination"

    assert told in message(first_time_document=True, training_statement=True)
    assert told in message(training_statement=True)
    assert "Maria" not in message(first_time_document=True)


@pytest.mark.parametrize(("in_writing", "is_said"), [(True, True), (False, False), (None, False)])
def test_a_missing_consent_says_where_the_law_wants_it_in_writing(in_writing, is_said):
    """18VAC112-20-121 (Virginia) and Colorado Rule 11: informed consent in writing."""
    facts = StateFacts(name="Virginia", written_consent=in_writing)
    stop = consent_reasons(ValidityFacts("7KQ2M9C", ON), on=ON)[0]

    said = state_rules.in_writing(stop, facts)

    assert (said.code, said.level) == ("consent-missing", STOP)
    assert ("Virginia asks for the consent in writing" in str(said.message)) is is_said


@pytest.mark.parametrize(
    ("profession", "allowed", "code"),
    [
        ("pt", False, None),
        ("pt", None, None),
        # K.A.R. 100-29-18 (Kansas), Fla. Admin. Code 64B17-6.008: not delegated
        ("pta", False, "not-a-pt"),
        ("pta", None, "not-a-pt"),
        ("other", True, "not-a-pt"),
        ("", True, "not-a-pt"),
        # as proposed for Maryland in 2025: an assistant under supervision
        ("pta", True, "assistant-alone"),
    ],
)
def test_who_needles_beside_a_physical_therapist(profession, allowed, code):
    found = delegation.reasons(profession, person="Pat", rules="Kansas", allowed=allowed)

    assert [reason.code for reason in found] == ([code] if code else [])


def test_a_state_that_forbids_delegation_is_named():
    found = delegation.reasons("pta", person="Pat", rules="Kansas", allowed=False)

    assert "Kansas keeps dry needling to physical therapists" in str(found[0].message)


def test_of_a_state_without_a_rule_on_delegation_nothing_is_said():
    found = delegation.reasons("pta", person="Pat", rules="Kansas", allowed=None)

    assert "Kansas" not in str(found[0].message)


def test_an_assistant_needles_with_a_named_supervisor_where_the_state_says_so():
    held = (HeldCredential("licence", issued_on=ON),)
    assistant, needs = Practitioner(5, "Pat", "pta", held), Requirements("x", "X", delegation_allowed=True)

    def found(supervisor=None):
        facts = QualificationFacts(assistant, needs, ON, supervisor)
        return {reason.code for reason in qualification.reasons(facts)}

    assert found() == {"supervisor-missing"}
    assert found(Practitioner(3, "Maria", "pt", held)) == set()
    assert found(Practitioner(6, "Sam", "pta", held)) == {"supervisor-not-qualified"}


@pytest.fixture
def ready(ada, therapist):
    """Ada is here for the first time, and nothing is missing."""
    return factories.ready_for_session(ada, therapist)


def page_of(patient):
    return reverse("treatments:session-open", args=[patient.ref])


def under(**rules):
    Jurisdiction.objects.filter(code="general").update(**rules)


def cautions(client, patient):
    return {reason.code for reason in client.get(page_of(patient)).context["cautions"]}


@pytest.mark.django_db
def test_what_is_noted_is_asked_no_more(ready, ada, therapist, signed_in):
    under(first_time_document=True, copy_to_patient=True, diagnosis_required=True)
    PatientCondition.objects.update(icd10="")
    client, consent = signed_in(therapist), ada.consents.get()
    assert cautions(client, ada) == {"document-missing", "copy-missing", "diagnosis-missing"}

    PatientCondition.objects.update(icd10="M54.2")
    consent.copies.create(how="printed", given_by=therapist)
    StateDuty.objects.create(patient=ada, kind="document", done_on=timezone.localdate(), noted_by=therapist)

    assert cautions(client, ada) == set()


@pytest.mark.django_db
def test_the_record_note_of_the_rules_stands_on_the_page_that_opens_a_session(
    ready, ada, therapist, signed_in
):
    """K.A.R. 100-29-19 and -20: consent and the record of each session have regulations of their own."""
    note = Jurisdiction.objects.get(code="us-ks-pt").record_note
    under(record_note=note)

    assert "100-29-20" in signed_in(therapist).get(page_of(ada)).text


@pytest.fixture
def second_visit(ready, ada, therapist):
    """Ada comes again on the next business day but five; nobody told her doctor."""
    Practice.objects.update(jurisdiction=Jurisdiction.objects.get(code="general"))
    under(direct_access_notice_days=5, no_improvement_visits=2, no_improvement_days=15, business_days=True)
    past = timezone.now() - dt.timedelta(days=20)
    ada.episodes.update(opened_on=timezone.localdate(past))
    return factories.visit(
        ada,
        therapist,
        booked_for=past,
        arrived_at=past,
        arrived_by=therapist,
        left_at=past,
        left_by=therapist,
    )


@pytest.mark.django_db
def test_direct_access_is_asked_about_when_a_session_is_opened(second_visit, ada, therapist, signed_in):
    client = signed_in(therapist)
    assert cautions(client, ada) == {"direct-access-notice", "no-improvement"}

    StateDuty.objects.create(patient=ada, kind="notice", done_on=timezone.localdate(), noted_by=therapist)
    StateDuty.objects.create(patient=ada, kind="referred", done_on=timezone.localdate(), noted_by=therapist)

    assert cautions(client, ada) == set()
    assert not NeedlingSession.objects.exists()


@pytest.mark.django_db
def test_the_counters_stand_on_the_record_and_on_the_board(
    second_visit, ada, therapist, reception, signed_in
):
    desk, own = signed_in(reception), signed_in(therapist)

    record = own.get(reverse("treatments:record", args=[ada.ref]))
    board = desk.get("/", {"show": "duty"})

    assert {duty.code for duty in record.context["duties"]} == {"direct-access-notice", "no-improvement"}
    assert "Direct access" in record.text
    assert [row["line"].visit.patient for row in board.context["rows"]] == [ada]
    assert [(job.label, job.count) for job in board.context["jobs"] if job.name == "duty"] == [
        ("Direct access", 1)
    ]
    assert "Notice was due" in board.text
    assert "Notice was due" in own.get("/").text


@pytest.mark.django_db
def test_a_practice_without_such_rules_has_no_counter_of_them(ready, ada, therapist, reception, signed_in):
    record = signed_in(therapist).get(reverse("treatments:record", args=[ada.ref]))
    board = signed_in(reception).get("/")

    assert record.context["duties"] == []
    assert "duty" not in {job.name for job in board.context["jobs"]}
    assert any(job.name == "duty" and job.seldom for job in counters.JOBS)


@pytest.mark.django_db
def test_an_assistant_in_a_state_that_forbids_it_is_told_by_its_name(ready, ada, therapist, signed_in):
    under(delegation_allowed=False)
    therapist.profession = "pta"
    therapist.save(update_fields=["profession"])

    stops = signed_in(therapist).get(page_of(ada)).context["stops"]

    assert [stop.code for stop in stops] == ["not-a-pt"]
    assert stops[0].message.startswith("General keeps")
    assert therapist.role_grants.filter(role=Role.THERAPIST).exists()
    assert Visit.objects.present().count() == 1
