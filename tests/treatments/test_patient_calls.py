"""A patient who calls by themselves is heard in the follow-up of their newest session, due or not."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from patients.models import Patient
from tests import factories
from treatments.actions.followups import calls
from treatments.models import FollowUp, RedFlag

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(signed_in, reception):
    return signed_in(reception)


def of(patient) -> str:
    return f"{reverse('treatments:followups')}?of={patient.ref}"


def test_the_record_leads_to_the_open_follow_up_long_before_it_is_due(desk, draft, ada):
    later = factories.followup(draft, step=72)
    soon = factories.followup(draft)
    FollowUp.objects.update(due_at=timezone.now() + dt.timedelta(hours=20))

    assert of(ada) in desk.get(ada.get_absolute_url()).content.decode()
    assert desk.get(of(ada)).url.startswith(soon.get_absolute_url())
    calls.close(soon, by=draft.therapist, outcome="unreachable", reason="three voicemails")
    assert desk.get(of(ada)).url.startswith(later.get_absolute_url())


def test_a_sign_is_heard_where_every_follow_up_is_closed(desk, draft, ada):
    closed = factories.followup(draft)
    calls.close(closed, by=draft.therapist, outcome="unreachable", reason="three voicemails")

    page = desk.get(of(ada), follow=True)

    assert "Are you short of breath?" in page.content.decode()
    url = reverse("treatments:followup-answer", args=[closed.ref])
    desk.post(url, {"form_key": uuid.uuid4().hex, "sign_breathless": "yes"})
    assert RedFlag.objects.exists()


def test_the_newest_session_may_be_of_a_merged_record(desk, draft, ada, reception, lead):
    """Sessions stay where they were written: the person who calls was needled under the old record."""
    soon = factories.followup(draft)
    standing = factories.patient(reception, family_name="Lindqvist-Stone", given_name="Ada", born=ada.born)
    Patient.objects.filter(pk=ada.pk).update(merged_into=standing, merged_at=timezone.now(), merged_by=lead)

    assert desk.get(of(standing)).url.startswith(soon.get_absolute_url())


def test_without_a_session_the_desk_is_told_what_to_say(desk, ada):
    page = desk.get(of(ada), follow=True).content.decode()

    assert "There is no follow-up" in page
    assert "Call 911 now." in page


def test_a_record_that_few_may_open_leads_nobody_else_to_its_calls(desk, draft, ada, lead):
    factories.followup(draft)
    ada.restricted_at, ada.restricted_by = timezone.now(), lead
    ada.save(update_fields=["restricted_at", "restricted_by"])

    assert desk.get(of(ada)).status_code == 404
