"""Validity of screening and consent: what the desk sees, and what stops a session from opening."""

import datetime as dt

import pytest
from django.utils import timezone

from patients.models import Consent, ConsentWithdrawal
from patients.rules import ages, validity
from patients.rules.validity import ConsentFacts, ScreeningFacts, ValidityFacts
from patients.selectors import validity as validity_selectors
from tests import factories

TODAY = dt.date(2026, 5, 14)
REF = "2345678"
BORN = dt.date(1985, 7, 9)


def day(month: int, number: int, year: int = 2026) -> dt.date:
    return dt.date(year, month, number)


def intake(**fields) -> ValidityFacts:
    return ValidityFacts(REF, BORN, intake=ScreeningFacts(**{"pk": 1, "computed_level": "clear", **fields}))


def visit(*screens: ScreeningFacts) -> ValidityFacts:
    return ValidityFacts(REF, BORN, visit_screens=screens)


def consent(**fields) -> ValidityFacts:
    born = fields.pop("born", BORN)
    return ValidityFacts(REF, born, consent=ConsentFacts(**{"pk": 1, **fields}))


CLEAR = {"decided_level": "clear", "expires_on": day(11, 3)}


@pytest.mark.parametrize(
    ("facts", "kind", "word", "reasons"),
    [
        (ValidityFacts(REF, BORN), "neutral", "Not asked", {"screening-missing"}),
        (intake(), "caution", "Needs review", {"screening-unreviewed"}),
        (intake(computed_level="caution"), "caution", "Needs review", {"screening-unreviewed"}),
        (intake(computed_level="stop"), "stop", "Stop", {"screening-stop"}),
        (intake(**CLEAR), "ok", "Clear", set()),
        (intake(computed_level="stop", decided_level="caution"), "caution", "Caution", set()),
        (intake(computed_level="caution", decided_level="stop"), "stop", "Stop", {"screening-stop"}),
        (intake(decided_level="clear", expires_on=TODAY), "ok", "Clear", set()),
        (
            intake(decided_level="clear", expires_on=day(5, 3)),
            "caution",
            "Expired May 3",
            {"screening-ended"},
        ),
        (intake(decided_level="stop", expires_on=day(5, 3)), "caution", "Expired May 3", {"screening-ended"}),
    ],
)
def test_intake_screening_has_one_word(facts, kind, word, reasons):
    state = validity.screening_state(facts, on=TODAY)

    assert (state.kind, state.label) == (kind, word)
    assert {reason.code for reason in validity.screening_reasons(facts, on=TODAY)} == reasons


@pytest.mark.parametrize(
    ("facts", "visit_id", "code", "stops"),
    [
        (visit(), 1, "visit-screen-missing", True),
        (visit(ScreeningFacts(1, "clear", visit_id=1)), 1, "visit-screen-clear", False),
        (visit(ScreeningFacts(1, "clear", visit_id=2)), 1, "visit-screen-missing", True),
        (visit(ScreeningFacts(1, "clear")), 1, "visit-screen-clear", False),
        (visit(ScreeningFacts(1, "clear", visit_id=2)), None, "visit-screen-clear", False),
        (visit(ScreeningFacts(1, "caution", visit_id=1)), 1, "visit-screen-unreviewed", True),
        (visit(ScreeningFacts(1, "caution", "caution", visit_id=1)), 1, "visit-screen-caution", False),
        (visit(ScreeningFacts(1, "stop", visit_id=1)), 1, "visit-screen-stop", True),
        (visit(ScreeningFacts(1, "stop", "caution", visit_id=1)), 1, "visit-screen-caution", False),
        (visit(ScreeningFacts(2, "clear"), ScreeningFacts(1, "stop")), 1, "visit-screen-clear", False),
    ],
)
def test_visit_screen_belongs_to_its_visit(facts, visit_id, code, stops):
    assert validity.visit_state(facts, visit_id=visit_id).code == code
    assert bool(validity.visit_reasons(facts, visit_id=visit_id)) is stops


@pytest.mark.parametrize(
    ("decided", "said", "page"),
    [("", "has not reviewed", "screenings/1/"), ("stop", "the review kept it", "screenings/{}/")],
)
def test_a_stop_is_reviewed_once_and_after_that_asked_again(decided, said, page):
    """Nobody is told that a stop waits for a review which a therapist has made."""
    of_intake = validity.screening_reasons(intake(computed_level="stop", decided_level=decided), on=TODAY)
    of_visit = validity.visit_reasons(visit(ScreeningFacts(1, "stop", decided)))

    for [reason], kind in ((of_intake, "intake"), (of_visit, "visit")):
        assert said in reason.message
        assert reason.url.endswith(page.format(kind))


