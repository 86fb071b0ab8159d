"""Nothing that the practice stands on is taken away by a slip; each refusal says what hangs on it."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent, Jurisdiction, Location, Practice, Role, Room, User
from patients.actions import consent_texts
from patients.models import ConsentText
from tests import factories
from tests.form_client import FormClient

pytestmark = pytest.mark.django_db
BEFORE = dt.datetime(2026, 11, 1, 16, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def nobody_works_at_one_place():
    """People at a location hang on it: one test says so, the others are about something else."""
    User.objects.update(location=None)


@pytest.fixture
def retire(admin, signed_in):
    """retire(location, name of the field) -> the answer of the administration"""

    def send(location: Location, column: str = "retired_at", **typed):
        User.objects.exclude(username__startswith="stays").update(location=None)
        browser = FormClient(signed_in(admin))
        browser.open(reverse("admin:clinic_location_change", args=[location.pk]))
        typed = typed or {column: "11/1/2026 10:00 AM"}
        return browser.try_to_send("code", **typed)

    return send


@pytest.fixture
def annex():
    return Location.objects.create(code="annex", name="The annex")


def errors_of(page) -> dict:
    return page.context_data["adminform"].form.errors


def test_the_only_location_stays(retire):
    location = factories.location()

    page = retire(location)

    assert page.status_code == 422
    assert "only location in use" in errors_of(page)["retired_at"][0]
    location.refresh_from_db()
    assert location.retired_at is None


def test_a_location_on_which_nothing_hangs_is_retired(retire, annex):
    assert retire(annex).status_code == 200

    annex.refresh_from_db()
    assert annex.retired_at
    assert AuditEvent.objects.filter(code="admin.changed").exists()


def test_a_location_with_a_visit_open_today_stays_and_says_how_many(retire, annex, ada, therapist):
    factories.arrived(ada, therapist, location=annex, booked_for=timezone.now())
    factories.visit(ada, therapist, location=annex, booked_for=timezone.now() + dt.timedelta(days=3))

    said = errors_of(retire(annex))["retired_at"]

    assert said == [
        "1 visit is open today. Check that patient out first.",
        "1 visit is booked from today on. Move or cancel it first.",
    ]


def test_a_location_where_people_work_says_so(retire, annex):
    factories.user("stays-1", Role.FRONT_DESK, location=annex)

    assert "1 person usually works there." in errors_of(retire(annex))["retired_at"][0]


def test_a_location_is_not_retired_ahead(retire, annex):
    page = retire(annex, retired_at="11/1/2126 10:00 AM")

    assert "has not come yet" in errors_of(page)["retired_at"][0]


def test_a_retired_location_is_changed_and_comes_back(retire, annex):
    Location.objects.filter(pk=annex.pk).update(retired_at=BEFORE)
    assert retire(annex, retired_at="", name="Garden house").status_code == 200

    annex.refresh_from_db()
    assert (annex.retired_at, annex.name) == (None, "Garden house")


def test_a_room_in_use_now_stays(retire, ada, therapist):
    room = factories.room()
    factories.arrived(
        ada, therapist, room=room, location=room.location, booked_for=timezone.now(),
        roomed_at=timezone.now(), roomed_by=therapist,
    )  # fmt: skip

    page = retire(room.location, "rooms-0-retired_at")

    row = page.context_data["inline_admin_formsets"][0].formset.forms[0]
    assert row.errors["retired_at"] == ["1 visit is open today. Check that patient out first."]
    assert Room.objects.get(pk=room.pk).retired_at is None


# ---- people


@pytest.fixture
def deactivate(admin, signed_in):
    def send(person: User, **typed):
        browser = FormClient(signed_in(admin))
        browser.open(reverse("admin:clinic_user_change", args=[person.pk]))
        form = browser.form("username").filled(**typed)
        if not typed:
            form.pop("is_active")
        browser.page = browser.client.post(browser.path, form)
        return browser.page

    return send


def test_the_only_lead_is_not_closed(deactivate, lead):
    page = deactivate(lead)

    assert page.status_code == 422
    assert "nobody would be a clinical lead" in errors_of(page)["is_active"][0]
    lead.refresh_from_db()
    assert lead.is_active


@pytest.mark.parametrize(
    "typed", [{"role_grants-0-until_on": "1/5/2126"}, {"role_grants-0-role": Role.THERAPIST}], ids=str
)
def test_the_role_of_the_only_lead_does_not_end(deactivate, lead, typed):
    page = deactivate(lead, **typed)

    row = page.context_data["inline_admin_formsets"][0].formset.forms[0]
    assert "nobody would be a clinical lead" in next(iter(row.errors.values()))[0]


def test_beside_another_lead_one_is_closed(deactivate, lead):
    factories.user("second-lead", Role.LEAD)

    assert deactivate(lead).status_code == 302


def test_an_account_with_work_that_waits_says_what_it_is(deactivate, ada, therapist, other_therapist):
    draft = factories.session(ada, therapist)
    factories.followup(draft, assigned_to=therapist)
    factories.visit(ada, therapist, booked_for=timezone.now() + dt.timedelta(days=3))

    said = errors_of(deactivate(therapist))["is_active"]

    assert "1 visit is booked from today on. Move or cancel it first." in said
    assert "1 draft of theirs is open." in said
    assert "1 call is theirs." in said
    therapist.refresh_from_db()
    assert therapist.is_active


# ---- the text that every consent uses


def test_the_only_text_under_the_rules_of_a_place_is_not_retired(admin, annex):
    shipped = ConsentText.objects.published().get()
    wants = Jurisdiction.objects.get(code="us-va-pt")
    Jurisdiction.objects.update(not_acupuncture_statement=True)
    Location.objects.filter(pk=annex.pk).update(jurisdiction=wants)
    other = ConsentText.objects.create(version="plain", title="x", body="x", digest="-", statements=["x"])
    consent_texts.publish(other, by=admin)

    with pytest.raises(Exception, match=f"signed under “{wants.name}”") as refused:
        consent_texts.retire(shipped, by=admin)

    assert refused.value.codes == {"only-consent-text-there"}
    assert consent_texts.retire(other, by=admin)


def test_the_rules_of_the_practice_count_too(admin):
    wants = Jurisdiction.objects.get(code="us-va-pt")
    Jurisdiction.objects.update(not_acupuncture_statement=True)
    Practice.objects.update(jurisdiction=wants)
    other = ConsentText.objects.create(version="plain", title="x", body="x", digest="-", statements=["x"])
    consent_texts.publish(other, by=admin)

    with pytest.raises(Exception, match="signed under"):
        consent_texts.retire(ConsentText.objects.published().exclude(pk=other.pk).get(), by=admin)
