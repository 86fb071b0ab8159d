"""A practice in two states: each session stands under the rules of the place where it takes place."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.actions import state_rules
from clinic.models import Jurisdiction, Location, Practice, Room, User
from patients.models import Consent, ConsentText
from patients.selectors import validity
from tests import factories
from treatments.models import NeedlingSession
from treatments.rules.board import locations
from treatments.selectors.session import draft as drafts

pytestmark = pytest.mark.django_db
ONLY_IN_KANSAS = "I know what Kansas wants me to know."


@pytest.fixture
def kansas_city(therapist):
    """A second place, in Kansas, which wants an examination; the practice has no state's rules."""
    kansas = Jurisdiction.objects.get(code="us-ks-pt")
    place = Location.objects.create(code="kc", name="Kansas City", state="KS", jurisdiction=kansas)
    Room.objects.create(location=place, name="K1")
    return place


@pytest.fixture
def ready(ada, therapist, kansas_city):
    """Ada may be treated, and is not here yet."""
    factories.screening(ada, therapist)
    factories.consent(ada, therapist)
    return factories.condition(factories.episode(ada, therapist), therapist)


def arrive(patient, therapist, place):
    visit = factories.arrived(patient, therapist, location=place)
    factories.screening(patient, therapist, kind="visit", visit=visit)
    return visit


def page_of(patient):
    return reverse("treatments:session-open", args=[patient.ref])


def answers(condition):
    return {"conditions": [condition.pk], "access": "direct", "consent_confirmed": "on"}


def test_a_session_stands_under_the_rules_of_its_place(ready, ada, therapist, kansas_city, signed_in):
    factories.credential(therapist, "exam")
    arrive(ada, therapist, kansas_city)

    page = signed_in(therapist).get(page_of(ada))
    signed_in(therapist).post(page_of(ada), answers(ready))

    session = NeedlingSession.objects.get()
    assert (session.location, session.jurisdiction.code) == (kansas_city, "us-ks-pt")
    assert "At Kansas City, under the state rules Kansas, physical therapist." in " ".join(page.text.split())


def test_training_is_checked_against_the_rules_of_the_place(ready, ada, therapist, kansas_city, signed_in):
    """K.A.R. 100-29-18: a written and a practical examination; nothing of the kind at the other place."""
    visit, client = arrive(ada, therapist, kansas_city), signed_in(therapist)

    assert {r.code for r in client.get(page_of(ada)).context["stops"]} == {"exam-missing"}

    visit.location = factories.location()
    visit.save(update_fields=["location"])
    client.post(page_of(ada), answers(ready))
    assert NeedlingSession.objects.get().jurisdiction.code == "general"


def test_a_license_of_one_state_is_none_in_the_other(ready, ada, therapist, kansas_city, signed_in):
    factories.credential(therapist, "exam")
    therapist.credentials.filter(kind="licence").update(
        jurisdiction=Jurisdiction.objects.get(code="us-il-pt")
    )
    arrive(ada, therapist, kansas_city)

    stops = signed_in(therapist).get(page_of(ada)).context["stops"]

    assert {r.code for r in stops} == {"licence-missing"}
    assert "Kansas" in stops[0].message


def test_the_practices_own_rules_hold_with_what_was_earned_under_the_shipped_ones(
    ready, ada, therapist, kansas_city, admin, signed_in
):
    own = state_rules.approve(state_rules.copy(kansas_city.jurisdiction, by=admin), by=admin)
    Location.objects.filter(pk=kansas_city.pk).update(jurisdiction=own)
    therapist.credentials.update(jurisdiction=Jurisdiction.objects.get(code="us-ks-pt"))
    factories.credential(therapist, "exam", jurisdiction=Jurisdiction.objects.get(code="us-ks-pt"))
    arrive(ada, therapist, kansas_city)

    signed_in(therapist).post(page_of(ada), answers(ready))

    assert NeedlingSession.objects.get().jurisdiction == own


def test_a_draft_keeps_the_rules_that_it_was_opened_under(ready, ada, therapist, kansas_city, signed_in):
    factories.credential(therapist, "exam")
    arrive(ada, therapist, kansas_city)
    signed_in(therapist).post(page_of(ada), answers(ready))
    Location.objects.update(jurisdiction=None)

    found = drafts.whole(NeedlingSession.objects.get().pk)

    assert found.session.jurisdiction.name == "Kansas, physical therapist"