@pytest.mark.parametrize(
    ("facts", "kind", "word", "reasons"),
    [
        (ValidityFacts(REF, BORN), "stop", "Missing", {"consent-missing"}),
        (consent(refused=True), "stop", "Refused", {"consent-refused"}),
        (consent(withdrawn=True, expires_on=day(11, 3)), "stop", "Withdrawn", {"consent-withdrawn"}),
        (consent(expires_on=day(11, 3)), "ok", "To Nov 3", set()),
        (consent(expires_on=day(4, 28, 2027)), "ok", "To Apr 28, 2027", set()),
        (consent(expires_on=day(5, 21)), "ok", "To May 21", set()),
        (consent(expires_on=day(5, 20)), "caution", "Expires Wednesday", set()),
        (consent(expires_on=TODAY), "caution", "Expires today", set()),
        (consent(expires_on=day(5, 13)), "stop", "Expired May 13", {"consent-ended"}),
        (consent(expires_on=None), "ok", "Given", set()),
        (consent(signer="guardian", born=day(5, 15, 2008)), "ok", "Given", set()),
        (consent(signer="guardian", born=day(5, 14, 2008)), "ok", "Given", {"consent-by-former-guardian"}),
    ],
)
def test_consent_has_one_word(facts, kind, word, reasons):
    state = validity.consent_state(facts, on=TODAY)

    assert (state.kind, state.label) == (kind, word)
    assert {reason.code for reason in validity.consent_reasons(facts, on=TODAY)} == reasons


def test_a_consent_that_ends_today_is_said_in_the_language_of_the_page(monkeypatch):
    monkeypatch.setattr(validity, "_", {"Expires today": "Endet heute"}.__getitem__)

    assert validity.consent_state(consent(expires_on=TODAY), on=TODAY).label == "Endet heute"


def test_every_reason_names_its_way_out():
    facts = ValidityFacts(REF, BORN)
    reasons = [
        *validity.screening_reasons(facts, on=TODAY),
        *validity.visit_reasons(facts),
        *validity.consent_reasons(facts, on=TODAY),
    ]

    assert len(reasons) == 3
    assert all(reason.url.startswith(f"/patients/{REF}/") and reason.way_out for reason in reasons)


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (dt.date(2008, 2, 29), dt.date(2026, 2, 28), 17),
        (dt.date(2008, 2, 29), dt.date(2026, 3, 1), 18),
        (dt.date(2008, 5, 14), TODAY, 18),
    ],
)
def test_age_counts_whole_years(born, on, age):
    assert ages.age_on(born, on) == age


def test_facts_cost_one_query_for_everybody(ada, therapist, django_assert_num_queries):
    others = [factories.patient(therapist) for _ in range(5)]
    for patient in [ada, *others]:
        factories.screening(patient, therapist, taken_at=timezone.now() - dt.timedelta(days=400))
        factories.screening(patient, therapist)
        factories.screening(patient, therapist, kind="visit")
        factories.consent(patient, therapist)

    # the first statement of a process with JSON asks SQLite whether it knows JSON
    validity_selectors.validity_facts([ada], on=timezone.localdate())
    with django_assert_num_queries(1):
        facts = validity_selectors.validity_facts([ada, *others], on=timezone.localdate())

    assert len(facts) == 6
    assert validity.visit_state(facts[ada.pk]).code == "visit-screen-clear"


def test_the_newest_questionnaire_counts(ada, therapist):
    factories.screening(ada, therapist)
    factories.screening(ada, therapist, decided_level="", reviewed_at=None, reviewed_by=None, expires_on=None)

    facts = validity_selectors.validity_facts([ada], on=timezone.localdate())[ada.pk]

    assert validity.screening_state(facts, on=timezone.localdate()).code == "screening-unreviewed"


def test_yesterdays_visit_screen_is_over(ada, therapist):
    factories.screening(ada, therapist, kind="visit", taken_at=timezone.now() - dt.timedelta(days=1))

    facts = validity_selectors.validity_facts([ada], on=timezone.localdate())[ada.pk]

    assert validity.visit_state(facts).code == "visit-screen-missing"


def test_added_regions_join_the_consent_until_withdrawn(ada, therapist):
    first = factories.consent(ada, therapist, regions=["back"])
    added = factories.consent(ada, therapist, kind=Consent.Kind.TOP_UP, parent=first, regions=["thigh"])
    taken_back = factories.consent(ada, therapist, kind=Consent.Kind.TOP_UP, parent=first, regions=["hip"])
    ConsentWithdrawal.objects.create(consent=taken_back, withdrawn_by=therapist)

    facts = validity_selectors.validity_facts([ada], on=timezone.localdate())[ada.pk]

    assert facts.consent.pk == first.pk != added.pk
    assert facts.consent.regions == {"back", "thigh"}


def test_a_withdrawn_consent_is_not_replaced_by_an_older_one(ada, therapist):
    factories.consent(ada, therapist)
    newest = factories.consent(ada, therapist)
    ConsentWithdrawal.objects.create(consent=newest, withdrawn_by=therapist)

    facts = validity_selectors.validity_facts([ada], on=timezone.localdate())[ada.pk]

    assert validity.consent_state(facts, on=timezone.localdate()).code == "consent-withdrawn"
