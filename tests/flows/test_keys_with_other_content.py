"""A key that is sent again with other content is a conflict; with the same it gets its first answer."""

import re
import uuid

import pytest
from django.urls import reverse

from clinic.models import FormKey
from clinic.web import form_keys
from patients.models import Allergy, Patient, Visit
from tests import factories, measuring
from tests.form_client import FormClient
from treatments.models import Measurement, NeedleSite

pytestmark = pytest.mark.django_db

CLIENT = "7f6a3c1e-5b0d-4c1f-9d1a-1b6f0f0a2c77"
SITE = {
    "key": "1f0c2f2e-58a8-4c5e-9c9c-2a6f0b7e7a01", "client_id": CLIENT, "seq": "1", "base_version": "0",
    "muscle": "SO", "side": "right", "insertions": "3", "twitches": "2", "depth_mm": "20",
    "needle": "0.30x40", "technique": "in_out", "tissue": "trigger_point",
}  # fmt: skip
LINE = "ut r 3 t2 d15 0.30x40"
LIVE = {"HTTP_X_LIVE": "1"}


def allergy(name: str, key: str) -> dict:
    return {"what": "allergy", "allergy-substance": name, "allergy-reaction": "", "form_key": key}


@pytest.fixture
def desk(signed_in, reception):
    return signed_in(reception)


def test_the_same_content_again_gets_the_first_answer(desk, ada):
    path, data = reverse("patients:alerts", args=[ada.ref]), allergy("Latex", uuid.uuid4().hex)

    first, again = (desk.post(path, data) for _ in range(2))

    assert (first.status_code, again.status_code) == (302, 302)
    assert Allergy.objects.count() == 1


def test_other_content_is_a_conflict_that_keeps_what_was_typed(desk, ada):
    path, key = reverse("patients:alerts", args=[ada.ref]), uuid.uuid4().hex
    desk.post(path, allergy("Latex", key))

    answer = desk.post(path, allergy("Nickel <b>", key))

    assert answer.status_code == 409
    assert list(Allergy.objects.values_list("substance", flat=True)) == ["Latex"]
    assert "Nickel &lt;b&gt;" in answer.text
    assert "saved" in answer.text


def test_it_goes_on_in_one_step(desk, ada):
    path, key = reverse("patients:alerts", args=[ada.ref]), uuid.uuid4().hex
    desk.post(path, allergy("Latex", key))
    conflict = desk.post(path, allergy("Nickel", key)).text
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', conflict))

    assert fields["form_key"] != key
    assert desk.post(path, fields).status_code == 302
    assert set(Allergy.objects.values_list("substance", flat=True)) == {"Latex", "Nickel"}


def test_a_key_of_another_form_is_a_conflict(desk, ada, therapist):
    key, visit = uuid.uuid4().hex, factories.visit(ada, therapist)
    desk.post(reverse("patients:alerts", args=[ada.ref]), allergy("Latex", key))

    press = {"verb": "arrive", "form_key": key}
    answer = desk.post(reverse("patients:visit-step", args=[visit.ref]), press)

    assert answer.status_code == 409
    assert Visit.objects.get().arrived_at is None


def test_a_form_that_looks_first_is_a_conflict_as_well(desk):
    """Registering shows possible matches before it saves, and the first post's patient is one."""
    key = uuid.uuid4().hex
    typed = {"family_name": "Sample", "given_name": "Ben", "born": "5/3/1984", "form_key": key}
    desk.post(reverse("patients:register"), typed)

    again = desk.post(reverse("patients:register"), typed)
    other = desk.post(reverse("patients:register"), {**typed, "phone": "(555) 555-0177"})

    assert (again.status_code, other.status_code) == (302, 409)
    assert "(555) 555-0177" in other.text
    assert Patient.objects.count() == 1


def test_a_password_is_no_content_and_is_never_shown_again(desk, ada):
    path, key = reverse("patients:alerts", args=[ada.ref]), uuid.uuid4().hex
    desk.post(path, {**allergy("Latex", key), "password": "one"})

    again = desk.post(path, {**allergy("Latex", key), "password": "two", "csrfmiddlewaretoken": "x"})
    other = desk.post(path, {**allergy("Nickel", key), "password": "thirdsecret"})

    assert (again.status_code, other.status_code) == (302, 409)
    assert "thirdsecret" not in other.text


def test_the_table_holds_no_word_of_what_was_typed(desk, ada):
    key = uuid.uuid4().hex
    desk.post(reverse("patients:alerts", args=[ada.ref]), allergy("Latex", key))

    row = str(FormKey.objects.values().get())
    assert "atex" not in row
    assert len(FormKey.objects.get().digest) == 64


def test_the_digest_depends_on_the_key_of_the_installation(rf, settings):
    request = rf.post("/", {"name": "Latex"})
    digests = {form_keys.content_digest(request)}
    settings.SECRET_KEY = "another"

    assert form_keys.content_digest(request) not in digests