def test_the_text_to_consent_to_is_that_of_the_place(ada, therapist, kansas_city, reception, signed_in):
    text = ConsentText.objects.published().wanted_by(None).first()
    own = ConsentText.objects.create(
        version="ks-1", title="In Kansas", body="x", digest="-", jurisdiction=kansas_city.jurisdiction,
        published_at=text.published_at, published_by=text.published_by,
    )  # fmt: skip
    client, address = signed_in(reception), reverse("patients:consent-start", args=[ada.ref])

    assert client.get(address).context["text"] == text
    arrive(ada, therapist, kansas_city)
    assert client.get(address).context["text"] == own
    assert not Consent.objects.exists()


@pytest.fixture
def kansas_text(kansas_city):
    """What patients sign in Kansas: the general statements and one more."""
    text = ConsentText.objects.published().wanted_by(None).first()
    return ConsentText.objects.create(
        version="ks-1", title="In Kansas", body="x", digest="-", jurisdiction=kansas_city.jurisdiction,
        statements=[*text.statements, ONLY_IN_KANSAS],
        published_at=text.published_at - dt.timedelta(days=1),
    )  # fmt: skip


def asked_to_change(client, patient) -> bool:
    return "consent-changed" in {reason.code for reason in client.get(page_of(patient)).context["cautions"]}


def test_who_signed_at_one_place_is_asked_at_the_other_for_what_its_text_says_beside(
    ready, ada, therapist, kansas_city, kansas_text, signed_in
):
    factories.credential(therapist, "exam")
    visit, client = arrive(ada, therapist, kansas_city), signed_in(therapist)

    assert asked_to_change(client, ada)
    start = client.get(reverse("patients:consent-start", args=[ada.ref]))
    assert start.context["changed"] == (ONLY_IN_KANSAS,)
    facts = validity.validity_facts([ada], on=timezone.localdate())[ada.pk]
    assert facts.consent.unagreed == (ONLY_IN_KANSAS,)

    visit.location = factories.location()
    visit.save(update_fields=["location"])
    assert not asked_to_change(client, ada)


def strip_says_changed(patient) -> bool:
    facts = validity.validity_facts([patient], on=timezone.localdate())[patient.pk]
    return ONLY_IN_KANSAS in facts.consent.unagreed


def test_before_a_patient_comes_page_and_strip_go_by_where_they_were_last(
    ready, ada, therapist, kansas_city, kansas_text, signed_in
):
    day_ago = timezone.now() - dt.timedelta(days=1)
    past = {"booked_for": day_ago, "arrived_at": day_ago, "left_at": day_ago, "left_by": therapist}
    factories.arrived(ada, therapist, location=kansas_city, **past)
    User.objects.filter(pk=therapist.pk).update(location=factories.location())

    start = signed_in(therapist).get(reverse("patients:consent-start", args=[ada.ref]))

    assert start.context["text"] == kansas_text
    assert start.context["changed"] == (ONLY_IN_KANSAS,)
    assert strip_says_changed(ada)


def test_page_and_strip_go_by_where_the_patient_is_now_before_where_they_are_booked_next(
    ready, ada, therapist, kansas_city, kansas_text, signed_in
):
    factories.arrived(ada, therapist, location=kansas_city)
    factories.visit(ada, therapist, booked_for=timezone.now() + dt.timedelta(minutes=1))

    start = signed_in(therapist).get(reverse("patients:consent-start", args=[ada.ref]))

    assert start.context["text"] == kansas_text
    assert strip_says_changed(ada)


@pytest.mark.parametrize("is_at_kansas", [True, False])
def test_what_a_state_says_of_a_condition_is_said_of_the_place_of_the_patient(
    ada, therapist, kansas_city, signed_in, is_at_kansas
):
    """The therapist's own place is the other one."""
    Jurisdiction.objects.filter(pk=kansas_city.jurisdiction_id).update(scope_note="As Kansas has it.")
    therapist.location = factories.location() if is_at_kansas else kansas_city
    therapist.save(update_fields=["location"])
    factories.arrived(ada, therapist, location=kansas_city if is_at_kansas else factories.location())
    row = factories.condition(factories.episode(ada, therapist), therapist)
    client = signed_in(therapist)

    for page in (
        reverse("patients:condition-add", args=[ada.ref]),
        reverse("patients:condition-edit", args=[ada.ref, row.pk]),
    ):
        assert ("As Kansas has it." in client.get(page).text) is is_at_kansas


def test_at_a_place_without_rules_what_the_state_of_the_practice_says_is_said(ada, therapist, signed_in):
    rules = Jurisdiction.objects.get(code="us-ks-pt")
    Jurisdiction.objects.filter(pk=rules.pk).update(scope_note="As the practice has it.")
    Practice.objects.update(jurisdiction=rules)
    factories.arrived(ada, therapist, location=factories.location())

    page = signed_in(therapist).get(reverse("patients:condition-add", args=[ada.ref])).text

    assert "As the practice has it." in page


def test_who_signed_the_text_of_the_place_is_not_asked_for_that_of_the_practice(
    ready, ada, therapist, kansas_city, kansas_text, signed_in
):
    factories.credential(therapist, "exam")
    short = ConsentText.objects.create(
        version="ks-2", title="In short", body="x", digest="-", jurisdiction=kansas_city.jurisdiction,
        statements=[ONLY_IN_KANSAS], published_at=kansas_text.published_at + dt.timedelta(hours=1),
    )  # fmt: skip
    factories.consent(ada, therapist, text=short, statements=[ONLY_IN_KANSAS])
    arrive(ada, therapist, kansas_city)

    assert not asked_to_change(signed_in(therapist), ada)


def test_the_text_of_a_state_serves_the_practices_copy_of_its_rules_first(
    ready, ada, therapist, admin, kansas_city, kansas_text, signed_in
):
    factories.credential(therapist, "exam")
    own = state_rules.approve(state_rules.copy(kansas_city.jurisdiction, by=admin), by=admin)
    Location.objects.filter(pk=kansas_city.pk).update(jurisdiction=own)
    arrive(ada, therapist, kansas_city)
    client = signed_in(therapist)

    start = client.get(reverse("patients:consent-start", args=[ada.ref]))

    assert start.context["text"] == kansas_text
    assert asked_to_change(client, ada)


@pytest.mark.parametrize(
    ("state", "rules", "is_said"),
    [("OR", "general", True), ("OR", "us-il-pt", True), ("IL", "us-il-pt", False), ("", "us-il-pt", False)],
)
def test_a_place_without_the_rules_of_its_state_is_said(
    ready, ada, therapist, signed_in, state, rules, is_said
):
    Practice.objects.update(jurisdiction=Jurisdiction.objects.get(code=rules))
    Location.objects.filter(pk=factories.location().pk).update(state=state)
    arrive(ada, therapist, factories.location())

    cautions = signed_in(therapist).get(page_of(ada)).context["cautions"]

    said = [str(reason.message) for reason in cautions if reason.code == "rules-of-another-state"]
    assert bool(said) is is_said
    assert not said or "Main is in Oregon" in said[0]


def test_whoever_may_move_the_visit_is_told_how_where_there_are_two_places(
    ready, ada, therapist, kansas_city, signed_in
):
    visit, client = arrive(ada, therapist, kansas_city), signed_in(therapist)
    way = reverse("patients:visit-edit", args=[visit.ref])

    assert way in client.get(page_of(ada)).text
    Location.objects.exclude(pk=kansas_city.pk).update(retired_at="2026-01-01T00:00Z")
    assert way not in client.get(page_of(ada)).text


def test_one_place_has_the_rules_of_the_practice(ada, therapist, draft):
    assert Practice.objects.get().jurisdiction == draft.jurisdiction


def test_the_board_shows_one_place_or_all(ada, therapist, reception, kansas_city, signed_in):
    ben = factories.patient(reception)
    factories.visit(ada, therapist)
    factories.visit(ben, therapist, location=kansas_city)
    client = signed_in(reception)

    everywhere, here = client.get("/"), client.get("/", {"at": "kc"})

    assert len(everywhere.context["rows"]) == 2
    assert [row["line"].visit.patient for row in here.context["rows"]] == [ben]
    assert "at=kc" in here.context["day_query"]
    assert [(place.name, place.count) for place in here.context["locations"]] == [
        ("Kansas City", 1), ("Main", 1),
    ]  # fmt: skip


def test_a_board_of_one_place_offers_no_choice(ada, therapist, reception, signed_in):
    factories.visit(ada, therapist)

    page = signed_in(reception).get("/", {"at": "nowhere"})

    assert locations.choices([row["line"] for row in page.context["rows"]], chosen="") == []
    assert "All locations" not in page.text