def test_a_key_of_an_earlier_release_gets_its_first_answer(desk, ada, reception):
    path, key = reverse("patients:alerts", args=[ada.ref]), uuid.uuid4()
    FormKey.objects.create(user=reception, key=key, action="allergy.note", answer_url=path)

    assert desk.post(path, allergy("Latex", key.hex)).status_code == 302
    assert not Allergy.objects.exists()


def test_the_administration_says_so_too(signed_in, admin):
    client, place = signed_in(admin), factories.location()
    path = reverse("admin:clinic_location_change", args=[place.pk])
    form = FormClient(client)
    form.open(path)
    data = {**form.form("form_key", "name").filled(name="First name")}
    client.post(path, data)

    other = client.post(path, {**data, "name": "Second name"})

    place.refresh_from_db()
    assert (other.status_code, place.name) == (409, "First name")
    assert "Second name" in other.text


def test_a_field_sent_again_with_another_value_is_a_conflict_with_both(signed_in, draft):
    client, path = signed_in(draft.therapist), reverse("treatments:session-field", args=[draft.ref])
    sent = {"field": "note", "client_id": CLIENT, "seq": "1", "base_version": "0"}
    client.post(path, {**sent, "value": "slept well"})

    again = client.post(path, {**sent, "value": "slept well"})
    other = client.post(path, {**sent, "value": "slept badly"})

    assert (again.status_code, other.status_code) == (200, 409)
    assert (other.json()["theirs"], other.json()["mine_said"]) == ("slept well", "slept badly")
    draft.refresh_from_db()
    assert draft.note == "slept well"


@pytest.mark.parametrize("headers", [LIVE, {}], ids=["script", "plain"])
def test_a_site_sent_again_with_other_values_is_a_conflict(signed_in, draft, headers):
    client, path = signed_in(draft.therapist), reverse("treatments:site-add", args=[draft.ref])
    client.post(path, SITE, **headers)

    again = client.post(path, SITE, **headers)
    other = client.post(path, {**SITE, "depth_mm": "25"}, **headers)

    assert again.status_code in (200, 302)
    assert other.status_code == 409
    assert "saved before as site 1" in other.text
    assert NeedleSite.objects.get().depth_mm == 20
    assert f'name="key" value="{SITE["key"]}"' not in other.text


def test_a_site_that_was_corrected_since_still_gets_its_first_answer(signed_in, draft):
    client, path = signed_in(draft.therapist), reverse("treatments:site-add", args=[draft.ref])
    client.post(path, SITE)
    NeedleSite.objects.update(depth_mm=15)

    assert client.post(path, SITE).status_code == 302


@pytest.mark.parametrize("headers", [LIVE, {}], ids=["script", "plain"])
@pytest.mark.parametrize(
    "line", ["ut r 4 t2 d15 0.30x40", f"{LINE}; sol l 2 t1 0.30x40", "sol r 3 t2 d15 0.30x40"]
)
def test_a_line_sent_again_with_other_sites_is_a_conflict(signed_in, draft, line, headers):
    client, path = signed_in(draft.therapist), reverse("treatments:site-line", args=[draft.ref])
    sent = {"line-line": LINE, "line-key": SITE["key"]}
    client.post(path, sent, **headers)

    again = client.post(path, sent, **headers)
    other = client.post(path, {**sent, "line-line": line}, **headers)

    assert again.status_code in (200, 302)
    assert other.status_code == 409
    assert NeedleSite.objects.count() == 1
    assert headers or line in other.text


def test_a_measurement_sent_again_with_other_words_is_a_conflict(signed_in, draft):
    client, path = signed_in(draft.therapist), measuring.url(draft)
    sent = {**measuring.typed(), "client_id": CLIENT, "seq": "1", "base_version": "0"}
    client.post(path, sent)

    again = client.post(path, sent)
    other = client.post(path, {**sent, "measurement-side": "right"})

    assert (again.status_code, other.status_code) == (302, 409)
    assert Measurement.objects.get().side == "left"


@pytest.mark.parametrize(
    ("name", "first", "other"),
    [("site-strike", {}, {"undo": "1"}), ("site-needles", {"way": "in"}, {"way": "out"})],
)
def test_a_press_sent_again_as_its_opposite_is_refused(signed_in, draft, name, first, other):
    site = factories.site(draft)
    address = reverse(f"treatments:{name}", args=[draft.ref, site.key])
    client, stamp = signed_in(draft.therapist), {"client_id": CLIENT, "seq": "1", "base_version": "0"}
    assert client.post(address, {**stamp, **first}, **LIVE).status_code == 200

    refused = client.post(address, {**stamp, **other}, **LIVE)

    assert refused.status_code in (409, 422)
    assert "out of date" in refused.content.decode()
    assert draft.events.count() == 1
